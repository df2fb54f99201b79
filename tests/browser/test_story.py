"""The main story, clicked through in French on a phone, in headless Chromium."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.accounts.models import Person
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.web.second_factor import new_totp_secret, seal_totp
from mutuali.web.secrets import password_hash
from tests.browser.telephone import SECRETS, pass_second_step
from tests.factories import PASSWORD, World
from tests.serving import served

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def phone() -> Iterator[Page]:
    """A phone's browser, in French."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 360, "height": 740}, locale="fr-CA")
        context.set_default_timeout(15_000)
        yield context.new_page()
        context.close()
        browser.close()


def _with_password(app: Flask, world: World, actor: Actor) -> str:
    """Give the person the password of the tests, and a telephone where a role asks for one;
    returns the address."""
    person = world.session.get_one(Person, actor.person_id)
    with app.test_request_context():
        person.password_hash = password_hash(PASSWORD)
        if actor.roles:
            SECRETS[person.email] = new_totp_secret()
            sealed = seal_totp(SECRETS[person.email], person.id)
            telephone = accounts.NewFactor("Téléphone", 0, sealed_secret=sealed)
            accounts.write_factor(world.session, actor, person.id, telephone, now=world.now)
    return person.email


def _sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/connexion")
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    pass_second_step(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Que vous faut‑il, et quand?")


def _tick_all(page: Page) -> None:
    for choice in page.get_by_label("Correct", exact=True).all():
        choice.check()
    page.get_by_label("Votre nom").fill("Zoé Partie")


def _sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_truck_is_found_asked_for_approved_picked_up_and_brought_back(
    app: Flask, session: Session, database_url: str, tmp_path: Path, phone: Page
) -> None:
    world = World(session, datetime.now(UTC))
    lender = world.organization("La Corbeille")
    world.listing(lender, title_fr="Camion réfrigéré", refrigerated=True, longest_minutes=4320)
    lending = _with_password(app, world, world.member(lender[0]))
    borrowing = _with_password(app, world, world.member(world.organization("Cuisine Midi")[0]))
    session.commit()
    soon = local(datetime.now(UTC) + timedelta(hours=2)).replace(minute=0)
    end = soon + timedelta(hours=3)
    with served(database_url, tmp_path, workers=1) as address:
        _sign_in(phone, address, borrowing)
        phone.get_by_label("Véhicule").check()
        phone.get_by_label("Quel jour").fill(soon.date().isoformat())
        phone.get_by_label("De", exact=True).fill(f"{soon:%H:%M}")
        phone.get_by_label("À", exact=True).fill(f"{end:%H:%M}")
        if end.date() != soon.date():
            phone.get_by_text("Préciser").click()
            phone.get_by_label("Jusqu’au").fill(end.date().isoformat())
        phone.get_by_label("Où").fill("H2X 1Y4")
        phone.get_by_role("button", name="Chercher").click()
        expect(phone.get_by_role("heading", name="1 annonce libre")).to_be_visible()
        phone.get_by_role("link", name="Camion réfrigéré").click()
        phone.get_by_label("Pour quoi faire").select_option("food_delivery")
        phone.get_by_label("Repas servis").fill("120")
        phone.get_by_role("button", name="Demander").click()
        expect(phone.get_by_role("heading", name="C’est demandé")).to_be_visible()
        booking = phone.url.partition("?")[0]

        _sign_out(phone)
        _sign_in(phone, address, lending)
        phone.goto(f"{address}/a-faire")
        expect(phone.get_by_text("Cuisine Midi demande Camion réfrigéré")).to_be_visible()
        phone.get_by_role("button", name="Accepter").click()
        expect(phone.get_by_text("La demande est acceptée.")).to_be_visible()

        _sign_out(phone)
        _sign_in(phone, address, borrowing)
        phone.goto(booking)
        expect(phone.get_by_text("123, rue des Érables")).to_be_visible()
        phone.get_by_role("link", name="Confirmer la prise en charge").click()
        phone.get_by_label("Température affichée").fill("3")
        _tick_all(phone)
        phone.get_by_role("button", name="Confirmer la prise en charge").click()
        expect(phone.get_by_text("La prise en charge est notée.")).to_be_visible()
        phone.get_by_role("link", name="Confirmer le retour").click()
        phone.get_by_label("Température affichée").fill("9")
        expect(phone.get_by_text("Hors de la plage.")).to_be_visible()
        phone.get_by_label("Température affichée").fill("3,5")
        expect(phone.get_by_text("Hors de la plage.")).to_be_hidden()
        _tick_all(phone)
        phone.get_by_role("button", name="Confirmer le retour").click()
        expect(phone.get_by_text("Le retour est noté.")).to_be_visible()

        _sign_out(phone)
        _sign_in(phone, address, lending)
        phone.goto(booking)
        phone.get_by_role("button", name="Tout est en ordre, terminer").click()
        expect(phone.get_by_text("La réservation est terminée.")).to_be_visible()
