"""The words that are proposed for a notice: per subject, purpose and language.

They become the text that is kept as it was served, so they stand here and not in the catalogue of
translations: whoever changes a sentence changes notices to come, never one already shown.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mutuali.consent.rules.answers import Purpose, Subject

NBSP = "\u00a0"


class Words(NamedTuple):
    """What differs from one purpose to the next, in one language."""

    asks: str
    leaves: str
    never: str
    use: str
    bound: str


_NEVER = {
    "fr": "Le nom de votre organisme et le nom des personnes. Vos adresses et vos numéros. Vos "
    "messages et vos photos. Les dates exactes.",
    "en": "The name of your organization and names of people. Your addresses and phone numbers. "
    "Your messages and photos. Exact dates.",
}
_BOUND = {
    "fr": "ne peut pas s’en servir autrement, ni chercher à vous reconnaître, ni le donner à "
    "d’autres. Une entente signée le lui interdit.",
    "en": "may not use it for anything else, try to find out who you are, or pass it on. A signed "
    "agreement forbids it.",
}
#: What is open binds nobody: two weeks are there to say no before, and nothing calls it back.
_OPEN = {
    "fr": "publie deux semaines après l’avoir annoncé, au plus tôt. Retirez votre oui avant, et "
    "vous n’y êtes pas. Ce qui est déjà publié ne peut pas être rappelé.",
    "en": "publishes two weeks after saying so, at the earliest. Take your yes back before then "
    "and you are not in it. What is already published cannot be recalled.",
}

ORGANIZATION_WORDS: Mapping[str, Mapping[Purpose, Words]] = {
    "fr": {
        Purpose.NETWORK_STATISTICS: Words(
            "des statistiques du réseau. On y voit combien d’équipement se prête, de quel genre, "
            "dans quelle zone et en quelle saison",
            "Des tableaux de totaux, comme le nombre de prêts de véhicules d’un trimestre. Vos "
            "prêts y sont ajoutés à ceux d’autres organismes. Aucune ligne ne décrit un prêt. Un "
            "total qui repose sur trop peu d’organismes ne sort pas.",
            _NEVER["fr"],
            "Savoir ce qui manque. Appuyer des demandes de fonds. Montrer ce que le partage évite "
            "d’acheter.",
            _BOUND["fr"],
        ),
        Purpose.SHARING_STUDY: Words(
            "une liste des prêts, sans les noms. Elle sert à étudier comment les organismes se "
            "prêtent de l’équipement",
            "Une ligne par prêt, sans nom, sans adresse et sans date exacte. On y lit le genre "
            "d’équipement, le trimestre, la durée par tranches, une grande zone, et si le prêt a "
            "eu lieu. Une ligne trop rare ne sort pas.",
            _NEVER["fr"],
            "Comprendre ce qui aide le partage et ce qui le freine : le temps d’avance, la durée, "
            "les refus, les saisons.",
            _BOUND["fr"],
        ),
        Purpose.MOBILITY_PLANNING: Words(
            "les mouvements de l’équipement d’une zone de l’île à l’autre. Ils servent à prévoir "
            "les déplacements",
            "Des tableaux de totaux par grande zone et par période : combien de prêts y vont, "
            "combien d’heures. Aucun trajet, aucune adresse, aucune ligne par prêt. Un total qui "
            "repose sur trop peu d’organismes ne sort pas.",
            _NEVER["fr"],
            "Choisir où mettre des véhicules et des entrepôts. Rouler moins.",
            _BOUND["fr"],
        ),
        Purpose.NAMED_PUBLICLY: Words(
            "le droit de vous nommer dans une liste publique. On y voit quels organismes prêtent "
            "quoi",
            "Le nom de votre organisme, son secteur, les genres d’équipement que vous offrez et "
            "combien d’unités. Tout le monde pourra lire et copier cette liste.",
            "Le nom des personnes. Vos adresses et vos numéros. Vos messages. Vos prêts.",
            "Montrer ce que le réseau offre, et à qui le demander.",
            "ne peut rien dire d’autre sur vous. Ce qui est déjà publié ne peut pas être rappelé.",
        ),
        Purpose.OPEN_DATA: Words(
            "le droit de publier des données ouvertes. Ce sont des totaux du réseau, que tout le "
            "monde peut lire, copier et citer",
            "Des tableaux de totaux, comme le nombre de prêts de véhicules d’un trimestre. Vos "
            "prêts y sont ajoutés à ceux d’autres organismes. Aucune ligne ne décrit un prêt. Un "
            "total qui repose sur trop peu d’organismes ne sort pas.",
            _NEVER["fr"],
            "Rendre au public ce que le partage nous apprend. Laisser chacun vérifier.",
            _OPEN["fr"],
        ),
    },
    "en": {
        Purpose.NETWORK_STATISTICS: Words(
            "network statistics. They show how much equipment is lent, of what kind, in which "
            "zone and in which season",
            "Tables of totals, such as the number of vehicle loans in a quarter. Your loans are "
            "added to those of other organizations. No row describes a loan. A total that rests "
            "on too few organizations does not go out.",
            _NEVER["en"],
            "To know what is missing. To support requests for funds. To show what sharing saves.",
            _BOUND["en"],
        ),
        Purpose.SHARING_STUDY: Words(
            "a list of loans, without the names. It is used to study how organizations lend each "
            "other equipment",
            "One row per loan, with no name, no address and no exact date. It shows the kind of "
            "equipment, the quarter, the length in bands, a large area, and whether the loan took "
            "place. A row that is too rare does not go out.",
            _NEVER["en"],
            "To learn what helps sharing and what holds it back: lead time, length, refusals, "
            "seasons.",
            _BOUND["en"],
        ),
        Purpose.MOBILITY_PLANNING: Words(
            "the movements of equipment from one zone of the island to another. They are used to "
            "plan transport",
            "Tables of totals by large zone and by period: how many loans go there, how many "
            "hours. No trip, no address, no row per loan. A total that rests on too few "
            "organizations does not go out.",
            _NEVER["en"],
            "To choose where to put vehicles and storage. To drive less.",
            _BOUND["en"],
        ),
        Purpose.NAMED_PUBLICLY: Words(
            "the right to name you in a public list. It shows which organizations lend what",
            "The name of your organization, its area, the kinds of equipment you offer and how "
            "many units. Anybody will be able to read and copy this list.",
            "Names of people. Your addresses and phone numbers. Your messages. Your loans.",
            "To show what the network offers, and whom to ask.",
            "may say nothing else about you. What is already published cannot be recalled.",
        ),
        Purpose.OPEN_DATA: Words(
            "the right to publish open data. It is totals of the network, which anybody may read, "
            "copy and quote",
            "Tables of totals, such as the number of vehicle loans in a quarter. Your loans are "
            "added to those of other organizations. No row describes a loan. A total that rests "
            "on too few organizations does not go out.",
            _NEVER["en"],
            "To give back what sharing teaches us. To let anybody check it.",
            _OPEN["en"],
        ),
    },
}

_PERSON_NEVER = {
    "fr": "Votre nom, votre courriel, votre numéro. Vos messages et vos photos. Le nom de votre "
    "organisme. Les dates exactes. Rien ne dit qui a demandé un prêt.",
    "en": "Your name, your e-mail, your phone number. Your messages and photos. The name of your "
    "organization. Exact dates. Nothing says who asked for a loan.",
}

PERSON_WORDS: Mapping[str, Mapping[Purpose, Words]] = {
    "fr": {
        Purpose.NETWORK_STATISTICS: Words(
            "des statistiques du réseau. Les prêts que vous avez demandés pour un organisme "
            "pourraient y compter",
            "Des tableaux de totaux, comme le nombre de prêts de véhicules d’un trimestre. Les "
            "prêts que vous avez demandés y sont ajoutés à tous les autres. Aucune ligne ne parle "
            "de vous.",
            _PERSON_NEVER["fr"],
            "Savoir ce qui manque. Appuyer des demandes de fonds. Montrer ce que le partage évite "
            "d’acheter.",
            _BOUND["fr"],
        ),
        Purpose.SHARING_STUDY: Words(
            "une liste des prêts, sans les noms, pour étudier le partage. Les prêts que vous "
            "avez demandés pour un organisme pourraient en faire partie",
            "Une ligne par prêt, sans nom, sans adresse et sans date exacte. On y lit le genre "
            "d’équipement, le trimestre, la durée par tranches, une grande zone, et si le prêt a "
            "eu lieu. Elle parle de vous parce que vous avez demandé ce prêt.",
            _PERSON_NEVER["fr"],
            "Comprendre ce qui aide le partage et ce qui le freine : le temps d’avance, la durée, "
            "les refus, les saisons.",
            _BOUND["fr"],
        ),
        Purpose.MOBILITY_PLANNING: Words(
            "les mouvements de l’équipement d’une zone de l’île à l’autre. Les prêts que vous "
            "avez demandés pour un organisme pourraient y compter",
            "Des tableaux de totaux par grande zone et par période : combien de prêts y vont, "
            "combien d’heures. Aucun trajet, aucune adresse. Aucune ligne ne parle de vous.",
            _PERSON_NEVER["fr"],
            "Choisir où mettre des véhicules et des entrepôts. Rouler moins.",
            _BOUND["fr"],
        ),
        Purpose.OPEN_DATA: Words(
            "le droit de publier des données ouvertes. Ce sont des totaux du réseau, que tout le "
            "monde peut lire. Les prêts que vous avez demandés pour un organisme pourraient y "
            "compter",
            "Des tableaux de totaux, comme le nombre de prêts de véhicules d’un trimestre. Les "
            "prêts que vous avez demandés y sont ajoutés à tous les autres. Aucune ligne ne parle "
            "de vous.",
            _PERSON_NEVER["fr"],
            "Rendre au public ce que le partage nous apprend. Laisser chacun vérifier.",
            _OPEN["fr"],
        ),
    },
    "en": {
        Purpose.NETWORK_STATISTICS: Words(
            "network statistics. The loans that you asked for, for an organization, could be "
            "counted in them",
            "Tables of totals, such as the number of vehicle loans in a quarter. The loans that "
            "you asked for are added to all the others. No row is about you.",
            _PERSON_NEVER["en"],
            "To know what is missing. To support requests for funds. To show what sharing saves.",
            _BOUND["en"],
        ),
        Purpose.SHARING_STUDY: Words(
            "a list of loans, without the names, to study sharing. The loans that you asked for, "
            "for an organization, could be part of it",
            "One row per loan, with no name, no address and no exact date. It shows the kind of "
            "equipment, the quarter, the length in bands, a large area, and whether the loan took "
            "place. It is about you because you asked for the loan.",
            _PERSON_NEVER["en"],
            "To learn what helps sharing and what holds it back: lead time, length, refusals, "
            "seasons.",
            _BOUND["en"],
        ),
        Purpose.MOBILITY_PLANNING: Words(
            "the movements of equipment from one zone of the island to another. The loans that "
            "you asked for, for an organization, could be counted in them",
            "Tables of totals by large zone and by period: how many loans go there, how many "
            "hours. No trip, no address. No row is about you.",
            _PERSON_NEVER["en"],
            "To choose where to put vehicles and storage. To drive less.",
            _BOUND["en"],
        ),
        Purpose.OPEN_DATA: Words(
            "the right to publish open data. It is totals of the network, which anybody may read. "
            "The loans that you asked for, for an organization, could be counted in them",
            "Tables of totals, such as the number of vehicle loans in a quarter. The loans that "
            "you asked for are added to all the others. No row is about you.",
            _PERSON_NEVER["en"],
            "To give back what sharing teaches us. To let anybody check it.",
            _OPEN["en"],
        ),
    },
}

WORDS = {Subject.ORGANIZATION: ORGANIZATION_WORDS, Subject.PERSON: PERSON_WORDS}

_FRENCH_HEAD = """Ce qui est demandé
{recipient} demande à recevoir {asks}.

Ce qui sortirait
{leaves}

Ce qui ne sort jamais
{never}

À quoi cela sert, et à rien d’autre
{use} {recipient} {bound} Sans entente en vigueur, rien ne sort, même si vous avez dit oui.

Combien de temps
Votre oui dure {months} mois, puis il prend fin de lui-même. Si cet avis change, votre oui ne \
compte plus et la question revient.

"""
_FRENCH_FREE = """Vous êtes libres
Sans réponse, c’est non. Un non ne change rien : vous empruntez et prêtez comme avant. Vous pouvez \
retirer votre oui en tout temps, aussi vite que vous l’avez donné. Dès ce moment, rien de nouveau \
ne sort sur votre organisme. Ce qui est déjà sorti ne peut pas toujours être rappelé.

"""
_FRENCH_PERSON_FREE = """Vous êtes libre
Sans réponse, c’est non. Un non ne change rien : vous demandez des prêts comme avant. Votre \
réponse est à vous. Votre organisme ne la voit pas et ne peut pas répondre à votre place. Vous \
pouvez retirer votre oui en tout temps, aussi vite que vous l’avez donné. Dès ce moment, rien de \
nouveau ne sort sur vous. Ce qui est déjà sorti ne peut pas toujours être rappelé.

"""
_FRENCH_HELP = """Pour de l’aide
Une personne du réseau peut vous aider, de vive voix si vous voulez : touchez « Me faire \
appeler ». La personne responsable de la protection des renseignements personnels répond aussi. \
Ses coordonnées sont à la page Confidentialité.
"""

_ENGLISH_HEAD = """What is asked
{recipient} asks to receive {asks}.

What would go out
{leaves}

What never goes out
{never}

What it is for, and nothing else
{use} {recipient} {bound} With no agreement in force nothing goes out, even if you said yes.

For how long
Your yes lasts {months} months, then ends by itself. If this notice changes, your yes no longer \
counts and the question comes back.

"""
_ENGLISH_FREE = """You are free
No answer means no. A no changes nothing: you borrow and lend as before. You may take your yes \
back at any time, as fast as you gave it. From then on nothing new goes out about your \
organization. What has gone out cannot always be called back.

"""
_ENGLISH_PERSON_FREE = """You are free
No answer means no. A no changes nothing: you ask for loans as before. Your answer is yours. Your \
organization does not see it and cannot answer for you. You may take your yes back at any time, as \
fast as you gave it. From then on nothing new goes out about you. What has gone out cannot always \
be called back.

"""
_ENGLISH_HELP = """For help
Somebody from the network can help you, by phone if you like: tap “Call me”. The person in charge \
of the protection of personal information answers too. You will find them on the Privacy page.
"""

_FRAMES = {
    ("fr", Subject.ORGANIZATION): _FRENCH_HEAD + _FRENCH_FREE + _FRENCH_HELP,
    ("fr", Subject.PERSON): _FRENCH_HEAD + _FRENCH_PERSON_FREE + _FRENCH_HELP,
    ("en", Subject.ORGANIZATION): _ENGLISH_HEAD + _ENGLISH_FREE + _ENGLISH_HELP,
    ("en", Subject.PERSON): _ENGLISH_HEAD + _ENGLISH_PERSON_FREE + _ENGLISH_HELP,
}


def default_texts(
    purpose: Purpose, recipient_name: str, months: int, subject: Subject = Subject.ORGANIZATION
) -> tuple[str, str]:
    """The notice for ``purpose`` as it is proposed to ``subject``, in French and in English.

    Raises:
        KeyError: it is not a purpose for which that subject is asked.
    """
    french, english = (
        _FRAMES[language, subject].format(
            recipient=recipient_name, months=months, **WORDS[subject][language][purpose]._asdict()
        )
        for language in ("fr", "en")
    )
    for space, kept in ((" :", f"{NBSP}:"), ("« ", f"«{NBSP}"), (" »", f"{NBSP}»")):
        french = french.replace(space, kept)
    return french.strip(), english.strip()


#: What stands for the recipient's name, and for how long a yes lasts, in a notice for nobody yet.
_GAPS = ("{recipient}", "{months}")
_NO_MONTHS = 987_654


def blank_texts(purpose: Purpose, subject: Subject) -> tuple[str, str]:
    """The same notice with its gaps open: ``{recipient}`` and ``{months}``."""
    # No number is that of any notice, so that it can be found again.
    french, english = default_texts(purpose, _GAPS[0], _NO_MONTHS, subject)
    return tuple(each.replace(str(_NO_MONTHS), _GAPS[1]) for each in (french, english))  # type: ignore[return-value]


def written_for(words: tuple[str, str], recipient_name: str, months: int) -> tuple[str, str]:
    """Words with open gaps, filled for one recipient."""
    french, english = (
        each.replace(_GAPS[0], recipient_name).replace(_GAPS[1], str(months)) for each in words
    )
    return french, english
