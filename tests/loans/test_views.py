"""The pages at the dock, as people meet them."""

import email
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.rules import Approver
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.loans.models import ConditionPhoto, ConditionReport
from tests.factories import World

#: All that a report about a refrigerated truck has to say.
WELL = {
    **dict.fromkeys(
        ("door_seal", "fuel", "tyres", "lights", "cargo", "keys", "papers", "intact"), "ok"
    ),
    "temperature": "3,5",
    "signed_by": "Zoé Partie",
}


@pytest.fixture
def truck(world: World) -> tuple[str, Actor, Actor]:
    """(booking, lender's member, borrower's member) of a loan that starts in half an hour."""
    world.now = datetime.now(UTC)
    lender = world.organization("La Corbeille")
    start = world.now + timedelta(minutes=30)
    listing = world.listing(lender, approver=Approver.NOBODY, refrigerated=True)
    taker = world.member(world.organization("Cuisine Midi")[0])
    booked = world.booking(listing, Period(start, start + timedelta(hours=2)), borrower=taker)
    return booked.public_id, world.member(lender[0]), taker


def picture(colour: str = "seagreen") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "JPEG")
    file.seek(0)
    return file


def test_at_the_dock_everything_missing_is_said_at_once_and_what_was_typed_stays(
    world: World, client: FlaskClient, truck: tuple[str, Actor, Actor]
) -> None:
    booking, _giver, taker = truck
    world.sign_in(client, taker)
    address = f"/reservations/{booking}/prise-en-charge"
    refused = client.post(address, data={"fuel": "not_ok", "tyres": "ok", "note": "Un peu de boue"})
    assert refused.status_code == 422
    assert refused.text.count("Regardez, puis choisissez") == 2 * 6
    assert "Dites en un mot quel est le problème." in refused.text
    assert "Lisez le thermomètre" in refused.text
    assert "Un peu de boue" in refused.text
    assert refused.text.count(" checked") == 2


def _work_through(app: Flask) -> None:
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass


def test_out_and_confirmed_and_shown_side_by_side(
    world: World, session: Session, client: FlaskClient, truck: tuple[str, Actor, Actor]
) -> None:
    booking, giver, taker = truck
    world.sign_in(client, taker)
    address = f"/reservations/{booking}/prise-en-charge"
    sent = client.post(address, data={**WELL, "temperature": "7"}, follow_redirects=True)
    assert "La prise en charge est notée." in sent.text
    assert "7\u00a0°C\u00a0: hors de la plage (4\u00a0°C au plus)" in sent.text
    assert "Attend une réponse" in sent.text
    assert "Est-ce bien ça?" not in sent.text
    world.sign_in(client, giver)
    assert "1 constat d’état attend votre réponse" in client.get("/a-faire").text
    assert address in client.get("/constats").text
    assert "Lire le constat et répondre" in client.get(f"/reservations/{booking}").text
    form = client.get(address).text
    assert "C’est bien ça" in form
    assert "Ce n’est pas tout à fait ça" in form
    agreed = client.post(f"{address}/confirmer", data={"signed_by": "Gil"}, follow_redirects=True)
    assert "Confirmé par les deux organismes" in agreed.text
    assert session.scalars(sa.select(ConditionReport.agreed_name)).one() == "Gil"


def test_a_difference_is_marked_and_settled_on_the_page(
    app: Flask,
    world: World,
    client: FlaskClient,
    truck: tuple[str, Actor, Actor],
) -> None:
    booking, giver, taker = truck
    world.person(role=Role.COORDINATOR)
    address = f"/reservations/{booking}/prise-en-charge"
    world.sign_in(client, taker)
    client.post(address, data=WELL)
    world.sign_in(client, giver)
    seen = {**WELL, "tyres": "not_ok", "tyres_word": "clou", "signed_by": "Gil"}
    told = client.post(address, data={**seen, "differs": "Un clou."}, follow_redirects=True).text
    assert "Vous ne dites pas la même chose" in told
    row = next(each for each in re.findall("(?s)<tr.*?</tr>", told) if "Pneus" in each)
    assert "différent" in row
    assert "Problème\u00a0: clou" in row
    assert told.count('class="is-different"') == 1
    settle = f"{address}/regler"
    assert client.post(settle, data={}).status_code == 422
    client.post(settle, data={"words": "On le répare ensemble."})
    _work_through(app)
    world.sign_in(client, taker)
    assert "On le répare ensemble." in client.get(address).text
    done = client.post(f"{address}/accepter", follow_redirects=True)
    assert "Désaccord réglé" in done.text
    _work_through(app)
    folder = Path(app.config["SETTINGS"].mail_url.removeprefix("file:"))
    letters = [email.message_from_bytes(each.read_bytes()) for each in folder.glob("*.eml")]
    subjects = Counter(str(make_header(decode_header(each["Subject"]))) for each in letters)
    title = " : Camion réfrigéré"
    # Both parties and the coordination hear of it, the other side of a proposal, both of the end.
    assert subjects[f"Désaccord sur l’état{title}"] == 3
    assert subjects[f"Une façon de régler le désaccord{title}"] == 1
    assert subjects[f"Désaccord réglé{title}"] == 2


def test_a_photo_that_cannot_be_read_loses_only_itself(
    world: World, session: Session, client: FlaskClient, truck: tuple[str, Actor, Actor]
) -> None:
    booking, giver, taker = truck
    address = f"/reservations/{booking}/prise-en-charge"
    world.sign_in(client, taker)
    files: MultiDict[str, Any] = MultiDict(WELL)
    files.add("photos", (picture(), "quai.jpg"))
    files.add("photos", (io.BytesIO(b"rien"), "brisee.jpg"))
    sent = client.post(address, data=files, follow_redirects=True)
    assert "La prise en charge est notée." in sent.text
    assert "1 photo est gardée." in sent.text
    assert "brisee.jpg" in sent.text
    photo = session.scalars(sa.select(ConditionPhoto.public_id)).one()
    session.rollback()
    assert f"/constats/photos/{photo}-petite.webp" in sent.text
    more = client.post(
        f"{address}/photos", data={"photos": (picture("white"), "2.jpg")}, follow_redirects=True
    )
    assert "1 photo est gardée." in more.text
    assert client.post(f"{address}/photos", data={}).status_code == 422
    shown = client.get(f"/constats/photos/{photo}-grande.webp")
    assert shown.mimetype == "image/webp"
    assert shown.headers["Cache-Control"] == "private, max-age=3600"
    world.sign_in(client, giver)
    assert client.get(f"/constats/photos/{photo}-grande.webp").status_code == 200
    world.sign_in(client, world.member(world.organization()[0]))
    assert client.get(f"/constats/photos/{photo}-grande.webp").status_code == 404


def test_the_same_form_twice_counts_once(
    world: World, session: Session, client: FlaskClient, truck: tuple[str, Actor, Actor]
) -> None:
    booking, _giver, taker = truck
    address = f"/reservations/{booking}/prise-en-charge"
    world.sign_in(client, taker)
    for _ in range(2):
        sent = client.post(address, data={**WELL, "_once": "x" * 22})
        assert sent.status_code == 303
    # Sent again from a page that was opened again: what arrived before still counts once.
    assert client.post(address, data={**WELL, "_once": "y" * 22}).status_code == 303
    assert session.scalar(sa.select(sa.func.count(ConditionReport.id))) == 1


def test_programs_write_confirm_and_read_the_same(
    world: World, client: FlaskClient, truck: tuple[str, Actor, Actor]
) -> None:
    booking, giver, taker = truck
    as_taker, as_giver = (
        {"Authorization": f"Bearer {world.api_token(each)}"} for each in (taker, giver)
    )
    base = f"/api/v1/bookings/{booking}/conditions"
    asked = client.get(base, headers=as_taker).get_json()[0]["asked"]
    body = {
        "direction": "out",
        "items": [{"item": item, "ok": True} for item in asked],
        "temperature": 3.5,
        "signed_by": "Zoé",
    }
    made = client.post(base, headers=as_taker, json=body)
    assert made.status_code == 201
    assert made.get_json()["reports"][0]["temperature"] == 3.5
    wrong = client.post(base, headers=as_giver, json={**body, "temperature": 3.55})
    assert wrong.get_json()["reasons"][0]["code"] == "condition.too_fine"
    done = client.post(f"{base}/out/confirm", headers=as_giver, json={"signed_by": "Gil"})
    assert done.get_json()["standing"] == "agreed"
    photo = client.post(
        f"{base}/out/photos", headers=as_taker, data={"photos": (picture(), "a.jpg")}
    )
    assert photo.status_code == 201
    id_ = photo.get_json()["reports"][0]["photos"][0]["id"]
    assert client.get(f"/api/v1/condition-photos/{id_}", headers=as_giver).mimetype == "image/webp"
    assert client.post(f"{base}/sideways/agree", headers=as_giver).status_code == 404
