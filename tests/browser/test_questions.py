"""A newcomer makes an agreement from the twelve questions, keeping the answers they offer."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from tests.agreements.made import set_table
from tests.browser.test_story import _sign_in, _with_password, phone
from tests.factories import World
from tests.serving import served

__all__ = ["phone"]

#: Twenty minutes, of which half go to reading: 200 words a minute is slow for an adult.
MOST_WORDS = 2_000
#: One press a question, and one to propose it.
MOST_ACTIONS = 16


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_twelve_presses_make_an_agreement_to_propose(
    app: Flask, session: Session, database_url: str, tmp_path: Path, phone: Page
) -> None:
    world = World(session, datetime.now(UTC))
    table = set_table(world)
    email = _with_password(app, world, table.steward)
    session.commit()
    words = actions = 0
    shots = os.environ.get("SHOTS")
    with served(database_url, tmp_path, workers=1) as address:
        _sign_in(phone, address, email)
        phone.goto(f"{address}/ententes/nouvelle")
        for number in range(1, 13):
            expect(phone.get_by_text(f"{number} de 12").first).to_be_visible()
            words += len(re.findall(r"\w+", phone.locator("main").inner_text()))
            if shots:
                for width in (360, 1280):
                    phone.set_viewport_size({"width": width, "height": 900})
                    phone.screenshot(path=f"{shots}/q{number:02d}-{width}.png", full_page=True)
                phone.set_viewport_size({"width": 360, "height": 740})
            if number == 6:
                phone.get_by_label("Nom").first.select_option(label="Ana Lyse")
                actions += 1
            phone.get_by_role("button", name=re.compile("Garder et (continuer|relire)")).click()
            actions += 1
        phone.get_by_role("button", name="Proposer l’entente").click()
        actions += 1
        expect(phone.get_by_text("L’entente est proposée.")).to_be_visible()
        if shots:
            for width in (360, 1280):
                phone.set_viewport_size({"width": width, "height": 900})
                phone.screenshot(path=f"{shots}/entente-{width}.png", full_page=True)
    print(f"{actions} actions, {words} words")
    assert actions <= MOST_ACTIONS
    assert words <= MOST_WORDS
