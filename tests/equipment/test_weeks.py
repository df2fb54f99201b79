"""Weekly hours are written once for all that have them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.orm import Session

from mutuali.equipment import service
from mutuali.equipment.models import Listing, WeeklyHours
from mutuali.equipment.rules import OpenHours, week_key
from mutuali.equipment.service.opening import keep_week
from mutuali.extensions import db
from tests.factories import NOW, World

_MORNING, _EVENING = OpenHours(0, 480, 720), OpenHours(2, 1020, 1320)


def _id_of(session: Session, public_id: str) -> int:
    return session.scalars(sa.select(Listing.id).where(Listing.public_id == public_id)).one()


def test_a_week_has_one_key_in_whatever_order_its_hours_are_said() -> None:
    assert week_key([_MORNING, _EVENING]) == week_key([_EVENING, _MORNING])
    assert week_key([_MORNING]) != week_key([_EVENING])
    assert week_key([]) is None


def test_listings_with_the_same_hours_share_them_and_keep_them_when_one_changes(
    session: Session, world: World
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    one, two = (
        _id_of(session, world.listing(lender, hours=(_MORNING, _EVENING))) for _ in range(2)
    )
    assert session.scalar(sa.select(sa.func.count()).select_from(WeeklyHours)) == 2
    draft = service.listings(session, [one])[one].draft
    changed = replace(draft, hours=(_EVENING,))
    service.edit_listing(session, giver, one, changed, version=None, now=NOW)
    found = service.listings(session, [one, two])
    assert found[one].draft.hours == (_EVENING,)
    assert found[two].draft.hours == (_MORNING, _EVENING)


def test_two_who_write_the_same_hours_at_once_both_have_them(app: Flask) -> None:
    """The engine makes one wait for the other; neither fails."""
    hours = (OpenHours(4, 600, 660), OpenHours(5, 600, 661))

    def write(_: int) -> None:
        with app.app_context(), db.session.begin():
            keep_week(db.session(), hours)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with app.app_context():
        rows = sa.select(WeeklyHours.weekday, WeeklyHours.closes)
        assert db.session.execute(rows.where(WeeklyHours.opens == 600)).all() == [
            (4, 660),
            (5, 661),
        ]


def test_the_hours_of_each_listing_survive_the_way_back_and_forth(
    app: Flask, session: Session, world: World
) -> None:
    weeks = [(_MORNING, _EVENING), (_EVENING,), (), (_MORNING, _EVENING)]
    ids = [_id_of(session, world.listing(hours=week)) for week in weeks]
    session.commit()
    session.close()

    with app.app_context():
        downgrade(revision="0062_folded_words")
        upgrade()

    found = service.listings(session, ids)
    assert [found[id_].draft.hours for id_ in ids] == weeks
