"""Tools, lots, surplus and time: the smaller things of the made-up lenders."""

from mutuali.demo.rules.thing import DAY, HOUR, OFFICE, WEEK, Thing, rules
from mutuali.equipment.rules import Approver, Kind, Permit, PricePer

_CLEAN_FR = "Rendre propre et sec. Signaler tout bris, même petit: on ne chicane personne."
_CLEAN_EN = "Bring it back clean and dry. Tell us about any damage, even small: nobody gets mad."

_COLD = {"refrigerated": True, "temperature_low": 0, "temperature_high": 4}

SMALL: tuple[Thing, ...] = (
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
        rules(WEEK, 120, 5 * DAY, 60, 60),
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
        rules(WEEK, 120, 5 * DAY, 0, 60),
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
        rules(OFFICE, 120, 5 * DAY, 60, 60),
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
        rules(OFFICE, 240, 7 * DAY, 0, 60),
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
        rules(WEEK, 120, 21 * DAY, 0, 120, **_COLD),
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
        rules(OFFICE, 60, 5 * DAY, 120, 30),
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
        rules(WEEK, 120, 5 * DAY, 720, 60, price_cents=2500, price_per=PricePer.DAY),
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
        rules(WEEK, 120, 14 * DAY, 0, 0),
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
        rules(OFFICE, 120, 7 * DAY, 0, 60),
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
        rules(WEEK, 60, 2 * DAY, 0, 0, approver=Approver.NOBODY),
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
        rules(WEEK, 120, 12 * HOUR, 2880, 0),
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
        rules(
            *(OFFICE, 240, 12 * HOUR, 4320, 60),
            price_cents=15000,
            price_per=PricePer.LOAN,
            permits=(Permit.MAPAQ,),
        ),
    ),
)
