"""Vehicles, kitchens and room to store: the large things of the made-up lenders."""

from mutuali.demo.rules.thing import DAY, EVENING, HOUR, LONG, OFFICE, WEEK, Thing, rules
from mutuali.equipment.rules import Kind, Permit, PricePer

_FUEL_FR = (
    "Permis de classe 5, deux ans d’expérience. Plein d’essence au retour. Le conducteur ou la "
    "conductrice présente son permis à la prise en charge."
)
_FUEL_EN = (
    "Class 5 licence held for two years. Bring it back with a full tank. The driver shows the "
    "licence at hand-over."
)
_KITCHEN_FR = (
    "Une personne qui détient le certificat en hygiène et salubrité est sur place en tout temps. "
    "Surfaces désinfectées et planchers lavés avant de partir."
)
_KITCHEN_EN = (
    "Somebody with the food-hygiene certificate is there at all times. Surfaces disinfected and "
    "floors washed before you leave."
)


_COLD = {"refrigerated": True, "temperature_low": 0, "temperature_high": 4}
_FROZEN = {"refrigerated": True, "temperature_low": -20, "temperature_high": -16}

LARGE: tuple[Thing, ...] = (
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
        rules(LONG, 120, 3 * DAY, 180, 30, payload_kg=1800, **_COLD),
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
        rules(LONG, 60, 2 * DAY, 120, 30, payload_kg=700, **_COLD),
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
        rules(WEEK, 60, 3 * DAY, 60, 15, payload_kg=500),
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
        rules(WEEK, 60, 2 * DAY, 0, 0, payload_kg=100),
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
        rules(LONG, 120, 14 * HOUR, 1440, 60, permits=(Permit.MAPAQ, Permit.HACCP)),
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
        rules(EVENING, 120, 12 * HOUR, 1440, 30, permits=(Permit.MAPAQ,)),
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
        rules(
            *(LONG, 120, 14 * HOUR, 720, 60),
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
        rules(OFFICE, 240, 21 * DAY, 120, 0, **_COLD),
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
        rules(OFFICE, 1440, 30 * DAY, 240, 0, **_FROZEN),
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
        rules(OFFICE, 1440, 60 * DAY, 120, 0),
    ),
)
