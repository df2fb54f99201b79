"""The pages of bookings: the past comes in pages, the inbox narrows, hours are said shortly."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.service.look import PAST_PAGE_SIZE
from mutuali.bookings.views.shown import hours_words
from mutuali.core.period import Period
from mutuali.equipment.rules import Kind, OpenHours
from tests.factories import NOW, World, at, span


def test_what_is_over_comes_in_pages_latest_first(
    world: World, session: Session, client: FlaskClient
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    truck = world.listing(lender)
    for day in range(1, PAST_PAGE_SIZE + 3):
        asked = world.booking(truck, span(day))
        service.decline(session, giver, asked.public_id, "En réparation.", now=NOW)
    coming = world.booking(truck, span(2))
    first = service.past_bookings_of(session, giver, lender[0], now=NOW)
    beyond = service.past_bookings_of(session, giver, lender[0], now=NOW, page=9)
    assert (len(first.found), first.pages) == (PAST_PAGE_SIZE, 2)
    assert first.found[0].period.start == at(PAST_PAGE_SIZE + 2)
    assert (len(beyond.found), beyond.page) == (2, 2)
    still_open = service.open_bookings_of(session, giver, lender[0], now=NOW)
    assert [each.id for each in still_open] == [coming.id]
    world.sign_in(client, giver)
    shown = client.get("/reservations").text
    assert 'href="/reservations?page=2#passees"' in shown
    assert client.get("/reservations?page=2").text.count("Refusée") == 2


def test_what_is_to_come_stands_by_month_the_next_one_open(
    world: World, session: Session, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    truck = world.listing(lender)
    giver = world.member(lender[0])
    for days in (40, 41, 90):
        start = world.now + timedelta(days=days)
        asked = world.booking(truck, Period(start, start + timedelta(hours=2)))
        service.approve(session, giver, asked.public_id, now=world.now)
    world.sign_in(client, giver)

    shown = client.get("/reservations").text
    coming = shown[shown.index("À venir") : shown.index("Passées")]
    assert coming.count('<details class="part"') == len(
        set(re.findall(r"<h3>(\w+ 20\d\d)", coming))
    )
    assert coming.count('<details class="part" open>') == 1
    assert coming.count("/reservations/") == 3


def test_the_inbox_narrows_to_one_kind(world: World, client: FlaskClient) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization()
    giver = world.member(lender[0])
    start = world.now + timedelta(days=30)
    period = Period(start, start + timedelta(hours=2))
    world.booking(world.listing(lender), period)
    world.booking(world.listing(lender, kind=Kind.KITCHEN, title_fr="Cuisine"), period)
    world.sign_in(client, giver)
    both, kitchens = client.get("/a-faire").text, client.get("/a-faire?genre=kitchen").text
    assert both.count('class="decision"') == 2
    assert kitchens.count('class="decision"') == 1
    assert "demande Cuisine" in kitchens


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (range(5), "lundi au vendredi, 8 h à 17 h"),
        ((0, 2), "lundi, 8 h à 17 h; mercredi, 8 h à 17 h"),
        ((), "À toute heure"),
    ],
)
def test_days_with_the_same_hours_are_said_together(app: Flask, days: range, said: str) -> None:
    with app.test_request_context("/?lang=fr"):
        words = hours_words([OpenHours(day, 480, 1020) for day in days])
    assert words.replace("\u00a0", " ") == said
