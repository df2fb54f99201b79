"""What a listing asks a borrower to show, and what of it an organization holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.core.period import local_midnight
from mutuali.organizations.rules.documents import DocumentKind, DocumentState, LicenceClass

_CLASSES = tuple(LicenceClass)


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """What a listing asks a borrower to have: a kind, with the class of a licence or which
    training, a code or a name."""

    kind: DocumentKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A document of an organization; its last day, None when it never ends.

    ``seen``: whether somebody looked at it and what they said; never that it is over.
    """

    kind: DocumentKind
    detail: str
    expires_on: date | None
    seen: DocumentState = DocumentState.CHECKED


class Lack(StrEnum):
    """Why a need is not met."""

    #: There is no such document.
    ABSENT = "absent"
    #: There is one, but it does not last as long as it has to.
    ENDS = "ends"
    #: There is one that lasts, and nobody has looked at it yet.
    WAITING = "waiting"
    #: Somebody looked at it and refused it.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Missing:
    """A need that is not met, and why; ``last`` is the last day of the document that ends."""

    need: Need
    lack: Lack
    last: date | None = None


def code_of(need: Need) -> str:
    """A need in one word, as it is stored."""
    return f"{need.kind.value}:{need.detail}"


def need_of(code: str) -> Need:
    """What :func:`code_of` wrote."""
    kind, detail = code.split(":", 1)
    return Need(DocumentKind(kind), detail)


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
    over = _over(held)
    return over is None or end <= over


def missing(needs: Iterable[Need], held: Iterable[Held], end: datetime) -> list[Missing]:
    """The needs that no checked document meets up to ``end``, in order, each with what comes
    nearest to meeting it."""
    documents = list(held)
    found: list[Missing] = []
    for need in sorted(set(needs)):
        fitting = [each for each in documents if satisfies(each, need)]
        lasting = {each.seen for each in fitting if holds_until(each, end)}
        if DocumentState.CHECKED in lasting:
            continue
        ending = [each for each in fitting if each.seen is not DocumentState.REFUSED]
        if DocumentState.WAITING in lasting:
            found.append(Missing(need, Lack.WAITING))
        elif ending:
            last = max(each.expires_on for each in ending if each.expires_on)
            found.append(Missing(need, Lack.ENDS, last))
        else:
            found.append(Missing(need, Lack.REFUSED if fitting else Lack.ABSENT))
    return found


def met_until(needs: Iterable[Need], held: Sequence[Held], since: datetime) -> datetime | None:
    """Until when checked documents meet every need on end, from ``since``: that instant itself
    where one is not met even then; None when there is no end."""
    until: datetime | None = None
    for need in needs:
        fitting = [e for e in held if e.seen is DocumentState.CHECKED and satisfies(e, need)]
        ends = [_over(each) for each in fitting]
        if None in ends:
            continue
        last = max([since, *(each for each in ends if each is not None)])
        until = last if until is None else min(until, last)
    return until


def need_objection(need: Need) -> Reason | None:
    """Why nobody could meet this need."""
    classes = {each.value for each in LicenceClass}
    if need.kind is DocumentKind.DRIVING_LICENCE and need.detail not in classes:
        return Reason("field.not_a_choice", {}, "demands")
    if need.kind is DocumentKind.TRAINING and not need.detail:
        return Reason("document.training_missing", {}, "demands")
    return None


def _over(held: Held) -> datetime | None:
    """The instant at which a document is over; None when it never is."""
    if held.expires_on is None:
        return None
    return local_midnight(held.expires_on + timedelta(days=1))
