"""When listings are open and when they are closed, for many at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    CompoundSelect,
    Date,
    Integer,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mutuali.core.period import ClockSpan, Period, local
from mutuali.equipment.models import Closure, HoursException, Listing, WeeklyHours
from mutuali.equipment.models import Outage as OutageRow
from mutuali.equipment.models import Quota as QuotaRow
from mutuali.equipment.rules import (
    ANY_TIME,
    Counts,
    OpenHours,
    OtherHours,
    Outage,
    Per,
    Quota,
    Timetable,
    week_key,
)
from mutuali.storage import (
    Ids,
    UtcDateTime,
    ask,
    gathered,
    is_one_of,
    spans_overlap,
    table_of,
)

LISTING, _HOURS, _CLOSURE = table_of(Listing), table_of(WeeklyHours), table_of(Closure)
_OTHER, _OUTAGE = table_of(HoursException), table_of(OutageRow)
#: No listing takes longer to be made ready.
LONGEST_TURNAROUND = timedelta(days=365)
_QUOTA = table_of(QuotaRow)
#: What a row of the question below tells of, and whose.
(_WEEK, _HAS_WEEK, _CLOSED, _BROKEN, _LENDERS_DAY, _OWN_DAY, _LIMITED, _LIMITED_OVER_ALL) = range(8)


def _openings() -> CompoundSelect[*tuple[Any, ...]]:
    """A row per week that they have, and per listing for which of them; one per closure and outage
    that meet a span, per day that differs and per quota: those of the listing, and of its lender
    for all that it shares.

    The number in the middle is of units, or the most that a quota allows; the text at the end is a
    week's key, or what a quota counts.
    """
    ids = bindparam("ids", type_=Ids())
    low, high, later = (bindparam(name, type_=UtcDateTime()) for name in ("low", "high", "later"))
    first, last = (bindparam(name, type_=Date()) for name in ("first", "last"))
    kind = [literal_column(str(number), Integer) for number in range(8)]
    no_hours, no_number = (null(), null(), null()), cast(null(), Integer)
    no_span = (cast(null(), UtcDateTime), cast(null(), UtcDateTime))
    # The day, its spans, and the text.
    no_day = (cast(null(), Date), cast(null(), JSON), cast(null(), String))
    hours = (gathered(each) for each in (_HOURS.c.weekday, _HOURS.c.opens, _HOURS.c.closes))
    only_text = (*no_span, no_number, *no_day[:2])
    span = (_CLOSURE.c.starts_at, _CLOSURE.c.ends_at)
    day = (_OTHER.c.day, _OTHER.c.spans, no_day[2])
    meets, falls = spans_overlap(*span, low, high), _OTHER.c.day.between(first, last)
    asked = is_one_of(LISTING.c.id, ids)
    out_of_order = (_OUTAGE.c.starts_at, func.coalesce(_OUTAGE.c.ends_at, later), _OUTAGE.c.units)
    over_all, counted = _QUOTA.c.listing_id.is_(None), _QUOTA.c.per + " " + _QUOTA.c.counts
    whose_quota = case((over_all, kind[_LIMITED_OVER_ALL]), else_=kind[_LIMITED])
    return union_all(
        select(kind[_WEEK].label("kind"), no_number, *hours, *only_text, _HOURS.c.week)
        .where(_HOURS.c.week.in_(select(LISTING.c.week).where(asked)))
        .group_by(_HOURS.c.week),
        select(kind[_HAS_WEEK], LISTING.c.id, *no_hours, *only_text, LISTING.c.week).where(
            asked, LISTING.c.week.is_not(None)
        ),
        select(kind[_CLOSED], _CLOSURE.c.listing_id, *no_hours, *span, no_number, *no_day).where(
            is_one_of(_CLOSURE.c.listing_id, ids), meets
        ),
        select(kind[_CLOSED], LISTING.c.id, *no_hours, *span, no_number, *no_day)
        .join_from(LISTING, _CLOSURE, _CLOSURE.c.organization_id == LISTING.c.lender_id)
        .where(asked, meets),
        select(kind[_BROKEN], _OUTAGE.c.listing_id, *no_hours, *out_of_order, *no_day).where(
            is_one_of(_OUTAGE.c.listing_id, ids),
            _OUTAGE.c.starts_at < later,
            or_(_OUTAGE.c.ends_at.is_(None), _OUTAGE.c.ends_at > low),
        ),
        select(kind[_OWN_DAY], _OTHER.c.listing_id, *no_hours, *no_span, no_number, *day).where(
            is_one_of(_OTHER.c.listing_id, ids), falls
        ),
        select(kind[_LENDERS_DAY], LISTING.c.id, *no_hours, *no_span, no_number, *day)
        .join_from(LISTING, _OTHER, _OTHER.c.organization_id == LISTING.c.lender_id)
        .where(asked, falls),
        select(whose_quota, LISTING.c.id, *no_hours, *no_span, _QUOTA.c.most, *no_day[:2], counted)
        .join_from(LISTING, _QUOTA, _QUOTA.c.lender_id == LISTING.c.lender_id)
        .where(asked, or_(over_all, _QUOTA.c.listing_id == LISTING.c.id)),
    )


_OPENINGS = _openings()


#: By listing; one that is open at any time has :data:`ANY_TIME`.
Timetables = Mapping[int, Timetable]
#: By listing, in order; a listing without any has an empty tuple.
Closures = Mapping[int, tuple[Period, ...]]
Outages = Mapping[int, tuple[Outage, ...]]
Quotas = Mapping[int, tuple[Quota, ...]]


@dataclass(frozen=True, slots=True)
class Openings:
    """When listings can be had around a span: their hours, with the days around it that differ; of
    the rest, what meets it, in order; quotas. Of all but outages, their own and their lender's.

    Outages are looked for a year further, as long as the longest turnaround; one without an end
    lasts until then.
    """

    timetables: Timetables
    closures: Closures
    outages: Outages
    quotas: Quotas


def openings(session: Session, ids: Sequence[int], period: Period) -> Openings:
    """When listings can be had around ``period``: one question."""
    rows = ask(
        session,
        _OPENINGS,
        ids=ids,
        low=period.start,
        high=period.end,
        later=period.end + LONGEST_TURNAROUND,
        # An end at midnight belongs to the day before.
        first=local(period.start).date() - timedelta(days=1),
        last=local(period.end).date(),
    ).all()
    weeks: dict[str, tuple[OpenHours, ...]] = {}
    weekly: dict[int, str] = {}
    closed: defaultdict[int, list[Period]] = defaultdict(list)
    broken: defaultdict[int, list[Outage]] = defaultdict(list)
    differing: dict[int, dict[date, tuple[int, OtherHours]]] = {}
    limited: defaultdict[int, list[Quota]] = defaultdict(list)
    for kind, listing_id, weekdays, opens, closes, start, end, number, day, spans, said in rows:
        if kind == _WEEK:
            weeks[said] = tuple(sorted(map(OpenHours, weekdays, opens, closes)))
        elif kind == _HAS_WEEK:
            weekly[listing_id] = said
        elif kind == _CLOSED:
            closed[listing_id].append(Period(start, end))
        elif kind == _BROKEN:
            broken[listing_id].append(Outage(number, Period(start, end)))
        elif kind in {_LIMITED, _LIMITED_OVER_ALL}:
            per, counts = said.split()
            of_all = kind == _LIMITED_OVER_ALL
            limited[listing_id].append(Quota(Per(per), Counts(counts), number, of_all=of_all))
        else:
            # What a listing says of a day goes before what its lender says of it for all.
            other, mine = (kind, other_hours(day, spans)), differing.setdefault(listing_id, {})
            mine[day] = max(mine.get(day, other), other)
    return Openings(
        _timetables(weeks, weekly, differing),
        defaultdict(tuple, {n: tuple(sorted(each)) for n, each in closed.items()}),
        defaultdict(tuple, {n: tuple(each) for n, each in broken.items()}),
        defaultdict(tuple, {n: tuple(sorted(each)) for n, each in limited.items()}),
    )


def _timetables(
    weeks: Mapping[str, tuple[OpenHours, ...]],
    weekly: Mapping[int, str],
    differing: Mapping[int, Mapping[date, tuple[int, OtherHours]]],
) -> Timetables:
    """The timetable of each listing that has one; many have the same, and then share it."""
    made: dict[Any, Timetable] = {}
    found: defaultdict[int, Timetable] = defaultdict(lambda: ANY_TIME)
    for listing_id in weekly.keys() | differing.keys():
        week, said = weekly.get(listing_id), differing.get(listing_id, {})
        others = tuple(said[day][1] for day in sorted(said))
        if (week, others) not in made:
            made[week, others] = Timetable(weeks[week] if week else (), others)
        found[listing_id] = made[week, others]
    return found


def other_hours(day: date, spans: Sequence[Sequence[int]]) -> OtherHours:
    """A day that differs, as the table holds it."""
    return OtherHours(day, tuple(ClockSpan(opens, closes) for opens, closes in spans))


def hours_of(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[OpenHours, ...]]:
    """The weekly hours of each listing; none for one that is open at any time."""
    found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = session.execute(
        select(Listing.id, WeeklyHours.weekday, WeeklyHours.opens, WeeklyHours.closes)
        .join_from(Listing, WeeklyHours, WeeklyHours.week == Listing.week)
        .where(is_one_of(Listing.id, ids))
    )
    for listing_id, *span in rows:
        found[listing_id].append((span[0], span[1], span[2]))
    return defaultdict(
        tuple,
        {
            listing_id: tuple(OpenHours(*span) for span in sorted(spans))
            for listing_id, spans in found.items()
        },
    )


def keep_week(session: Session, hours: Collection[OpenHours]) -> None:
    """Have the rows of a week, for the listings that come to have it; most weeks have them."""
    key = week_key(hours)
    if key is None:
        return
    dialect = {"postgresql": postgresql, "sqlite": sqlite}[session.connection().dialect.name]
    rows = [
        {"week": key, "weekday": each.weekday, "opens": each.opens, "closes": each.closes}
        for each in hours
    ]
    session.execute(dialect.insert(WeeklyHours).values(rows).on_conflict_do_nothing())
