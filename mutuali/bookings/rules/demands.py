"""What a listing asks a borrower to hold until the loan is over."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mutuali.core.errors import Reason
from mutuali.core.period import Period
from mutuali.equipment.rules import Offer
from mutuali.organizations.rules import Held, Lack, Missing, Need, met_until, missing, need_word

#: As long after the documents as anybody could ask for.
_EVER = timedelta(days=20 * 366)

_CODES = {
    Lack.ABSENT: "booking.document_absent",
    Lack.ENDS: "booking.document_ends",
    Lack.WAITING: "booking.document_waiting",
    Lack.REFUSED: "booking.document_refused",
}


def document_refusals(
    demands: Iterable[Need], held: Iterable[Held], end: datetime
) -> tuple[Reason, ...]:
    """A reason for each demanded document that the borrower lacks up to ``end``: which, why, and
    what to do next."""
    return tuple(_reason(each) for each in missing(demands, held, end))


def while_documents_hold(offer: Offer, held: Sequence[Held], *, now: datetime) -> Offer:
    """The offer as it stands for a borrower with these documents: closed from when they no longer
    hold."""
    until = met_until(offer.demands, held, now)
    if until is None:
        return offer
    return replace(offer, closures=(*offer.closures, Period(until, until + _EVER)))


def _reason(found: Missing) -> Reason:
    params: dict[str, object] = {"document": need_word(found.need.kind, found.need.detail)}
    if found.last is not None:
        params["last"] = found.last
    return Reason(_CODES[found.lack], params, "documents")
