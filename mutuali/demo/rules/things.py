"""What the made-up lenders share: about thirty sorts of things, in words a lender would use."""

from dataclasses import dataclass
from typing import Any

from mutuali.equipment.rules import Approver, Kind, OpenHours, Permit, PricePer
from mutuali.organizations.rules import OrganizationKind as Org

_HOUR = 60
_DAY = 1440
_OFFICE = tuple(OpenHours(day, 8 * 60, 17 * 60) for day in range(5))
_LONG = tuple(OpenHours(day, 7 * 60, 21 * 60) for day in range(6))
_EVENING = tuple(OpenHours(day, 16 * 60, 22 * 60) for day in range(5)) + tuple(
    OpenHours(day, 9 * 60, 21 * 60) for day in (5, 6)
)
_WEEK = tuple(OpenHours(day, 8 * 60, 20 * 60) for day in range(7))

_FUEL_FR = (
    "Permis de classe 5, deux ans d’expérience. Plein d’essence au retour. Le conducteur ou la "
    "conductrice présente son permis à la prise en charge."
)
_FUEL_EN = (
    "Class 5 licence held for two years. Bring it back with a full tank. The driver shows the "
    "licence at hand-over."
)
_CLEAN_FR = "Rendre propre et sec. Signaler tout bris, même petit: on ne chicane personne."
_CLEAN_EN = "Bring it back clean and dry. Tell us about any damage, even small: nobody gets mad."
_KITCHEN_FR = (
    "Une personne qui détient le certificat en hygiène et salubrité est sur place en tout temps. "
    "Surfaces désinfectées et planchers lavés avant de partir."
)
_KITCHEN_EN = (
    "Somebody with the food-hygiene certificate is there at all times. Surfaces disinfected and "
    "floors washed before you leave."
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One sort of thing: its titles, its words, how many a lender has, its rules.

    ``draft`` are the fields of a listing's draft that do not vary; ``hours_out`` the usual length
    of a loan; ``weight`` how often people ask for it compared with others.
    """

    kind: Kind
    titles: tuple[tuple[str, str], ...]
    description: tuple[str, str]
    conditions: tuple[str, str]
    units: tuple[int, int]
    hours_out: tuple[float, float]
    weight: float
    draft: dict[str, Any]


def _rules(
    hours: tuple[OpenHours, ...],
    shortest: int,
    longest: int,
    lead: int = 0,
    turnaround: int = 0,
    **others: Any,
) -> dict[str, Any]:
    return {
        "hours": hours,
        "shortest_minutes": shortest,
        "longest_minutes": longest,
        "lead_minutes": lead,
        "turnaround_minutes": turnaround,
        **others,
    }


_COLD = {"refrigerated": True, "temperature_low": 0, "temperature_high": 4}
_FROZEN = {"refrigerated": True, "temperature_low": -20, "temperature_high": -16}

THINGS: tuple[Thing, ...] = (
    Thing(
        Kind.VEHICLE,
        (
            ("Camion réfrigéré de 14 pieds", "14-foot refrigerated truck"),
            ("Camion réfrigéré avec hayon", "Refrigerated truck with tail lift"),
            ("Camion cube réfrigéré, transmission automatique", "Refrigerated cube truck"),
        ),
        (
            "Camion de 14 pieds, groupe froid électrique et diésel, hayon de 750 kg. Tient 2 °C "
            "par une journée de canicule. Deux diables et des sangles restent à bord.",
            "14-foot truck with an electric and diesel cooling unit and a 750 kg tail lift. Holds "
            "2 °C on the hottest day. Two hand trucks and straps stay on board.",
        ),
        (_FUEL_FR, _FUEL_EN),
        (1, 1),
        (3, 9),
        6,
        _rules(_LONG, 120, 3 * _DAY, 180, 30, payload_kg=1800, **_COLD),
    ),
    Thing(
        Kind.VEHICLE,
        (
            ("Fourgonnette réfrigérée", "Refrigerated van"),
            ("Petite fourgonnette froide pour la ville", "Small chilled van for the city"),
            ("Fourgonnette isotherme", "Insulated van"),
        ),
        (
            "Se stationne partout, porte latérale et porte arrière. Cinq étages de bacs, de quoi "
            "nourrir cent vingt familles par tournée.",
            "Parks anywhere, with a side and a back door. Five tiers of crates, enough for 120 "
            "families a round.",
        ),
        (_FUEL_FR, _FUEL_EN),
        (1, 2),
        (2, 7),
        5,
        _rules(_LONG, 60, 2 * _DAY, 120, 30, payload_kg=700, **_COLD),
    ),
    Thing(
        Kind.VEHICLE,
        (
            ("Minifourgonnette, sièges repliables", "Minivan with folding seats"),
            ("Fourgonnette de livraison", "Delivery van"),
            ("Camionnette avec conductrice bénévole", "Pickup truck with a volunteer driver"),
        ),
        (
            "Bonne à tout faire: paniers, tables, sacs de terre. Plancher de caoutchouc facile à "
            "laver.",
            "Good for everything: baskets, tables, bags of soil. Rubber floor, easy to wash.",
        ),
        (_FUEL_FR, _FUEL_EN),
        (1, 2),
        (2, 8),
        4,
        _rules(_WEEK, 60, 3 * _DAY, 60, 15, payload_kg=500),
    ),
    Thing(
        Kind.VEHICLE,
        (
            ("Vélo-cargo électrique", "Electric cargo bike"),
            ("Triporteur à caisse isolée", "Cargo trike with insulated box"),
        ),
        (
            "Caisse isolée de 200 litres, deux batteries, cadenas fourni. Parfait pour les "
            "dernières rues, même au printemps dans la gadoue.",
            "200-litre insulated box, two batteries, lock included. Perfect for the last streets, "
            "even in spring slush.",
        ),
        ("Casque obligatoire. Recharger les deux batteries au retour.", "Helmet required."),
        (1, 4),
        (2, 6),
        3,
        _rules(_WEEK, 60, 2 * _DAY, 0, 0, payload_kg=100),
    ),
    Thing(
        Kind.KITCHEN,
        (
            ("Cuisine de production, 120 m²", "Production kitchen, 120 m²"),
            ("Grande cuisine partagée", "Large shared kitchen"),
            ("Cuisine certifiée pour traiteur", "Certified catering kitchen"),
        ),
        (
            "Six brûleurs, deux fours à convection, plaque, friteuse, lave-vaisselle à capot. "
            "Huit personnes y travaillent à l’aise. Chambre froide et garde-manger à clé.",
            "Six burners, two convection ovens, griddle, fryer and hood dishwasher. Eight people "
            "work there with ease. Cold room and locked pantry.",
        ),
        (_KITCHEN_FR, _KITCHEN_EN),
        (1, 1),
        (4, 9),
        5,
        _rules(_LONG, 120, 14 * _HOUR, 1440, 60, permits=(Permit.MAPAQ, Permit.HACCP)),
    ),
    Thing(
        Kind.KITCHEN,
        (
            ("Cuisine d’école, soirs et fins de semaine", "School kitchen, evenings and weekends"),
            ("Cuisine communautaire à quatre postes", "Community kitchen with four stations"),
            ("Cuisine du sous-sol, plain-pied sur la ruelle", "Basement kitchen on the lane"),
        ),
        (
            "Quatre postes avec cuisinière et évier, une grande table au milieu. Idéale pour un "
            "groupe de cuisine collective de douze personnes.",
            "Four stations with stove and sink around one big table. Ideal for a collective "
            "kitchen of twelve.",
        ),
        (_KITCHEN_FR, _KITCHEN_EN),
        (1, 1),
        (3, 5),
        3,
        _rules(_EVENING, 120, 12 * _HOUR, 1440, 30, permits=(Permit.MAPAQ,)),
    ),
    Thing(
        Kind.KITCHEN,
        (
            ("Cuisine de traiteur à l’heure", "Catering kitchen by the hour"),
            ("Laboratoire de pâtisserie", "Pastry kitchen"),
        ),
        (
            "Plan de marbre, four à sole, laminoir, pétrin de 40 litres. Farine et sucre à "
            "acheter sur place au besoin.",
            "Marble counter, deck oven, dough sheeter, 40-litre mixer. Flour and sugar for sale.",
        ),
        (_KITCHEN_FR, _KITCHEN_EN),
        (1, 1),
        (3, 7),
        2,
        _rules(
            *(_LONG, 120, 14 * _HOUR, 720, 60),
            permits=(Permit.MAPAQ,),
            price_cents=1800,
            price_per=PricePer.HOUR,
        ),
    ),
    Thing(
        Kind.COLD_STORAGE,
        (
            ("Place en chambre froide (palette)", "Cold-room space (pallet)"),
            ("Chambre froide, emplacements de palette", "Cold room, pallet positions"),
        ),
        (
            "De 0 à 4 °C, sonde et registre électronique. Quai de chargement et transpalette sur "
            "place.",
            "0 to 4 °C with a probe and an electronic log. Loading dock and pallet jack on site.",
        ),
        ("Palettes filmées et étiquetées, avec la date.", "Wrapped, labelled and dated pallets."),
        (3, 12),
        (24, 120),
        3,
        _rules(_OFFICE, 240, 21 * _DAY, 120, 0, **_COLD),
    ),
    Thing(
        Kind.COLD_STORAGE,
        (
            ("Congélateur-chambre, espace au mètre cube", "Walk-in freezer, by the cubic metre"),
            ("Espace de congélation", "Freezer space"),
        ),
        (
            "Congélation à −18 °C avec alarme jour et nuit. Idéal pour les dons de viande et les "
            "plats portionnés.",
            "Freezing at −18 °C with a day-and-night alarm. Ideal for donated meat and portioned "
            "meals.",
        ),
        ("Boîtes fermées seulement, rien de chaud.", "Closed boxes only, nothing warm."),
        (2, 10),
        (48, 240),
        2,
        _rules(_OFFICE, 1440, 30 * _DAY, 240, 0, **_FROZEN),
    ),
    Thing(
        Kind.DRY_STORAGE,
        (
            ("Étagères d’entrepôt (palette)", "Warehouse racking (pallet)"),
            ("Coin d’entrepôt sec et chauffé", "Dry, heated warehouse corner"),
        ),
        (
            "Au sec et à l’abri des souris, accès de plain-pied. Utile entre deux arrivages ou "
            "pendant la guignolée.",
            "Dry and mouse-proof, at street level. Handy between two deliveries or during food "
            "drives.",
        ),
        ("Rien de périssable. Étiqueter au nom de l’organisme.", "Nothing perishable."),
        (4, 16),
        (48, 300),
        2,
        _rules(_OFFICE, 1440, 60 * _DAY, 120, 0),
    ),
    Thing(
        Kind.COOKING,
        (
            ("Marmite à vapeur de 60 litres", "60-litre steam kettle"),
            ("Brûleurs au propane de grande puissance", "High-output propane burners"),
            ("Barbecue de fête, 1,5 m", "1.5 m event barbecue"),
        ),
        (
            "Pour la soupe de deux cents bols ou l’épluchette de blé d’Inde du quartier. Se "
            "transporte à deux.",
            "For two hundred bowls of soup or the neighbourhood corn roast. Two people carry it.",
        ),
        ("Propane non fourni. " + _CLEAN_FR, "Propane not included. " + _CLEAN_EN),
        (1, 3),
        (5, 30),
        3,
        _rules(_WEEK, 120, 5 * _DAY, 60, 60),
    ),
    Thing(
        Kind.COOKING,
        (
            ("Four à convection sur roulettes", "Convection oven on wheels"),
            ("Réchauds et bains-marie", "Chafing dishes"),
            ("Percolateurs de 100 tasses", "100-cup coffee urns"),
        ),
        (
            "Sert aux repas de Noël, aux assemblées et aux corvées. Rallonge de calibre 12 "
            "fournie.",
            "Used for holiday meals, assemblies and work bees. 12-gauge extension cord included.",
        ),
        (_CLEAN_FR, _CLEAN_EN),
        (2, 8),
        (5, 48),
        3,
        _rules(_WEEK, 120, 5 * _DAY, 0, 60),
    ),
    Thing(
        Kind.PREPARATION,
        (
            ("Coupe-légumes industriel", "Industrial vegetable cutter"),
            ("Mélangeur sur pied de 20 litres", "20-litre stand mixer"),
            ("Robot-coupe et disques", "Food processor with discs"),
        ),
        (
            "Passe 250 kg de carottes à l’heure. Cinq disques, mode d’emploi plastifié et "
            "protège-doigts.",
            "Takes 250 kg of carrots an hour. Five discs, laminated instructions, finger guards.",
        ),
        ("Formation de dix minutes à la première prise en charge. " + _CLEAN_FR, _CLEAN_EN),
        (1, 2),
        (5, 50),
        3,
        _rules(_OFFICE, 120, 5 * _DAY, 60, 60),
    ),
    Thing(
        Kind.PREPARATION,
        (
            ("Scelleuse sous vide", "Vacuum sealer"),
            ("Déshydrateur à douze plateaux", "Twelve-tray dehydrator"),
            ("Autoclave et bocaux pour conserves", "Pressure canner and jars"),
        ),
        (
            "Pour que les surplus d’août se mangent en février. Fiches de temps et de température "
            "incluses.",
            "So that August’s surplus is eaten in February. Time and temperature sheets included.",
        ),
        (_CLEAN_FR, _CLEAN_EN),
        (1, 3),
        (20, 96),
        2,
        _rules(_OFFICE, 240, 7 * _DAY, 0, 60),
    ),
    Thing(
        Kind.REFRIGERATION,
        (
            ("Réfrigérateur d’appoint à deux portes", "Two-door backup fridge"),
            ("Congélateur coffre sur roulettes", "Chest freezer on wheels"),
            ("Glacières de 120 litres", "120-litre coolers"),
        ),
        (
            "Quand un compresseur lâche un vendredi soir. Prise ordinaire de 120 V.",
            "For when a compressor gives up on a Friday night. Ordinary 120 V plug.",
        ),
        ("Transporter debout, attendre deux heures avant de brancher.", "Keep it upright."),
        (1, 8),
        (24, 160),
        3,
        _rules(_WEEK, 120, 21 * _DAY, 0, 120, **_COLD),
    ),
    Thing(
        Kind.HEAVY_EQUIPMENT,
        (
            ("Transpalette électrique", "Electric pallet jack"),
            ("Chariot élévateur (avec cariste)", "Forklift (with operator)"),
            ("Diables et chariots plateformes", "Hand trucks and platform carts"),
        ),
        (
            "Pour les gros arrivages et les déménagements. Rampe d’aluminium prêtée avec.",
            "For big deliveries and moves. Comes with an aluminium ramp.",
        ),
        ("Chaussures de sécurité obligatoires. " + _CLEAN_FR, "Safety shoes required."),
        (1, 5),
        (3, 30),
        2,
        _rules(_OFFICE, 60, 5 * _DAY, 120, 30),
    ),
    Thing(
        Kind.HEAVY_EQUIPMENT,
        (
            ("Motoculteur et remorque", "Rototiller and trailer"),
            ("Pompe et rouleaux d’irrigation", "Pump and irrigation reels"),
        ),
        (
            "Sert aux corvées de printemps des jardins collectifs. Attache de 2 pouces.",
            "Used for the spring work bees of collective gardens. 2-inch hitch.",
        ),
        ("Plein d’essence au retour. " + _CLEAN_FR, "Full tank on return. " + _CLEAN_EN),
        (1, 2),
        (6, 48),
        1.5,
        _rules(_WEEK, 120, 5 * _DAY, 720, 60, price_cents=2500, price_per=PricePer.DAY),
    ),
    Thing(
        Kind.OTHER,
        (
            ("Tables pliantes de six pieds", "Six-foot folding tables"),
            ("Chaises empilables", "Stacking chairs"),
            ("Bacs à légumes empilables", "Stackable produce crates"),
            ("Chapiteaux de marché, 3 m sur 3 m", "Market tents, 3 m by 3 m"),
        ),
        (
            "Un lot pour vos distributions, fêtes de ruelle et marchés. Se compte au départ et au "
            "retour, sans formalités.",
            "A lot for your distributions, lane parties and markets. Counted out and counted in.",
        ),
        (_CLEAN_FR, _CLEAN_EN),
        (12, 60),
        (8, 72),
        4,
        _rules(_WEEK, 120, 14 * _DAY, 0, 0),
    ),
    Thing(
        Kind.OTHER,
        (
            ("Vaisselle réutilisable, 100 couverts", "Reusable dishes for 100"),
            ("Sono portative et micro", "Portable sound system"),
            ("Balances et imprimantes d’étiquettes", "Scales and label printers"),
        ),
        (
            "Dans des caisses numérotées, avec la liste sur le couvercle.",
            "In numbered crates, with the list on the lid.",
        ),
        (_CLEAN_FR, _CLEAN_EN),
        (1, 4),
        (6, 60),
        2,
        _rules(_OFFICE, 120, 7 * _DAY, 0, 60),
    ),
    Thing(
        Kind.SURPLUS,
        (
            ("Surplus de légumes de saison (caisses)", "Seasonal vegetable surplus (crates)"),
            ("Pain de la veille (bacs)", "Day-old bread (crates)"),
        ),
        (
            "Ce qui reste du jour, à venir chercher vite. Les caisses reviennent.",
            "What is left of the day, to pick up quickly. The crates come back.",
        ),
        ("Apportez vos propres bacs si possible.", "Bring your own crates if you can."),
        (6, 20),
        (2, 20),
        2,
        _rules(_WEEK, 60, 2 * _DAY, 0, 0, approver=Approver.NOBODY),
    ),
    Thing(
        Kind.PEOPLES_TIME,
        (
            ("Équipe de bénévoles pour le tri", "Volunteer team for sorting"),
            ("Cuisinière d’expérience, en renfort", "Experienced cook to lend a hand"),
            ("Conducteur bénévole", "Volunteer driver"),
        ),
        (
            "Des gens fiables, habitués aux gros volumes. Un café et un merci suffisent.",
            "Reliable people, used to large volumes. Coffee and a thank-you are enough.",
        ),
        ("Prévoir une personne responsable sur place.", "Have somebody in charge on site."),
        (1, 6),
        (3, 7),
        2,
        _rules(_WEEK, 120, 12 * _HOUR, 2880, 0),
    ),
    Thing(
        Kind.SUBCONTRACTING,
        (
            ("Portionnement et étiquetage à forfait", "Portioning and labelling service"),
            ("Transformation de surplus en soupes", "Turning surplus into soup"),
        ),
        (
            "Vous apportez les légumes, on rend des portions étiquetées selon vos recettes.",
            "You bring the vegetables, we give back labelled portions made to your recipes.",
        ),
        ("Minimum de 40 kg. Liste d’allergènes exigée.", "40 kg minimum. Allergen list required."),
        (1, 1),
        (6, 9),
        1,
        _rules(
            *(_OFFICE, 240, 12 * _HOUR, 4320, 60),
            price_cents=15000,
            price_per=PricePer.LOAN,
            permits=(Permit.MAPAQ,),
        ),
    ),
)

_COOKS = frozenset({Org.COMMUNITY_KITCHEN, Org.CATERER, Org.SCHOOL, Org.COMMUNITY_CENTRE})
_KEEPS = frozenset({Org.FOOD_BANK, Org.GROCERY, Org.CATERER, Org.GROWER})
#: Kinds of things that only some kinds of organizations have.
_ONLY = {
    Kind.KITCHEN: _COOKS,
    Kind.SUBCONTRACTING: _COOKS,
    Kind.COLD_STORAGE: _KEEPS,
    Kind.DRY_STORAGE: _KEEPS,
    Kind.HEAVY_EQUIPMENT: _KEEPS | {Org.OTHER},
    Kind.SURPLUS: frozenset({Org.FOOD_BANK, Org.GROCERY, Org.GROWER}),
}


def lends(organization: Org, kind: Kind) -> bool:
    """Whether an organization of this kind would have such a thing to lend."""
    return kind not in _ONLY or organization in _ONLY[kind]
