"""Made-up organizations, people and addresses. Any likeness to a real name is chance."""

from dataclasses import dataclass

from mutuali.core.places import Point, borough_at, borough_name, locate
from mutuali.demo.rules.dice import Dice
from mutuali.organizations.rules import OrganizationKind as Kinds
from mutuali.organizations.rules import Sector

DOMAIN = "demo.mutuali.example"
OPERATOR = (
    "Réseau MutuAli (exploitant, démonstration)",
    Kinds.OPERATOR,
    Sector.COMMUNITY,
    "ville-marie",
)
PARTNER = (
    "La Cantine du Quartier (partenaire)",
    Kinds.PARTNER,
    Sector.SOCIAL_ECONOMY,
    "le-sud-ouest",
)

_CDN = "cote-des-neiges-notre-dame-de-grace"
_HOMA = "mercier-hochelaga-maisonneuve"
_RDP = "riviere-des-prairies-pointe-aux-trembles"
_ROSE = "rosemont-la-petite-patrie"
_VSP = "villeray-saint-michel-parc-extension"

#: The first lends a refrigerated truck and is run by gestion@; the second is the one of membre@.
ORGANIZATIONS: tuple[tuple[str, Kinds, Sector, str], ...] = (
    ("Le Grand Panier de l’Érablière", Kinds.FOOD_BANK, Sector.COMMUNITY, _ROSE),
    ("Cuisine collective La Louche d’or", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, _VSP),
    ("Le Garde-manger des Trois-Saules", Kinds.FOOD_BANK, Sector.COMMUNITY, _HOMA),
    ("La Marmite du Faubourg-aux-Lilas", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "ville-marie"),
    ("Ferme urbaine du Toit-Fleuri", Kinds.GROWER, Sector.SOCIAL_ECONOMY, "ahuntsic-cartierville"),
    ("Traiteur Les Casseroles solidaires", Kinds.CATERER, Sector.SOCIAL_ECONOMY, "le-sud-ouest"),
    (
        "Centre communautaire du Ruisseau-Clair",
        Kinds.COMMUNITY_CENTRE,
        Sector.COMMUNITY,
        "montreal-nord",
    ),
    ("Dépannage alimentaire La Huche", Kinds.FOOD_BANK, Sector.COMMUNITY, _CDN),
    ("Épicerie coop Le Bocal vert", Kinds.GROCERY, Sector.SOCIAL_ECONOMY, "le-plateau-mont-royal"),
    ("Les Fourneaux de la rue Haute", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "saint-laurent"),
    ("Comptoir alimentaire du Vieux-Quai", Kinds.FOOD_BANK, Sector.COMMUNITY, "lachine"),
    ("La Soupière du Canal", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "le-sud-ouest"),
    ("Jardins partagés des Quatre-Cabanes", Kinds.GROWER, Sector.COMMUNITY, _RDP),
    ("Maison de quartier des Pommetiers", Kinds.COMMUNITY_CENTRE, Sector.COMMUNITY, "verdun"),
    (
        "Banque alimentaire La Belle Récolte d’ici",
        Kinds.FOOD_BANK,
        Sector.COMMUNITY,
        "saint-leonard",
    ),
    ("École hôtelière des Deux-Rives (atelier)", Kinds.SCHOOL, Sector.PUBLIC, _HOMA),
    ("Traiteur Basilic et Compagnons", Kinds.CATERER, Sector.PRIVATE, "outremont"),
    ("La Popote des Hirondelles", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "anjou"),
    ("Épicerie solidaire Le Sac à pain", Kinds.GROCERY, Sector.SOCIAL_ECONOMY, _VSP),
    ("Entraide alimentaire du Coteau", Kinds.FOOD_BANK, Sector.COMMUNITY, "lasalle"),
    ("Cuisines du Parc-aux-Merles", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, _CDN),
    ("Serres du Chemin-Croche", Kinds.GROWER, Sector.PRIVATE, "l-ile-bizard-sainte-genevieve"),
    ("Le Frigo de la place Bleue", Kinds.FOOD_BANK, Sector.COMMUNITY, "le-plateau-mont-royal"),
    (
        "Centre des familles L’Oiseau-Livre",
        Kinds.COMMUNITY_CENTRE,
        Sector.COMMUNITY,
        "pierrefonds-roxboro",
    ),
    ("Traiteur La Table aux cent couverts", Kinds.CATERER, Sector.SOCIAL_ECONOMY, _ROSE),
    ("Partage alimentaire Les Mains-Pleines", Kinds.FOOD_BANK, Sector.COMMUNITY, "montreal-nord"),
    ("Boulangerie-école Le Levain du coin", Kinds.SCHOOL, Sector.SOCIAL_ECONOMY, _VSP),
    ("Le Verger commun de l’Est", Kinds.GROWER, Sector.COMMUNITY, _RDP),
    ("La Bonne Gamelle de l’Ouest", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "dorval"),
    ("Comptoir Saint-Arsène-des-Prés", Kinds.FOOD_BANK, Sector.COMMUNITY, "ahuntsic-cartierville"),
    ("Épicerie Le Cornichon masqué", Kinds.GROCERY, Sector.PRIVATE, "ville-marie"),
    ("Cuisine-atelier Les Tabliers rouges", Kinds.COMMUNITY_KITCHEN, Sector.SOCIAL_ECONOMY, _HOMA),
    ("Relais alimentaire du Pont-Neuf", Kinds.FOOD_BANK, Sector.COMMUNITY, "saint-laurent"),
    ("Maison des aînés La Clé-des-Champs", Kinds.COMMUNITY_CENTRE, Sector.COMMUNITY, _ROSE),
    ("Traiteur Sirop d’érable et cumin", Kinds.CATERER, Sector.PRIVATE, _VSP),
    ("Pousses et racines du Nord", Kinds.GROWER, Sector.SOCIAL_ECONOMY, "ahuntsic-cartierville"),
    ("La Remise aux provisions", Kinds.FOOD_BANK, Sector.COMMUNITY, "verdun"),
    ("École primaire des Grands-Vents (cuisine)", Kinds.SCHOOL, Sector.PUBLIC, "montreal-nord"),
    ("Les Chaudrons de Pointe-au-Vent", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, _RDP),
    ("Collectif Zéro pelure", Kinds.OTHER, Sector.COMMUNITY, "le-plateau-mont-royal"),
    ("Centre d’entraide La Porte jaune", Kinds.COMMUNITY_CENTRE, Sector.COMMUNITY, "lasalle"),
    ("Garde-manger du Village-aux-Ormes", Kinds.FOOD_BANK, Sector.COMMUNITY, "pointe-claire"),
    ("Traiteur Chez Ti-Mousse", Kinds.CATERER, Sector.PRIVATE, "anjou"),
    ("Coop de livraison La Pédale verte", Kinds.OTHER, Sector.SOCIAL_ECONOMY, _ROSE),
    (
        "Cuisine nourricière Aux Petits Oignons frits",
        Kinds.COMMUNITY_KITCHEN,
        Sector.COMMUNITY,
        "lachine",
    ),
    ("Le Marché du Lampadaire", Kinds.GROCERY, Sector.SOCIAL_ECONOMY, "le-sud-ouest"),
    ("Rucher et potager Saint-Damase-en-Ville", Kinds.GROWER, Sector.COMMUNITY, _CDN),
    ("Accueil et partage La Rotonde", Kinds.COMMUNITY_CENTRE, Sector.COMMUNITY, "ville-marie"),
    ("Soutien alimentaire Les Six-Étoiles", Kinds.FOOD_BANK, Sector.COMMUNITY, "saint-leonard"),
    ("Cuisines volantes du Levant", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "saint-laurent"),
    ("École secondaire du Cap-Bleu (concentration)", Kinds.SCHOOL, Sector.PUBLIC, "lasalle"),
    ("Récupération alimentaire Deuxième Service", Kinds.OTHER, Sector.COMMUNITY, _HOMA),
    ("Les Paniers de la Baie", Kinds.FOOD_BANK, Sector.COMMUNITY, "pierrefonds-roxboro"),
    ("Traiteur Midi pile", Kinds.CATERER, Sector.SOCIAL_ECONOMY, "ville-marie"),
    (
        "Fermette pédagogique des Hautes-Herbes",
        Kinds.GROWER,
        Sector.COMMUNITY,
        "sainte-anne-de-bellevue",
    ),
    (
        "Carrefour jeunesse La Grande-Ourse",
        Kinds.COMMUNITY_CENTRE,
        Sector.COMMUNITY,
        "montreal-nord",
    ),
    ("La Popote roulante des Escaliers", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "verdun"),
    ("Épicerie de nuit Le Hibou gourmand", Kinds.GROCERY, Sector.PRIVATE, _CDN),
    ("Aide alimentaire du Fort-Rose", Kinds.FOOD_BANK, Sector.COMMUNITY, "anjou"),
    ("Association culinaire Mille Épices", Kinds.COMMUNITY_KITCHEN, Sector.COMMUNITY, "outremont"),
)

_FIRST = (
    *("Aïcha", "Alexandre", "Amélie", "Antoine", "Béatrice", "Camille", "Carlos", "Catherine"),
    *("Chantal", "Daniel", "David", "Dominique", "Élise", "Émile", "Fatou", "Félix", "Florence"),
    *("Gabriel", "Geneviève", "Hélène", "Ibrahim", "Isabelle", "Jacques", "Jasmine", "Jérôme"),
    *("Karim", "Katia", "Laurence", "Léa", "Linh", "Louis", "Lucie", "Maëlle", "Manon", "Marc"),
    *("Marie-Ève", "Mathilde", "Mehdi", "Mireille", "Myriam", "Nadia", "Nathalie", "Noémie"),
    *("Olivier", "Pascale", "Patrick", "Pénélope", "Rachel", "Rafael", "Rosalie", "Samuel"),
    *("Sandrine", "Simon", "Sofia", "Sylvie", "Thomas", "Valérie", "Vincent", "Yasmine", "Zoé"),
)
_LAST = (
    *("Archambault", "Beaudoin", "Bélanger", "Benali", "Bergeron", "Boisvert", "Bouchard"),
    *("Caron", "Charbonneau", "Cloutier", "Côté", "Da Silva", "Desrosiers", "Diallo", "Dubé"),
    *("Dufour", "Fontaine", "Fortin", "Gagnon", "Gauthier", "Gervais", "Giroux", "Gómez"),
    *("Haddad", "Hébert", "Jean-Baptiste", "Joseph", "Labelle", "Lacroix", "Lafleur", "Lapointe"),
    *("Lavoie", "Leclerc", "Lefebvre", "Lévesque", "Martel", "Mercier", "Morin", "Nadeau"),
    *("Nguyen", "Ouellet", "Paquette", "Pelletier", "Poirier", "Racine", "Rivard", "Rousseau"),
    *("Roy", "Savard", "Simard", "Thériault", "Tremblay", "Trudel", "Vachon", "Villeneuve"),
)
_STREETS = (
    *("rue des Érables", "avenue du Verger", "rue de la Fabrique", "rue des Tilleuls"),
    *("avenue des Pivoines", "rue du Marché", "rue de la Station", "boulevard du Ruisseau"),
    *("rue des Chardonnerets", "avenue de la Meunerie", "rue du Four-à-Pain", "rue de l’Entrepôt"),
)
_ACCESS = (
    "Entrée par la ruelle, porte bleue. Sonnez deux fois.",
    "Quai de chargement à l’arrière; la rampe supporte 500 kg.",
    "Demandez les clés à l’accueil, au rez-de-chaussée.",
    "Stationnement de 30 minutes devant la porte de côté.",
    "Monte-charge au fond du couloir; le code est remis à la prise en charge.",
)
_PREFIX = {
    "ahuntsic-cartierville": "H2M",
    "anjou": "H1K",
    _CDN: "H4A",
    "dorval": "H9S",
    "l-ile-bizard-sainte-genevieve": "H9C",
    "lachine": "H8S",
    "lasalle": "H8P",
    "le-plateau-mont-royal": "H2J",
    "le-sud-ouest": "H4C",
    _HOMA: "H1W",
    "montreal-nord": "H1G",
    "outremont": "H2V",
    "pierrefonds-roxboro": "H8Y",
    "pointe-claire": "H9R",
    _RDP: "H1A",
    _ROSE: "H2G",
    "saint-laurent": "H4L",
    "saint-leonard": "H1R",
    "sainte-anne-de-bellevue": "H9X",
    "verdun": "H4G",
    "ville-marie": "H2L",
    _VSP: "H2R",
}
_SITES = {
    Kinds.FOOD_BANK: "Entrepôt",
    Kinds.COMMUNITY_KITCHEN: "Cuisine",
    Kinds.CATERER: "Atelier",
    Kinds.GROWER: "Jardin",
    Kinds.GROCERY: "Magasin",
    Kinds.SCHOOL: "Cuisine de l’école",
    Kinds.COMMUNITY_CENTRE: "Centre",
    Kinds.OTHER: "Local",
    Kinds.PARTNER: "Bureau",
    Kinds.OPERATOR: "Bureau",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A made-up address in a borough."""

    name: str
    address: str
    postal_code: str
    borough: str
    point: Point
    access_notes: str


def place(dice: Dice, kind: Kinds, borough: str, *, second: bool = False) -> Place:
    """An address somewhere around the middle of ``borough``, inside its outline."""
    found = locate(borough_name(borough))
    if found is None:
        raise ValueError(f"no borough {borough}")
    middle = point = found[0]
    for _ in range(20):
        tried = Point(
            round(middle.lat + dice.gauss(0, 0.008), 5), round(middle.lon + dice.gauss(0, 0.011), 5)
        )
        there = borough_at(tried)
        if there is not None and there.slug == borough:
            point = tried
            break
    letters = "ABCEGHJKLMNPRSTVWXYZ"
    suffix = f"{dice.randint(1, 9)}{dice.choice(letters)}{dice.randint(1, 9)}"
    return Place(
        "Point de service" if second else _SITES[kind],
        f"{dice.randint(12, 9800)}, {dice.choice(_STREETS)}",
        f"{_PREFIX[borough]} {suffix}",
        borough,
        point,
        dice.choice(_ACCESS),
    )


def person(dice: Dice, number: int) -> tuple[str, str]:
    """A name and an address that reaches nobody; ``number`` keeps the address unique."""
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}", f"personne{number:03d}@{DOMAIN}"


def phone(dice: Dice) -> str:
    """A number of the range that is never given out (555-0100 to 0199)."""
    return f"514 555-01{dice.randint(0, 99):02d}"
