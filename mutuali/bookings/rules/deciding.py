"""What a decision does to others, and how long it can be taken back.

Pure: no database, no request, no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mutuali.bookings.rules.booking import Hold, peak_units
from mutuali.core.period import Period
from mutuali.equipment.rules import Offer, Outage

#: How long whoever decided can take it back.
UNDO_WITHIN = timedelta(minutes=10)


def remind_at(asked_at: datetime, decide_by: datetime) -> datetime:
    """When whoever decides is reminded, once: a third of their time is left."""
    return decide_by - (decide_by - asked_at) / 3


@dataclass(frozen=True, slots=True)
class Want:
    """What a request would occupy of one listing: ``span`` has its turnaround in it."""

    booking_id: int
    units: int
    span: Period


@dataclass(frozen=True, slots=True)
class Share:
    """A listing as far as one offer takes of it: ``needed`` for each unit of the offer."""

    units: int
    needed: int
    outages: tuple[Outage, ...]


def shares_of(offer: Offer) -> dict[int, Share]:
    """What an offer takes units of, by listing: itself, and of a kit its parts."""
    parts = {part.listing_id: Share(part.units, part.needed, part.outages) for part in offer.parts}
    return {offer.listing_id: Share(offer.units, 1, offer.outages), **parts}


def no_longer_fit(share: Share, taken: Sequence[Hold], wants: Iterable[Want]) -> set[int]:
    """Of ``wants``, the bookings for which too few units of the listing are left.

    ``taken`` is what nobody gives back by silence: a hold that can lapse knocks nobody out.
    """
    held: tuple[Hold | Outage, ...] = (*taken, *share.outages)
    return {
        want.booking_id for want in wants if want.units > share.units - peak_units(held, want.span)
    }
