"""Who offers, asks, answers and sees what; what happens when the booking does not last."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from mutuali.core.permissions import VISITOR, Actor
from mutuali.equipment.rules import Approver, Kind
from mutuali.jobs.models import Job
from mutuali.trips import service
from mutuali.trips.models import TripPlace
from mutuali.trips.rules import Because, Load, PlaceState, Stop, TripState
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World
from tests.how_many import how_many
from tests.trips.made import HOUR, Shared, joiner, shared


@pytest.fixture
def made(world: World) -> Shared:
    """A trip with room for four pallets and 800 kg over three legs."""
    made = shared(world)
    made.offer()
    return made


def codes(error: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [reason.code for reason in error.value.reasons]


def told(session: Session) -> list[str]:
    jobs = session.scalars(sa.select(Job).where(Job.kind == "trips.tell").order_by(Job.id))
    return [job.arguments["deed"] for job in jobs]


def state_of(session: Session, place: str) -> str:
    return session.scalars(
        sa.select(TripPlace.state)
        .where(TripPlace.public_id == place)
        .execution_options(populate_existing=True)
    ).one()


def test_a_place_is_asked_for_accepted_and_takes_its_room_on_its_legs(made: Shared) -> None:
    who = joiner(made.world)
    place, state = made.ask(who, 1, 3, 2, 300, load_at="12, rue Jarry", unload_at="Quai 4")
    assert state is PlaceState.ASKED
    assert made.seen(who).left == (Load(4, 800),) * 3
    (waiting,) = made.seen(made.taker).places
    assert (waiting.may_answer, waiting.load_at, waiting.phone) == (True, "", "")
    made.accept(place)
    assert made.seen(who).left == (Load(4, 800), Load(2, 500), Load(2, 500))
    (seen,) = made.seen(made.taker).places
    assert (seen.load_at, seen.unload_at) == ("12, rue Jarry", "Quai 4")
    assert told(made.session) == ["asked", "accepted"]
    names = made.session.scalars(
        sa.select(AuditEvent.name)
        .where(AuditEvent.name.startswith("trip."))
        .order_by(AuditEvent.id)
    ).all()
    assert names == ["trip.offered", "trip.place_asked", "trip.place_accepted"]


def test_telephone_numbers_are_told_to_both_sides_of_an_accepted_place_and_to_nobody_else(
    made: Shared,
) -> None:
    who, other = joiner(made.world), joiner(made.world)
    made.session.execute(sa.text("UPDATE organization SET phone = '514 555-0199'"))
    made.session.expire_all()
    place, _ = made.ask(who)
    assert [each.phone for each in made.seen(who).places] == [""]
    made.accept(place)
    for reader in (who, made.taker):
        assert [each.phone for each in made.seen(reader).places] == ["514 555-0199"]
    assert made.seen(other).places == ()
    assert made.seen(other).booking is None


def test_who_joins_at_once_has_the_place_until_there_is_no_room(world: World) -> None:
    made = shared(world, room=Load(3, 0))
    made.offer(at_once=True)
    who, other = joiner(world), joiner(world, "Le Rival")
    assert made.ask(who, 0, 2, 2, 0)[1] is PlaceState.ACCEPTED
    with pytest.raises(Conflict) as refusal:
        made.ask(other, 1, 3, 2, 0)
    assert codes(refusal) == ["trip.leg_full", "trip.fits_instead"]
    assert dict(refusal.value.reasons[1].params) == {"pallets": 1, "kg": 0}
    assert made.ask(other, 2, 3, 3, 0)[1] is PlaceState.ACCEPTED
    assert told(made.session) == ["joined", "joined"]


def test_an_answer_counts_what_is_on_board_by_now(made: Shared) -> None:
    first, _ = made.ask(joiner(made.world), 0, 3, 3, 100)
    second, _ = made.ask(joiner(made.world), 1, 2, 2, 100)
    made.accept(first)
    with pytest.raises(Conflict) as refusal:
        made.accept(second)
    assert codes(refusal) == ["trip.leg_full", "trip.fits_instead"]
    assert state_of(made.session, second) == "asked"


def test_silence_is_no(made: Shared) -> None:
    place, _ = made.ask(joiner(made.world))
    late = NOW + timedelta(hours=24)
    with pytest.raises(Conflict) as refusal:
        made.accept(place, now=late)
    assert codes(refusal) == ["trip.place_settled"]
    assert how_many(service.count_waiting, made.session, made.taker, NOW) == 1
    assert how_many(service.count_waiting, made.session, made.taker, late) == 0
    service.expire_places(made.session, now=late - timedelta(seconds=1))
    assert state_of(made.session, place) == "asked"
    service.expire_places(made.session, now=late)
    assert state_of(made.session, place) == "expired"
    assert told(made.session)[-1] == "expired"


def test_a_place_that_is_given_back_is_free_for_others_before_the_vehicle_comes(
    made: Shared,
) -> None:
    who = joiner(made.world)
    place, _ = made.ask(who, 0, 1, 4, 800)
    made.accept(place)
    with pytest.raises(NotFound):
        service.withdraw_place(made.session, joiner(made.world), place, now=NOW)
    with pytest.raises(Conflict):
        service.withdraw_place(made.session, who, place, now=made.start)
    service.withdraw_place(made.session, who, place, now=NOW)
    assert made.seen(who).left[0] == Load(4, 800)
    with pytest.raises(Conflict):
        service.withdraw_place(made.session, who, place, now=NOW)


def test_only_the_side_that_offers_answers_changes_and_calls_off(made: Shared) -> None:
    who = joiner(made.world)
    place, _ = made.ask(who)
    session, id_ = made.session, made.id
    for stranger in (who, made.giver, joiner(made.world)):
        with pytest.raises(NotFound):
            service.accept_place(session, stranger, place, now=NOW)
        with pytest.raises(NotFound):
            service.decline_place(session, stranger, place, now=NOW)
        with pytest.raises(NotFound):
            service.cancel_trip(session, stranger, id_, now=NOW)
        with pytest.raises(NotFound):
            service.change_trip(session, stranger, id_, made.capacity(), now=NOW)
    with pytest.raises(Forbidden):
        service.open_trips(made.session, VISITOR, service.TripSearch(), now=NOW)
    service.decline_place(made.session, made.taker, place, now=NOW)
    assert told(made.session) == ["asked", "declined"]


def test_the_lender_may_offer_too_and_nobody_offers_twice(world: World) -> None:
    made = shared(world)
    with pytest.raises(NotFound):
        made.offer(by=joiner(world))
    made.offer(by=made.giver)
    assert made.seen(made.giver).is_ours
    assert not made.seen(made.taker).is_ours
    with pytest.raises(Conflict) as refusal:
        made.offer()
    assert codes(refusal) == ["trip.already_offered"]


def test_a_trip_needs_a_vehicle_that_is_promised(world: World) -> None:
    kitchen = shared(world, kind=Kind.KITCHEN)
    with pytest.raises(Conflict) as refusal:
        kitchen.offer()
    assert codes(refusal) == ["trip.no_vehicle"]
    asked = shared(world, approver=Approver.LENDER)
    with pytest.raises(Conflict) as refusal:
        asked.offer()
    assert codes(refusal) == ["trip.not_confirmed"]
    made = shared(world)
    made.stops = (Stop("verdun", NOW), *made.stops[1:])
    with pytest.raises(Refused) as refused:
        made.offer(room=Load(0, 0))
    assert codes(refused) == [
        "trip.outside_booking",
        "trip.already_left",
        "trip.join_by",
        "trip.nothing_offered",
    ]


def test_nobody_joins_their_own_trip_or_too_late_or_before_they_are_accepted(
    made: Shared,
) -> None:
    with pytest.raises(Refused) as refusal:
        made.ask(made.taker, 0, 1, 1, 0)
    assert codes(refusal) == ["field.missing", "trip.own"]
    outside = made.world.member(made.world.organization(accepted=False)[0])
    with pytest.raises(Refused) as refusal:
        made.ask(outside, note="Appelez le 514 555-0199")
    assert codes(refusal) == ["organization.not_accepted", "trip.contact_in_note"]
    with pytest.raises(Conflict) as late:
        made.ask(joiner(made.world), now=made.start - HOUR)
    assert codes(late) == ["trip.too_late"]


def test_less_than_what_was_accepted_is_never_offered(made: Shared) -> None:
    for legs in ((0, 2), (1, 3)):
        place, _ = made.ask(joiner(made.world), *legs, 1, 200)
        made.accept(place)
    with pytest.raises(Conflict) as refusal:
        service.change_trip(
            made.session, made.taker, made.id, made.capacity(room=Load(1, 800)), now=NOW
        )
    assert codes(refusal) == ["trip.accepted_more"]
    assert dict(refusal.value.reasons[0].params) == {"pallets": 2, "kg": 400}
    changed = made.capacity(room=Load(2, 400), note="Quai bas", at_once=True)
    service.change_trip(made.session, made.taker, made.id, changed, now=NOW)
    assert made.seen(made.taker).left == (Load(1, 200), Load(0, 0), Load(1, 200))


def test_calling_a_trip_off_tells_everybody_who_asked_or_has_a_place(made: Shared) -> None:
    waits, _ = made.ask(joiner(made.world))
    has, _ = made.ask(joiner(made.world))
    gone, _ = made.ask(who := joiner(made.world))
    made.accept(has)
    service.withdraw_place(made.session, who, gone, now=NOW)
    service.cancel_trip(made.session, made.taker, made.id, now=NOW)
    assert [state_of(made.session, each) for each in (waits, has, gone)] == [
        "cancelled",
        "cancelled",
        "withdrawn",
    ]
    assert told(made.session)[-2:] == ["cancelled", "cancelled"]
    assert made.seen(who).because is Because.ORGANIZATION
    with pytest.raises(Conflict):
        service.cancel_trip(made.session, made.taker, made.id, now=NOW)
    made.offer()  # the vehicle is free for another


def shorten(made: Shared, actor: Actor) -> None:
    end = made.booking.starts_at + 2 * HOUR
    bookings.change_end(
        made.session, actor, made.booking.public_id, end, public_id=new_public_id(), now=NOW
    )


@pytest.mark.parametrize("step", ["cancel", "shorten", "longer"])
def test_a_trip_ends_with_its_booking_and_only_then(made: Shared, step: str) -> None:
    place, _ = made.ask(joiner(made.world))
    made.accept(place)
    if step == "cancel":
        bookings.cancel(made.session, made.taker, made.booking.public_id, now=NOW)
    elif step == "shorten":
        shorten(made, made.taker)
    else:
        end = made.booking.ends_at + HOUR
        bookings.change_end(
            made.session,
            made.giver,
            made.booking.public_id,
            end,
            public_id=new_public_id(),
            now=NOW,
        )
    service.follow_booking(made.session, made.booking.id, now=NOW)
    seen = made.seen(made.taker)
    if step == "longer":
        assert (seen.state, state_of(made.session, place)) == (TripState.OPEN, "accepted")
    else:
        assert (seen.state, seen.because) == (TripState.CANCELLED, Because.BOOKING)
        assert state_of(made.session, place) == "cancelled"
        assert told(made.session)[-1] == "cancelled"


def test_nobody_gets_on_between_the_end_of_a_booking_and_of_its_trip(made: Shared) -> None:
    place, _ = made.ask(joiner(made.world))
    bookings.cancel(made.session, made.taker, made.booking.public_id, now=NOW)
    for deed in (lambda: made.accept(place), lambda: made.ask(joiner(made.world))):
        with pytest.raises(Conflict) as refusal:
            deed()
        assert codes(refusal) == ["trip.called_off"]


def test_trips_are_found_by_where_when_and_how_much(made: Shared) -> None:
    who = joiner(made.world)
    place, _ = made.ask(joiner(made.world), 1, 2, 4, 800)
    made.accept(place)

    def found(**wanted: object) -> int:
        search = service.TripSearch(**wanted)  # type: ignore[arg-type]
        return len(service.open_trips(made.session, who, search, now=NOW))

    day = made.start.date()
    assert found() == 1
    assert found(from_borough="saint-laurent", load=Load(4, 0)) == 1
    assert found(from_borough="saint-laurent", to_borough="mercier-hochelaga-maisonneuve") == 1
    assert found(to_borough="mercier-hochelaga-maisonneuve", load=Load(1, 0)) == 1
    assert found(from_borough="saint-laurent", to_borough="rosemont-la-petite-patrie") == 1
    assert found(from_borough=made.stops[1].borough, load=Load(1, 1)) == 0
    assert found(from_borough="mercier-hochelaga-maisonneuve") == 0
    assert found(to_borough="saint-laurent") == 0
    assert (found(day=day), found(day=day + timedelta(days=1))) == (1, 0)
    after = service.open_trips(made.session, who, service.TripSearch(), now=made.capacity().join_by)
    assert after == []


def test_an_organization_sees_the_trips_it_offers_and_its_places(made: Shared) -> None:
    who = joiner(made.world)
    made.ask(who)
    for reader in (who, made.taker):
        mine = service.our_trips(made.session, reader, reader.organization_id or 0, now=NOW)
        assert [each.public_id for each in mine] == [made.id]
    assert (
        service.our_trips(made.session, made.giver, made.giver.organization_id or 0, now=NOW) == []
    )
    with pytest.raises(NotFound):
        service.our_trips(made.session, who, made.taker.organization_id or 0, now=NOW)


def test_what_a_person_typed_on_a_trip_is_theirs_and_goes_with_them(made: Shared) -> None:
    who = joiner(made.world)
    place, _ = made.ask(who, load_at="Chez Zoé", note="Merci")
    made.accept(place)
    held = {
        e.table: e.rows for e in service.held_about_person(made.session, made.taker.person_id or 0)
    }
    assert (len(held["trip"]), held["trip_place"][0]["load_at"]) == (1, "")
    own = {e.table: e.rows for e in service.held_about_person(made.session, who.person_id or 0)}
    assert own["trip_place"][0]["load_at"] == "Chez Zoé"
    ours = service.held_about_organization(made.session, made.taker.organization_id or 0)
    assert {e.table: len(e.rows) for e in ours} == {"trip": 1, "trip_stop": 4, "trip_place": 0}
    service.forget_person(made.session, who.person_id or 0)
    (seen,) = made.seen(made.taker).places
    assert (seen.load_at, seen.note, seen.ride.load) == ("", "", Load(1, 100))
