"""The database finds what the rules would find one by one, on any day, the odd ones too."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import Ask, free_units, refusals
from mutuali.bookings.service.taken import read_offer_holds, read_uses
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import ClockSpan, Period, local
from mutuali.core.permissions import SYSTEM
from mutuali.core.places import Point, coarse, distance_km
from mutuali.equipment import service as equipment
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Approver, Counts, Kind, OpenHours, OtherHours, Per, Quota
from mutuali.web.secrets import new_public_id
from tests.factories import World

#: A Saturday morning before the clock is put back, on 1 November 2026.
NOW = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)
NEAR = Point(45.52, -73.58)
EVERY_DAY = tuple(OpenHours(day, 8 * 60, 17 * 60) for day in range(7))
NIGHTS = tuple(OpenHours(day, 0, 24 * 60) for day in (5, 6))


def make(world: World, lender: tuple[int, int], dice: Random) -> str:
    """A listing with rules drawn at random, some bookings, and here and there something odd."""
    return world.listing(
        lender,
        kind=dice.choice([Kind.VEHICLE, Kind.KITCHEN]),
        units=dice.choice([1, 1, 2, 5]),
        hours=dice.choice([(), EVERY_DAY, NIGHTS, EVERY_DAY[:5]]),
        approver=Approver.NOBODY,
        turnaround_minutes=dice.choice([0, 0, 60, 600]),
        shortest_minutes=dice.choice([30, 120, 300]),
        longest_minutes=dice.choice([300, 600, 4320]),
        lead_minutes=dice.choice([0, 60, 2880]),
        price_cents=dice.choice([0, 0, 500]),
        granularity_minutes=dice.choice([None, None, 60, 240]),
        refrigerated=dice.random() < 0.5,
    )


def fill(world: World, session: Session, dice: Random) -> int:
    """Write it all; returns who borrowed, the only one."""
    lenders = [
        world.organization(point=Point(45.45 + dice.random() * 0.15, -73.7 + dice.random() * 0.2))
        for _ in range(6)
    ]
    borrower = world.member(world.organization()[0])
    listings: list[tuple[str, int, tuple[int, int]]] = []
    for _ in range(30):
        lender = dice.choice(lenders)
        public_id = make(world, lender, dice)
        listings.append((public_id, equipment.listing_id_of(session, public_id), lender))
    kit, part = next(
        (one, other)
        for one in listings
        for other in listings
        if one[2] == other[2] and one != other
    )
    session.execute(sa.update(Listing).where(Listing.id == kit[1]).values(units=1))
    equipment.set_parts(session, SYSTEM, kit[1], [(part[0], 1)], now=NOW)
    for public_id, id_, (lender_id, _) in listings:
        draft = equipment.listings(session, [id_])[id_].draft
        for _ in range(dice.randrange(4)):
            start = NOW + timedelta(hours=dice.randrange(1, 72))
            length = timedelta(minutes=draft.shortest_minutes)
            with_rules = Period(start, start + length)
            with suppress(Refused, Conflict):
                units = dice.randint(1, draft.units)
                world.booking(public_id, with_rules, borrower=borrower, units=units)
        if dice.random() < 0.2:
            start = NOW + timedelta(hours=dice.randrange(60))
            equipment.close(
                session,
                SYSTEM,
                equipment.Scope(lender_id, id_ if dice.random() < 0.7 else None),
                Period(start, start + timedelta(hours=5)),
                now=NOW,
            )
        if dice.random() < 0.2:
            start = NOW + timedelta(hours=dice.randrange(40))
            equipment.take_out(
                session,
                SYSTEM,
                id_,
                equipment.OutageDraft(1, start, dice.choice([None, start + timedelta(hours=9)])),
                public_id=new_public_id(),
                now=NOW,
            )
        if dice.random() < 0.2:
            day = (local(NOW) + timedelta(days=dice.randrange(4))).date()
            spans = dice.choice([(), (ClockSpan(600, 900),)])
            scope = equipment.Scope(lender_id, id_ if dice.random() < 0.7 else None)
            equipment.differ(session, SYSTEM, scope, OtherHours(day, spans), now=NOW)
        limits = Random(id_)
        if limits.random() < 0.3:
            scope = equipment.Scope(lender_id, id_ if limits.random() < 0.8 else None)
            per, counts, most = limits.choice(list(Per)), limits.choice(list(Counts)), (2, 6, 30)
            of_all = scope.listing_id is None
            quota = Quota(per, counts, limits.choice(most), of_all=of_all)
            equipment.limit(session, SYSTEM, scope, quota, now=NOW)
    session.flush()
    return borrower.organization_id or 0


def one_by_one(
    session: Session, wish: service.Wish, borrower_id: int | None
) -> list[tuple[float, int, int, int]]:
    """(distance, price, listing, free units) of what fits, by the rules of a request alone."""
    found = []
    for row in session.scalars(sa.select(Listing).where(Listing.state == "published")):
        if (wish.kinds and row.kind not in wish.kinds) or row.units < wish.units:
            continue
        offer = equipment.offer(session, row.id, wish.period)
        span = Period(wish.period.start, wish.period.end + offer.turnaround)
        holds = read_offer_holds(session, offer, span, now=NOW)
        ask = Ask(0, wish.units, wish.period)
        uses = read_uses(session, offer, borrower_id, wish.period, now=NOW)
        if not refusals(ask, offer, holds, uses=uses, now=NOW):
            point = equipment.site_of(session, row.id).point
            distance = distance_km(NEAR, coarse(point))
            free = free_units(offer, holds, wish.period)
            found.append((distance, row.price_cents, row.id, free))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_search_finds_exactly_what_a_request_would_get(
    world: World, session: Session, seed: int
) -> None:
    dice = Random(seed)
    world.now = NOW
    borrower_id = fill(world, session, dice)
    assert (session.scalar(sa.select(sa.func.count(Booking.id))) or 0) > 5
    met = 0
    for n in range(60):
        start = NOW + timedelta(minutes=30 * dice.randrange(0, 130))
        period = Period(start, start + timedelta(minutes=30 * dice.randrange(1, 18)))
        kinds = dice.choice([(), (Kind.VEHICLE,), (Kind.VEHICLE, Kind.KITCHEN)])
        wish = service.Wish(period, dice.choice([1, 1, 2]), kinds, NEAR)
        who = borrower_id if n % 2 else None
        wanted = one_by_one(session, wish, who)
        pages = [
            service.search(session, wish, borrower_id=who, now=NOW, page=page) for page in (1, 2, 3)
        ]
        found = {
            each.listing.id: each.units_free
            for page in pages[: pages[0].pages]
            for each in page.found
        }
        assert found == {id_: free for _, _, id_, free in wanted}, period
        assert {page.total for page in pages} == {len(wanted)}
        distances = [
            each.distance_km or 0 for page in pages[: pages[0].pages] for each in page.found
        ]
        assert distances == sorted(distances)
        met += bool(wanted)
    assert met > 30
