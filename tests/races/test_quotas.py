"""Two tabs, or two carts, of one organization: a quota over several listings holds all the same."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mutuali.core.period import local, local_midnight
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Counts, Per, Quota
from tests.factories import World
from tests.races.clients import Shot, fire, rounds

CLIENTS, ROUNDS = 8, 12


def limited_lender(world: World, most: int) -> tuple[Actor, list[str]]:
    """A lender of as many trucks as there are clients, of which each borrower may have so many a
    week in all."""
    lender = world.organization()
    owner = world.member(lender[0])
    quota = Quota(Per.WEEK, Counts.BOOKINGS, most, of_all=True)
    equipment.limit(world.session, owner, equipment.Scope(lender[0]), quota, now=world.now)
    trucks = [world.listing(lender, approver=Approver.NOBODY) for _ in range(CLIENTS)]
    return owner, trucks


def line(listing: str, week: int) -> dict[str, Any]:
    """Two hours of a listing in a week to come: always the Wednesday."""
    today = local(datetime.now(UTC)).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=week)
    start = local_midnight(monday + timedelta(days=2)) + timedelta(hours=12)
    return {
        "listing": listing,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
        "purpose": "event",
    }


def test_many_tabs_of_one_organization_get_no_more_than_its_quota_over_many_listings(
    race_world: World, session: Session, server: Callable[[], str]
) -> None:
    _owner, trucks = limited_lender(race_world, 2)
    taker = race_world.organization()[0]
    tokens = [
        race_world.api_token(race_world.member(taker), "booking.request") for _ in range(CLIENTS)
    ]
    session.commit()
    clients = [
        [Shot("/api/v1/bookings", line(truck, week), token) for week in range(1, ROUNDS + 1)]
        for truck, token in zip(trucks, tokens, strict=True)
    ]
    for statuses in rounds(fire(server(), clients)):
        assert statuses == {201: 2, 422: CLIENTS - 2}


def test_carts_over_two_lenders_in_either_order_keep_both_quotas_and_never_wait_in_a_circle(
    race_world: World, session: Session, server: Callable[[], str]
) -> None:
    lenders = [limited_lender(race_world, 2)[1] for _ in range(2)]
    taker = race_world.organization()[0]
    tokens = [
        race_world.api_token(race_world.member(taker), "booking.request") for _ in range(CLIENTS)
    ]
    session.commit()
    clients = []
    for n, token in enumerate(tokens):
        trucks = [trucks[n] for trucks in (lenders if n % 2 else reversed(lenders))]
        clients.append(
            [
                Shot(
                    "/api/v1/baskets",
                    {"lines": [line(truck, week) for truck in trucks]},
                    token,
                )
                for week in range(1, ROUNDS + 1)
            ]
        )
    for statuses in rounds(fire(server(), clients)):
        assert statuses == {201: 2, 422: CLIENTS - 2}
