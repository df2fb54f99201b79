"""Some of the units come back before the others: they are free at once, and never counted twice."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import State
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.loans import service
from mutuali.loans.rules import Direction
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import World, at
from tests.loans.made import Loan, loan

OUT, BACK = Direction.OUT, Direction.BACK
START, LATER = at(0, 2), at(0, 3)


def part(made: Loan, units: int, *said: str, actor: Actor | None = None) -> None:
    service.take_part_back(
        made.session,
        actor or made.taker,
        made.id,
        units,
        said=said,
        note="Deux bacs propres",
        part_public_id=new_public_id(),
        now=LATER,
    )


def test_what_came_back_is_free_for_others_once_it_is_made_ready(
    world: World, session: Session
) -> None:
    made = loan(world, hours=24, of=5, units=5, kind=Kind.OTHER, turnaround_minutes=30)
    made.write(made.taker, OUT, now=START)
    world.now = LATER
    listing = bookings.booking(session, made.giver, made.id, now=START).listing.public_id
    soon = Period(LATER + timedelta(minutes=30), LATER + timedelta(hours=4))
    with pytest.raises(Conflict):
        world.booking(listing, soon)
    part(made, 2)
    assert (made.booking.units, made.booking.units_returned) == (3, 2)
    row = session.scalars(sa.select(Booking).where(Booking.whole_id == made.booking.id)).one()
    assert (row.state, row.whole_as, row.units, row.price_cents) == ("returned", "return", 2, 0)
    assert row.occupied_until == LATER + timedelta(minutes=30)
    step = session.scalars(sa.select(BookingStep).order_by(BookingStep.id.desc())).first()
    assert step is not None
    assert (step.step, step.note, step.booking_id) == (
        "part_back",
        "Deux bacs propres",
        made.booking.id,
    )
    with pytest.raises(Conflict):
        world.booking(listing, Period(LATER + timedelta(minutes=29), soon.end), units=2)
    world.booking(listing, soon, units=2)
    with pytest.raises(Conflict):
        world.booking(listing, soon)


def test_the_rest_comes_back_and_closes_with_its_parts(world: World, session: Session) -> None:
    made = loan(world, hours=24, of=5, units=5, kind=Kind.OTHER)
    made.write(made.taker, OUT, now=START)
    part(made, 2)
    part(made, 2)
    with pytest.raises(Refused, match="not_a_part"):
        part(made, 1)
    made.write(made.taker, BACK, now=at(0, 4))
    bookings.close_return(session, made.giver, made.id, now=at(0, 5))
    rows = session.execute(sa.select(Booking.units, Booking.state).order_by(Booking.id)).all()
    assert [tuple(row) for row in rows] == [(1, "closed"), (2, "closed"), (2, "closed")]
    # One loan of five, to whoever counts.
    mine = bookings.bookings_of(session, made.giver, made.giver.organization_id or 0, now=at(1))
    assert [(each.units, each.units_returned) for each in mine] == [(1, 4)]


@pytest.mark.parametrize("units", [0, 5, 6])
def test_none_or_all_is_no_part(world: World, units: int) -> None:
    made = loan(world, hours=24, of=5, units=5, kind=Kind.OTHER)
    made.write(made.taker, OUT, now=START)
    with pytest.raises(Refused, match="not_a_part"):
        part(made, units)


def test_nothing_comes_back_before_it_is_out_or_to_a_stranger(world: World) -> None:
    made = loan(world, hours=24, of=5, units=5, kind=Kind.OTHER)
    with pytest.raises(Conflict):
        part(made, 2)
    made.write(made.taker, OUT, now=START)
    with pytest.raises(NotFound):
        part(made, 2, actor=world.member(world.organization()[0]))


def _with_names(world: World, session: Session, *codes: str) -> Loan:
    made = loan(world, hours=24, of=3, units=2, kind=Kind.OTHER)
    listing = bookings.booking(session, made.giver, made.id, now=START).listing
    for code in codes:
        equipment.add_unit(
            session,
            made.giver,
            listing.id,
            equipment.UnitDraft(code),
            public_id=new_public_id(),
            now=START,
        )
    return made


def test_named_units_are_chosen_going_out_and_ticked_off_coming_back(
    world: World, session: Session
) -> None:
    made = _with_names(world, session, "A1", "A2", "Bac 3")
    session.commit()
    with pytest.raises(Refused, match="units_to_name"):
        made.write(made.taker, OUT, now=START, units=("A1",))
    session.rollback()
    with pytest.raises(Refused, match="unit_unknown"):
        made.write(made.taker, OUT, now=START, units=("A1", "Z9"))
    label = {each.code: each.public_id for each in service.choices_out(session, made.booking.id)}
    scanned = f"http://127.0.0.1/unites/{label['Bac 3']}"
    made.write(made.taker, OUT, now=START, units=("a1", scanned))
    assert [each.code for each in service.choices_back(session, made.booking.id)] == ["A1", "Bac 3"]
    with pytest.raises(Refused, match="units_coming_back"):
        part(made, 1)
    with pytest.raises(Refused, match="unit_unknown"):
        part(made, 1, "A2")
    part(made, 1, "A1")
    with pytest.raises(Refused, match="units_not_ticked") as refused:
        made.write(made.taker, BACK, now=at(0, 4))
    assert refused.value.reasons[0].params == {"codes": "Bac 3"}
    made.write(made.taker, BACK, now=at(0, 4), units=("Bac 3",))
    assert made.booking.state == State.RETURNED
    assert service.choices_back(session, made.booking.id) == []


def test_a_part_comes_back_on_the_page_and_by_program(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = utc_now() - timedelta(hours=2)
    start = world.now + timedelta(hours=1)
    made = loan(world, hours=24, of=5, units=5, kind=Kind.OTHER, from_=start)
    made.write(made.taker, OUT, now=utc_now())
    world.sign_in(client, made.taker)
    address = f"/reservations/{made.id}"
    assert "Une partie seulement revient" in client.get(address).text
    assert client.post(f"{address}/retour-partiel", data={}).status_code == 422
    assert client.post(f"{address}/retour-partiel", data={"units": "5"}).status_code == 422
    told = client.post(f"{address}/retour-partiel", data={"units": "2"}, follow_redirects=True)
    assert "2 unités sont revenues" in told.text
    assert "3, et 2 déjà revenues" in told.text
    headers = {"Authorization": f"Bearer {world.api_token(made.taker)}"}
    by_program = client.post(
        f"/api/v1/bookings/{made.id}/part-back", headers=headers, json={"units": 1}
    )
    assert by_program.status_code == 200
    session.expire_all()
    assert (made.booking.units, made.booking.units_returned) == (2, 3)
