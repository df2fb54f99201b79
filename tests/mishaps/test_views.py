"""The pages of mishaps: reported with photos, followed, closed; photos for the parties only."""

import html
import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.loans import service as loans
from mutuali.loans.rules import Checked, Condition, Direction
from mutuali.mishaps.models import Mishap, MishapPhoto
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import World
from tests.mishaps.test_service import Lent

FORM = {
    "kind": "damage",
    "severity": "minor",
    "day": "2026-03-01",
    "time": "09:30",
    "words": "La porte ne ferme plus.",
}


def _photo() -> tuple[BytesIO, str]:
    file = BytesIO()
    Image.new("RGB", (30, 20), "red").save(file, "PNG")
    file.seek(0)
    return file, "porte.png"


@pytest.fixture
def lent(world: World) -> Lent:
    world.now = utc_now()
    return Lent(world)


def test_a_booking_leads_to_a_report_with_a_photo_that_both_sides_follow_and_close(
    world: World, session: Session, client: FlaskClient, lent: Lent
) -> None:
    here = f"/reservations/{lent.booked.public_id}"
    world.sign_in(client, lent.taker)
    assert f"{here}/incident" in client.get(here).text
    assert client.get(f"{here}/incident").status_code == 200
    answer = client.post(f"{here}/incident", data={**FORM, "photos": [_photo()]})
    assert answer.status_code == 303, answer.text
    page = answer.headers["Location"]
    photo = session.scalars(sa.select(MishapPhoto.public_id)).one()
    small = f"/incidents-de-pret/photos/{photo}-petite.webp"
    assert client.get(small).mimetype == "image/webp"
    session.rollback()
    world.sign_in(client, lent.giver)
    assert "1 incident de prêt ouvert" in client.get("/a-faire").text
    assert "La porte ne ferme plus." in client.get(page).text
    assert client.post(f"{page}/suivi", data={"words": "Commandée."}).status_code == 303
    assert client.post(f"{page}/fermer", data={"words": "Réparée."}).status_code == 403
    world.sign_in(client, lent.taker)
    assert "Commandée." in client.get(page).text
    assert client.post(f"{page}/fermer", data={"words": "Réparée."}).status_code == 303
    assert "Réparée." in client.get(page).text
    assert page in client.get("/incidents-de-pret").text
    assert page not in client.get("/incidents-de-pret?only_open=1").text
    world.sign_in(client, lent.stranger)
    assert client.get(page).status_code == 404
    assert client.get(small).status_code == 404


def test_a_disagreement_leads_to_a_report_that_begins_with_its_words(
    world: World, session: Session, client: FlaskClient, lent: Lent
) -> None:
    lent.booked.starts_at = world.now - timedelta(hours=1)
    session.flush()
    here = lent.booked.public_id
    seen = loans.seen_of(bookings.booking(session, lent.giver, here, now=world.now).listing)
    well = Condition(tuple(Checked(item, True) for item in seen.items), "Zoé Partie")
    for actor, words in ((lent.giver, ""), (lent.taker, "La porte grince")):
        loans.write_report(
            session,
            actor,
            here,
            Direction.OUT,
            well,
            differs=words,
            public_id=new_public_id(),
            now=world.now,
        )
    world.sign_in(client, lent.giver)
    page = client.get(f"/reservations/{here}").text
    (link,) = re.findall(r'href="([^"]*incident\?kind=damage[^"]*words=[^"]*)"', page)
    assert "La porte grince" in client.get(html.unescape(link)).text


def test_what_is_missing_is_said_and_nothing_is_kept(
    world: World, session: Session, client: FlaskClient, lent: Lent
) -> None:
    world.sign_in(client, lent.giver)
    address = f"/annonces/{lent.truck}/incident"
    assert client.get(address).status_code == 200
    answer = client.post(address, data={**FORM, "time": "demain", "words": ""})
    assert answer.status_code == 422
    assert 'value="2026-03-01"' in answer.text
    assert session.scalars(sa.select(Mishap)).all() == []
    session.rollback()
    assert client.post(address, data=FORM).status_code == 303


def test_programs_report_add_close_and_read(world: World, client: FlaskClient, lent: Lent) -> None:
    token = {"Authorization": f"Bearer {world.api_token(lent.taker)}"}
    body = {
        "kind": "loss",
        "severity": "serious",
        "happened_at": "2026-03-01T14:00:00Z",
        "words": "Deux bacs manquent.",
    }
    address = f"/api/v1/bookings/{lent.booked.public_id}/mishaps"
    answer = client.post(address, json=body, headers=token)
    assert answer.status_code == 201, answer.text
    made: Any = answer.json
    one = f"/api/v1/mishaps/{made['id']}"
    added: Any = client.post(f"{one}/entries", json={"words": "Retrouvés."}, headers=token).json
    assert [each["words"] for each in added["entries"]] == ["Retrouvés."]
    done = {"words": "Rien ne manque."}
    closed: Any = client.post(f"{one}/close", json=done, headers=token).json
    assert closed["closed_at"] is not None
    again = client.post(f"{one}/close", json=done, headers=token)
    assert again.status_code == 409
    listed: Any = client.get("/api/v1/mishaps", headers=token).json
    assert [each["id"] for each in listed] == [made["id"]]
