"""What an organization can show for itself and its drivers, and until when it holds."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason, Word


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
