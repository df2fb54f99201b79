"""When a yes ends: what happens to what already left, by the clause of the agreement.

Nothing can force a deletion on somebody else's computer. A copy is revoked, its holders are
notified, and they attest: these are the words, and no others.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.agreements.rules import OnWithdrawal
from mutuali.core.errors import Reason, Refused
from mutuali.exports.rules.life import ExportState


class Consequence(StrEnum):
    """What the end of a yes does to an export that holds the contributor."""

    #: Not let out yet: it is built again without them.
    REBUILD = "rebuild"
    #: No copy is handed over any more; those handed over stay until their day.
    STOP = "stop"
    #: No copy is handed over any more, and those handed over are called back.
    RECALL = "recall"
    #: Anonymized or open: it cannot be called back.
    NOTHING = "nothing"


class Answer(StrEnum):
    """What somebody who was notified says of their copies."""

    DESTROYED = "destroyed"
    NEVER_DOWNLOADED = "never_downloaded"
    CANNOT = "cannot"


class CopyState(StrEnum):
    """The true state of the copies of an export, for the organization or person in it."""

    #: It rests on their yes.
    STANDING = "standing"
    #: No link works any more; whoever holds a copy is not told yet, or nobody holds one.
    REVOKED = "revoked"
    #: No link works any more; the agreement leaves copies with their holders until their day.
    STOPPED = "stopped"
    NOTIFIED = "notified"
    ATTESTED = "attested"
    #: At least one holder says that a copy cannot be destroyed.
    CANNOT = "cannot"
    #: Anonymized and open, for everybody: nothing calls it back.
    BEYOND_RECALL = "beyond_recall"


class Next(StrEnum):
    """What a recall waits for."""

    REMIND = "remind"
    ESCALATE = "escalate"


class Told(StrEnum):
    """How the person in charge of personal information hears that a recall went unanswered."""

    #: A letter went to the address that their office is reached at.
    MAILED = "mailed"
    #: No letter reaches them, or went to them: a steward tells them.
    BY_HAND = "by_hand"


#: One address and nothing else, as mail servers take it without quoting (RFC 5321, 4.1.2).
_MAILBOX = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE
)

#: So long before the day by which a copy is to be destroyed its holders are reminded.
REMIND_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Recall:
    """A call for copies to be destroyed: since when, by when, and what was done about silence."""

    opened_at: datetime
    due_at: datetime
    reminded_at: datetime | None
    escalated_at: datetime | None


def consequence(state: ExportState, clause: OnWithdrawal, *, is_open: bool) -> Consequence:
    """What happens to an export that holds somebody whose yes ended."""
    if state in (ExportState.BUILDING, ExportState.IN_REVIEW):
        return Consequence.REBUILD
    if state not in (ExportState.READY, ExportState.EXPIRED):
        return Consequence.NOTHING
    # What is published is not offered any more, and nobody knows who took it.
    if is_open or clause is OnWithdrawal.STOP:
        return Consequence.STOP if state is ExportState.READY else Consequence.NOTHING
    return Consequence.RECALL


def due(opened_at: datetime, days_to_act: int) -> datetime:
    """By when the copies are to be destroyed."""
    return opened_at + timedelta(days=days_to_act)


def next_step(recall: Recall, now: datetime) -> Next | None:
    """What time asks for while an answer is missing; each once."""
    if now >= recall.due_at:
        return Next.ESCALATE if recall.escalated_at is None else None
    # With few days to act, halfway.
    before = min(REMIND_BEFORE, (recall.due_at - recall.opened_at) / 2)
    if now >= recall.due_at - before and recall.reminded_at is None:
        return Next.REMIND
    return None


def state_of_copies(
    state: ExportState,
    clause: OnWithdrawal,
    *,
    says_yes: bool,
    notified: int,
    answers: tuple[Answer, ...],
    is_open: bool,
) -> CopyState:
    """What is true of an export's copies for somebody in it who ``says_yes`` today or not, after so
    many people were ``notified``."""
    if is_open:
        return CopyState.BEYOND_RECALL
    if state is not ExportState.RECALLED:
        if says_yes:
            return CopyState.STANDING
        return CopyState.STOPPED if clause is OnWithdrawal.STOP else CopyState.REVOKED
    if Answer.CANNOT in answers:
        return CopyState.CANNOT
    if notified and len(answers) >= notified:
        return CopyState.ATTESTED
    return CopyState.NOTIFIED if notified else CopyState.REVOKED


def mailbox(contact: str) -> str | None:
    """The e-mail address that an office's contact is; None where it is anything else: a telephone,
    an address of the street, two addresses, a sentence around one."""
    text = contact.strip()
    return text if _MAILBOX.fullmatch(text) else None


def heard(contact: str | None, since: datetime | None, escalated_at: datetime) -> Told:
    """How whoever is in charge, reached at ``contact``, ``since`` when, heard of an escalation;
    None where nobody is named."""
    if contact is None or since is None or since > escalated_at or mailbox(contact) is None:
        return Told.BY_HAND
    return Told.MAILED


def typed_name(text: str) -> str:
    """The name under an attestation. Raises Refused when there is none."""
    name = " ".join(text.split())
    if not name:
        raise Refused(Reason("attestation.name_missing", {}, "name"))
    return name
