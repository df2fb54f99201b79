"""What the answers of an inventory are called, in both languages."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from mutuali.owndata.rules.holdings import (
    CameBy,
    CountedFrom,
    Ending,
    KeptIn,
    SeenBy,
    Sensitivity,
    Term,
    Whom,
)
from mutuali.owndata.rules.said import Both, begun

_WHOM: Mapping[StrEnum, Both] = {
    Whom.PEOPLE_SERVED: Both("gens que nous servons", "people we serve"),
    Whom.VOLUNTEERS: Both("bénévoles", "volunteers"),
    Whom.EMPLOYEES: Both("employées et employés", "employees"),
    Whom.DONORS: Both("donatrices et donateurs", "donors"),
    Whom.MEMBERS: Both("membres", "members"),
    Whom.VISITORS: Both("gens de passage", "visitors"),
    Whom.PARTNERS: Both("gens d’autres organismes", "people at other organizations"),
}
_CAME_BY: Mapping[StrEnum, Both] = {
    CameBy.IN_PERSON: Both("de vive voix", "in person"),
    CameBy.PAPER_FORM: Both("par un formulaire papier", "on a paper form"),
    CameBy.ONLINE_FORM: Both("par un formulaire en ligne", "through an online form"),
    CameBy.PHONE: Both("par téléphone ou texto", "by phone or text"),
    CameBy.EMAIL: Both("par courriel", "by e-mail"),
    CameBy.CAMERA: Both("par une caméra ou une photo", "by camera or photo"),
    CameBy.OTHERS: Both("par un autre organisme", "from another organization"),
}
_KEPT_IN: Mapping[StrEnum, Both] = {
    KeptIn.PAPER_LOCKED: Both("papier (sous clé)", "paper (locked away)"),
    KeptIn.PAPER_OPEN: Both("papier (à portée de main)", "paper (within reach)"),
    KeptIn.DEVICE: Both("ordinateur ou appareil à nous", "our own computer or device"),
    KeptIn.CLOUD_QUEBEC: Both("service en ligne (au Québec)", "online service (in Québec)"),
    KeptIn.CLOUD_OUTSIDE: Both(
        "service en ligne (hors du Québec)", "online service (outside Québec)"
    ),
    KeptIn.PHONE: Both("téléphone", "phone"),
}
_SEEN_BY: Mapping[StrEnum, Both] = {
    SeenBy.DIRECTION: Both("la direction", "management"),
    SeenBy.STAFF: Both("le personnel", "staff"),
    SeenBy.SOME_VOLUNTEERS: Both("les bénévoles qui en ont besoin", "the volunteers who need it"),
    SeenBy.EVERYONE: Both("toute l’équipe", "the whole team"),
    SeenBy.ACCOUNTANT: Both("notre comptable", "our accountant"),
    SeenBy.GOVERNMENT: Both("l’État (si la loi le demande)", "the State (if the law asks for it)"),
    SeenBy.FUNDER: Both("qui nous finance", "those who fund us"),
    SeenBy.PUBLIC: Both("tout le monde (une fois publié)", "everyone (once it is out)"),
}
_TERMS: Mapping[StrEnum, Both] = {
    Term.AT_ONCE: Both("tout de suite", "at once"),
    Term.DAYS_7: Both("7 jours", "7 days"),
    Term.DAYS_30: Both("30 jours", "30 days"),
    Term.MONTHS_3: Both("3 mois", "3 months"),
    Term.MONTHS_6: Both("6 mois", "6 months"),
    Term.YEAR_1: Both("un an", "one year"),
    Term.YEARS_2: Both("2 ans", "2 years"),
    Term.YEARS_3: Both("3 ans", "3 years"),
    Term.YEARS_5: Both("5 ans", "5 years"),
    Term.YEARS_7: Both("7 ans", "7 years"),
}
_COUNTED_FROM: Mapping[StrEnum, Both] = {
    CountedFrom.LEAVING: Both("le départ de la personne", "they leave"),
    CountedFrom.LAST_VISIT: Both("la dernière visite", "the last visit"),
    CountedFrom.LAST_GIFT: Both("le dernier don", "the last gift"),
    CountedFrom.LAST_CONTACT: Both("le dernier contact", "the last contact"),
    CountedFrom.RETURN: Both("le retour", "it is brought back"),
    CountedFrom.ACTIVITY: Both("l’activité", "the event"),
    CountedFrom.ACCIDENT: Both("l’accident", "the accident"),
    CountedFrom.ARRIVAL: Both("le jour où c’est arrivé", "the day it came in"),
    CountedFrom.RECORDING: Both("l’enregistrement", "the recording"),
    CountedFrom.ASKED_OFF: Both("la demande de retrait", "they ask to be taken off"),
}
_SENSITIVITY: Mapping[StrEnum, Both] = {
    Sensitivity.ORDINARY: Both("ordinaire", "ordinary"),
    Sensitivity.PRIVATE: Both("privé", "private"),
    Sensitivity.SENSITIVE: Both("délicat", "sensitive"),
}
_ENDINGS: Mapping[StrEnum, Both] = {
    Ending.SHRED: Both("nous déchiquetons le papier", "we shred the paper"),
    Ending.DELETE: Both("nous effaçons tout, copies aussi", "we delete it all, copies too"),
    Ending.SHRED_AND_DELETE: Both(
        "nous déchiquetons le papier et effaçons le reste",
        "we shred the paper and delete the rest",
    ),
    Ending.BY_ITSELF: Both("l’appareil efface de lui-même", "the device deletes it by itself"),
    Ending.COUNT_ONLY: Both(
        "nous ôtons les noms et gardons les nombres", "we drop the names and keep the numbers"
    ),
    Ending.GIVE_BACK: Both("nous le rendons à la personne", "we give it back to the person"),
}
#: By list, since two lists may hold the same value.
_LISTS: Mapping[type[StrEnum], Mapping[StrEnum, Both]] = {
    Whom: _WHOM,
    CameBy: _CAME_BY,
    KeptIn: _KEPT_IN,
    SeenBy: _SEEN_BY,
    Term: _TERMS,
    CountedFrom: _COUNTED_FROM,
    Sensitivity: _SENSITIVITY,
    Ending: _ENDINGS,
}


def phrase(choice: StrEnum, language: str) -> str:
    """What a choice is called within a sentence."""
    return _LISTS[type(choice)][choice].said(language)


def phrases(chosen: Iterable[StrEnum], language: str) -> str:
    """Several of them: ``papier (sous clé), téléphone et ordinateur``."""
    *first, last = (phrase(each, language) for each in chosen)
    conjunction = " and " if language == "en" else " et "
    return conjunction.join(filter(None, (", ".join(first), last)))


def options(choices: type[StrEnum], language: str) -> list[tuple[str, str]]:
    """(value, words) of every choice of a list, for a form."""
    return [(each.value, begun(phrase(each, language))) for each in choices]


def until(term: Term, counted_from: CountedFrom, language: str) -> str:
    """``un an après le départ de la personne``, ``one year after they leave``."""
    start = phrase(counted_from, language)
    if term is Term.AT_ONCE:
        return f"right after {start}" if language == "en" else f"dès {start}"
    after = "after" if language == "en" else "après"
    return f"{phrase(term, language)} {after} {start}"
