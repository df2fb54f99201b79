"""Whatever is agreed in whatever order, every change of a booking is on its timeline.

The model beside it (``test_model.py``) says what asking, deciding, carrying out and releasing lead
to. This looks at what that model does not know: proposals and longer loans, decisions in bulk or by
two persons, decisions taken back, borrowers who are trusted. After each deed, not only at the end:

- what of a booking is another than before has a step that says so, with its event and its job;
- steps lead from one to the next as the table of states allows, and to where the booking stands;
- the parts of a kit are where the whole is;
- no more is promised than exists.

A decision that is taken back at once leaves all bookings as they were, rivals too. And every deed
is really done, several times: sequences in which all is refused would prove nothing.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service
from mutuali.bookings.guard import UNITS_OUT
from mutuali.bookings.models import Booking, BookingStep, Proposal
from mutuali.bookings.rules import (
    OCCUPYING,
    UNDECIDED,
    UNDO_WITHIN,
    ProposalKind,
    State,
    Step,
    leads_to,
)
from mutuali.core.errors import DomainError
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.models import Listing
from mutuali.jobs.models import Job
from mutuali.organizations import service as organizations
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

#: Each deed and the states of a booking to which it can be done; None: it is not about one.
DEEDS: Mapping[str, tuple[State, ...] | None] = {
    "request": None,
    "tick": None,
    "approve": UNDECIDED,
    "decline": UNDECIDED,
    "bulk": UNDECIDED,
    "there_and_back": UNDECIDED,
    "propose": UNDECIDED,
    "accept": UNDECIDED,
    "turn_down": UNDECIDED,
    "end": (State.APPROVED, State.ON_LOAN),
    "longer": (State.APPROVED, State.ON_LOAN),
    "not_longer": (State.APPROVED, State.ON_LOAN),
    "undo": (State.APPROVED, State.DECLINED),
    "cancel": (*UNDECIDED, State.APPROVED),
    "hand_over": (State.APPROVED,),
    "take_back": (State.ON_LOAN,),
    "close": (State.RETURNED,),
}
_ANSWERS = {
    "accept": ProposalKind.OTHER,
    "turn_down": ProposalKind.OTHER,
    "longer": ProposalKind.LONGER,
    "not_longer": ProposalKind.LONGER,
}
#: What seldom fits, drawn more often when it does.
_SELDOM = {*_ANSWERS, "request", "propose", "there_and_back"}
#: So many sequences of so many deeds, and how often each deed has to be done in them.
_SEQUENCES, _LONG, _OFTEN = 10, 100, 5
Rows: TypeAlias = dict[int, Any]


class Network:
    """A lender with a lot, a truck that two decide, another, and a kit; of two who borrow, one is
    trusted."""

    def __init__(self, world: World) -> None:
        self.world, self.session, self.now = world, world.session, NOW
        #: How often each deed was done, not refused.
        self.done: Counter[str] = Counter()
        lender = world.organization()
        self.deciders = [world.member(lender[0]) for _ in range(2)]
        self.takers = [world.member(world.organization()[0]) for _ in range(2)]
        held = {"hold_minutes": 60, "units": 3, "trusted_at_once": True}
        self.listings = [
            world.listing(lender, **held),
            world.listing(lender, two_decide=True, turnaround_minutes=30),
            world.listing(lender),
        ]
        parts = [(self.listings[0], 1), (self.listings[1], 1)]
        trusted = self.takers[0].organization_id or 0
        organizations.trust(self.session, self.deciders[0], lender[0], trusted, now=NOW)
        kit = world.listing(lender)
        kit_id = equipment.listing_id_of(self.session, kit)
        equipment.set_parts(self.session, self.deciders[0], kit_id, parts, now=NOW)
        self.listings.append(kit)

    def span(self, number: int) -> Period:
        start = self.now + timedelta(hours=3 + number // 2)
        return Period(start, start + timedelta(hours=1 + number % 3))

    def rows(self) -> Rows:
        """Every booking, and every part of one, as it stands in the database."""
        query = sa.select(*sa.inspect(Booking).columns).order_by(Booking.id)
        return {row.id: row for row in self.session.execute(query)}

    def steps(self) -> list[Any]:
        query = sa.select(*sa.inspect(BookingStep).columns).order_by(BookingStep.id)
        return list(self.session.execute(query))

    def fitting(self) -> dict[str, list[Any]]:
        """The bookings to which each deed may well be done; without the deeds that have none."""
        rows = [row for row in self.rows().values() if row.whole_id is None]
        fits = {
            deed: [row for row in rows if row.state in (states or ())]
            for deed, states in DEEDS.items()
        }
        query = sa.select(Proposal.booking_id, Proposal.kind)
        waiting = query.where(Proposal.state == "open", Proposal.answer_by > self.now)
        asked = {(id_, kind) for id_, kind in self.session.execute(waiting)}
        for deed, kind in _ANSWERS.items():
            fits[deed] = [row for row in fits[deed] if (row.id, kind) in asked]
        last = {step.booking_id: step for step in self.steps()}
        fits["undo"] = [
            row
            for row in fits["undo"]
            if last[row.id].step in {Step.APPROVE, Step.DECLINE}
            and self.now <= last[row.id].at + UNDO_WITHIN
        ]
        fits["there_and_back"] = _rivals(fits["there_and_back"]) or fits["there_and_back"]
        return {deed: found for deed, found in fits.items() if found or DEEDS[deed] is None}

    def do(self, deed: str, which: int, number: int) -> bool:
        """Have a deed done; whether there was something to do it to. Raises DomainError."""
        decider = self.deciders[number % 2]
        if deed == "request":
            self.world.now, taker = self.now, self.takers[which % 2]
            listing = self.listings[which // 2 % len(self.listings)]
            self.world.booking(listing, self.span(number), borrower=taker, units=1 + number // 4)
            return True
        if deed == "tick":
            service.expire_lapsed(self.session, now=self.now)
            service.lapse_proposals(self.session, now=self.now)
            return True
        # Once in eight it is done to any, whether it fits or not.
        fitting = self.fitting().get(deed) if which % 8 else None
        choices = fitting or [row for row in self.rows().values() if row.whole_id is None]
        if not choices:
            return False
        row = choices[which % len(choices)]
        owner = next(each for each in self.takers if each.organization_id == row.borrower_id)
        id_, now = row.public_id, self.now
        if deed == "bulk":
            rows = self.rows().values()
            ids = [id_, *[each.public_id for each in rows if each.state in UNDECIDED][:2]]
            service.decide_many(
                self.session, decider, ids, accept=number > 1, reason="Non.", now=now
            )
        elif deed == "propose":
            listing = self.listings[which // 8 % len(self.listings)]
            draft = service.ProposalDraft(listing, 1, self.span(number))
            service.propose(self.session, decider, id_, draft, public_id=new_public_id(), now=now)
        elif deed == "end":
            end = row.ends_at + timedelta(hours=number - 1)
            actor = decider if number == 5 else owner
            service.change_end(self.session, actor, id_, end, public_id=new_public_id(), now=now)
        elif deed == "undo":
            decided = {step.booking_id: step.person_id for step in self.steps()}[row.id]
            same = [each for each in self.deciders if each.person_id == decided]
            self.simple(deed, id_, same[0] if same and number else decider, owner)
        elif deed == "there_and_back":
            self.there_and_back(id_, decider, accept=number > 1)
        else:
            self.simple(deed, id_, decider, owner)
        return True

    def simple(self, deed: str, id_: str, decider: Actor, owner: Actor) -> None:
        deeds: dict[str, Callable[[], object]] = {
            "approve": lambda: service.approve(self.session, decider, id_, now=self.now),
            "decline": lambda: service.decline(self.session, decider, id_, "Non.", now=self.now),
            "accept": lambda: service.accept_proposal(self.session, owner, id_, now=self.now),
            "turn_down": lambda: service.turn_down(self.session, owner, id_, now=self.now),
            "longer": lambda: service.approve_longer(self.session, decider, id_, now=self.now),
            "not_longer": lambda: service.decline_longer(
                self.session, decider, id_, "Non.", now=self.now
            ),
            "undo": lambda: service.undo(self.session, decider, id_, now=self.now),
            "cancel": lambda: service.cancel(self.session, owner, id_, now=self.now),
            "hand_over": lambda: service.hand_over(self.session, owner, id_, now=self.now),
            "take_back": lambda: service.take_back(self.session, owner, id_, now=self.now),
            "close": lambda: service.close_return(self.session, decider, id_, now=self.now),
        }
        deeds[deed]()

    def there_and_back(self, id_: str, decider: Actor, *, accept: bool) -> None:
        """Decide and take it back: everything is as it was. Raises DomainError: it was refused."""
        service.expire_lapsed(self.session, now=self.now)
        before = _standing(self.rows())
        self.simple("approve" if accept else "decline", id_, decider, decider)
        decided = _standing(self.rows())
        if decided == before:
            return  # the first yes of two is no decision yet
        self.simple("undo", id_, decider, decider)
        lost = {self.rows()[each].public_id for each in before if decided[each] != before[each]}
        self.done["rivals are back" if lost - {id_} else "taken back"] += 1
        assert _standing(self.rows()) == before

    def play(self, deed: str, which: int, number: int) -> None:
        """A deed, done or refused, and what has to be true of what it left."""
        before, known, traces = self.rows(), len(self.steps()), self.traces()
        try:
            with self.session.begin_nested():
                done = self.do(deed, which, number)
        except (DomainError, IntegrityError) as refused:
            # Of the database's own noes, only that of what is still out is told to people.
            if isinstance(refused, IntegrityError) and UNITS_OUT not in str(refused.orig):
                raise
            self.session.expire_all()
            assert self.rows() == before
            return
        self.session.flush()
        rows, steps = self.rows(), self.steps()
        new = steps[known:]
        self.done[deed] += bool(done and (new or deed == "tick"))
        last = {step.booking_id: step.state for step in new}
        for id_, row in rows.items():
            if row.whole_id is None and _of(row) != _of(before.get(id_)):
                assert last.get(id_) == row.state, (deed, row)
        assert self.traces() - traces == Counter({name: len(new) for name in _TRACES if new})
        _explained(steps, rows)
        self.no_more_than_there_is(rows)

    def traces(self) -> Counter[str]:
        """How many events and jobs there are about steps of bookings."""
        events = sa.select(sa.func.count(AuditEvent.id)).where(
            AuditEvent.subject_kind == "booking",
            AuditEvent.name.in_([f"booking.{step.value}" for step in Step]),
        )
        jobs = sa.select(sa.func.count(Job.id)).where(Job.kind == "bookings.stepped")
        return Counter(
            {
                name: self.session.scalar(query) or 0
                for name, query in zip(_TRACES, (events, jobs), strict=True)
            }
        )

    def no_more_than_there_is(self, rows: Rows) -> None:
        """At no instant are more units of a listing promised than there are."""
        for id_, units in self.session.execute(sa.select(Listing.id, Listing.units)).all():
            taken = [each for each in rows.values() if each.listing_id == id_ and _occupies(each)]
            for instant in {row.starts_at for row in taken}:
                assert _out_at(taken, instant) <= units


_TRACES = ("events", "jobs")


def _of(row: Any) -> object:
    """What of a booking people were promised."""
    return row and (
        *(row.listing_id, row.state, row.units, row.starts_at, row.ends_at),
        *(row.occupied_until, row.price_cents),
    )


def _standing(rows: Rows) -> dict[int, object]:
    return {id_: (_of(row), row.decide_by, row.decided_at) for id_, row in rows.items()}


def _rivals(rows: Sequence[Any]) -> list[Any]:
    """Those of the rows that want a listing while another of them does."""
    return [
        one
        for one in rows
        if any(
            one.id != other.id
            and one.listing_id == other.listing_id
            and one.starts_at < other.occupied_until
            and other.starts_at < one.occupied_until
            for other in rows
        )
    ]


def _occupies(row: Any) -> bool:
    return State(row.state) in OCCUPYING


def _out_at(rows: Sequence[Any], instant: datetime) -> int:
    return sum(row.units for row in rows if row.starts_at <= instant < row.occupied_until)


def _explained(steps: Sequence[Any], rows: Rows) -> None:
    """Each timeline leads, step by step of the table, from the request to where the booking is;
    parts go with their whole."""
    of: dict[int, list[Any]] = {}
    for step in steps:
        of.setdefault(step.booking_id, []).append(step)
    for row in rows.values():
        if row.whole_id is not None:
            whole = rows[row.whole_id]
            assert (row.state, row.starts_at, row.occupied_until) == (
                whole.state,
                whole.starts_at,
                whole.occupied_until,
            )
            continue
        first, *_ = mine = of[row.id]
        assert first.step == Step.REQUEST
        assert State(first.state) in {State.REQUESTED, State.HELD, State.APPROVED}
        for before, after in itertools.pairwise(mine):
            reached = leads_to(State(before.state), Step(after.step))
            assert State(after.state) in reached, (before.state, after.step, after.state)
            assert before.at <= after.at
        assert mine[-1].state == row.state


@contextmanager
def _undone(session: Session) -> Iterator[None]:
    """Each example begins where the others did."""
    outer = session.begin_nested()
    try:
        yield
    finally:
        outer.rollback()
        session.expire_all()


def test_after_each_deed_of_any_sequence_every_change_is_explained_and_every_deed_is_done(
    world: World,
) -> None:
    network = Network(world)
    for seed in range(_SEQUENCES):
        dice, played = Random(seed), []
        with _undone(network.session):
            network.now = NOW
            for _ in range(_LONG):
                network.now += timedelta(minutes=dice.choice((0, 0, 0, 0, 1, 3, 20, 60)))
                likely = list(network.fitting())
                likely += [each for each in likely if each in _SELDOM] * 3
                deed = dice.choice(likely if dice.randrange(8) else list(DEEDS))
                which, number = dice.randrange(1000), dice.randrange(6)
                played.append((f"{network.now:%H:%M}", deed, which, number))
                try:
                    network.play(deed, which, number)
                except (AssertionError, IntegrityError) as error:
                    error.add_note(f"{played}")
                    raise
    counted = {each: network.done[each] for each in (*DEEDS, "taken back", "rivals are back")}
    assert min(counted.values()) >= _OFTEN, counted
