"""A year of sharing: who borrowed what, when, and how it went.

Every booking was possible when it was asked for, by the product's own rules, and no listing ever
has more units out than it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from mutuali.bookings.rules import (
    DECIDE_WITHIN,
    OVERDUE_ALLOWANCE,
    Ask,
    Hold,
    Purpose,
    State,
    Step,
    decide_by,
    first_state,
    occupied,
    price_of,
    refusals,
)
from mutuali.core.period import Period, instant_at, local
from mutuali.core.places import Point, distance_km
from mutuali.demo.rules.dice import Dice
from mutuali.demo.rules.said import (
    CANCEL_REASONS,
    DECLINE_REASONS,
    PURPOSES,
    REQUEST_NOTES,
    RETURN_NOTES,
)
from mutuali.equipment.rules import Approver, Kind, Offer

PAST = timedelta(days=365)
AHEAD = timedelta(days=21)
#: How much is shared in each month, January first: harvest and the holidays are busy.
_SEASON = (0.8, 0.8, 0.9, 1.0, 1.1, 1.1, 0.9, 1.2, 1.5, 1.4, 1.2, 1.6)
#: The same for weekdays, Monday first.
_WEEK = (1.0, 1.2, 1.2, 1.3, 1.2, 0.6, 0.25)
_CLOSED_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shared:
    """A listing as the year needs it; ``hours_out`` is the usual length of a loan."""

    offer: Offer
    kind: Kind
    point: Point
    weight: float
    hours_out: tuple[float, float]
    cold: bool


@dataclass(frozen=True, slots=True)
class Borrower:
    """An organization that borrows, where it is and how often."""

    organization_id: int
    point: Point
    weight: float


@dataclass(frozen=True, slots=True)
class Happened:
    """A step; ``side`` tells who did it: borrower, lender, network, or nobody (time itself)."""

    step: Step
    at: datetime
    side: str
    note: str = ""
    temperature: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One booking with all that became of it."""

    listing: Shared
    borrower_id: int
    units: int
    period: Period
    occupied_until: datetime
    state: State
    decide_by: datetime | None
    purpose: Purpose
    meals: int | None
    note: str
    price_cents: int
    steps: tuple[Happened, ...]


@dataclass(slots=True)
class Year:
    """Tells bookings one after the other and remembers what is taken."""

    dice: Dice
    listings: Sequence[Shared]
    borrowers: Sequence[Borrower]
    now: datetime
    told: list[Told] = field(default_factory=list)
    _holds: dict[int, list[Hold]] = field(default_factory=dict)
    _near: dict[int, list[float]] = field(default_factory=dict)

    def tell(self, count: int) -> list[Told]:
        """``count`` bookings over the past year and the next three weeks, in every state."""
        self._overdue_ones(2)
        truck, member = self.listings[0], self.borrowers[1]
        self._on_loan_now(member)
        self._try(member, truck, _between(self.dice, self.now, 2, 6), State.APPROVED)
        while len(self.told) < count - 45:
            start = self._busy_day()
            listing = self._by_weight()
            self._try(self._neighbour(listing), listing, start, None)
        self._waiting_ones(truck, 4)
        undecided = [each for each in self.listings if each.offer.approver is not Approver.NOBODY]
        for _ in range(1000):
            if len(self.told) >= count:
                break
            self._waiting_ones(self.dice.choice(undecided), self.dice.choice((1, 1, 1, 2)))
        return self.told

    def _busy_day(self) -> datetime:
        """A random instant, likelier in busy months and on busy weekdays."""
        while True:
            seconds = self.dice.random() * (PAST + AHEAD).total_seconds()
            instant = self.now - PAST + timedelta(seconds=seconds)
            there = local(instant)
            if self.dice.random() * 2.1 < _SEASON[there.month - 1] * _WEEK[there.weekday()]:
                return instant

    def _by_weight(self) -> Shared:
        weights = [each.weight for each in self.listings]
        return self.dice.choices(self.listings, weights)[0]

    def _neighbour(self, listing: Shared) -> Borrower:
        """A borrower, likelier when it is active and near."""
        key = listing.offer.listing_id
        if key not in self._near:
            self._near[key] = [
                0.0
                if each.organization_id == listing.offer.lender_id
                else each.weight / (2 + distance_km(each.point, listing.point))
                for each in self.borrowers
            ]
        return self.dice.choices(self.borrowers, self._near[key])[0]

    def _span(self, listing: Shared, day: datetime) -> Period | None:
        """A believable span on that day: within opening hours, in quarter hours."""
        date, weekly = local(day).date(), listing.offer.timetable.weekly
        hours = [each for each in weekly if each.weekday == date.weekday()]
        if weekly and not hours:
            return None
        opens, closes = (hours[0].opens, hours[0].closes) if hours else (480, 1080)
        low, high = listing.hours_out
        minutes = round((low + (high - low) * self.dice.random() ** 1.7) * 4) * 15
        start_minute = self.dice.randint(opens // 15, max(opens // 15, (closes - 60) // 15)) * 15
        start = instant_at(date, _clock(start_minute))
        if minutes < closes - opens and minutes < 12 * 60:
            end_minute = min(start_minute + minutes, closes)
            return Period(start, instant_at(date, _clock(end_minute)))
        last = date + timedelta(days=max(1, round(minutes / 1440)))
        closing = [each for each in weekly if each.weekday == last.weekday()]
        if weekly and not closing:
            return None
        at = (
            self.dice.randint(closing[0].opens // 15, closing[0].closes // 15) * 15
            if closing
            else 720
        )
        return Period(start, instant_at(last, _clock(min(at, 1425))))

    def _try(
        self, borrower: Borrower, listing: Shared, day: datetime, wanted: State | None
    ) -> bool:
        """Tell one booking if it was possible when asked for; whether it was."""
        span = self._span(listing, day)
        if span is None or borrower.organization_id == listing.offer.lender_id:
            return False
        ahead = listing.offer.lead + timedelta(hours=self.dice.expovariate(1 / 90) + 2)
        asked_at = min(span.start, self.now) - ahead
        return self._write(borrower, listing, span, asked_at.replace(microsecond=0), wanted)

    def _write(
        self,
        borrower: Borrower,
        listing: Shared,
        span: Period,
        asked_at: datetime,
        wanted: State | None,
    ) -> bool:
        dice, offer = self.dice, listing.offer
        most = max(1, offer.units // 3)
        ask = Ask(borrower.organization_id, dice.randint(1, most), span)
        if refusals(ask, offer, self._held(offer), now=asked_at):
            return False
        purposes = PURPOSES[listing.kind]
        feeds = listing.kind in {Kind.VEHICLE, Kind.KITCHEN, Kind.COOKING, Kind.SURPLUS}
        told = Told(
            listing=listing,
            borrower_id=borrower.organization_id,
            units=ask.units,
            period=span,
            occupied_until=occupied(span, offer.turnaround).end,
            state=first_state(offer),
            decide_by=decide_by(offer, span, asked_at),
            purpose=dice.choice(purposes),
            meals=dice.randint(4, 60) * 10 if feeds and dice.random() < 0.7 else None,
            note=dice.choice(REQUEST_NOTES) if dice.random() < 0.4 else "",
            price_cents=price_of(offer, span, ask.units),
            steps=(Happened(Step.REQUEST, asked_at, "borrower"),),
        )
        if wanted not in {State.REQUESTED, State.HELD}:
            told = self._outcome(told, sure=wanted is not None)
        self.told.append(told)
        if told.state in {State.APPROVED, State.ON_LOAN, State.RETURNED, State.CLOSED, State.HELD}:
            until = told.occupied_until
            if told.state is State.ON_LOAN:
                until = max(until, self.now + OVERDUE_ALLOWANCE)
            hold = Hold(told.units, Period(span.start, until))
            self._holds.setdefault(offer.listing_id, []).append(hold)
        return True

    def _held(self, offer: Offer) -> list[Hold]:
        return self._holds.get(offer.listing_id, [])

    def _outcome(self, told: Told, *, sure: bool) -> Told:
        """What became of a request: the answer, the hand-over, the return."""
        dice, asked_at, offer = self.dice, told.steps[0].at, told.listing.offer
        fate = 0.0 if sure else dice.random()
        answered = asked_at
        if offer.approver is Approver.NOBODY:
            told = replace(told, decide_by=None)
        else:
            lapses_at = told.decide_by or told.period.start
            patience = (min(lapses_at, self.now) - asked_at).total_seconds() * 0.9
            waited = min(dice.expovariate(1 / 21600) + 300, patience)
            answered += timedelta(seconds=round(waited))
            side = "network" if offer.approver is Approver.COORDINATOR else "lender"
            if fate > 0.95 and lapses_at <= self.now:
                return _then(told, State.EXPIRED, Happened(Step.EXPIRE, lapses_at, ""))
            if fate > 0.87:
                note = dice.choice(DECLINE_REASONS)
                return _then(told, State.DECLINED, Happened(Step.DECLINE, answered, side, note))
            told = _then(told, State.APPROVED, Happened(Step.APPROVE, answered, side))
        if 0.79 < fate <= 0.87:
            remaining = (min(told.period.start, self.now) - answered).total_seconds()
            at = answered + timedelta(seconds=round(remaining * dice.random()))
            who = "borrower" if dice.random() < 0.7 else "lender"
            note = dice.choice(CANCEL_REASONS)
            return _then(told, State.CANCELLED, Happened(Step.CANCEL, at, who, note))
        return self._carried_out(told)

    def _carried_out(self, told: Told) -> Told:
        dice, span = self.dice, told.period
        cold = dice.randint(1, 4) if told.listing.cold else None
        out_at = span.start + timedelta(minutes=dice.randint(0, 12))
        if out_at > self.now:
            return told
        told = _then(told, State.ON_LOAN, Happened(Step.HAND_OVER, out_at, "lender", "", cold))
        early = dice.randint(0, 40) if dice.random() < 0.8 else -dice.randint(10, 240)
        back_at = max(span.end - timedelta(minutes=early), out_at + timedelta(minutes=20))
        if back_at > self.now:
            return told
        note = dice.choice(RETURN_NOTES) if dice.random() < 0.3 else ""
        warm = None if cold is None else cold + dice.randint(0, 1)
        back = Happened(Step.TAKE_BACK, back_at, "lender", note, warm)
        freed = min(told.occupied_until, back_at + told.listing.offer.turnaround)
        told = replace(_then(told, State.RETURNED, back), occupied_until=freed)
        silent = dice.random() < 0.15
        seen_at = back_at + (
            _CLOSED_AFTER if silent else timedelta(minutes=round(dice.expovariate(1 / 1500)) + 5)
        )
        if seen_at > self.now:
            return told
        return _then(told, State.CLOSED, Happened(Step.CLOSE, seen_at, "" if silent else "lender"))

    def _overdue_ones(self, count: int) -> None:
        """Loans that should be back by now."""
        for _ in range(400):
            listing = self.dice.choice(self.listings[1:])
            span = self._span(listing, self.now - timedelta(days=self.dice.randint(1, 2)))
            late = span is not None and span.end < self.now - timedelta(hours=1)
            if span is None or not late or listing.offer.approver is Approver.NOBODY:
                continue
            borrower = self._neighbour(listing)
            asked_at = span.start - listing.offer.lead - timedelta(hours=30)
            before = len(self.told)
            if self._write(borrower, listing, span, asked_at, State.APPROVED):
                told = self.told.pop(before)
                out = tuple(each for each in told.steps if each.step in _UNTIL_OUT)
                until = occupied(span, listing.offer.turnaround).end
                self.told.append(
                    replace(told, state=State.ON_LOAN, steps=out, occupied_until=until)
                )
                held = Hold(told.units, Period(span.start, self.now + 2 * OVERDUE_ALLOWANCE))
                self._holds[listing.offer.listing_id][-1] = held
                count -= 1
            if count == 0:
                return

    def _on_loan_now(self, borrower: Borrower) -> None:
        """A loan of ``borrower`` that is out right now."""
        for _ in range(400):
            listing = self.dice.choice(self.listings[1:])
            span = self._span(listing, self.now - timedelta(days=self.dice.randint(0, 2)))
            if (
                span is not None
                and span.contains(self.now - timedelta(minutes=30))
                and span.end > self.now + timedelta(hours=2)
                and borrower.organization_id != listing.offer.lender_id
                and self._write(
                    borrower,
                    listing,
                    span,
                    span.start - listing.offer.lead - timedelta(hours=40),
                    State.APPROVED,
                )
            ):
                return

    def _waiting_ones(self, listing: Shared, rivals: int) -> None:
        """Requests of ``rivals`` organizations for the same span, without an answer yet."""
        if listing.offer.approver is Approver.NOBODY:
            return
        for _ in range(60):
            span = self._span(listing, _between(self.dice, self.now, 2, 14))
            if span is None:
                continue
            asked = set()
            for _ in range(rivals * 3):
                borrower = self._neighbour(listing)
                patience = listing.offer.hold_for or DECIDE_WITHIN
                age = patience * (0.05 + 0.6 * self.dice.random())
                if borrower.organization_id not in asked and self._write(
                    borrower,
                    listing,
                    span,
                    (self.now - age).replace(microsecond=0),
                    State.REQUESTED,
                ):
                    asked.add(borrower.organization_id)
                if len(asked) == rivals:
                    return
            if asked:
                return


_UNTIL_OUT = frozenset({Step.REQUEST, Step.APPROVE, Step.HAND_OVER})


def _then(told: Told, state: State, *happened: Happened) -> Told:
    return replace(told, state=state, steps=(*told.steps, *happened))


def _clock(minute: int) -> time:
    return time(min(minute, 1439) // 60, min(minute, 1439) % 60)


def _between(dice: Dice, now: datetime, first: int, last: int) -> datetime:
    """Some time between ``first`` and ``last`` days from now."""
    return now + timedelta(days=dice.randint(first, last))
