"""Who decides by delegation may do all of it, for a time, and is named with on whose behalf."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import Step
from mutuali.core.errors import Forbidden, NotFound, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor
from mutuali.organizations import service as organizations
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span

DEPUTY = "remplacante@exemple.org"


class Away:
    """A lender whose manager is away from day 1 to day 9, and who answers meanwhile."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization("La Remise")
        self.giver = world.member(self.lender[0])
        self.person_id = world.person(name="Rosa Deschênes", email=DEPUTY).person_id or 0
        self.truck = world.listing(self.lender)
        self.delegate(at(1), at(9))

    def delegate(self, starts_at: datetime | None, ends_at: datetime) -> None:
        organizations.delegate(
            self.session, self.giver, self.lender[0], DEPUTY, ends_at, starts_at=starts_at, now=NOW
        )

    def deputy(self, now: datetime) -> Actor:
        return organizations.actor_of(self.session, self.person_id, now=now)

    def asked(self, day: float = 5, listing: str = "") -> Booking:
        self.world.now = at(2)
        return self.world.booking(listing or self.truck, span(day))


@pytest.fixture
def away(world: World) -> Away:
    return Away(world)


def test_a_delegation_counts_from_its_start_to_its_end_and_not_after_it_was_taken_back(
    away: Away,
) -> None:
    reached = {day: bool(away.deputy(at(day)).delegated) for day in (0, 0.99, 1, 5, 8.99, 9, 10)}
    assert reached == {0: False, 0.99: False, 1: True, 5: True, 8.99: True, 9: False, 10: False}
    (known,) = organizations.delegations(away.session, away.giver, away.lender[0], now=NOW)
    assert (known.starts_at, known.ends_at) == (at(1), at(9))
    organizations.end_delegation(away.session, away.giver, known.id, now=at(2))
    away.session.flush()
    assert not away.deputy(at(5)).delegated


def test_nobody_decides_before_their_delegation_starts(away: Away) -> None:
    asked = away.world.booking(away.truck, span(2))
    with pytest.raises(NotFound):
        service.approve(away.session, away.deputy(NOW), asked.public_id, now=NOW)


def test_a_delegation_starts_before_it_ends_and_ends_within_a_year(away: Away) -> None:
    with pytest.raises(Refused, match="starts_after_end"):
        away.delegate(at(5), at(5))
    with pytest.raises(Refused, match="end_in_past"):
        away.delegate(None, at(-1))
    with pytest.raises(Refused, match="end_in_past"):
        away.delegate(None, at(400))
    away.delegate(at(-3), at(3))
    first, _ = organizations.delegations(away.session, away.giver, away.lender[0], now=NOW)
    assert first.starts_at == NOW


def _longer(away: Away) -> Booking:
    """A booking that its borrower asks to last longer."""
    away.world.now = at(2)
    taker = away.world.member(away.world.organization()[0])
    asked = away.world.booking(away.truck, span(5), borrower=taker)
    service.approve(away.session, away.giver, asked.public_id, now=at(2))
    service.change_end(
        away.session, taker, asked.public_id, at(5, 5), public_id=new_public_id(), now=at(2)
    )
    return asked


def _approves(away: Away, deputy: Actor) -> Booking:
    return service.approve(away.session, deputy, away.asked().public_id, now=at(2))


def _declines(away: Away, deputy: Actor) -> Booking:
    return service.decline(away.session, deputy, away.asked().public_id, "Non.", now=at(2))


def _says_one_of_two_yeses(away: Away, deputy: Actor) -> Booking:
    both = away.world.listing(away.lender, two_decide=True)
    return service.approve(away.session, deputy, away.asked(5, both).public_id, now=at(2))


def _proposes(away: Away, deputy: Actor) -> Booking:
    asked = away.asked()
    draft = service.ProposalDraft(away.truck, 1, span(6))
    service.propose(
        away.session, deputy, asked.public_id, draft, public_id=new_public_id(), now=at(2)
    )
    return asked


def _answers_many(away: Away, deputy: Actor) -> Booking:
    asked = away.asked()
    service.decide_many(away.session, deputy, [asked.public_id], accept=True, now=at(2))
    return asked


def _takes_back(away: Away, deputy: Actor) -> Booking:
    asked = _approves(away, deputy)
    return service.undo(away.session, deputy, asked.public_id, now=at(2))


def _lengthens(away: Away, deputy: Actor) -> Booking:
    return service.approve_longer(away.session, deputy, _longer(away).public_id, now=at(2))


def _does_not_lengthen(away: Away, deputy: Actor) -> Booking:
    public_id = _longer(away).public_id
    return service.decline_longer(away.session, deputy, public_id, "Non.", now=at(2))


DEEDS: tuple[tuple[Callable[[Away, Actor], Booking], Step], ...] = (
    (_approves, Step.APPROVE),
    (_declines, Step.DECLINE),
    (_says_one_of_two_yeses, Step.FIRST_YES),
    (_proposes, Step.PROPOSE),
    (_answers_many, Step.APPROVE),
    (_takes_back, Step.UNDO),
    (_lengthens, Step.EXTEND),
    (_does_not_lengthen, Step.NOT_LONGER),
)


@pytest.mark.parametrize(("deed", "step"), DEEDS)
def test_each_deed_of_a_delegate_names_them_and_on_whose_behalf(
    away: Away, deed: Callable[[Away, Actor], Booking], step: Step
) -> None:
    booking = deed(away, away.deputy(at(2)))
    event = away.session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.name == f"booking.{step.value}", AuditEvent.subject_id == booking.id)
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one()
    assert (event.person_id, event.facts["for"]) == (away.person_id, away.lender[0])
    last = service.steps_of(away.session, booking.id)[-1]
    assert (last.step, last.person_name) == (step, "Rosa Deschênes")
    assert last.on_behalf_of == "La Remise"


def test_who_belongs_to_the_lender_decides_for_nobody_else(away: Away) -> None:
    asked = away.asked()
    service.approve(away.session, away.giver, asked.public_id, now=at(2))
    steps = sa.select(BookingStep.for_id).where(BookingStep.booking_id == asked.id)
    assert set(away.session.scalars(steps)) == {None}


def test_a_delegate_neither_borrows_nor_carries_out(away: Away) -> None:
    deputy, asked = away.deputy(at(2)), away.asked()
    service.approve(away.session, deputy, asked.public_id, now=at(2))
    with pytest.raises(Forbidden):
        service.hand_over(away.session, deputy, asked.public_id, now=at(5))
    with pytest.raises(Forbidden):
        service.change_end(
            away.session,
            deputy,
            asked.public_id,
            at(5, 1),
            public_id=new_public_id(),
            now=at(2),
        )


def test_the_page_of_the_organization_takes_a_start_and_says_it(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    world.person(email=DEPUTY)
    world.sign_in(client, world.member(lender[0]))
    today = local(world.now).date()
    first, last = today + timedelta(days=3), today + timedelta(days=9)
    data = {"delegate": DEPUTY, "starts_on": str(first), "ends_on": str(last)}
    done = client.post("/organisme/delegations", data=data, follow_redirects=True)
    assert "elle commencera ce jour-là" in done.text
    (known,) = organizations.delegations(session, Actor(is_system=True), lender[0], now=world.now)
    session.rollback()  # On SQLite the one who writes waits for who reads.
    assert local(known.starts_at).date() == first
    data["starts_on"] = str(last + timedelta(days=1))
    refused = client.post("/organisme/delegations", data=data)
    assert refused.status_code == 422
    assert "La délégation commencerait après sa fin" in refused.text


def test_a_delegate_sees_what_waits_and_answers_it_on_the_pages(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization("La Remise")
    giver, deputy = world.member(lender[0]), world.person(email=DEPUTY)
    until = world.now + timedelta(days=9)
    organizations.delegate(session, giver, lender[0], DEPUTY, until, now=world.now)
    start = world.now + timedelta(days=3)
    asked = world.booking(world.listing(lender), Period(start, start + timedelta(hours=2)))
    world.sign_in(client, deputy)
    address = f"/reservations/{asked.public_id}"
    assert f'action="{address}/accepter"' in client.get("/a-faire").text
    assert client.get(f"{address}/proposer").status_code == 200
    assert client.post(f"{address}/accepter").status_code == 303
    assert "au nom de La Remise" in client.get(address).text
