"""What people write when they ask, answer and bring back; and what they borrow for."""

from mutuali.bookings.rules import Purpose
from mutuali.equipment.rules import Kind

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
