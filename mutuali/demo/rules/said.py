"""What people write when they ask, answer and bring back; and what they borrow for."""

from mutuali.bookings.rules import Purpose
from mutuali.equipment.rules import Kind
from mutuali.founding.rules import LessonDraft

_MOVE = (Purpose.FOOD_DELIVERY, Purpose.FOOD_DELIVERY, Purpose.FOOD_RESCUE, Purpose.EVENT)
_COOK = (Purpose.COOKING, Purpose.COOKING, Purpose.EVENT, Purpose.REPLACEMENT)
_KEEP = (Purpose.STORAGE, Purpose.STORAGE, Purpose.FOOD_RESCUE, Purpose.REPLACEMENT)
PURPOSES: dict[Kind, tuple[Purpose, ...]] = {
    Kind.VEHICLE: _MOVE,
    Kind.HEAVY_EQUIPMENT: (*_MOVE, Purpose.HARVEST),
    Kind.KITCHEN: _COOK,
    Kind.COOKING: _COOK,
    Kind.PREPARATION: (*_COOK, Purpose.HARVEST),
    Kind.COLD_STORAGE: _KEEP,
    Kind.DRY_STORAGE: _KEEP,
    Kind.REFRIGERATION: _KEEP,
    Kind.SURPLUS: (Purpose.FOOD_RESCUE, Purpose.COOKING),
    Kind.PEOPLES_TIME: (Purpose.FOOD_RESCUE, Purpose.EVENT, Purpose.HARVEST, Purpose.OTHER),
    Kind.SUBCONTRACTING: (Purpose.COOKING, Purpose.FOOD_RESCUE),
    Kind.OTHER: (Purpose.EVENT, Purpose.FOOD_DELIVERY, Purpose.OTHER),
}

REQUEST_NOTES = (
    "C’est pour la distribution du jeudi, dans le sous-sol de l’église.",
    "On attend douze palettes d’un don imprévu.",
    "Notre camion est au garage jusqu’à la fin de la semaine.",
    "Atelier de conserves avec les familles du quartier.",
    "Repas communautaire des aînés; on peut passer la veille si ça vous arrange.",
    "Une bénévole ira chercher le tout, elle s’appelle Lise.",
    "Guignolée de la rue: beaucoup de boîtes, peu de bras.",
    "On rapporte tout lavé, comme la dernière fois.",
    "Fête de la rentrée, environ deux cents personnes.",
    "Cueillette de pommes avec les jeunes du carrefour.",
    "Si c’est possible une demi-heure plus tôt, encore mieux.",
)
DECLINE_REASONS = (
    "Nous en avons besoin nous-mêmes cette journée-là, désolés.",
    "L’appareil est en réparation, on vous fait signe dès qu’il revient.",
    "Personne ne peut vous ouvrir à cette heure-là; essayez plutôt le matin.",
    "Une autre demande pour les mêmes heures a été acceptée avant la vôtre.",
    "La distance est trop grande pour notre assurance.",
)
CANCEL_REASONS = (
    "L’activité est reportée au mois prochain.",
    "Le don a été livré directement, finalement.",
    "Tempête de neige: on reste à la maison.",
    "Notre bénévole est malade et nous n’avons personne d’autre.",
    "Bris du compresseur ce matin. Vraiment désolés.",
)
RETURN_NOTES = (
    "Tout est en ordre, merci!",
    "Rapporté propre, réservoir plein.",
    "Une poignée branle un peu, rien de grave.",
    "Il manquait une sangle; elle a été retrouvée le lendemain.",
    "Petite égratignure déjà notée au départ.",
    "Revenu un peu plus tard à cause du pont.",
)

#: What the network is called.
NETWORK = "MutuAli"
#: How many days ago each lesson was written.
LESSONS: tuple[tuple[int, LessonDraft], ...] = (
    (
        150,
        LessonDraft(
            title_fr="Demander le oui après un premier prêt, pas à l’inscription",
            tried_fr="À l’inscription, nous demandions tout de suite les quatre consentements. "
            "Puis nous avons attendu que chaque organisme ait prêté ou emprunté une fois.",
            happened_fr="À l’inscription, la plupart fermaient la page. Après un prêt, ils "
            "comprenaient l’exemple tiré de leur propre réservation, et répondaient, oui ou non, "
            "en deux minutes.",
            again_fr="Attendre le premier prêt, poser une seule question à la fois, et offrir un "
            "appel à qui hésite.",
            title_en="Ask for the yes after a first loan, not at sign-up",
            tried_en="At sign-up we asked for all four consents at once. Then we waited until "
            "each organization had lent or borrowed once.",
            happened_en="At sign-up most closed the page. After a loan they understood the "
            "example made from their own booking, and answered, yes or no, in two minutes.",
            again_en="Wait for the first loan, ask one question at a time, and offer a call to "
            "whoever hesitates.",
        ),
    ),
    (
        45,
        LessonDraft(
            title_fr="Un seul prêteur de camion réfrigéré se reconnaît toujours",
            tried_fr="Nous voulions publier les prêts par genre d’équipement et par secteur, pour "
            "montrer où il manque du froid.",
            happened_fr="Dans trois secteurs, un seul organisme prêtait ce genre de camion\u00a0: "
            "ses lignes auraient parlé de lui. Le fichier les a retenues, et le tableau avait des "
            "trous que personne ne comprenait.",
            again_fr="Publier par grand secteur, et écrire sous le tableau pourquoi une case est "
            "vide, avant que quelqu’un ne le demande.",
            title_en="The only lender of a refrigerated truck can always be recognized",
            tried_en="We wanted to publish loans by kind of equipment and zone, to show where "
            "cold transport is lacking.",
            happened_en="In three zones a single organization lent that kind of truck: its rows "
            "would have spoken of it. The file held them back, and the table had gaps that nobody "
            "understood.",
            again_en="Publish by large zone, and write under the table why a cell is empty before "
            "somebody asks.",
        ),
    ),
)
