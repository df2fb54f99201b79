"""What an organization can show for itself and its drivers, and until when it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason, Word
from mutuali.core.period import local_midnight


class DocumentKind(StrEnum):
    """What a document is."""

    MAPAQ_PERMIT = "mapaq_permit"
    INSURANCE = "insurance"
    DRIVING_LICENCE = "driving_licence"
    TRAINING = "training"


class LicenceClass(StrEnum):
    """Classes of a Québec driving licence, each also good for those before it."""

    CAR = "5"
    TRUCK = "3"
    BUS = "2"
    HEAVY = "1"


class Training(StrEnum):
    """Trainings that are often asked for; any other goes by its name."""

    FOOD_HYGIENE = "food_hygiene"
    COLD_CHAIN = "cold_chain"
    FORKLIFT = "forklift"
    FIRST_AID = "first_aid"


class DocumentState(StrEnum):
    """What the network says of a document."""

    WAITING = "waiting"
    CHECKED = "checked"
    REFUSED = "refused"
    EXPIRED = "expired"


#: Documents about one person, who is named.
ABOUT_A_PERSON = frozenset({DocumentKind.DRIVING_LICENCE, DocumentKind.TRAINING})
#: Of a licence neither a copy nor the number is kept; of the rest of a person's, no copy.
WITH_FILE = frozenset({DocumentKind.MAPAQ_PERMIT, DocumentKind.INSURANCE})
#: What is kept of it after its last day: a loan may still be questioned.
KEPT_AFTER_EXPIRY = timedelta(days=365)
#: How long before the last day an organization is reminded, each once.
REMIND_DAYS = (30, 7)
#: The longest that a document may hold from today.
LONGEST_TERM = timedelta(days=20 * 366)
MOST_FILE_MEGABYTES = 5
_CLASSES = tuple(LicenceClass)


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """What a listing asks a borrower to have: a kind, with the class of a licence or which
    training, a code or a name."""

    kind: DocumentKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A document that was checked; its last day, None when it never ends."""

    kind: DocumentKind
    detail: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """What an organization says of a document; ``person_id`` where who it is about has an account.

    ``detail`` is the class of a licence, or a training: its code or its name.
    """

    kind: DocumentKind
    detail: str = ""
    person_name: str = ""
    person_id: int | None = None
    reference: str = ""
    expires_on: date | None = None


def satisfies(held: Held, need: Need) -> bool:
    """Whether a document is what a listing asks for, whenever it ends."""
    if held.kind is not need.kind:
        return False
    if need.kind is DocumentKind.DRIVING_LICENCE:
        return _CLASSES.index(LicenceClass(held.detail)) >= _CLASSES.index(
            LicenceClass(need.detail)
        )
    if need.kind is DocumentKind.TRAINING:
        return held.detail.casefold() == need.detail.casefold()
    return True


def holds_until(held: Held, end: datetime) -> bool:
    """Whether a document is valid up to ``end``: its last day counts whole, in Montréal."""
    if held.expires_on is None:
        return True
    return end <= local_midnight(held.expires_on + timedelta(days=1))


def unmet(
    needs: Iterable[Need], held: Iterable[Held], end: datetime
) -> list[tuple[Need, date | None]]:
    """The needs that no document meets up to ``end``, in order; each with the last day of the best
    one that would have, None where there is none."""
    documents = list(held)
    found: list[tuple[Need, date | None]] = []
    for need in sorted(needs):
        fitting = [each for each in documents if satisfies(each, need)]
        if not any(holds_until(each, end) for each in fitting):
            last = max((each.expires_on for each in fitting if each.expires_on), default=None)
            found.append((need, last))
    return found


def need_objection(need: Need) -> Reason | None:
    """Why nobody could meet this need."""
    classes = {each.value for each in LicenceClass}
    if need.kind is DocumentKind.DRIVING_LICENCE and need.detail not in classes:
        return Reason("field.not_a_choice", {}, "needs")
    if need.kind is DocumentKind.TRAINING and not need.detail:
        return Reason("document.training_missing", {}, "needs")
    return None


def document_objections(draft: DocumentDraft, today: date) -> list[Reason]:
    """Why a document cannot be noted like this."""
    found: list[Reason] = []
    about_a_person = draft.kind in ABOUT_A_PERSON
    licence = draft.kind is DocumentKind.DRIVING_LICENCE
    if licence and draft.detail not in {each.value for each in LicenceClass}:
        found.append(Reason("field.not_a_choice", {}, "licence"))
    if draft.kind is DocumentKind.TRAINING and not draft.detail:
        found.append(Reason("document.training_missing", {}, "training"))
    if about_a_person and not draft.person_name:
        found.append(Reason("document.person_missing", {}, "person_name"))
    if draft.expires_on is None:
        if draft.kind is not DocumentKind.TRAINING:
            found.append(Reason("document.expiry_missing", {}, "expires_on"))
    elif draft.expires_on < today:
        found.append(Reason("document.expired", {}, "expires_on"))
    elif draft.expires_on > today + LONGEST_TERM:
        found.append(Reason("time.too_far", {}, "expires_on"))
    if licence and draft.reference:
        found.append(Reason("document.no_licence_number", {}, "reference"))
    return found


def document_state(
    checked_at: datetime | None, refused_reason: str, expires_on: date | None, today: date
) -> DocumentState:
    """What the network says of a document today."""
    if refused_reason:
        return DocumentState.REFUSED
    if expires_on is not None and expires_on < today:
        return DocumentState.EXPIRED
    return DocumentState.CHECKED if checked_at is not None else DocumentState.WAITING


def reminder_due(expires_on: date, reminded_days: int | None, today: date) -> int | None:
    """Of how many days before the last one it is time to remind, the nearer first; None when it is
    too soon, too late, or done."""
    left = (expires_on - today).days
    due = min((days for days in REMIND_DAYS if 0 <= left <= days), default=None)
    return due if due is not None and (reminded_days is None or due < reminded_days) else None


def need_word(kind: DocumentKind, detail: str) -> Word | str:
    """What a document or a need is called: by its class, by its training, or by its kind."""
    if kind is DocumentKind.DRIVING_LICENCE:
        return Word("organizations.licence", detail)
    if kind is DocumentKind.TRAINING:
        known = detail in {each.value for each in Training}
        return Word("organizations.training", detail) if known else detail
    return Word("organizations.document", kind.value)
