"""What cannot be meant is refused by every door that takes a time, a number or words: with a 4xx
that names the field, and nothing is stored."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.core.period import LOCAL_ZONE, Period
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Approver
from mutuali.storage import Base
from tests.factories import World

#: Every minute of every day, so that no rule of a listing speaks before the words are read.
FAR = 60 * 24 * 365


@dataclass
class Door:
    """An operation with a body that it takes, and what the parts of it are."""

    address: str
    body: dict[str, Any]
    starts: str | None = "starts_at"
    ends: str | None = "ends_at"
    units: str | None = "units"
    words: str | None = None
    is_local: bool = False


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


@pytest.fixture
def people(world: World, now: datetime) -> tuple[Actor, Actor, str, str]:
    """A lender, a borrower, and two things that the one lends to the other."""
    world.now = now
    lender = world.organization()
    listing = world.listing(lender, units=3, approver=Approver.LENDER, longest_minutes=FAR)
    other = world.listing(lender, units=3)
    return world.member(lender[0]), world.member(world.organization()[0]), listing, other


@pytest.fixture
def doors(
    world: World, people: tuple[Actor, Actor, str, str], now: datetime
) -> list[tuple[Door, str]]:
    """Every door, with the token of somebody who may open it."""
    giver, taker, listing, other = people
    span = Period(now + timedelta(days=2), now + timedelta(days=2, hours=3))
    asked = world.booking(listing, span, borrower=taker)
    approved = world.booking(
        world.listing(units=3, approver=Approver.NOBODY, longest_minutes=FAR), span, borrower=taker
    )
    at_once = {"starts_at": _utc(span.start), "ends_at": _utc(span.end)}
    on_the_wall = {"starts": _wall(span.start), "ends": _wall(span.end)}
    request = {"listing": listing, "purpose": "cooking", "units": 1, "note": "Pour la fête."}
    by_taker = [
        Door("/api/v1/bookings", request | at_once, words="note"),
        Door(
            "/api/v1/baskets",
            {"lines": [request | at_once]},
            *("lines.0.starts_at", "lines.0.ends_at", "lines.0.units", "lines.0.note"),
        ),
        Door(
            "/api/v1/series",
            request | on_the_wall | {"rule": "FREQ=DAILY;COUNT=2", "take": "all"},
            *("starts", "ends", "units", "note"),
            is_local=True,
        ),
        Door(
            "/api/v1/series/preview",
            request | on_the_wall | {"rule": "FREQ=DAILY;COUNT=2"},
            *("starts", "ends", "units", "note"),
            is_local=True,
        ),
        Door(
            f"/api/v1/bookings/{approved.public_id}/end",
            {"ends_at": _utc(span.end + timedelta(hours=1)), "word": ""},
            *(None, "ends_at", None, "word"),
        ),
    ]
    by_giver = [
        Door(
            f"/api/v1/bookings/{asked.public_id}/proposal",
            {"listing": listing, "units": 2, "word": ""} | at_once,
            words="word",
        ),
        Door(
            f"/api/v1/listings/{other}/outages",
            {"units": 1, "reason": "Pneu crevé"} | at_once,
            words="reason",
        ),
        Door(f"/api/v1/listings/{other}/closures", dict(at_once), units=None),
    ]
    tokens = world.api_token(taker), world.api_token(giver)
    return [(each, tokens[0]) for each in by_taker] + [(each, tokens[1]) for each in by_giver]


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _wall(instant: datetime) -> str:
    return instant.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


def _with(door: Door, field: str, value: object) -> dict[str, Any]:
    body = deepcopy(door.body)
    place: Any = body
    *way, last = field.split(".")
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    place[last] = value
    return body


def _get(door: Door, field: str) -> Any:
    place: Any = door.body
    for part in field.split("."):
        place = place[int(part)] if isinstance(place, list) else place[part]
    return place


def _rows(session: Session) -> dict[str, int]:
    session.rollback()
    counted = {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return counted


def _bad_times(door: Door) -> Iterator[tuple[str, object]]:
    """(field, value) that no door takes."""
    start, end = door.starts, door.ends
    assert end is not None
    if start is not None:
        yield end, _get(door, start)
        yield start, ("9999-01-01T08:00" if door.is_local else "9999-01-01T08:00:00Z")
        yield start, ("2027-02-31T08:00" if door.is_local else "2027-02-31T08:00:00Z")
        yield start, 7
    early = "2020-01-01T08:00"
    yield end, early if door.is_local else f"{early}:00Z"
    for written in ("9999-12-31T23:00", "2027-02-31T08:00"):
        yield end, written if door.is_local else f"{written}:00Z"
    yield end, _get(door, end).rstrip("Z") + "+05:00"
    yield end, "\x00"
    yield end, None if door.address.endswith(("bookings", "series", "end")) else "demain"


def _bad(door: Door) -> Iterator[tuple[str, object]]:
    yield from _bad_times(door)
    for units in (0, -1, 2**63, 1.5, "beaucoup"):
        if door.units is not None:
            yield door.units, units
    if door.words is not None:
        yield door.words, "nul \x00"
        yield door.words, "x" * 10_000


def test_what_cannot_be_meant_is_refused_with_its_field_and_nothing_is_stored(
    client: FlaskClient, session: Session, doors: list[tuple[Door, str]]
) -> None:
    before, tried = _rows(session), 0
    for door, token in doors:
        for field, value in _bad(door):
            answer = _send(client, door.address, _with(door, field, value), token)
            said = (door.address, field, str(value)[:40], answer.get_data(as_text=True)[:300])
            assert 400 <= answer.status_code < 500, said
            named = {each.get("field", "") for each in answer.get_json()["reasons"]}
            assert any(name == field or name.endswith(field.split(".")[-1]) for name in named), said
            tried += 1
    assert tried > 100
    assert _rows(session) == before


def test_what_is_over_is_not_asked_for(
    client: FlaskClient, session: Session, doors: list[tuple[Door, str]], now: datetime
) -> None:
    before = _rows(session)
    past = now - timedelta(days=3)
    for door, token in doors:
        if door.starts is None or "outages" in door.address or "closures" in door.address:
            continue
        written = _wall if door.is_local else _utc
        body = _with(door, door.starts, written(past))
        if door.address == "/api/v1/series/preview":
            continue  # shows each date with what stands in its way
        answer = _send(client, door.address, body, token)
        assert answer.status_code == 422, (door.address, answer.get_data(as_text=True))
    assert _rows(session) == before


@pytest.mark.parametrize("wall", ["2027-03-14T02:30", "2027-11-07T01:30"])
def test_an_hour_that_is_missing_or_comes_twice_is_asked_about(
    client: FlaskClient, session: Session, doors: list[tuple[Door, str]], wall: str
) -> None:
    before = _rows(session)
    door, token = next((door, token) for door, token in doors if door.address == "/api/v1/series")
    end = datetime.fromisoformat(wall) + timedelta(hours=3)
    body = door.body | {
        "starts": wall,
        "ends": f"{end:%Y-%m-%dT%H:%M}",
        "rule": "FREQ=DAILY;COUNT=1",
    }
    answer = _send(client, door.address, body, token)
    assert answer.status_code == 422
    codes = {each["code"] for each in answer.get_json()["reasons"]}
    assert codes == {"series.clock_asks"}
    assert _rows(session) == before


def test_ten_megabytes_are_not_read(
    client: FlaskClient, session: Session, doors: list[tuple[Door, str]]
) -> None:
    before = _rows(session)
    for door, token in doors:
        if door.words is None:
            continue
        answer = _send(client, door.address, _with(door, door.words, "x" * 10_000_000), token)
        assert answer.status_code in {413, 422}, door.address
    assert _rows(session) == before


def test_every_door_takes_the_body_that_the_bad_ones_are_made_of(
    client: FlaskClient, doors: list[tuple[Door, str]]
) -> None:
    for door, token in doors:
        answer = _send(client, door.address, door.body, token)
        assert answer.status_code < 300, (door.address, answer.get_data(as_text=True))


def _send(client: FlaskClient, address: str, body: object, token: str) -> Any:
    return client.post(
        address,
        data=json.dumps(body),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
