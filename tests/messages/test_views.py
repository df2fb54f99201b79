"""The pages of messages, as people and programs meet them."""

import email
import io
import re
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
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from mutuali.accounts.models import Person
from mutuali.core.permissions import Actor, Role
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.messages.models import Message, MessageFile, MessageThread, ThreadReader
from mutuali.messages.rules import FileKind
from mutuali.messages.service import FileFacts
from mutuali.messages.views.shown import linked, size_words, when_said
from mutuali.organizations.models import Organization
from tests.factories import World
from tests.messages.made import Pair, pair


@pytest.fixture
def two(world: World) -> Pair:
    world.now = datetime.now(UTC)
    return pair(world)


def _work_through(app: Flask) -> None:
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass


def _letters(app: Flask) -> list[tuple[str, str, str]]:
    """(to, subject, body) of every e-mail."""
    folder = Path(app.config["SETTINGS"].mail_url.removeprefix("file:"))
    found = []
    for path in sorted(folder.glob("*.eml")):
        letter = email.message_from_bytes(path.read_bytes())
        payload = letter.get_payload(decode=True)
        assert isinstance(payload, bytes)
        subject = str(make_header(decode_header(letter["Subject"])))
        found.append((letter["To"], subject, payload.decode()))
    return found


def picture() -> io.BytesIO:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Zoé"
    Image.new("RGB", (40, 30), "seagreen").save(file, "JPEG", exif=exif)
    file.seek(0)
    return file


def _posts(client: FlaskClient, address: str, form: Any) -> TestResponse:
    """Sends a large form out of memory: the client would leave a file of its own open."""
    boundary, body = encode_multipart(form)
    return client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def _asks(client: FlaskClient, two: Pair, **form: Any) -> str:
    """The taker asks about the listing by its page; returns the address of the thread."""
    two.world.sign_in(client, two.taker)
    sent = client.post(f"/annonces/{two.listing}/messages", data={"text": "Un hayon?", **form})
    assert sent.status_code == 303, sent.text
    return str(sent.headers["Location"]).partition("#")[0]


def test_a_question_goes_from_the_listing_to_the_lender_and_back(
    app: Flask, client: FlaskClient, two: Pair
) -> None:
    two.world.sign_in(client, two.taker)
    page = client.get(f"/annonces/{two.listing}").text
    assert f'href="/annonces/{two.listing}/messages"' in page
    assert "Écrire à La Corbeille" in client.get(f"/annonces/{two.listing}/messages").text
    thread = _asks(client, two, text="Un hayon?\nEt un diable?")
    assert client.get(f"/annonces/{two.listing}/messages").status_code == 303
    assert "Lire et répondre" in client.get(f"/annonces/{two.listing}").text
    shown = client.get(thread).text
    assert '<p class="prose">Un hayon?\nEt un diable?</p>' in shown
    assert "Pas encore lu" in shown
    two.world.sign_in(client, two.giver)
    assert "1 échange non lu" in client.get("/a-faire").text
    assert "Non lu" in client.get("/messages").text
    assert "Un hayon?" in client.get(thread).text
    assert "échange non lu" not in client.get("/a-faire").text
    client.post(thread, data={"text": "Oui, et un diable."})
    two.world.sign_in(client, two.taker)
    assert "Oui, et un diable." in client.get(thread).text
    client.post(thread, data={"text": "Merci!"})
    two.world.sign_in(client, two.giver)
    client.get(thread)
    two.world.sign_in(client, two.taker)
    name = two.session.scalar(sa.select(Person.name).where(Person.id == two.giver.person_id))
    assert f"Lu par {name}, aujourd’hui à" in client.get(thread).text


def test_visitors_owners_and_strangers_are_offered_no_way_to_write(
    client: FlaskClient, two: Pair
) -> None:
    address = f'href="/annonces/{two.listing}/messages"'
    assert address not in client.get(f"/annonces/{two.listing}").text
    two.world.sign_in(client, two.giver)
    assert address not in client.get(f"/annonces/{two.listing}").text
    booking = two.books()
    two.world.sign_in(client, two.coordinator)
    page = client.get(f"/reservations/{booking}")
    assert page.status_code == 200
    assert f"/reservations/{booking}/messages" not in page.text
    two.world.sign_in(client, two.giver)
    assert f"/reservations/{booking}/messages" in client.get(f"/reservations/{booking}").text
    assert "Écrire à Cuisine Midi" in client.get(f"/reservations/{booking}/messages").text


def test_who_gives_away_a_number_is_asked_once_and_what_was_typed_stays(
    client: FlaskClient, two: Pair
) -> None:
    two.world.sign_in(client, two.taker)
    address = f"/annonces/{two.listing}/messages"
    text = "Rappelez-moi au 514 555-0199."
    asked = client.post(address, data={"text": text})
    assert asked.status_code == 422
    assert "Envoyer quand même?" in asked.text
    assert text in asked.text
    assert 'name="anyway" value="1"' in asked.text
    assert two.session.scalar(sa.select(sa.func.count(Message.id))) == 0
    two.session.rollback()
    assert client.post(address, data={"text": text, "anyway": "1"}).status_code == 303
    # What is wrong in another way is not sent by pressing twice.
    empty = client.post(address, data={"text": ""})
    assert empty.status_code == 422
    assert "anyway" not in empty.text
    assert "Un hayon? et" in client.post(address, data={"text": "Un hayon? et " + "x" * 2000}).text


def test_the_same_form_twice_is_one_message(client: FlaskClient, two: Pair) -> None:
    thread = _asks(client, two)
    for _ in range(2):
        assert client.post(thread, data={"text": "Allô?", "_once": "x" * 22}).status_code == 303
    assert two.session.scalar(sa.select(sa.func.count(Message.id))) == 2


def test_a_letter_says_who_and_about_what_and_never_the_words(
    app: Flask, client: FlaskClient, session: Session, two: Pair
) -> None:
    colleague = two.world.member(two.lender[0], Role.MEMBER)
    session.execute(sa.update(Person).where(Person.id == colleague.person_id).values(language="en"))
    thread = _asks(client, two, text="mot-canari")
    _work_through(app)
    letters = _letters(app)
    assert sorted(subject for _, subject, _ in letters) == [
        "Cuisine Midi vous a écrit",
        "Cuisine Midi wrote to you",
    ]
    assert all("Camion réfrigéré" in body and thread in body for _, _, body in letters)
    assert not any("canari" in body for _, _, body in letters)
    # A second message within the hour writes to nobody; a letter that waits is not about what
    # was read meanwhile.
    client.post(thread, data={"text": "Allô?"})
    _work_through(app)
    assert len(_letters(app)) == 2
    told = session.scalars(sa.select(ThreadReader.told_number))
    assert sorted(told.all()) == [0, 1, 1]


def test_who_read_it_before_the_letter_left_gets_none(
    app: Flask, client: FlaskClient, session: Session, two: Pair
) -> None:
    thread = _asks(client, two)
    # The first job shares out, a later one sends.
    run_once(app, app.extensions[HANDLERS_KEY])
    two.world.sign_in(client, two.giver)
    client.get(thread)
    _work_through(app)
    assert _letters(app) == []


def test_files_are_what_they_are_and_are_saved_never_shown(
    client: FlaskClient, session: Session, two: Pair
) -> None:
    two.world.sign_in(client, two.taker)
    form: MultiDict[str, Any] = MultiDict({"text": "Voici"})
    form.add("files", (io.BytesIO(b"%PDF-1.7\n<script>alert(1)</script>"), "plan<i>.html"))
    form.add("files", (picture(), "quai\u202egpj.exe"))
    sent = client.post(f"/annonces/{two.listing}/messages", data=form)
    thread = str(sent.headers["Location"]).partition("#")[0]
    rows = session.scalars(sa.select(MessageFile).order_by(MessageFile.id)).all()
    names = [row.name for row in rows]
    assert names == ["plan<i>.pdf", "quaigpj.webp"]
    session.rollback()
    shown = client.get(thread).text
    assert "plan&lt;i&gt;.pdf" in shown
    pdf, photo = (client.get(f"/messages/fichiers/{row.public_id}") for row in rows)
    assert pdf.mimetype == "application/pdf"
    assert photo.mimetype == "image/webp"
    assert b"Appareil" not in photo.data
    for answer in (pdf, photo):
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-store"
    two.world.sign_in(client, two.giver)
    assert client.get(f"/messages/fichiers/{rows[0].public_id}").status_code == 200
    two.world.sign_in(client, two.world.member(two.world.organization()[0]))
    assert client.get(f"/messages/fichiers/{rows[0].public_id}").status_code == 404
    two.world.sign_in(client, two.coordinator)
    assert client.get(f"/messages/fichiers/{rows[0].public_id}").status_code == 403
    here = f"/coordination/signalements/fichiers/{rows[0].public_id}"
    assert client.get(here).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("contrat.docx", b"PK\x03\x04 un autre genre", "ne passe pas"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 brisee", "ne passe pas"),
        ("page.pdf", b"<html>%PDF-</html>", "ne passe pas"),
        ("gros.pdf", b"%PDF-" + b"x" * 5_000_001, "trop lourd"),
    ],
)
def test_a_file_of_another_kind_or_too_large_is_refused_by_its_name(
    client: FlaskClient, two: Pair, name: str, content: bytes, says: str
) -> None:
    two.world.sign_in(client, two.taker)
    form = {"text": "Voici le contrat", "files": FileStorage(io.BytesIO(content), name)}
    refused = _posts(client, f"/annonces/{two.listing}/messages", form)
    assert refused.status_code == 422
    assert name in refused.text
    assert says in refused.text
    assert "Voici le contrat" in refused.text
    assert "Choisissez vos fichiers de nouveau" in refused.text


def test_four_files_of_five_megabytes_come_in(client: FlaskClient, two: Pair) -> None:
    two.world.sign_in(client, two.taker)
    form: MultiDict[str, Any] = MultiDict({"text": "Voici"})
    for n in range(4):
        form.add("files", FileStorage(io.BytesIO(b"%PDF-" + b"x" * 4_999_990), f"{n}.pdf"))
    assert _posts(client, f"/annonces/{two.listing}/messages", form).status_code == 303
    assert two.session.scalar(sa.select(sa.func.sum(MessageFile.size))) == 4 * 4_999_995


def test_only_encrypted_addresses_can_be_pressed() -> None:
    assert str(linked("Voir https://exemple.org/plan?a=1&b=2.")) == (
        'Voir <a href="https://exemple.org/plan?a=1&amp;b=2" rel="nofollow noopener noreferrer">'
        "https://exemple.org/plan?a=1&amp;b=2</a>."
    )
    for plain in ("http://exemple.org", "javascript:alert(1)", "mailto:a@b.org", "<b>https:</b>"):
        assert "<a" not in str(linked(plain))
        assert "<b>" not in str(linked(plain))
    assert 'onclick="' not in str(linked('https://x.org/"onclick="alert(1)'))


def test_instants_and_sizes_are_said_as_people_say_them(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "fr"}):
        now = datetime.now(UTC)
        assert when_said(now).startswith("aujourd’hui à ")
        assert when_said(now - timedelta(days=1)).startswith("hier à ")
        assert re.match(r"\w+ \d", when_said(now - timedelta(days=3)))


def test_a_message_is_reported_judged_and_all_are_told(
    app: Flask, client: FlaskClient, two: Pair
) -> None:
    thread = _asks(client, two, text="mot-canari")
    two.world.sign_in(client, two.giver)
    assert f'href="{thread}/1/signaler"' in client.get(thread).text
    form = client.get(f"{thread}/1/signaler")
    assert "mot-canari" in form.text
    missing = client.post(f"{thread}/1/signaler", data={"words": "C’est dur."})
    assert missing.status_code == 422
    assert "C’est dur." in missing.text
    sent = client.post(f"{thread}/1/signaler", data={"grounds": "hurtful", "words": "C’est dur."})
    assert sent.status_code == 303
    two.world.sign_in(client, two.taker)
    assert f'href="{thread}/1/signaler"' not in client.get(thread).text
    two.world.sign_in(client, two.coordinator)
    assert "1 message signalé attend votre décision" in client.get("/a-faire").text
    listed = client.get("/coordination/signalements").text
    assert "mot-canari" not in listed
    (card,) = re.findall(r'href="(/coordination/signalements/[^"]+)"', listed)
    read = client.get(card).text
    assert "mot-canari" in read
    assert "C’est dur." in read
    assert client.post(card, data={"decision": "warn"}).status_code == 422
    done = client.post(card, data={"decision": "hide", "words": "Restons polis."})
    assert done.status_code == 303
    assert client.get(card).status_code == 404
    for who in (two.giver, two.taker):
        two.world.sign_in(client, who)
        shown = client.get(thread).text
        assert "Masqué par la coordination." in shown
        assert "canari" not in shown
        assert "canari" not in client.get("/messages").text
    _work_through(app)
    subjects = [subject for _, subject, _ in _letters(app)]
    assert subjects.count("Un message est signalé") == 1
    assert subjects.count("Votre signalement") == 1
    (writer,) = [body for _, subject, body in _letters(app) if "votre organisme" in subject]
    assert "Restons polis." in writer
    assert not any("canari" in body or "C’est dur." in body for _, _, body in _letters(app))


def test_a_blocked_organization_is_told_kindly_when_it_tries(
    client: FlaskClient, two: Pair
) -> None:
    thread = _asks(client, two)
    two.world.sign_in(client, two.giver)
    client.post(f"{thread}/bloquer")
    assert "Vous avez bloqué cet organisme" in client.get(thread).text
    listed = client.get("/messages").text
    assert "1 organisme bloqué" in listed
    two.world.sign_in(client, two.taker)
    assert "bloqué" not in client.get(thread).text
    refused = client.post(thread, data={"text": "Allô?"})
    assert refused.status_code == 422
    assert "ne reçoit pas vos messages en ce moment" in refused.text
    two.world.sign_in(client, two.giver)
    (unblock,) = set(re.findall(r'action="(/messages/debloquer/[^"]+)"', listed))
    assert client.post(unblock).status_code == 303
    two.world.sign_in(client, two.taker)
    assert client.post(thread, data={"text": "Allô?"}).status_code == 303


def test_address_and_telephone_of_the_lender_show_once_the_booking_is_confirmed(
    client: FlaskClient, session: Session, two: Pair
) -> None:
    session.execute(
        sa.update(Organization).where(Organization.id == two.lender[0]).values(phone="514 555-0142")
    )
    booking = two.books()
    two.world.sign_in(client, two.taker)
    addresses = (f"/annonces/{two.listing}", f"/reservations/{booking}", "/reservations")
    reads = {"Authorization": f"Bearer {two.world.api_token(two.taker)}"}
    programs = (f"/api/v1/listings/{two.listing}", f"/api/v1/bookings/{booking}")

    def seen() -> list[str]:
        pages = [client.get(each) for each in addresses]
        pages += [client.get(each, headers=reads) for each in programs]
        return [
            word
            for page in pages
            for word in ("514 555-0142", "rue des Érables")
            if word in page.text
        ]

    assert seen() == []
    two.world.sign_in(client, two.giver)
    client.post(f"/reservations/{booking}/accepter")
    two.world.sign_in(client, two.taker)
    assert seen() == ["514 555-0142", "rue des Érables"]


def test_programs_write_read_mark_and_report(client: FlaskClient, two: Pair) -> None:
    taker, giver = (
        {"Authorization": f"Bearer {two.world.api_token(who)}"} for who in (two.taker, two.giver)
    )
    both = client.post("/api/v1/threads", headers=taker, json={"text": "Un hayon?"})
    assert both.get_json()["reasons"][0]["code"] == "message.about_one"
    body = {"listing": two.listing, "text": "Le 514 555-0199?"}
    warned = client.post("/api/v1/threads", headers=taker, json=body)
    assert warned.get_json()["reasons"][0]["code"] == "message.phone_inside"
    made = client.post("/api/v1/threads", headers=taker, json={**body, "anyway": True})
    assert made.status_code == 201
    thread = made.headers["Location"]
    assert made.get_json()["said"][0]["text"] == "Le 514 555-0199?"
    (listed,) = client.get("/api/v1/threads?which=unread", headers=giver).get_json()
    assert (listed["unread"], listed["other_name"]) == (True, "Cuisine Midi")
    # A program reads without marking: somebody may still have to.
    assert client.get(thread, headers=giver).get_json()["unread"]
    assert client.post(f"{thread}/read", headers=giver, json={"number": 1}).status_code == 204
    assert client.get("/api/v1/threads?which=unread", headers=giver).get_json() == []
    assert [each["person"] for each in client.get(thread, headers=taker).get_json()["read_by"]]
    answered = client.post(f"{thread}/messages", headers=giver, json={"text": "Oui."})
    assert [each["number"] for each in answered.get_json()["said"]] == [1, 2]
    report = f"{thread}/messages/2/report"
    assert client.post(report, headers=taker, json={"grounds": "other"}).status_code == 204
    again = client.post(report, headers=taker, json={"grounds": "other"})
    assert again.status_code == 409
    stranger = two.world.member(two.world.organization()[0])
    outside = {"Authorization": f"Bearer {two.world.api_token(stranger)}"}
    assert client.get(thread, headers=outside).status_code == 404


def test_somebody_of_two_organizations_sees_for_which_they_are_written_to(
    client: FlaskClient, session: Session, two: Pair
) -> None:
    own = two.world.organization("Frigo du coin")
    both = Actor(
        person_id=two.giver.person_id,
        memberships={**two.giver.memberships, own[0]: Role.MANAGER},
        organization_id=own[0],
    )
    two.world.speaks_for(own[0], two.giver)
    _asks(client, two)
    two.world.sign_in(client, both)
    assert "pour La Corbeille" in client.get("/messages").text
    assert session.scalar(sa.select(sa.func.count(MessageThread.id))) == 1


def test_small_and_large_files_have_their_unit(app: Flask) -> None:
    said = (
        ("fr", ["1\u00a0ko", "2,4\u00a0Mo"]),
        ("en", ["1\u00a0KB", "2.4\u00a0MB"]),
    )
    for language, words in said:
        with app.test_request_context("/", headers={"Accept-Language": language}):
            sizes = [FileFacts("", FileKind.PDF, "", size) for size in (12, 2_410_000)]
            assert [size_words(each) for each in sizes] == words
