"""Passkeys with a real authenticator: the virtual one that Chromium has for this."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person, SecondFactor
from mutuali.core.permissions import Role
from mutuali.web.secrets import password_hash
from tests.browser.test_story import phone
from tests.factories import PASSWORD, World
from tests.serving import served

__all__ = ["phone"]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _password_step(page: Page, address: str, email: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{address}/connexion?suite=/intendance/avis")
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_passkey_is_made_used_and_refused_when_copied(
    app: Flask, session: Session, database_url: str, tmp_path: Path, phone: Page
) -> None:
    world = World(session, datetime.now(UTC))
    steward = session.get_one(Person, world.person(role=Role.STEWARD).person_id)
    with app.app_context():
        steward.password_hash = password_hash(PASSWORD)
    session.commit()
    devices = phone.context.new_cdp_session(phone)
    devices.send("WebAuthn.enable")
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    failed = phone.locator("[data-passkey-failed]")
    use = phone.get_by_role("button", name="Utiliser ma clé d’accès")
    # A passkey is bound to a name: an address of numbers has none.
    with served(database_url, tmp_path, workers=1, host="localhost") as address:
        _password_step(phone, address, steward.email)
        expect(phone.get_by_text("Votre rôle demande une deuxième étape")).to_be_visible()
        phone.get_by_role("link", name="Ajouter une clé d’accès").click()
        phone.get_by_label("Mot de passe").fill(PASSWORD)
        phone.get_by_role("button", name="Créer la clé d’accès").click()
        expect(phone.locator(".recovery-codes li")).to_have_count(10)

        _password_step(phone, address, steward.email)
        use.click()
        phone.wait_for_url(f"{address}/intendance/avis")
        [first] = session.scalars(sa.select(SecondFactor.counter)).all()
        session.commit()

        # The same device may not be added twice.
        phone.goto(f"{address}/compte/deuxieme-etape/cle")
        phone.get_by_role("button", name="Créer la clé d’accès").click()
        expect(failed).to_be_visible()

        # Nobody verified: the browser itself says no.
        unverified = {"authenticatorId": device["authenticatorId"], "isUserVerified": False}
        _password_step(phone, address, steward.email)
        devices.send("WebAuthn.setUserVerified", unverified)
        use.click()
        expect(failed).to_be_visible()
        devices.send("WebAuthn.setUserVerified", unverified | {"isUserVerified": True})

        # A counter that runs behind is a copy of the passkey.
        session.execute(sa.update(SecondFactor).values(counter=first + 1000))
        session.commit()
        use.click()
        expect(phone.get_by_text("n’a pas été reconnue")).to_be_visible()
        session.execute(sa.update(SecondFactor).values(counter=first))
        session.commit()
        use.click()
        phone.wait_for_url(f"{address}/intendance/avis")
        assert session.scalars(sa.select(SecondFactor.counter)).one() > first
        session.commit()

        # The last factor stays; and a browser without passkeys is told so.
        phone.add_init_script("delete window.PublicKeyCredential")
        _password_step(phone, address, steward.email)
        expect(phone.get_by_text("Ce navigateur ne connaît pas les clés d’accès")).to_be_visible()
        expect(use).to_be_hidden()
