"""A newcomer makes the inventory of an organization and publishes its policy, with and without
JavaScript; then asks a person."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy.orm import Session

from mutuali.owndata.rules import TEMPLATES, Everyday, OfferDraft
from tests.browser.test_story import CHROMIUM, FLAGS, _sign_in, _with_password
from tests.factories import World
from tests.owndata.made import TOMORROW, helper
from tests.serving import served

#: What a small food bank has.
TAKEN = (
    *(Everyday.VOLUNTEERS, Everyday.FAMILIES, Everyday.KEYS, Everyday.SHARED_PHONE),
    *(Everyday.ALLERGIES, Everyday.SIGN_IN),
)
#: 200 words a minute is slow for an adult; a press or a field takes six seconds to find and do.
WORDS_A_MINUTE, ACTIONS_A_MINUTE = 200, 10
MOST_MINUTES, MOST_ACTIONS = 10, 24


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def telephone(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone's browser, in French."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            locale="fr-CA",
            java_script_enabled=request.param,
        )
        context.set_default_timeout(15_000)
        yield context.new_page()
        context.close()
        browser.close()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_ten_minutes_are_enough_for_an_inventory_and_a_policy(
    app: Flask, session: Session, database_url: str, tmp_path: Path, telephone: Page
) -> None:
    world, page = World(session, datetime.now(UTC)), telephone
    day = date.fromordinal(world.now.date().toordinal() + 3)
    helper(world, OfferDraft(day, TOMORROW.opens, TOMORROW.closes, "514 555-0142"), now=world.now)
    email = _with_password(app, world, world.member(world.organization("La Corbeille")[0]))
    session.commit()
    seen: set[str] = set()
    words = actions = 0
    shots = os.environ.get("SHOTS")

    def read(name: str) -> None:
        """Count the words that were not on a page before, and look at it in three widths."""
        nonlocal words
        for line in page.locator("main").inner_text().splitlines():
            if line not in seen:
                seen.add(line)
                words += len(re.findall(r"\w+", line))
        for width in (360, 1280) if shots else ():
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{shots}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})

    def press(label: str) -> None:
        nonlocal actions
        page.get_by_role("button", name=label).or_(
            page.get_by_role("link", name=label)
        ).first.click()
        actions += 1

    with served(database_url, tmp_path, workers=1) as address:
        _sign_in(page, address, email)
        page.goto(f"{address}/organisme/nos-donnees")
        read("inventaire-vide")
        for each in TAKEN:
            press(f"Nous l’avons {TEMPLATES[each].name.fr}")
            expect(page.get_by_text(f"C’est noté\u00a0: {TEMPLATES[each].name.fr}")).to_be_visible()
        read("inventaire")
        press(TEMPLATES[Everyday.FAMILIES].name.fr)
        read("reponses")
        page.get_by_label("Papier (sous clé)").check()
        page.get_by_label("Ordinateur ou appareil à nous").uncheck()
        actions += 2
        press("C’est juste")
        press("Continuer")
        read("responsable")
        page.get_by_label("Titre").fill("Direction générale")
        page.get_by_label("Comment la joindre").fill("vie-privee@corbeille.exemple.org")
        actions += 2
        press("Nommer")
        read("politique")
        press("Publier")
        expect(page.get_by_text("La version 1 est publiée.")).to_be_visible()
        press("La page que tout le monde lit")
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Politique de confidentialité\u00a0: La Corbeille"
        )
        minutes = words / WORDS_A_MINUTE + actions / ACTIONS_A_MINUTE
        print(f"{actions} actions, {words} words: {minutes:.1f} minutes")
        assert actions <= MOST_ACTIONS
        assert minutes <= MOST_MINUTES
        read("publique")
        page.goto(f"{address}/organisme/demander-quelquun")
        page.locator("[name=slot]").first.check()
        page.get_by_label("De quoi voulez-vous parler?").fill("Les allergies")
        page.get_by_label("Votre téléphone").fill("514 555-0177")
        read("demander")
        page.get_by_role("button", name="Réserver vingt minutes").click()
        expect(page.get_by_text("C’est réservé.")).to_be_visible()
        read("reservee")
