"""Thousands of random steps against a plain counting model: both say the same, always."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import Hold, Purpose, State, peak_units
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from mutuali.web.secrets import new_public_id
from tests.bookings.counting import Broken, Network, Promise, Thing
from tests.factories import NOW, World

HOUR = timedelta(hours=1)
EVER = Period(NOW - 999 * HOUR, NOW + 9_999 * HOUR)
THINGS = {
    "truck": Thing(1, turnaround=HOUR, no_show=2 * HOUR),
    "crates": Thing(5),
    "tent": Thing(2, answer="requested"),
    "oven": Thing(1, answer="held", hold=4 * HOUR),
    "market": Thing(2, answer="requested", parts={"crates": 2, "tent": 1}, no_show=3 * HOUR),
}
_ANSWERS = {
    "approved": {"approver": Approver.NOBODY},
    "requested": {"approver": Approver.LENDER},
    "held": {"approver": Approver.LENDER},
}
names = st.sampled_from(sorted(THINGS))
starts, lengths = st.integers(1, 40), st.integers(1, 8)
#: Which of several, by a number: most of the time one to which the deed can be done.
picks = st.integers(0, 999)
some = precondition(lambda deeds: bool(deeds.model.promises))


class Deeds(RuleBasedStateMachine):
    """The same deed to the service and to the model; the world is made once and rolled back."""

    session: Session
    listings: dict[str, str]
    ids: dict[str, int]
    giver: Actor
    taker: Actor

    def __init__(self) -> None:
        super().__init__()
        self.model = Network(THINGS, NOW)
        self.numbers = count()
        self.savepoint = self.session.begin_nested()

    def teardown(self) -> None:
        self.savepoint.rollback()
        self.session.expire_all()

    @contextmanager
    def deed(self) -> Iterator[list[bool]]:
        """What the service does by itself or not at all; says whether it did."""
        done, inside = [True], self.session.begin_nested()
        try:
            yield done
            inside.commit()
        except (Conflict, Refused, IntegrityError):
            inside.rollback()
            self.session.expire_all()
            done[0] = False

    def picked(self, pick: int, *states: str) -> str:
        """A booking in one of ``states``, if there is any; once in eight, any at all."""
        known = self.model.promises
        fitting = [name for name, each in known.items() if each.state in states]
        choices = fitting if fitting and pick % 8 else list(known)
        return choices[pick % len(choices)]

    def draft(self, name: str, start: int, length: int, units: int) -> service.BookingDraft:
        begin = self.model.now + (start // 2) * HOUR
        period = Period(begin, begin + length * HOUR)
        return service.BookingDraft(self.listings[name], units, period, Purpose.OTHER)

    def remember(self, public_id: str, name: str, units: int, span: Period) -> None:
        thing, now = THINGS[name], self.model.now
        patience = thing.hold if thing.answer == "held" else timedelta(days=3)
        decide_by = min(now + patience, max(span.start, now + timedelta(minutes=1)))
        until = span.end + self.model.turnaround(name)
        takes = self.model.takes(name, units)
        self.model.promises[public_id] = Promise(
            name, takes, units, span, until, thing.answer, decide_by
        )

    def lapse(self, *names: str) -> None:
        """Whoever takes a turn writes off what lapsed of it."""
        concerned = {each for name in names for each in self.model.takes(name, 1)}
        for each in self.model.promises.values():
            if (
                each.state == "held"
                and each.decide_by <= self.model.now
                and each.thing in concerned
            ):
                each.state = "expired"

    def knock_out(self, public_id: str) -> None:
        """Whoever is sure of units leaves those without that no longer fit."""
        if self.model.promises[public_id].state == "approved":
            for loser in self.model.losers(public_id):
                self.model.promises[loser].state = "declined"

    def may_ask(self, name: str, units: int, span: Period) -> bool:
        return span.start >= self.model.now and self.model.fits(name, units, span)

    @rule(name=names, start=starts, length=lengths, units=st.integers(1, 5))
    def ask(self, name: str, start: int, length: int, units: int) -> None:
        units = 1 + units % THINGS[name].units
        draft, public_id = self.draft(name, start, length, units), new_public_id()
        wanted = self.may_ask(name, units, draft.period)
        with self.deed() as done:
            service.request_line(
                self.session,
                self.taker,
                self.taker.organization_id or 0,
                draft,
                public_id=public_id,
                now=self.model.now,
            )
        assert done[0] == wanted, (name, draft, self.model)
        if not wanted:
            return
        self.lapse(name)
        self.remember(public_id, name, units, draft.period)
        self.knock_out(public_id)

    @rule(
        first=names,
        second=names,
        start=starts,
        length=lengths,
        units=st.integers(1, 3),
    )
    def ask_for_a_basket(
        self, first: str, second: str, start: int, length: int, units: int
    ) -> None:
        drafts = [self.draft(first, start, length, 1), self.draft(second, start, length, units)]
        ids = [new_public_id(), new_public_id()]
        before = deepcopy(self.model.promises)
        wanted = self.may_ask(first, 1, drafts[0].period)
        if wanted:
            self.lapse(first, second)
            self.remember(ids[0], first, 1, drafts[0].period)
            self.knock_out(ids[0])
            wanted = self.may_ask(second, units, drafts[1].period)
        if wanted:
            self.remember(ids[1], second, units, drafts[1].period)
            self.knock_out(ids[1])
            # What takes its units from another of the same basket cannot be had beside it.
            wanted = self.model.promises[ids[0]].state != "declined"
        with self.deed() as done:
            service.request_basket(
                self.session,
                self.taker,
                self.taker.organization_id or 0,
                drafts,
                public_ids=ids,
                basket=new_public_id(),
                now=self.model.now,
            )
        assert done[0] == wanted, (drafts, self.model)
        if not wanted:
            # The same promises as before, because outages know their loans.
            for name in [*self.model.promises]:
                if name in before:
                    vars(self.model.promises[name]).update(vars(before[name]))
                else:
                    del self.model.promises[name]

    @some
    @rule(pick=picks)
    def approve(self, pick: int) -> None:
        public_id = self.picked(pick, "requested", "held")
        mine, now = self.model.promises[public_id], self.model.now
        waits = mine.state in {"requested", "held"} and mine.decide_by > now
        wanted = (
            waits
            and mine.span.start >= now
            and self.model.fits(mine.thing, mine.units, mine.span, besides=public_id)
        )
        with self.deed() as done:
            service.approve(self.session, self.giver, public_id, now=now)
        assert done[0] == wanted, (mine, self.model)
        if wanted:
            self.lapse(mine.thing)
            mine.state, mine.decided_at = "approved", now
            self.knock_out(public_id)

    @some
    @rule(pick=picks)
    def decline(self, pick: int) -> None:
        public_id = self.picked(pick, "requested", "held")
        mine = self.model.promises[public_id]
        with self.deed() as done:
            service.decline(self.session, self.giver, public_id, "Non", now=self.model.now)
        assert done[0] == (mine.state in {"requested", "held"}), mine
        if done[0]:
            mine.state = "declined"

    @some
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        public_id = self.picked(pick, "requested", "held", "approved")
        mine = self.model.promises[public_id]
        with self.deed() as done:
            service.cancel(self.session, self.giver, public_id, now=self.model.now)
        assert done[0] == (mine.state in {"requested", "held", "approved"}), mine
        if done[0]:
            mine.state = "cancelled"

    @some
    @rule(pick=picks)
    def hand_over(self, pick: int) -> None:
        public_id = self.picked(pick, "approved")
        mine, now = self.model.promises[public_id], self.model.now
        wanted = mine.state == "approved" and now >= mine.span.start - 12 * HOUR
        wanted = wanted and all(
            self.model.out(each) + number <= THINGS[each].units
            for each, number in mine.takes.items()
        )
        with self.deed() as done:
            service.hand_over(self.session, self.giver, public_id, now=now)
        assert done[0] == wanted, (mine, self.model)
        if wanted:
            mine.state = "on_loan"

    @some
    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        public_id = self.picked(pick, "on_loan")
        mine, now = self.model.promises[public_id], self.model.now
        with self.deed() as done:
            service.take_back(self.session, self.giver, public_id, now=now)
        assert done[0] == (mine.state == "on_loan"), mine
        if done[0]:
            mine.state = "returned"
            self.shorten(mine)

    @some
    @rule(pick=picks, units=st.integers(1, 3))
    def take_part_back(self, pick: int, units: int) -> None:
        public_id = self.picked(pick, "on_loan")
        mine, now = self.model.promises[public_id], self.model.now
        wanted = mine.state == "on_loan" and units < mine.units and not THINGS[mine.thing].parts
        with self.deed() as done:
            service.take_part_back(
                self.session,
                self.giver,
                public_id,
                units,
                part_public_id=new_public_id(),
                now=now,
            )
        assert done[0] == wanted, (mine, units)
        if wanted:
            mine.units -= units
            mine.takes = self.model.takes(mine.thing, mine.units)
            takes = self.model.takes(mine.thing, units)
            part = Promise(mine.thing, takes, units, mine.span, mine.until, "returned", now)
            self.shorten(part)
            self.model.back.append(part)
            for each in self.model.broken:
                if each.loan is mine:
                    each.loan = part

    def shorten(self, mine: Promise) -> None:
        turnaround = mine.until - mine.span.end
        earliest = mine.span.start + timedelta(minutes=1)
        mine.until = min(mine.until, max(self.model.now + turnaround, earliest))

    @some
    @rule(pick=picks)
    def close(self, pick: int) -> None:
        public_id = self.picked(pick, "returned")
        mine = self.model.promises[public_id]
        with self.deed() as done:
            service.close_return(self.session, self.giver, public_id, now=self.model.now)
        assert done[0] == (mine.state == "returned"), mine
        if done[0]:
            mine.state = "closed"

    @rule(name=st.sampled_from(["truck", "crates", "tent"]), start=starts, length=lengths)
    def take_out(self, name: str, start: int, length: int) -> None:
        since = self.model.now + start * HOUR
        draft = equipment.OutageDraft(1, since, since + length * HOUR)
        equipment.take_out(
            self.session,
            self.giver,
            self.ids[name],
            draft,
            public_id=new_public_id(),
            now=self.model.now,
        )
        self.model.broken.append(Broken(name, 1, since, draft.ends_at))

    @some
    @rule(pick=picks)
    def nobody_came(self, pick: int) -> None:
        public_id = self.picked(pick, "approved")
        mine, now = self.model.promises[public_id], self.model.now
        with self.deed() as done:
            service.note_no_show(self.session, self.giver, public_id, now=now)
        assert done[0] == (mine.state == "approved" and now >= mine.span.start), mine
        if done[0]:
            mine.state, mine.released_at = "cancelled", now

    @some
    @rule(pick=picks)
    def somebody_came(self, pick: int) -> None:
        public_id = self.picked(pick, "cancelled")
        mine, now = self.model.promises[public_id], self.model.now
        wanted = (
            mine.state == "cancelled"
            and mine.released_at == now
            and self.model.fits(mine.thing, mine.units, mine.span, besides=public_id)
        )
        with self.deed() as done:
            service.undo_no_show(self.session, self.giver, public_id, now=now)
        assert done[0] == wanted, (mine, self.model)
        if wanted:
            self.lapse(mine.thing)
            mine.state = "approved"
            self.knock_out(public_id)

    @some
    @rule(pick=picks, units=st.integers(1, 2))
    def report_defect(self, pick: int, units: int) -> None:
        public_id = self.picked(pick, "on_loan", "returned")
        mine, now = self.model.promises[public_id], self.model.now
        parts = sorted(THINGS[mine.thing].parts)
        thing = parts[pick % len(parts)] if parts else mine.thing
        most = mine.takes[thing] if parts else mine.takes[thing] + self.came_back(public_id)
        wanted = mine.state in {"on_loan", "returned"} and units <= most
        part = self.listings[thing] if parts else None
        draft = service.DefectDraft(units, None, now + 5 * HOUR, "Brisé", part)
        with self.deed() as done:
            service.report_defect(
                self.session, self.taker, public_id, draft, public_id=new_public_id(), now=now
            )
        assert done[0] == wanted, (mine, draft)
        if wanted:
            loan = None if self.came_back(public_id) else mine
            self.model.broken.append(Broken(thing, units, now, now + 5 * HOUR, loan))

    def came_back(self, public_id: str) -> int:
        """Units of a loan that are back before the others."""
        return self.session.scalars(
            sa.select(Booking.units_returned).where(Booking.public_id == public_id)
        ).one()

    @some
    @rule(pick=picks, name=names, start=starts, length=lengths)
    def take_instead(self, pick: int, name: str, start: int, length: int) -> None:
        public_id, made = self.picked(pick, "approved"), new_public_id()
        mine, now = self.model.promises[public_id], self.model.now
        period = self.draft(name, start, length, 1).period
        at_once = THINGS[name].answer == "approved"
        wanted = mine.state == "approved" and not self.replaced(public_id)
        if wanted:
            mine.state = "cancelled" if at_once else "approved"
            wanted = self.may_ask(name, mine.units, period)
            mine.state = "approved"
        with self.deed() as done:
            service.take_instead(
                self.session,
                self.taker,
                public_id,
                self.listings[name],
                period,
                new_public_id=made,
                now=now,
            )
        assert done[0] == wanted, (mine, name, period, self.model)
        if wanted:
            mine.state = "cancelled" if at_once else "approved"
            self.lapse(name)
            self.remember(made, name, mine.units, period)
            self.model.promises[made].instead_of = public_id
            self.model.promises[made].decided_at = now if at_once else None
            self.knock_out(made)

    def replaced(self, public_id: str) -> bool:
        """Whether something else takes a booking's place, or waits to."""
        gone = {"declined", "cancelled", "expired"}
        return any(
            each.instead_of == public_id and each.state not in gone
            for each in self.model.promises.values()
        )

    @rule(hours=st.integers(1, 9))
    def wait(self, hours: int) -> None:
        self.model.now += hours * HOUR
        service.expire_lapsed(self.session, now=self.model.now)
        for each in self.model.promises.values():
            if each.state in {"requested", "held"} and each.decide_by <= self.model.now:
                each.state = "expired"
        service.release_no_shows(self.session, now=self.model.now)
        for each in self.model.promises.values():
            patience = THINGS[each.thing].no_show
            late = patience is not None and each.span.start + patience <= self.model.now
            if each.state == "approved" and late and each.released_at is None:
                each.state, each.released_at = "cancelled", self.model.now

        service.cancel_replaced(self.session, now=self.model.now)
        for each in self.model.promises.values():
            old = self.model.promises.get(each.instead_of or "")
            firm = each.state in {"approved", "on_loan", "returned", "closed"}
            late = each.decided_at is not None and each.decided_at < self.model.now
            if old is not None and old.state == "approved" and firm and late:
                old.state = "cancelled"

    @invariant()
    def who_is_at_risk_is_who_a_plain_count_leaves_without_room(self) -> None:
        found = service.risks_of(self.session, None, now=self.model.now)
        ids = dict(
            self.session.execute(
                sa.select(Booking.id, Booking.public_id).where(Booking.id.in_(found))
            ).all()
        )
        said = {ids[id_]: risk.value for id_, risk in found.items()}
        assert said == self.model.at_risk(), self.model

    @invariant()
    def states_are_the_same(self) -> None:
        rows = self.session.execute(
            sa.select(Booking.public_id, Booking.state, Booking.units).where(
                Booking.whole_id.is_(None)
            )
        )
        found = {row.public_id: (State(row.state).value, row.units) for row in rows}
        assert found == {
            name: (each.state, each.units) for name, each in self.model.promises.items()
        }

    @invariant()
    def no_instant_promises_more_than_there_is(self) -> None:
        rows = self.session.execute(
            sa.select(
                Booking.listing_id, Booking.units, Booking.starts_at, Booking.occupied_until
            ).where(Booking.state.in_(["held", "approved", "on_loan", "returned", "closed"]))
        ).all()
        for name, id_ in self.ids.items():
            holds = [
                Hold(row.units, Period(row.starts_at, row.occupied_until))
                for row in rows
                if row.listing_id == id_
            ]
            assert peak_units(holds, EVER) <= THINGS[name].units


@pytest.fixture
def made(world: World, session: Session) -> type[Deeds]:
    """The machine with its world on one engine."""
    lender = world.organization()
    listings = {}
    for name, thing in THINGS.items():
        listings[name] = world.listing(
            lender,
            title_fr=name,
            units=thing.units,
            turnaround_minutes=int(thing.turnaround / timedelta(minutes=1)),
            hold_minutes=int(thing.hold / timedelta(minutes=1)) if thing.answer == "held" else 0,
            longest_minutes=100 * 60,
            no_show_hours=None if thing.no_show is None else thing.no_show // HOUR,
            **_ANSWERS[thing.answer],
        )
    giver = world.member(lender[0])
    ids = {name: equipment.listing_id_of(session, each) for name, each in listings.items()}
    for name, thing in THINGS.items():
        if thing.parts:
            parts = [(listings[part], needed) for part, needed in thing.parts.items()]
            equipment.set_parts(session, giver, ids[name], parts, now=NOW)
    session.flush()

    class Here(Deeds):
        pass

    Here.session, Here.listings, Here.ids = session, listings, ids
    Here.giver, Here.taker = giver, world.member(world.organization()[0])
    return Here


def test_thousands_of_random_steps_say_what_a_plain_count_says(made: type[Deeds]) -> None:
    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=60,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
