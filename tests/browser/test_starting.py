"""From a blank database with one administrator to a network with three organizations."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect
from sqlalchemy.orm import Session

from mutuali.core.permissions import Role
from tests.browser.test_story import _sign_in, _with_password, phone
from tests.factories import World
from tests.serving import served

__all__ = ["phone"]

#: What one types, ticks and taps, and what there is to read on the way. At 200 words and six
#: actions a minute, ten minutes hold 60 actions, or 2000 words.
MOST_ACTIONS, MOST_WORDS = 30, 700
MINUTES = 10

THREE = (
    "nom,genre,adresse,code postal,courriel\n"
    'Cuisine du Parc,cuisine,"1, rue A",H2X 1Y4,a@exemple.org\n'
    'Le Frigo,banque alimentaire,"2, rue B",H4C 1K1,b@exemple.org\n'
    'Ferme du Nord,ferme,"3, rue C",H2M 1A1,c@exemple.org\n'
)


class Walk:
    """A walk through pages that counts what it takes."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions, self.words = page, 0, 0

    def reads(self, name: str) -> None:
        text = self.page.locator("main").inner_text()
        self.words += len(re.findall(r"[^\W_]+", text))
        shots = os.environ.get("SHOTS")
        if shots:
            self.page.screenshot(path=f"{shots}/start-{name}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 360

    def fills(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)
        self.actions += 1

    def taps(self, words: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=words).click()  # type: ignore[arg-type]
        self.actions += 1


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_network_starts_in_ten_minutes(
    app: Flask, session: Session, database_url: str, tmp_path: Path, phone: Page
) -> None:
    world = World(session, datetime.now(UTC))
    email = _with_password(app, world, world.person(role=Role.ADMINISTRATOR))
    session.commit()
    walk = Walk(phone)
    with served(database_url, tmp_path, workers=1) as address:
        _sign_in(phone, address, email)
        phone.goto(f"{address}/a-faire")
        walk.reads("todo")
        walk.taps("L’exploitant légal", "link")

        walk.reads("operator")
        walk.fills("Nom légal", "Coopérative des cuisines")
        walk.fills("Courriel", "vie-privee@exemple.org")
        walk.taps("Continuer")

        walk.reads("name")
        walk.fills("Nom du réseau", "Les Voisines")
        walk.taps("Continuer")

        walk.reads("region")
        walk.taps("Continuer")

        walk.reads("purposes")
        walk.taps("Continuer")

        walk.reads("officer")
        walk.fills("Nom", "Ana Roy")
        walk.fills("Titre", "Directrice générale")
        walk.taps("Continuer")

        walk.reads("organizations")
        file = FilePayload(name="a.csv", mimeType="text/csv", buffer=THREE.encode())
        phone.get_by_label("Fichier CSV").set_input_files(file)
        walk.actions += 1
        walk.taps("Regarder ce fichier")
        walk.reads("looked")
        walk.taps("Faire entrer")

        expect(phone.get_by_text("3 organismes font partie du réseau.")).to_be_visible()
        expect(phone.get_by_text("Tout est fait")).to_be_visible()
        walk.reads("done")
        phone.goto(f"{address}/a-faire")
        expect(phone.get_by_text("Pour démarrer")).to_have_count(0)
        expect(phone.get_by_role("banner").get_by_text("Les Voisines")).to_be_visible()
    minutes = walk.words / 200 + walk.actions / 6
    print(f"{walk.actions} actions, {walk.words} words: {minutes:.1f} minutes")
    assert walk.actions <= MOST_ACTIONS
    assert walk.words <= MOST_WORDS
    assert minutes <= MINUTES
