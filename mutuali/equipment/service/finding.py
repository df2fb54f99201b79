"""Which published listings could be had for a span, asked of the database: thousands at once.

The conditions here are those of ``bookings/rules: rule_refusals``, said in SQL; a test holds the
two against each other. What SQL does not say well (a day with other hours, outages, kits, the night
a clock changes, quotas) is ``uncertain``: it is let through, for the rules to look at one by one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select, true
from sqlalchemy.orm import Session

from mutuali.core.folding import folded
from mutuali.core.period import Period, local, local_midnight
from mutuali.core.places import Point, cells_from
from mutuali.equipment.models import Closure, HoursException, Listing, Outage, Quota, WeeklyHours
from mutuali.equipment.rules import MINUTES_PER_DAY, Kind, ListingState, Permit
from mutuali.equipment.service.opening import LONGEST_TURNAROUND
from mutuali.organizations import service as organizations
from mutuali.storage import is_among, spans_overlap


@dataclass(frozen=True, slots=True)
class Filters:
    """What a listing has to be; nothing said means anything will do."""

    kinds: tuple[Kind, ...] = ()
    units: int = 1
    refrigerated: bool = False
    driver_included: bool = False
    payload_kg: int = 0
    permits: tuple[Permit, ...] = ()
    free_of_charge: bool = False
    #: As typed; each of them is in its title or its description, in either language.
    words: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listing that may do: what it takes to see whether enough units are left."""

    listing_id: int
    units: int
    turnaround: timedelta
    uncertain: bool


@dataclass(frozen=True, slots=True)
class Nearest:
    """So many listings in all, and those of one page, nearest first."""

    total: int
    listing_ids: tuple[int, ...]


class Finding:
    """One question, asked several times with more known each time.

    ``near`` None: cheapest first.
    """

    def __init__(
        self,
        session: Session,
        filters: Filters,
        period: Period,
        *,
        near: Point | None,
        now: datetime,
    ) -> None:
        self._session, self._period, self._near = session, period, near
        self._is = _what_it_is(filters)
        if words := folded(filters.words).split():
            self._is = is_among(Listing.id, _saying(session, words, self._is))
        self._uncertain = _uncertain(period)
        self._fits = and_(self._is, *_rules(period, now, self._uncertain))

    def longest_turnaround(self) -> timedelta:
        """The longest time to make things ready among what is asked for."""
        query = select(func.max(Listing.turnaround_minutes)).where(self._is)
        return timedelta(minutes=self._session.scalar(query) or 0)

    def to_look_at(self, held: Collection[int]) -> list[Candidate]:
        """The candidates that have to be looked at: uncertain ones, and those of ``held``."""
        rows = self._session.execute(
            select(
                Listing.id,
                Listing.units,
                Listing.turnaround_minutes,
                self._uncertain.label("uncertain"),
            ).where(self._fits, or_(self._uncertain, is_among(Listing.id, held)))
        )
        return [
            Candidate(id_, units, timedelta(minutes=minutes), bool(uncertain))
            for id_, units, minutes, uncertain in rows
        ]

    def nearest(self, besides: Collection[int], *, offset: int, limit: int) -> Nearest:
        """The candidates but ``besides``, nearest first, then cheapest."""
        where = and_(self._fits, ~is_among(Listing.id, besides)) if besides else self._fits
        return self._page(where, offset, limit)

    def alike(self, *, limit: int) -> tuple[int, ...]:
        """What is asked for at whatever time, nearest first."""
        return self._page(self._is, 0, limit).listing_ids

    def _page(self, where: ColumnElement[bool], offset: int, limit: int) -> Nearest:
        query = select(Listing.id, func.count().over()).where(where)
        order: list[ColumnElement[Any]] = [Listing.price_cents.expression, Listing.id.expression]
        if self._near is not None:
            row, column = cells_from(self._near)
            sites = organizations.grid_of_sites()
            query = query.join(sites, sites.c.id == Listing.site_id)
            up, across = sites.c.grid_row + 0.5 - row, sites.c.grid_column + 0.5 - column
            order.insert(0, up * up + across * across)
        found = self._session.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        if not found and offset:
            return Nearest(self._count(where), ())
        return Nearest(found[0][1] if found else 0, tuple(id_ for id_, _ in found))

    def _count(self, where: ColumnElement[bool]) -> int:
        return self._session.scalar(select(func.count(Listing.id)).where(where)) or 0


def _what_it_is(filters: Filters) -> ColumnElement[bool]:
    asked: list[ColumnElement[bool]] = [
        Listing.state == ListingState.PUBLISHED,
        Listing.units >= filters.units,
    ]
    if filters.kinds:
        asked.append(Listing.kind.in_(filters.kinds))
    if filters.refrigerated:
        asked.append(Listing.refrigerated.is_(True))
    if filters.driver_included:
        asked.append(Listing.driver_included.is_(True))
    if filters.payload_kg:
        asked.append(Listing.payload_kg >= filters.payload_kg)
    if filters.free_of_charge:
        asked.append(Listing.price_cents == 0)
    # Words of a closed list, so their JSON text holds one exactly where the list does.
    asked += [cast(Listing.permits, String).like(f'%"{each.value}"%') for each in filters.permits]
    return and_(*asked)


def _saying(session: Session, words: Sequence[str], where: ColumnElement[bool]) -> Sequence[int]:
    """The ids of those that say each of ``words``: read once, because no index knows a part of a
    word, and every question that follows would read all texts again."""
    said = (Listing.searched.contains(word, autoescape=True) for word in words)
    return session.scalars(select(Listing.id).where(where, *said)).all()


def _rules(
    period: Period, now: datetime, uncertain: ColumnElement[bool]
) -> list[ColumnElement[bool]]:
    """Every refusal of a rule, turned round; but for the hours of what is ``uncertain``."""
    minutes = period.length.total_seconds() / 60
    ahead = (period.start - now).total_seconds() / 60
    closed = spans_overlap(Closure.starts_at, Closure.ends_at, period.start, period.end)
    opens, closes = _open_at(period.start), _open_at(period.end, ending=True)
    return [
        Listing.shortest_minutes <= minutes,
        Listing.longest_minutes >= minutes,
        Listing.lead_minutes <= ahead,
        or_(Listing.granularity_minutes.is_(None), _on_raster(period)),
        ~Listing.id.in_(select(Closure.listing_id).where(closed, Closure.listing_id.is_not(None))),
        ~Listing.lender_id.in_(
            select(Closure.organization_id).where(closed, Closure.organization_id.is_not(None))
        ),
        or_(
            Listing.week.is_(None),
            and_(Listing.week.in_(opens), Listing.week.in_(closes)),
            uncertain,
        ),
    ]


def _on_raster(period: Period) -> ColumnElement[bool]:
    """Whether both ends stand on a listing's raster: ``stands_on`` in SQL."""
    edges = [local(each) for each in (period.start, period.end)]
    if any(each.second or each.microsecond for each in edges):
        return false()
    return and_(
        *((each.hour * 60 + each.minute) % Listing.granularity_minutes == 0 for each in edges)
    )


def _open_at(instant: datetime, *, ending: bool = False) -> Select[str]:
    """The weeks whose hours let things change hands then: ``is_open_at`` in SQL."""
    there = local(instant)
    minute = there.hour * 60 + there.minute + there.second / 60
    day = WeeklyHours.weekday == there.weekday()
    until = WeeklyHours.closes >= minute if ending else WeeklyHours.closes > minute
    open_then = and_(day, WeeklyHours.opens <= minute, until)
    if ending and minute == 0:
        # An end at midnight belongs to the day before.
        yesterday = WeeklyHours.weekday == (there.weekday() - 1) % 7
        open_then = or_(open_then, and_(yesterday, WeeklyHours.closes == MINUTES_PER_DAY))
    return select(WeeklyHours.week).where(open_then)


def _uncertain(period: Period) -> ColumnElement[bool]:
    first, last = local(period.start).date(), local(period.end).date()
    if any(_clock_changes(each) for each in (first, last)):
        return true()
    differing = HoursException.day.between(first - timedelta(days=1), last)
    lasting = or_(Outage.ends_at.is_(None), Outage.ends_at > period.start)
    broken = and_(Outage.starts_at < period.end + LONGEST_TURNAROUND, lasting)
    of_all = Quota.listing_id.is_(None)
    return or_(
        Listing.id.in_(select(Quota.listing_id).where(~of_all)),
        Listing.lender_id.in_(select(Quota.lender_id).where(of_all)),
        Listing.is_kit,
        Listing.id.in_(
            select(HoursException.listing_id).where(
                differing, HoursException.listing_id.is_not(None)
            )
        ),
        Listing.lender_id.in_(
            select(HoursException.organization_id).where(
                differing, HoursException.organization_id.is_not(None)
            )
        ),
        Listing.id.in_(select(Outage.listing_id).where(broken)),
    )


def _clock_changes(day: date) -> bool:
    """Whether the clock shows some times twice or never on a day."""
    length = local_midnight(day + timedelta(days=1)) - local_midnight(day)
    return length != timedelta(days=1)
