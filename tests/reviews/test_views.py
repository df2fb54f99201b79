"""The pages of reviews, as people and programs meet them."""

import email
import re
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.period import Period
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.jobs.models import Job
from mutuali.reviews.models import LoanReview
from tests.factories import World
from tests.loans.made import Loan, loan
from tests.reviews.made import says

BY_BORROWER = {"as_described": "5", "quality": "4", "respect": "5", "communication": "4"}
BY_LENDER = {"respect": "3", "communication": "3"}


@pytest.fixture
def lent(world: World) -> Loan:
    """A loan that came back a moment ago, by the clock of the pages."""
    now = datetime.now(UTC)
    world.now = now - timedelta(hours=8)
    made = loan(world, from_=world.now + timedelta(hours=2))
    bookings.hand_over(world.session, made.taker, made.id, now=now - timedelta(hours=6))
    bookings.take_back(world.session, made.taker, made.id, now=now - timedelta(hours=3))
    return made


def test_both_sides_say_how_it_went_and_read_each_other_after(
    world: World, client: FlaskClient, lent: Loan
) -> None:
    address = f"/reservations/{lent.id}/avis"
    world.sign_in(client, lent.taker)
    assert address in client.get(f"/reservations/{lent.id}").text
    assert client.get(address).text.count('type="radio"') == 4 * 5
    refused = client.post(address, data={**BY_BORROWER, "quality": "", "sentence": "Propre."})
    assert refused.status_code == 422
    assert "Propre." in refused.text
    sent = client.post(
        address,
        data={**BY_BORROWER, "sentence": "Propre.", "private_word": "mot-canari"},
        follow_redirects=True,
    )
    assert "Merci, c’est gardé." in sent.text
    assert "Votre avis" in sent.text
    assert "Propre.</textarea>" in client.get(address).text
    world.sign_in(client, lent.giver)
    page = client.get(f"/reservations/{lent.id}").text
    assert "Propre." not in page
    assert client.get(address).text.count('type="radio"') == 2 * 5
    read = client.post(address, data=BY_LENDER, follow_redirects=True).text
    assert "Propre." in read
    assert "canari" not in read
    assert "L’avis de Cuisine Midi" in read
    world.sign_in(client, lent.taker)
    assert client.post(address, data=BY_BORROWER).status_code == 409
    assert "On ne peut plus écrire ici" in client.get(address).text


def test_the_public_reads_averages_and_the_network_who_said_what(
    world: World, client: FlaskClient, session: Session, lent: Loan
) -> None:
    listing = session.execute(sa.text("SELECT public_id FROM listing")).scalar_one()
    now = datetime.now(UTC)
    says(lent, lent.taker, score=4, sentence="Propre-canari.", now=now)
    assert "Ce qu’en disent" not in client.get(f"/annonces/{listing}").text
    session.execute(sa.update(LoanReview).values(open_until=now))
    session.commit()
    page = client.get(f"/annonces/{listing}").text
    assert "Pas encore assez d’avis." in page
    assert "canari" not in page
    assert "Cuisine Midi" not in page
    world.sign_in(client, world.member(world.organization()[0]))
    page = client.get(f"/annonces/{listing}").text
    assert "Propre-canari." in page
    assert "Cuisine Midi" in page


def test_who_decides_reads_the_borrowers_record_before_the_buttons(
    world: World, client: FlaskClient, lent: Loan
) -> None:
    world.now = datetime.now(UTC)
    listing = world.listing()
    start = world.now + timedelta(days=2)
    asked = world.booking(listing, Period(start, start + timedelta(hours=2)), borrower=lent.taker)
    decider = world.member(asked.lender_id)
    world.sign_in(client, decider)
    page = client.get(f"/reservations/{asked.public_id}").text
    assert "Ce qu’on sait de Cuisine Midi" in page
    assert page.index("Ce qu’on sait") < page.index("La suite")
    assert "1 prêt reçu, aucun retour en retard, aucune absence." in page
    world.sign_in(client, lent.taker)
    assert "Ce qu’on sait" not in client.get(f"/reservations/{asked.public_id}").text


def test_a_sentence_is_reported_and_judged_on_the_pages(
    app: Flask, world: World, client: FlaskClient, session: Session, lent: Loan
) -> None:
    now = datetime.now(UTC)
    says(lent, lent.taker, sentence="Menteurs!", private_word="Un mot.", now=now)
    says(lent, lent.giver, now=now)
    session.commit()
    world.sign_in(client, lent.giver)
    page = client.get(f"/reservations/{lent.id}").text
    (report,) = re.findall(r'href="(/avis-recus/[^"]+/signaler)"', page)
    assert client.post(report, data={}).status_code == 422
    assert client.post(report, data={"words": "Injure."}).status_code == 303
    world.sign_in(client, lent.coordinator)
    assert "2 avis ou mots privés attendent votre lecture" in client.get("/a-faire").text
    waiting = client.get("/coordination/avis").text
    assert "Menteurs!" in waiting
    assert "Un mot." in waiting
    (hide,) = re.findall(r'action="(/coordination/avis/[^"]+/masquer)"', waiting)
    (word,) = re.findall(r'action="(/coordination/avis/[^"]+/lu)"', waiting)
    client.post(hide)
    client.post(word)
    assert "Rien à lire" in client.get("/coordination/avis").text
    world.sign_in(client, lent.giver)
    assert "Menteurs!" not in client.get(f"/reservations/{lent.id}").text
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    subjects = sorted(_subjects(app))
    assert subjects.count("Votre signalement") == 1
    assert subjects.count("Un avis de votre organisme") == 1


def test_the_reminder_comes_three_days_after_and_once(
    app: Flask, session: Session, world: World, lent: Loan
) -> None:
    session.commit()
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    jobs = sa.select(Job).where(Job.kind == "reviews.remind")
    (job,) = session.scalars(jobs)
    assert job.due_at > datetime.now(UTC) + timedelta(days=2)
    session.execute(sa.update(Job).where(Job.id == job.id).values(due_at=datetime.now(UTC)))
    session.commit()
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    reminders = [each for each in _subjects(app) if each.startswith("Comment c’était")]
    assert len(reminders) == 2


def test_programs_write_and_read_the_same(world: World, client: FlaskClient, lent: Loan) -> None:
    taker, giver = (
        {"Authorization": f"Bearer {world.api_token(who)}"} for who in (lent.taker, lent.giver)
    )
    put, read = f"/api/v1/bookings/{lent.id}/review", f"/api/v1/bookings/{lent.id}/reviews"
    said = {"as_described": 5, "quality": 5, "respect": 4, "communication": 4}
    assert client.put(put, headers=taker, json={**said, "respect": 6}).status_code == 422
    assert client.put(put, headers=taker, json=said).get_json()["own"]["respect"] == 4
    before = client.get(read, headers=giver).get_json()
    assert (before["own"], before["theirs"], before["published_at"]) == (None, None, None)
    after = client.put(put, headers=giver, json={"respect": 3, "communication": 3}).get_json()
    assert after["theirs"]["quality"] == 5
    record = client.get(f"/api/v1/bookings/{lent.id}/borrower-record", headers=giver)
    assert record.status_code == 404


def _subjects(app: Flask) -> list[str]:
    folder = Path(app.config["SETTINGS"].mail_url.removeprefix("file:"))
    letters = [email.message_from_bytes(each.read_bytes()) for each in folder.glob("*.eml")]
    return [str(make_header(decode_header(each["Subject"]))) for each in letters]
