"""What an organization can hold of people: of whom, how it comes, where it is, who sees it, until
when. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.owndata.rules.said import Both, one_line

LONGEST_NAME = 80
LONGEST_WORDS = 200
#: An inventory is read by people; nobody keeps more kinds of lists.
MOST_HOLDINGS = 60
#: After a year somebody looks whether it is all still true.
LOOKED_AT_EVERY = timedelta(days=365)
#: From so many on, the inventory counts as made.
ENOUGH_HOLDINGS = 3


class Everyday(StrEnum):
    """What nearly every food organization holds; each has its template."""

    VOLUNTEERS = "volunteers"
    FAMILIES = "families"
    LICENCES = "licences"
    STAFF = "staff"
    DONORS = "donors"
    KEYS = "keys"
    PHOTOS = "photos"
    SHARED_PHONE = "shared_phone"
    MAILING = "mailing"
    ALLERGIES = "allergies"
    CAMERAS = "cameras"
    ACCIDENTS = "accidents"
    SIGN_IN = "sign_in"
    CONTACTS = "contacts"


class Whom(StrEnum):
    """Whom it is about."""

    PEOPLE_SERVED = "people_served"
    VOLUNTEERS = "volunteers"
    EMPLOYEES = "employees"
    DONORS = "donors"
    MEMBERS = "members"
    VISITORS = "visitors"
    PARTNERS = "partners"


class CameBy(StrEnum):
    """By which means it comes in (P-39.1, s. 8)."""

    IN_PERSON = "in_person"
    PAPER_FORM = "paper_form"
    ONLINE_FORM = "online_form"
    PHONE = "phone"
    EMAIL = "email"
    CAMERA = "camera"
    OTHERS = "others"


class KeptIn(StrEnum):
    """Where it is."""

    PAPER_LOCKED = "paper_locked"
    PAPER_OPEN = "paper_open"
    DEVICE = "device"
    CLOUD_QUEBEC = "cloud_quebec"
    CLOUD_OUTSIDE = "cloud_outside"
    PHONE = "phone"


class SeenBy(StrEnum):
    """Who sees it, inside and outside."""

    DIRECTION = "direction"
    STAFF = "staff"
    SOME_VOLUNTEERS = "some_volunteers"
    EVERYONE = "everyone"
    ACCOUNTANT = "accountant"
    GOVERNMENT = "government"
    FUNDER = "funder"
    PUBLIC = "public"


class Term(StrEnum):
    """How long it is kept, from the shortest."""

    AT_ONCE = "at_once"
    DAYS_7 = "days_7"
    DAYS_30 = "days_30"
    MONTHS_3 = "months_3"
    MONTHS_6 = "months_6"
    YEAR_1 = "year_1"
    YEARS_2 = "years_2"
    YEARS_3 = "years_3"
    YEARS_5 = "years_5"
    YEARS_7 = "years_7"


class CountedFrom(StrEnum):
    """What the term is counted from."""

    LEAVING = "leaving"
    LAST_VISIT = "last_visit"
    LAST_GIFT = "last_gift"
    LAST_CONTACT = "last_contact"
    RETURN = "return"
    ACTIVITY = "activity"
    ACCIDENT = "accident"
    ARRIVAL = "arrival"
    RECORDING = "recording"
    ASKED_OFF = "asked_off"


class Sensitivity(StrEnum):
    """How much it would hurt if others saw it (P-39.1, s. 12)."""

    ORDINARY = "ordinary"
    PRIVATE = "private"
    SENSITIVE = "sensitive"


class Ending(StrEnum):
    """What happens when the term is over."""

    SHRED = "shred"
    DELETE = "delete"
    SHRED_AND_DELETE = "shred_and_delete"
    BY_ITSELF = "by_itself"
    COUNT_ONLY = "count_only"
    GIVE_BACK = "give_back"


class Advice(StrEnum):
    """What is worth a second thought; it refuses nothing."""

    LOCK = "lock"
    ABROAD = "abroad"
    FEWER = "fewer"
    SHORTER = "shorter"
    PASSCODE = "passcode"


@dataclass(frozen=True, slots=True)
class Template:
    """An everyday holding as most organizations have it; ``because`` is why the term is usual."""

    name: Both
    what: Both
    why: Both
    because: Both
    about_whom: tuple[Whom, ...]
    came_by: tuple[CameBy, ...]
    kept_in: tuple[KeptIn, ...]
    seen_by: tuple[SeenBy, ...]
    term: Term
    counted_from: CountedFrom
    sensitivity: Sensitivity
    ending: Ending


@dataclass(frozen=True, slots=True)
class HoldingDraft:
    """What an organization says of one thing that it holds.

    Its words are empty where those of the template serve.
    """

    template: Everyday | None = None
    name_fr: str = ""
    name_en: str = ""
    what_fr: str = ""
    what_en: str = ""
    why_fr: str = ""
    why_en: str = ""
    about_whom: tuple[Whom, ...] = ()
    came_by: tuple[CameBy, ...] = ()
    kept_in: tuple[KeptIn, ...] = ()
    seen_by: tuple[SeenBy, ...] = ()
    term: Term = Term.YEAR_1
    counted_from: CountedFrom = CountedFrom.LEAVING
    sensitivity: Sensitivity = Sensitivity.PRIVATE
    ending: Ending = Ending.DELETE


#: The words of a holding, without their language.
WORDS = ("name", "what", "why")
#: The answers of which at least one is chosen, and all that there are.
CHOSEN: Mapping[str, type[StrEnum]] = {
    "about_whom": Whom,
    "came_by": CameBy,
    "kept_in": KeptIn,
    "seen_by": SeenBy,
}
_TERMS = tuple(Term)
_OUTSIDERS = frozenset({SeenBy.EVERYONE, SeenBy.PUBLIC})


def from_template(code: Everyday, template: Template) -> HoldingDraft:
    """The holding that one tap makes: all answers of the template, none of its words."""
    return HoldingDraft(
        template=code,
        about_whom=template.about_whom,
        came_by=template.came_by,
        kept_in=template.kept_in,
        seen_by=template.seen_by,
        term=template.term,
        counted_from=template.counted_from,
        sensitivity=template.sensitivity,
        ending=template.ending,
    )


def words_of(draft: HoldingDraft, template: Template | None, word: str) -> Both:
    """``name``, ``what`` or ``why``: the organization's own, or else the template's."""
    own = Both(*(one_line(getattr(draft, f"{word}_{language}")) for language in ("fr", "en")))
    if template is None or own.fr or own.en:
        return own
    return Both(*getattr(template, word))


def holding_objections(draft: HoldingDraft) -> tuple[Reason, ...]:
    """Why this cannot be kept as it is said: what is missing, field by field."""
    found = []
    if draft.template is None:
        for word in WORDS:
            if not getattr(draft, f"{word}_fr") and not getattr(draft, f"{word}_en"):
                found.append(Reason("holding.unsaid", {}, f"{word}_fr"))
    for name in CHOSEN:
        if not getattr(draft, name):
            found.append(Reason("holding.none_chosen", {}, name))
    return tuple(found)


def in_order(choices: type[StrEnum], chosen: Iterable[StrEnum]) -> tuple[StrEnum, ...]:
    """What was chosen, each once, in the order of the list."""
    picked = set(chosen)
    return tuple(each for each in choices if each in picked)


def advice(draft: HoldingDraft, template: Template | None) -> tuple[Advice, ...]:
    """What is worth a second thought."""
    plain = draft.sensitivity is Sensitivity.ORDINARY
    usual = template.term if template is not None else draft.term
    asked = {
        Advice.LOCK: KeptIn.PAPER_OPEN in draft.kept_in and not plain,
        Advice.PASSCODE: KeptIn.PHONE in draft.kept_in and not plain,
        Advice.ABROAD: KeptIn.CLOUD_OUTSIDE in draft.kept_in,
        Advice.FEWER: draft.sensitivity is Sensitivity.SENSITIVE
        and bool(_OUTSIDERS & set(draft.seen_by)),
        Advice.SHORTER: _TERMS.index(draft.term) > _TERMS.index(usual),
    }
    return tuple(each for each, holds in asked.items() if holds)
