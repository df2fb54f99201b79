"""What could be had instead, in which order, and taken in one tap: both or neither."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import (
    FARTHEST_SHIFT,
    UNDO_WITHIN,
    Candidate,
    Risk,
    State,
    Step,
    Trait,
    Traits,
    missing,
    ranked,
)
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.places import Point
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import FAMILY, Approver, Kind, Permit
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span

TRAITS = st.builds(
    Traits,
    kind=st.sampled_from([Kind.VEHICLE, Kind.HEAVY_EQUIPMENT, Kind.KITCHEN]),
    refrigerated=st.booleans(),
    driver_included=st.booleans(),
    payload_kg=st.sampled_from([None, 500, 900]),
    temperature_low=st.sampled_from([None, -18, 2]),
    temperature_high=st.sampled_from([None, 4]),
    permits=st.sampled_from([(), (Permit.MAPAQ,), (Permit.MAPAQ, Permit.HACCP)]),
)
FREE = st.lists(
    st.tuples(TRAITS, st.sampled_from([0.0, 0.04, 0.3, 2.0]), st.integers(0, 30)), max_size=7
)


def _comes_before(wanted: Traits, one: Candidate, other: Candidate) -> bool:
    """The order as a person would say it, one question after the other."""
    if (one.traits.kind == wanted.kind) != (other.traits.kind == wanted.kind):
        return one.traits.kind == wanted.kind
    lacks = [len(missing(wanted, each.traits)) for each in (one, other)]
    if lacks[0] != lacks[1]:
        return lacks[0] < lacks[1]
    tenths = [round(each.distance_km * 10) for each in (one, other)]
    if tenths[0] != tenths[1]:
        return tenths[0] < tenths[1]
    if one.shift != other.shift:
        return one.shift < other.shift
    return one.number < other.number


@given(TRAITS, FREE)
def test_each_one_comes_before_whatever_is_worse_in_the_first_thing_that_differs(
    wanted: Traits, free: list[tuple[Traits, float, int]]
) -> None:
    candidates = [
        Candidate(n, traits, km, timedelta(hours=hours))
        for n, (traits, km, hours) in enumerate(free)
    ]
    left = [
        each
        for each in candidates
        if each.shift <= FARTHEST_SHIFT and FAMILY[each.traits.kind] == FAMILY[wanted.kind]
    ]
    slow = []
    while left:
        best = left[0]
        for each in left[1:]:
            if _comes_before(wanted, each, best):
                best = each
        slow.append(best)
        left.remove(best)
    assert ranked(wanted, candidates) == slow


def test_what_is_missing_is_said_thing_by_thing() -> None:
    cold = Traits(Kind.VEHICLE, True, True, 900, -18, 4, (Permit.MAPAQ,))
    assert missing(cold, cold) == ()
    plain = Traits(Kind.VEHICLE)
    assert missing(plain, cold) == ()
    assert missing(cold, plain) == (
        *(Trait.REFRIGERATED, Trait.DRIVER, Trait.PAYLOAD, Trait.TEMPERATURE),
        Trait.MAPAQ,
    )
    assert missing(cold, Traits(Kind.VEHICLE, True, True, 900, 2, 4, (Permit.MAPAQ,))) == (
        Trait.TEMPERATURE,
    )


class Broken:
    """A cold truck that broke down, and whoever was promised it."""

    def __init__(self, world: World) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization("La Corbeille")
        self.giver = world.member(self.lender[0])
        self.taker = world.member(world.organization()[0])
        self.truck = world.listing(self.lender, approver=Approver.NOBODY, refrigerated=True)
        self.booked = world.booking(self.truck, span(2), borrower=self.taker)
        self.id = self.booked.public_id
        equipment.take_out(
            self.session,
            self.giver,
            self.booked.listing_id,
            equipment.OutageDraft(1, NOW),
            public_id=new_public_id(),
            now=world.now,
        )

    def found(self) -> list[service.Substitute]:
        facts = service.booking(self.session, self.taker, self.id, now=NOW)
        return service.substitutes_of(self.session, facts, Risk.DEFECT, now=NOW)

    def take(self, listing: str, period: Period, actor: Any = None) -> Any:
        return service.take_instead(
            self.session,
            actor or self.taker,
            self.id,
            listing,
            period,
            new_public_id=new_public_id(),
            now=NOW,
        )

    def state(self) -> State:
        self.session.refresh(self.booked)
        return State(self.booked.state)


@pytest.fixture
def broken(world: World) -> Broken:
    return Broken(world)


def test_the_nearest_with_everything_comes_first_and_ones_own_never(
    world: World, broken: Broken
) -> None:
    near, far = Point(45.53, -73.6), Point(45.56, -73.66)
    plain = world.listing(world.organization(point=near), approver=Approver.NOBODY)
    cold = world.listing(world.organization(point=far), refrigerated=True)
    lift = world.listing(world.organization(point=near), kind=Kind.HEAVY_EQUIPMENT)
    world.listing(world.organization(point=near), kind=Kind.KITCHEN)
    own_site = organizations.sites_of(world.session, broken.booked.borrower_id)[0].id
    world.listing((broken.booked.borrower_id, own_site), refrigerated=True)
    found = broken.found()
    assert [each.listing.public_id for each in found] == [cold, plain, lift]
    assert [each.at_once for each in found] == [False, True, False]
    assert [each.missing for each in found][1:] == [(Trait.REFRIGERATED,)] * 2


def test_the_same_listing_at_another_time_of_the_day_comes_first(
    world: World, session: Session
) -> None:
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    truck = world.listing(lender, approver=Approver.NOBODY)
    far = world.organization(point=Point(45.56, -73.66))
    other = world.listing(far, approver=Approver.NOBODY)
    booked = world.booking(truck, span(2), borrower=taker)
    draft = equipment.OutageDraft(1, at(2), at(2, 1))
    equipment.take_out(session, giver, booked.listing_id, draft, public_id=new_public_id(), now=NOW)
    facts = service.booking(session, taker, booked.public_id, now=NOW)
    found = service.substitutes_of(session, facts, Risk.DEFECT, now=NOW)
    assert found[0].listing.public_id == truck
    assert abs(found[0].period.start - at(2)) <= FARTHEST_SHIFT
    assert {each.listing.public_id for each in found} == {truck, other}


def test_one_tap_makes_the_new_booking_and_cancels_the_old_one(
    world: World, session: Session, broken: Broken
) -> None:
    other = world.listing(approver=Approver.NOBODY)
    made = broken.take(other, span(2))
    assert (made.state, made.units) == (State.APPROVED, 1)
    assert made.instead_of_id == broken.booked.id
    assert broken.state() is State.CANCELLED
    last = service.steps_of(session, broken.booked.id)[-1]
    assert (last.step, last.reason) == (Step.CANCEL, "booking.replaced")


def test_what_needs_a_yes_becomes_a_request_and_the_old_one_stays_until_it_is_said(
    world: World, session: Session, broken: Broken
) -> None:
    lender = world.organization()
    decider, other = world.member(lender[0]), world.listing(lender)
    made = broken.take(other, span(2))
    assert (made.state, broken.state()) == (State.REQUESTED, State.APPROVED)
    assert service.replacement_of(session, broken.booked.id) == made.public_id
    with pytest.raises(Conflict, match="replacing"):
        broken.take(other, span(2))
    assert service.cancel_replaced(session, now=NOW) == 0
    service.approve(session, decider, made.public_id, now=NOW)
    assert service.cancel_replaced(session, now=NOW) == 0
    assert service.cancel_replaced(session, now=NOW + UNDO_WITHIN) == 1
    assert broken.state() is State.CANCELLED
    assert service.cancel_replaced(session, now=NOW + UNDO_WITHIN) == 0


def test_a_no_leaves_the_old_one_as_it_is(world: World, session: Session, broken: Broken) -> None:
    lender = world.organization()
    decider, other = world.member(lender[0]), world.listing(lender)
    made = broken.take(other, span(2))
    service.decline(session, decider, made.public_id, "En réparation", now=NOW)
    assert service.cancel_replaced(session, now=at(1)) == 0
    assert broken.state() is State.APPROVED
    assert broken.take(other, span(2)).state == State.REQUESTED


@pytest.mark.parametrize("why", ["taken", "too_long", "gone", "stranger"])
def test_when_it_cannot_be_had_nothing_has_changed(
    world: World, session: Session, broken: Broken, why: str
) -> None:
    other = world.listing(approver=Approver.NOBODY, longest_minutes=180)
    period, actor = span(2), broken.taker
    error: type[Exception] = Conflict
    if why == "taken":
        world.booking(other, span(2))
    elif why == "too_long":
        period, error = span(2, 8), Refused
    elif why == "gone":
        other, error = new_public_id(), NotFound
    else:
        actor, error = broken.giver, Forbidden
    with pytest.raises(error):
        broken.take(other, period, actor)
    assert broken.state() is State.APPROVED
    assert service.bookings_of(session, broken.taker, broken.booked.borrower_id, now=NOW)[
        0
    ].public_id == (broken.id)


def test_where_nothing_is_free_one_waits_for_what_only_lacks_units(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = utc_now()
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    truck = world.listing(lender, approver=Approver.NOBODY)
    free = Approver.NOBODY
    taken = world.listing(title_fr="Fourgonnette prise", approver=free, longest_minutes=10_000)
    world.listing(title_fr="Trop court", longest_minutes=60)
    start = (world.now + timedelta(days=2)).replace(second=0, microsecond=0)
    period = Period(start, start + timedelta(hours=2))
    booked = world.booking(truck, period, borrower=taker)
    around = Period(world.now + timedelta(minutes=5), start + timedelta(days=2))
    world.booking(taken, around)
    equipment.take_out(
        session,
        giver,
        booked.listing_id,
        equipment.OutageDraft(1, world.now),
        public_id=new_public_id(),
        now=world.now,
    )
    facts = service.booking(session, taker, booked.public_id, now=world.now)
    assert service.substitutes_of(session, facts, Risk.DEFECT, now=world.now) == []
    worth = service.worth_waiting_for(session, facts, now=world.now)
    assert [each.public_id for each in worth] == [taken]
    world.sign_in(client, taker)
    page = client.get(f"/reservations/{booked.public_id}").text
    assert "Fourgonnette prise" in page
    assert f"/annonces/{taken}/attendre" in page
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = client.post(f"/annonces/{taken}/attendre", data=fields)
    assert answer.headers["Location"].endswith("/attente")


def test_what_was_handed_over_is_replaced_no_more(
    world: World, session: Session, broken: Broken
) -> None:
    service.cancel(session, broken.taker, broken.id, now=NOW)
    with pytest.raises(Conflict):
        broken.take(world.listing(approver=Approver.NOBODY), span(2))


def test_the_page_shows_the_card_to_its_borrower_and_one_tap_does_it(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = utc_now()
    lender = world.organization()
    giver, taker = world.member(lender[0]), world.member(world.organization()[0])
    truck = world.listing(lender, approver=Approver.NOBODY)
    other = world.listing(title_fr="Fourgonnette", approver=Approver.NOBODY)
    start = world.now + timedelta(days=2)
    booked = world.booking(truck, Period(start, start + timedelta(hours=2)), borrower=taker)
    address = f"/reservations/{booked.public_id}"
    world.sign_in(client, taker)
    assert "Prendre celui-ci" not in client.get(address).text
    equipment.take_out(
        session,
        giver,
        booked.listing_id,
        equipment.OutageDraft(1, world.now),
        public_id=new_public_id(),
        now=world.now,
    )
    world.sign_in(client, giver)
    assert "Fourgonnette" in client.get(address).text
    assert "Prendre celui-ci" not in client.get(address).text
    assert "1 réservation compromise" in client.get("/a-faire").text
    world.sign_in(client, taker)
    assert "Prendre celui-ci" in client.get(address).text
    assert "1 réservation compromise" in client.get("/a-faire").text
    assert booked.public_id in client.get("/reservations-compromises").text
    form = {
        "listing": other,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
    }
    answer = client.post(f"{address}/remplacer", data=form)
    assert answer.status_code == 303
    assert "Annulée" in client.get(address).text
    assert booked.public_id not in client.get("/reservations-compromises").text
