"""A plain model of what bookings promise: it counts, instant by instant, and knows nothing else."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from mutuali.core.period import Period

#: States in which units are kept from others.
_KEEPS = {"held", "approved", "on_loan", "returned", "closed"}
_LATE = timedelta(hours=24)


@dataclass
class Thing:
    """A listing: so many units, ready again after ``turnaround``; a kit takes ``parts`` of others.

    ``answer`` is what a request becomes: approved, requested or held.
    """

    units: int
    answer: str = "approved"
    turnaround: timedelta = timedelta()
    hold: timedelta = timedelta(days=3)
    parts: dict[str, int] = field(default_factory=dict)
    #: After so long, a booking that nobody came for is released.
    no_show: timedelta | None = None


@dataclass
class Promise:
    """One booking as the model remembers it; ``takes`` is what it takes of each listing."""

    thing: str
    takes: dict[str, int]
    units: int
    span: Period
    until: datetime
    state: str
    decide_by: datetime
    #: When it was released because nobody came.
    released_at: datetime | None = None
    #: The booking in whose place it was taken, and when somebody said yes to it.
    instead_of: str | None = None
    decided_at: datetime | None = None

    def keeps(self, now: datetime) -> Period | None:
        """From when to when its units are kept from others; None when they are not."""
        if self.state not in _KEEPS or (self.state == "held" and self.decide_by <= now):
            return None
        if self.state == "on_loan" and self.span.end < now:
            return Period(self.span.start, max(self.until, now + _LATE))
        return Period(self.span.start, self.until)


@dataclass
class Broken:
    """Units that nobody new can have; no end: until they work again."""

    thing: str
    units: int
    since: datetime
    until: datetime | None = None
    #: The loan that has them: as long as it keeps them from others, they are not missing twice.
    loan: Promise | None = None

    def missing(self, away: Period | None) -> list[tuple[datetime, datetime]]:
        """From when to when they are missing, besides the time when their loan is ``away``."""
        until = self.until or datetime.max.replace(tzinfo=UTC)
        if away is None:
            return [(self.since, until)]
        pieces = [(self.since, min(until, away.start)), (max(self.since, away.end), until)]
        return [(low, high) for low, high in pieces if low < high]


@dataclass
class Network:
    """All things, promises and outages; every answer is counted anew, hour by hour."""

    things: dict[str, Thing]
    now: datetime
    promises: dict[str, Promise] = field(default_factory=dict)
    #: Units of a loan that came back before the others: what they still occupy.
    back: list[Promise] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    step: timedelta = timedelta(minutes=30)

    def taken(self, thing: str, at: datetime, besides: str | None = None) -> int:
        """Units of ``thing`` that are kept from others or broken at an instant."""
        promised = 0
        for name, each in [*self.promises.items(), *((None, each) for each in self.back)]:
            kept = each.keeps(self.now)
            if name is not None and name == besides:
                continue
            if kept is not None and kept.start <= at < kept.end:
                promised += each.takes.get(thing, 0)
        out = sum(
            each.units
            for each in self.broken
            for low, high in each.missing(each.loan.keeps(self.now) if each.loan else None)
            if each.thing == thing and low <= at < high
        )
        return promised + out

    def fits(self, thing: str, units: int, span: Period, besides: str | None = None) -> bool:
        """Whether ``units`` are left at every instant of ``span`` and of what follows it."""
        asked = self.things[thing]
        needs = self.takes(thing, units)
        at, end = span.start, span.end + self.turnaround(thing)
        while at < end:
            for each, number in needs.items():
                if self.taken(each, at, besides) + number > self.things[each].units:
                    return False
            at += self.step
        return units <= asked.units

    def takes(self, thing: str, units: int) -> dict[str, int]:
        """What ``units`` of a thing take of each listing, of its own too."""
        parts = self.things[thing].parts
        return {thing: units, **{part: needed * units for part, needed in parts.items()}}

    def turnaround(self, thing: str) -> timedelta:
        """The longest turnaround of a thing and its parts."""
        found = self.things[thing]
        return max(found.turnaround, *(self.things[each].turnaround for each in found.parts), _NONE)

    def losers(self, winner: str) -> list[str]:
        """Requests that meet ``winner`` and no longer fit."""
        won = self.promises[winner]
        kept = won.keeps(self.now)
        return [
            name
            for name, each in self.promises.items()
            if each.state == "requested"
            and each.decide_by > self.now
            and kept is not None
            and set(each.takes) & set(won.takes)
            and each.span.start < kept.end
            and each.until > kept.start
            and not self.fits(each.thing, each.units, each.span, besides=name)
        ]

    def at_risk(self) -> dict[str, str]:
        """Why each promised booking that finds no room any more does, by name; whoever asked first
        keeps theirs."""
        found: dict[str, str] = {}
        for thing in self.things:
            for doubt, why in ((_DOUBT, "overdue"), (_NONE, "defect")):
                found |= dict.fromkeys(self._without_room(thing, doubt), why)
        return found

    def _without_room(self, thing: str, doubt: timedelta) -> list[str]:
        """Those of one thing, when late loans are away for ``doubt`` from now, half an hour after
        half an hour."""
        kept: list[tuple[datetime, datetime, int]] = [
            (low, high, each.units)
            for each in self.broken
            for low, high in each.missing(self._away(each.loan, doubt) if each.loan else None)
            if each.thing == thing
        ]
        wants = []
        for name, each in [*self.promises.items(), *(("", back) for back in self.back)]:
            if not (units := each.takes.get(thing, 0)):
                continue
            if each.state == "approved" and each.span.end > self.now:
                wants.append((name, each, units))
            elif each.state in {"on_loan", "returned", "closed"}:
                away = self._away(each, doubt)
                kept.append((away.start, away.end, units))
        lost = []
        for name, each, units in wants:
            at, fits = each.span.start, True
            while at < each.until:
                level = sum(n for low, high, n in kept if low <= at < high)
                fits = fits and level + units <= self.things[thing].units
                at += self.step
            if fits:
                kept.append((each.span.start, each.until, units))
            else:
                lost.append(name)
        return lost

    def _away(self, loan: Promise, doubt: timedelta) -> Period:
        late = loan.state == "on_loan" and loan.span.end < self.now
        until = max(loan.until, self.now + doubt) if late else loan.until
        return Period(loan.span.start, until)

    def out(self, thing: str) -> int:
        """Units of a thing that are physically away or broken now."""
        away = sum(
            each.takes.get(thing, 0) for each in self.promises.values() if each.state == "on_loan"
        )
        return away + sum(
            each.units
            for each in self.broken
            if each.thing == thing
            and not (each.loan and each.loan.state == "on_loan")
            and each.since <= self.now
            and (each.until is None or each.until > self.now)
        )


_NONE = timedelta()
_DOUBT = timedelta(days=3)
