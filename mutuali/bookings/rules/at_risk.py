"""Bookings that were promised and may come to nothing: a thing broke, or is not back in time.

Nothing here is a state: it follows from what is out of service and what is still out, and ends with
it. Pure: no database, no request, no clock.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.bookings.rules.booking import Hold, counted_twice, peak_units
from mutuali.bookings.rules.deciding import Want
from mutuali.core.period import Period
from mutuali.equipment.rules import Outage


class Risk(StrEnum):
    """Why a booking may come to nothing."""

    #: Units are out of service.
    DEFECT = "defect"
    #: An earlier loan is not back.
    OVERDUE = "overdue"


#: An overdue loan puts in doubt whatever starts within this from now. Searches expect it back
#: sooner, see ``OVERDUE_ALLOWANCE``: somebody who has a promise needs more notice.
DOUBT_AHEAD = timedelta(days=3)
#: After the first letter about an overdue loan, one a day, so many times.
OVERDUE_REMINDERS = 7
REMIND_EVERY = timedelta(days=1)


def in_doubt(hold: Hold, now: datetime) -> Hold:
    """What an overdue loan may still keep from others."""
    until = max(hold.period.end, now + DOUBT_AHEAD)
    return Hold(hold.units, Period(hold.period.start, until))


def displaced(units: int, firm: Iterable[Hold | Outage], wants: Sequence[Want]) -> set[int]:
    """Of ``wants``, in the order in which they were asked for, the bookings that find no room.

    A listing has so many ``units``; ``firm`` is what is broken or gone whatever anybody was
    promised. Whoever asked first keeps theirs; a later one finds room only in what is left at
    every instant of its span, so the last to ask are the first to lose.
    """
    kept: list[Hold | Outage] = list(firm)
    lost: set[int] = set()
    for want in wants:
        if want.units > units - peak_units(kept, want.span):
            lost.add(want.booking_id)
        else:
            kept.append(Hold(want.units, want.span))
    return lost


def risks(
    units: int,
    outages: Sequence[Outage],
    gone: Sequence[Hold],
    overdue: Sequence[Hold],
    wants: Sequence[Want],
    *,
    now: datetime,
    lent: Sequence[tuple[Outage, Hold]] = (),
) -> dict[int, Risk]:
    """Why each booking of one listing that may come to nothing does; a defect before a delay.

    ``gone`` is what is out or was, ``overdue`` those loans that should be back; ``lent`` are the
    ``outages`` of units that one of these has.
    """
    broken = displaced(units, [*outages, *gone, *overdue, *_twice(lent)], wants)
    late = [in_doubt(each, now) for each in overdue]
    lasting = [(outage, in_doubt(loan, now) if loan in overdue else loan) for outage, loan in lent]
    found = displaced(units, [*outages, *gone, *late, *_twice(lasting)], wants)
    return dict.fromkeys(found, Risk.OVERDUE) | dict.fromkeys(broken, Risk.DEFECT)


def _twice(lent: Iterable[tuple[Outage, Hold]]) -> list[Hold]:
    found = (counted_twice(outage, loan) for outage, loan in lent)
    return [each for each in found if each is not None]


def overdue_told_next(number: int, now: datetime) -> datetime | None:
    """When both sides hear of an overdue loan again after letter ``number`` (the first is 0); None
    once they heard often enough."""
    return now + REMIND_EVERY if number < OVERDUE_REMINDERS else None
