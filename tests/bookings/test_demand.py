"""Searches that found nothing: counted for members, by a token whose key is destroyed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import DemandKey, UnmetDemand, UnmetDemandNotice, UnmetSearch
from mutuali.bookings.rules.demand import Need, closed_token, marks, quarter_of, token_of
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose
from mutuali.core.permissions import Actor
from mutuali.equipment.rules import Kind
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_demand_key, new_public_id
from tests.agreements.made import set_table
from tests.factories import World

NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
NEXT_QUARTER = datetime(2026, 4, 1, 5, 0, tzinfo=UTC)
TRUCK = Need((Kind.VEHICLE,), "verdun", date(2026, 3, 10))


def look(session: Session, actor: Actor, need: Need = TRUCK, *, now: datetime = NOW) -> None:
    service.record_unmet(session, actor, need, fresh_key=new_demand_key(), now=now)
    session.flush()


@pytest.fixture
def world(session: Session) -> World:
    return World(session, NOW)


def member(world: World) -> Actor:
    return world.member(world.organization()[0])


def kept(session: Session) -> list[tuple[str, str, str]]:
    session.expire_all()
    rows = session.scalars(sa.select(UnmetSearch).order_by(UnmetSearch.family, UnmetSearch.zone))
    return [(row.quarter, row.family, row.zone) for row in rows]


def test_a_search_that_found_nothing_is_kept_by_quarter_family_and_zone(
    session: Session, world: World
) -> None:
    actor = member(world)
    look(session, actor)
    look(session, actor, Need((Kind.KITCHEN, Kind.COLD_STORAGE), None, date(2026, 3, 12)))
    look(session, actor, Need((), "verdun", date(2026, 3, 12)))

    assert kept(session) == [
        ("2026-Q1", "any", "sud-ouest"),
        ("2026-Q1", "kitchen", "centre"),
        ("2026-Q1", "storage", "centre"),
        ("2026-Q1", "transport", "sud-ouest"),
    ]


def test_the_same_search_counts_once_a_day_for_all_of_an_organization(
    session: Session, world: World
) -> None:
    organization_id, _ = world.organization()
    first, second = world.member(organization_id), world.member(organization_id)
    for actor in (first, second, first):
        look(session, actor)
    assert len(kept(session)) == 1

    look(session, first, now=NOW + timedelta(days=1))
    look(session, first, Need((Kind.VEHICLE,), "verdun", date(2026, 3, 11)))
    look(session, member(world))
    assert len(kept(session)) == 4


def test_a_visitor_and_who_acts_for_nobody_leave_no_trace(session: Session, world: World) -> None:
    look(session, Actor())
    look(session, world.person())
    assert kept(session) == []
    assert session.scalar(sa.select(sa.func.count(DemandKey.quarter))) == 0


def test_nothing_stored_names_a_person_an_organization_or_an_instant(
    session: Session, world: World
) -> None:
    actor = member(world)
    look(session, actor)
    stored = {column.name for column in UnmetSearch.__table__.columns}

    assert stored == {"mark", "quarter", "family", "zone", "token"}
    row = session.scalars(sa.select(UnmetSearch)).one()
    key = session.scalars(sa.select(DemandKey.key)).one()
    assert row.token == token_of(key, actor.organization_id or 0)
    assert row.token != token_of(new_demand_key(), actor.organization_id or 0)


def test_closing_keeps_what_was_agreed_to_by_contributor_and_destroys_the_key(
    session: Session,
    world: World,
) -> None:
    yes, no, sister = (member(world) for _ in range(3))
    notice = asked(session, world)
    for actor in (yes, no, sister):
        look(session, actor)
        look(session, actor, now=NOW + timedelta(days=1))
    key = session.scalars(sa.select(DemandKey.key)).one()
    ids = [actor.organization_id or 0 for actor in (yes, no, sister)]

    stays = service.close_quarter(
        session,
        "2026-Q1",
        stands_for={ids[0]: ids[0], ids[1]: ids[1], ids[2]: ids[0]},
        notices={ids[0]: frozenset({notice}), ids[2]: frozenset({notice})},
    )
    session.flush()

    assert stays == 4
    row = session.scalars(sa.select(UnmetDemand)).one()
    assert (row.quarter, row.family, row.zone, row.searches) == (
        *("2026-Q1", "transport", "sud-ouest", 4),
    )
    assert row.token == closed_token(key, ids[0])
    assert session.scalars(sa.select(UnmetDemandNotice.notice_id)).all() == [notice]
    assert kept(session) == []
    assert session.scalar(sa.select(sa.func.count(DemandKey.quarter))) == 0
    assert service.close_quarter(session, "2026-Q1", stands_for={}, notices={}) == 0


def asked(session: Session, world: World) -> int:
    table = set_table(world)
    public_id = new_public_id()
    draft = consent.default_draft(session, Purpose.NETWORK_STATISTICS, table.partner_id)
    consent.publish_notice(session, table.steward, draft, public_id=public_id, now=NOW)
    return consent.notice(session, public_id).id


def test_a_quarter_that_still_runs_is_not_closed(session: Session, world: World) -> None:
    look(session, member(world))
    assert service.quarters_to_close(session, now=NOW) == []
    assert service.quarters_to_close(session, now=NEXT_QUARTER - timedelta(hours=2)) == []
    assert service.quarters_to_close(session, now=NEXT_QUARTER) == ["2026-Q1"]


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_quarters_are_those_of_the_exports(moment: datetime) -> None:
    from mutuali.exports.rules.seasons import complete_quarters, season_finder

    quarters = complete_quarters(moment + timedelta(days=100), 2)
    assert quarter_of(moment) in {each.name for each in quarters}
    assert season_finder(quarters)(moment.timestamp()) == quarter_of(moment)


@given(st.integers(1, 50), st.integers(1, 50), st.booleans())
def test_a_mark_is_the_same_only_for_the_same_search(a: int, b: int, same_day: bool) -> None:
    today = date(2026, 3, 3)
    other = today if same_day else date(2026, 3, 4)
    one = dict(marks("key", a, TRUCK, "sud-ouest", today))
    two = dict(marks("key", b, TRUCK, "sud-ouest", other))
    assert (one == two) == (a == b and same_day)


def page(address: str, app: Flask, session: Session, actor: Actor | None) -> int:
    client, headers = app.test_client(), {}
    if actor is not None and address.startswith("/api"):
        headers["Authorization"] = f"Bearer {World(session).api_token(actor)}"
    elif actor is not None:
        World(session).sign_in(client, actor)
    session.commit()
    return client.get(address, headers=headers).status_code


def tomorrow() -> str:
    day = (utc_now() + timedelta(days=5)).date()
    return f"/?day={day}&starts=10:00&ends=12:00&kind=vehicle&place=Verdun"


@pytest.mark.parametrize("door", ["page", "api"])
def test_the_search_doors_note_what_members_did_not_find(
    app: Flask, session: Session, world: World, door: str
) -> None:
    start = (utc_now() + timedelta(days=5)).replace(microsecond=0)
    end = start + timedelta(hours=2)
    address = {
        "page": tomorrow(),
        "api": "/api/v1/listings?kind=vehicle&near=Verdun"
        f"&starts_at={start:%Y-%m-%dT%H:%M:%SZ}&ends_at={end:%Y-%m-%dT%H:%M:%SZ}",
    }[door]
    actor = member(world)

    assert page(address, app, session, None) == 200
    assert kept(session) == []
    assert page(address, app, session, actor) == 200
    assert [row[1:] for row in kept(session)] == [("transport", "sud-ouest")]


def test_what_is_found_and_what_lies_in_the_past_is_no_need(
    app: Flask, session: Session, world: World
) -> None:
    actor = member(world)
    past = tomorrow().replace("2026", "2020").replace("2027", "2020")
    assert page(past, app, session, actor) in {200, 422}
    World(session, utc_now()).listing(units=3, lead_minutes=0)
    assert page(tomorrow(), app, session, actor) == 200
    assert kept(session) == []


def test_closing_by_the_job_marks_each_token_with_the_yeses_of_that_day(
    session: Session, world: World
) -> None:
    from mutuali.core.permissions import SYSTEM
    from mutuali.exports import service as exports

    yes, no = member(world), member(world)
    table = set_table(world)
    public_id = new_public_id()
    draft = consent.default_draft(session, Purpose.NETWORK_STATISTICS, table.partner_id)
    consent.publish_notice(session, table.steward, draft, public_id=public_id, now=NOW)
    consent.answer(session, yes, yes.organization_id or 0, public_id, Answer.GIVEN, now=NOW)
    look(session, yes)
    look(session, no)

    exports.close_quarters(session, SYSTEM, now=NEXT_QUARTER)
    session.flush()

    assert session.scalars(sa.select(UnmetDemand.searches)).all() == [1]
    rows = session.execute(service.unmet_rows(frozenset({consent.notice(session, public_id).id})))
    assert [(row[0], row[1], row[2], row[4]) for row in rows] == [
        ("2026-Q1", "transport", "sud-ouest", 1)
    ]
    assert session.execute(service.unmet_rows(frozenset())).all() == []
