"""Made-up organizations, people and addresses. Any likeness to a real name is chance."""

from dataclasses import dataclass

from mutuali.core.places import Point, borough_at, borough_name, locate
from mutuali.demo.rules.dice import Dice
from mutuali.organizations.rules import OrganizationKind as K
from mutuali.organizations.rules import Sector as S

DOMAIN = "demo.mutuali.example"
OPERATOR = ("Réseau MutuAli (exploitant, démonstration)", K.OPERATOR, S.COMMUNITY, "ville-marie")
PARTNER = ("La Cantine du Quartier (partenaire)", K.PARTNER, S.SOCIAL_ECONOMY, "le-sud-ouest")

_CDN = "cote-des-neiges-notre-dame-de-grace"
_HOMA = "mercier-hochelaga-maisonneuve"
_RDP = "riviere-des-prairies-pointe-aux-trembles"
_ROSE = "rosemont-la-petite-patrie"
_VSP = "villeray-saint-michel-parc-extension"

#: The first lends a refrigerated truck and is run by gestion@; the second is the one of membre@.
ORGANIZATIONS: tuple[tuple[str, K, S, str], ...] = (
    ("Le Grand Panier de l’Érablière", K.FOOD_BANK, S.COMMUNITY, _ROSE),
    ("Cuisine collective La Louche d’or", K.COMMUNITY_KITCHEN, S.COMMUNITY, _VSP),
    ("Le Garde-manger des Trois-Saules", K.FOOD_BANK, S.COMMUNITY, _HOMA),
    ("La Marmite du Faubourg-aux-Lilas", K.COMMUNITY_KITCHEN, S.COMMUNITY, "ville-marie"),
    ("Ferme urbaine du Toit-Fleuri", K.GROWER, S.SOCIAL_ECONOMY, "ahuntsic-cartierville"),
    ("Traiteur Les Casseroles solidaires", K.CATERER, S.SOCIAL_ECONOMY, "le-sud-ouest"),
    ("Centre communautaire du Ruisseau-Clair", K.COMMUNITY_CENTRE, S.COMMUNITY, "montreal-nord"),
    ("Dépannage alimentaire La Huche", K.FOOD_BANK, S.COMMUNITY, _CDN),
    ("Épicerie coop Le Bocal vert", K.GROCERY, S.SOCIAL_ECONOMY, "le-plateau-mont-royal"),
    ("Les Fourneaux de la rue Haute", K.COMMUNITY_KITCHEN, S.COMMUNITY, "saint-laurent"),
    ("Comptoir alimentaire du Vieux-Quai", K.FOOD_BANK, S.COMMUNITY, "lachine"),
    ("La Soupière du Canal", K.COMMUNITY_KITCHEN, S.COMMUNITY, "le-sud-ouest"),
    ("Jardins partagés des Quatre-Cabanes", K.GROWER, S.COMMUNITY, _RDP),
    ("Maison de quartier des Pommetiers", K.COMMUNITY_CENTRE, S.COMMUNITY, "verdun"),
    ("Banque alimentaire La Belle Récolte d’ici", K.FOOD_BANK, S.COMMUNITY, "saint-leonard"),
    ("École hôtelière des Deux-Rives (atelier)", K.SCHOOL, S.PUBLIC, _HOMA),
    ("Traiteur Basilic et Compagnons", K.CATERER, S.PRIVATE, "outremont"),
    ("La Popote des Hirondelles", K.COMMUNITY_KITCHEN, S.COMMUNITY, "anjou"),
    ("Épicerie solidaire Le Sac à pain", K.GROCERY, S.SOCIAL_ECONOMY, _VSP),
    ("Entraide alimentaire du Coteau", K.FOOD_BANK, S.COMMUNITY, "lasalle"),
    ("Cuisines du Parc-aux-Merles", K.COMMUNITY_KITCHEN, S.COMMUNITY, _CDN),
    ("Serres du Chemin-Croche", K.GROWER, S.PRIVATE, "l-ile-bizard-sainte-genevieve"),
    ("Le Frigo de la place Bleue", K.FOOD_BANK, S.COMMUNITY, "le-plateau-mont-royal"),
    ("Centre des familles L’Oiseau-Livre", K.COMMUNITY_CENTRE, S.COMMUNITY, "pierrefonds-roxboro"),
    ("Traiteur La Table aux cent couverts", K.CATERER, S.SOCIAL_ECONOMY, _ROSE),
    ("Partage alimentaire Les Mains-Pleines", K.FOOD_BANK, S.COMMUNITY, "montreal-nord"),
    ("Boulangerie-école Le Levain du coin", K.SCHOOL, S.SOCIAL_ECONOMY, _VSP),
    ("Le Verger commun de l’Est", K.GROWER, S.COMMUNITY, _RDP),
    ("La Bonne Gamelle de l’Ouest", K.COMMUNITY_KITCHEN, S.COMMUNITY, "dorval"),
    ("Comptoir Saint-Arsène-des-Prés", K.FOOD_BANK, S.COMMUNITY, "ahuntsic-cartierville"),
    ("Épicerie Le Cornichon masqué", K.GROCERY, S.PRIVATE, "ville-marie"),
    ("Cuisine-atelier Les Tabliers rouges", K.COMMUNITY_KITCHEN, S.SOCIAL_ECONOMY, _HOMA),
    ("Relais alimentaire du Pont-Neuf", K.FOOD_BANK, S.COMMUNITY, "saint-laurent"),
    ("Maison des aînés La Clé-des-Champs", K.COMMUNITY_CENTRE, S.COMMUNITY, _ROSE),
    ("Traiteur Sirop d’érable et cumin", K.CATERER, S.PRIVATE, _VSP),
    ("Pousses et racines du Nord", K.GROWER, S.SOCIAL_ECONOMY, "ahuntsic-cartierville"),
    ("La Remise aux provisions", K.FOOD_BANK, S.COMMUNITY, "verdun"),
    ("École primaire des Grands-Vents (cuisine)", K.SCHOOL, S.PUBLIC, "montreal-nord"),
    ("Les Chaudrons de Pointe-au-Vent", K.COMMUNITY_KITCHEN, S.COMMUNITY, _RDP),
    ("Collectif Zéro pelure", K.OTHER, S.COMMUNITY, "le-plateau-mont-royal"),
    ("Centre d’entraide La Porte jaune", K.COMMUNITY_CENTRE, S.COMMUNITY, "lasalle"),
    ("Garde-manger du Village-aux-Ormes", K.FOOD_BANK, S.COMMUNITY, "pointe-claire"),
    ("Traiteur Chez Ti-Mousse", K.CATERER, S.PRIVATE, "anjou"),
    ("Coop de livraison La Pédale verte", K.OTHER, S.SOCIAL_ECONOMY, _ROSE),
    ("Cuisine nourricière Aux Petits Oignons frits", K.COMMUNITY_KITCHEN, S.COMMUNITY, "lachine"),
    ("Le Marché du Lampadaire", K.GROCERY, S.SOCIAL_ECONOMY, "le-sud-ouest"),
    ("Rucher et potager Saint-Damase-en-Ville", K.GROWER, S.COMMUNITY, _CDN),
    ("Accueil et partage La Rotonde", K.COMMUNITY_CENTRE, S.COMMUNITY, "ville-marie"),
    ("Soutien alimentaire Les Six-Étoiles", K.FOOD_BANK, S.COMMUNITY, "saint-leonard"),
    ("Cuisines volantes du Levant", K.COMMUNITY_KITCHEN, S.COMMUNITY, "saint-laurent"),
    ("École secondaire du Cap-Bleu (concentration)", K.SCHOOL, S.PUBLIC, "lasalle"),
    ("Récupération alimentaire Deuxième Service", K.OTHER, S.COMMUNITY, _HOMA),
    ("Les Paniers de la Baie", K.FOOD_BANK, S.COMMUNITY, "pierrefonds-roxboro"),
    ("Traiteur Midi pile", K.CATERER, S.SOCIAL_ECONOMY, "ville-marie"),
    ("Fermette pédagogique des Hautes-Herbes", K.GROWER, S.COMMUNITY, "sainte-anne-de-bellevue"),
    ("Carrefour jeunesse La Grande-Ourse", K.COMMUNITY_CENTRE, S.COMMUNITY, "montreal-nord"),
    ("La Popote roulante des Escaliers", K.COMMUNITY_KITCHEN, S.COMMUNITY, "verdun"),
    ("Épicerie de nuit Le Hibou gourmand", K.GROCERY, S.PRIVATE, _CDN),
    ("Aide alimentaire du Fort-Rose", K.FOOD_BANK, S.COMMUNITY, "anjou"),
    ("Association culinaire Mille Épices", K.COMMUNITY_KITCHEN, S.COMMUNITY, "outremont"),
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
    K.FOOD_BANK: "Entrepôt",
    K.COMMUNITY_KITCHEN: "Cuisine",
    K.CATERER: "Atelier",
    K.GROWER: "Jardin",
    K.GROCERY: "Magasin",
    K.SCHOOL: "Cuisine de l’école",
    K.COMMUNITY_CENTRE: "Centre",
    K.OTHER: "Local",
    K.PARTNER: "Bureau",
    K.OPERATOR: "Bureau",
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


def place(dice: Dice, kind: K, borough: str, *, second: bool = False) -> Place:
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
