"""A newcomer goes through a month of seven cards, from what there is to do to its end."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from mutuali.checkin import service
from mutuali.checkin.rules import MOST_CARDS
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.exports.models import Export, ExportDownload
from mutuali.organizations import service as organizations
from tests.agreements.made import in_force
from tests.agreements.made import set_table as agreeing
from tests.browser.test_story import _sign_in, _with_password, phone
from tests.checkin.made import CARDS, early
from tests.consent.made import Table, published, set_table
from tests.exports.ready import ready
from tests.factories import World
from tests.serving import served

__all__ = ["phone"]

#: For the seven cards, the way to them and the page at their end.
MOST_ACTIONS, MOST_WORDS = 25, 700


def _seven(app: Flask, session: Session, world: World) -> Actor:
    """A manager for whom seven kinds of cards wait at once."""
    lender = world.organization("La Corbeille")
    manager = world.member(lender[0])
    id_, now = lender[0], world.now
    published(session, set_table(world), now=now)
    changed = set_table(world)
    old = published(session, changed, Purpose.SHARING_STUDY, now=now)
    consent.answer(session, manager, id_, old, Answer.GIVEN, now=now)
    published(session, changed, Purpose.SHARING_STUDY, more=" Et le mois.", now=now)
    start = now + timedelta(days=9)
    world.booking(world.listing(lender), Period(start, start + timedelta(hours=4)))
    world.document(id_, last=(now + timedelta(days=12)).date())
    _takes_back(app, session, world, manager)
    organizations.give_notice(session, manager, id_, now=now)
    with app.app_context():
        assert service.begin(session, id_, providers=CARDS, now=early())
    session.commit()
    return manager


def _takes_back(app: Flask, session: Session, world: World, manager: Actor) -> None:
    """What left with the organization in it was downloaded, then it took its yes back."""
    table = agreeing(world)
    agreement = in_force(session, table)
    id_ = manager.organization_id or 0
    public_id = ready(app, session, table, agreement, b"x", now=world.now, consenting=[id_])
    row = session.scalars(sa.select(Export).where(Export.public_id == public_id)).one()
    session.add(ExportDownload(export_id=row.id, person_id=table.analyst.person_id, at=world.now))
    asked = published(session, Table(table.steward, table.partner_id), now=world.now)
    for answer in (Answer.GIVEN, Answer.WITHDRAWN):
        consent.answer(session, manager, id_, asked, answer, now=world.now)


def _words(page: Page) -> int:
    """How many words there are to read in the page itself, with what is folded left folded."""
    return len(re.findall(r"[^\W_]+", page.locator("main").inner_text()))


def _shoot(page: Page, name: str) -> None:
    """Pictures for whoever wants to look, on a phone and on a desk."""
    shots = os.environ.get("SHOTS")
    for width in (360, 1280) if shots else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 360, "height": 740})


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_seven_cards_take_few_actions_and_few_words(
    app: Flask, session: Session, database_url: str, tmp_path: Path, phone: Page, language: str
) -> None:
    world = World(session, datetime.now(UTC))
    email = _with_password(app, world, _seven(app, session, world))
    session.commit()
    words = actions = 0
    with served(database_url, tmp_path, workers=1) as address:
        _sign_in(phone, address, email)
        phone.goto(f"{address}/a-faire?lang={language}")
        phone.locator('main a[href="/organisme/bilan-du-mois"]').click()
        actions += 1
        for number in range(1, MOST_CARDS + 1):
            expect(phone.locator("main")).to_contain_text(
                re.compile(rf"(Carte|Card) {number} (sur|of) {MOST_CARDS}")
            )
            words += _words(phone)
            _shoot(phone, f"carte-{language}-{number}")
            no = phone.locator('main button[name="choice"][value="no"]')
            (no if no.count() else phone.locator('main button[name="choice"]').first).click()
            actions += 1
        expect(phone.locator("main li")).to_have_count(MOST_CARDS)
        words += _words(phone)
        _shoot(phone, f"fini-{language}")
    print(f"{language}: {MOST_CARDS} cards, {actions} actions, {words} words")
    assert actions <= MOST_ACTIONS
    assert words <= MOST_WORDS
