"""The papers of a loan: one text, kept as it was, signed by both, in French first."""

import hashlib
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.loans import service
from mutuali.loans.guard import STATEMENTS
from mutuali.loans.models import LoanAgreement, LoanEnglish, LoanSignature
from mutuali.loans.rules import (
    Direction,
    Means,
    PaymentKind,
    Side,
    Terms,
    clauses_of,
    hash_of,
    render,
)
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, OPERATOR, World, at
from tests.guards import missing_guards
from tests.loans.made import Loan, loan

TERMS = Terms(
    number="P-000123",
    operator=OPERATOR,
    lender="La Corbeille",
    borrower="Cuisine Midi",
    title_fr="Camion réfrigéré",
    title_en="",
    units=1,
    period=Period(NOW, NOW + timedelta(hours=5, minutes=30)),
    price_cents=0,
    deposit_cents=0,
    conditions_fr="Permis de classe 5.\n\nPlein d’essence.",
    conditions_en="",
)


def test_a_loan_for_use_is_free_and_a_rental_has_other_clauses() -> None:
    free, rental = render(TERMS), render(replace(TERMS, price_cents=4050))
    assert free.fr.startswith("Entente de prêt P-000123\n")
    assert "prêt à usage" in free.fr
    assert "2313" in free.fr
    assert "1851" not in free.fr
    assert rental.fr.startswith("Entente de location P-000123\n")
    assert "40,50\u00a0$" in rental.fr
    assert "1851" in rental.fr
    assert "2313" not in rental.fr
    assert "$40.50" in rental.en
    assert "du mardi 3 mars 2026 à 8\u00a0h au mardi 3 mars 2026 à 13\u00a0h\u00a030" in free.fr


def test_a_deposit_and_conditions_have_a_clause_where_there_are_some() -> None:
    plain = [each.heading for each in clauses_of(render(TERMS).fr, "fr")[1]]
    assert "Le dépôt" not in plain
    assert "Les conditions du prêteur" in plain
    other = replace(TERMS, deposit_cents=10_000, conditions_fr="", conditions_en="")
    found = [each.heading for each in clauses_of(render(other).fr, "fr")[1]]
    assert "Le dépôt" in found
    assert "Les conditions du prêteur" not in found


_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


@given(_WORDS, _WORDS, st.integers(1, 9), st.integers(0, 10**7), st.integers(0, 10**6))
def test_any_words_stay_in_their_clause_and_every_clause_has_a_plain_line(
    title: str, conditions: str, units: int, price: int, deposit: int
) -> None:
    terms = replace(
        TERMS,
        title_fr=title,
        conditions_fr=f"{conditions}\n\n1. Faux titre\nEn clair : faux\n{conditions}",
        units=units,
        price_cents=price,
        deposit_cents=deposit,
    )
    texts = render(terms)
    assert texts == render(terms)
    counts = set()
    for text, language in ((texts.fr, "fr"), (texts.en, "en")):
        _title, clauses = clauses_of(text, language)
        counts.add(len(clauses))
        assert all(each.heading and each.plain and each.text for each in clauses)
    assert counts == {10 + (price > 0) * 1 + (deposit > 0)}


def write(made: Loan, now: datetime = NOW) -> bool:
    return service.write_agreement(made.session, made.booking.id, operator_name=OPERATOR, now=now)


def read(made: Loan, actor: Actor | None = None, now: datetime = NOW) -> service.AgreementFacts:
    actor = actor or made.taker
    facts = bookings.booking(made.session, actor, made.id, now=now)
    found = service.agreement(made.session, actor, facts)
    assert found is not None
    return found


def test_the_text_is_kept_with_its_hash_on_the_booking_and_always_verifies(
    world: World, session: Session
) -> None:
    made = loan(world, conditions_fr="Plein d’essence.")
    assert write(made)
    assert not write(made)
    first = read(made)
    assert first.verifies
    assert first.sha256 == made.booking.agreement_sha256 == hash_of(first.text_fr)
    assert first.sha256 == hashlib.sha256(first.text_fr.encode()).hexdigest()
    # Whatever becomes of the listing and the parties' names, the text stays what it was.
    session.execute(sa.text("UPDATE listing SET conditions_fr = 'Autre chose', title_fr = 'X'"))
    session.execute(sa.text("UPDATE organization SET name = 'Renommé'"))
    session.expire_all()
    later = read(made, now=at(1))
    assert (later.text_fr, later.sha256, later.verifies) == (first.text_fr, first.sha256, True)


def test_a_text_that_was_tampered_with_does_not_verify(world: World, session: Session) -> None:
    made = loan(world)
    write(made)
    session.execute(sa.text("UPDATE booking SET agreement_sha256 = :other"), {"other": "0" * 64})
    session.expire_all()
    assert not read(made).verifies


def test_the_database_keeps_the_text_whatever_code_writes(
    world: World, session: Session, engine_name: str
) -> None:
    assert missing_guards(session, engine_name, STATEMENTS) == []
    write(loan(world))
    session.commit()
    with pytest.raises(DatabaseError, match="loan_agreement_fixed"):
        session.execute(sa.update(LoanAgreement).values(text_fr="Autre"))
    session.rollback()


def test_new_terms_are_a_new_text_to_sign_again(world: World, session: Session) -> None:
    made = loan(world)
    write(made)
    before = read(made)
    service.sign_agreement(session, made.taker, made.id, before.sha256, "Zoé", now=NOW)
    session.execute(sa.text("UPDATE booking SET ends_at = :end"), {"end": at(0, 7)})
    session.expire_all()
    assert write(made, at(0, 1))
    after = read(made)
    assert (before.version, after.version) == (1, 2)
    assert after.sha256 != before.sha256
    assert after.signatures == {}
    with pytest.raises(Conflict, match="agreement_changed"):
        service.sign_agreement(session, made.giver, made.id, before.sha256, "Gil", now=at(0, 1))
    texts = session.scalars(sa.select(LoanAgreement.text_fr).order_by(LoanAgreement.version)).all()
    assert list(texts) == [before.text_fr, after.text_fr]


def test_both_sides_sign_with_a_typed_name_and_nobody_else(world: World, session: Session) -> None:
    made = loan(world)
    with pytest.raises(NotFound):
        service.sign_agreement(session, made.taker, made.id, "0" * 64, "Zoé", now=NOW)
    write(made)
    sha256 = read(made).sha256
    for name in ("Zoé Partie", "Encore Zoé"):
        service.sign_agreement(session, made.taker, made.id, sha256, name, now=NOW)
    with pytest.raises(Forbidden):
        service.sign_agreement(session, made.coordinator, made.id, sha256, "Cora", now=NOW)
    stranger = world.member(world.organization()[0])
    with pytest.raises(NotFound):
        service.sign_agreement(session, stranger, made.id, sha256, "X", now=NOW)
    service.sign_agreement(session, made.giver, made.id, sha256, "Gil Prête", now=at(0, 1))
    found = read(made)
    assert {side: each.signed_by for side, each in found.signatures.items()} == {
        Side.BORROWER: "Zoé Partie",
        Side.LENDER: "Gil Prête",
    }
    assert found.may_sign_for == frozenset()


def test_english_comes_after_an_express_choice_that_is_noted(
    world: World, session: Session
) -> None:
    made = loan(world)
    write(made)
    assert not read(made).may_read_english
    with pytest.raises(Conflict, match="agreement_changed"):
        service.choose_english(session, made.taker, made.id, "0" * 64, now=NOW)
    with pytest.raises(Forbidden):
        service.choose_english(session, made.coordinator, made.id, read(made).sha256, now=NOW)
    for hour in (1, 2):
        service.choose_english(session, made.taker, made.id, read(made).sha256, now=at(0, hour))
    assert read(made).may_read_english
    assert not read(made, made.giver).may_read_english
    row = session.scalars(sa.select(LoanEnglish)).one()
    assert (row.side, row.chosen_at, row.after_sha256) == (
        "borrower",
        at(0, 1),
        read(made).sha256,
    )


def test_the_papers_are_written_by_the_job_of_the_step_and_by_the_tick_where_they_miss(
    app: Flask, world: World, session: Session
) -> None:
    made = loan(world)
    asked = world.booking(world.listing(), Period(at(2), at(2, 2)))
    session.commit()
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    session.expire_all()
    assert made.booking.agreement_sha256
    assert asked.agreement_sha256 is None
    session.execute(sa.text("UPDATE booking SET agreement_sha256 = NULL"))
    session.execute(sa.delete(LoanAgreement))
    assert service.write_missing(session, operator_name=OPERATOR, now=NOW) == 1
    assert service.write_missing(session, operator_name=OPERATOR, now=NOW) == 0


def pay(made: Loan, kind: PaymentKind, cents: int, actor: Actor | None = None, **said: Any) -> str:
    public_id = new_public_id()
    draft = service.PaymentDraft(kind, cents, Means.CASH, date(2026, 3, 3))
    service.note_payment(
        made.session,
        actor or made.giver,
        made.id,
        replace(draft, **said),
        public_id=public_id,
        now=NOW,
    )
    return public_id


def money(made: Loan) -> service.Account:
    facts = bookings.booking(made.session, made.taker, made.id, now=NOW)
    return service.account(made.session, made.taker, facts)


def test_a_listing_asks_for_a_deposit_per_unit_and_the_booking_keeps_it(
    world: World, session: Session
) -> None:
    made = loan(world, of=4, units=3, deposit_cents=500, price_cents=1000)
    session.execute(sa.text("UPDATE listing SET deposit_cents = 0"))
    assert (money(made).price_cents, money(made).deposit_cents) == (3000, 1500)


def test_the_lender_notes_what_was_paid_and_given_back(world: World, session: Session) -> None:
    made = loan(world, price_cents=4000, deposit_cents=10_000)
    pay(made, PaymentKind.PRICE, 4000)
    deposit = pay(made, PaymentKind.DEPOSIT, 10_000)
    with pytest.raises(Refused, match="more_than_held"):
        pay(made, PaymentKind.DEPOSIT_BACK, 10_001)
    back = pay(made, PaymentKind.DEPOSIT_BACK, 9_000)
    sums = money(made).sums
    assert (sums.price, sums.deposit, sums.deposit_back, sums.held) == (4000, 10_000, 9_000, 1_000)
    with pytest.raises(Refused, match="to_come"):
        pay(made, PaymentKind.PRICE, 1, paid_on=date(2026, 3, 4))
    for actor in (made.taker, made.coordinator):
        with pytest.raises(Forbidden):
            pay(made, PaymentKind.PRICE, 1, actor)
    session.commit()
    with pytest.raises(Refused, match="given_back_already"):
        service.strike_payment(session, made.giver, deposit, now=NOW)
    session.rollback()
    with pytest.raises(Forbidden):
        service.strike_payment(session, made.taker, back, now=NOW)
    service.strike_payment(session, made.giver, back, now=NOW)
    assert money(made).sums.held == 10_000
    assert [each.struck_at for each in money(made).payments] == [None, None, NOW]


@pytest.fixture
def today(world: World) -> Loan:
    """A rental with a deposit that starts in half an hour, really; its papers are written."""
    world.now = datetime.now(UTC)
    made = loan(
        world,
        from_=world.now + timedelta(minutes=30),
        price_cents=4050,
        deposit_cents=10_000,
        conditions_fr="Plein d’essence.",
    )
    service.write_agreement(world.session, made.booking.id, operator_name=OPERATOR, now=world.now)
    return made


def test_the_agreement_is_read_signed_and_downloaded_in_french_first(
    world: World, session: Session, client: FlaskClient, today: Loan, tmp_path: Path
) -> None:
    world.sign_in(client, today.taker)
    base = f"/reservations/{today.id}"
    shown = client.get(f"{base}/entente?lang=en").text
    assert "Entente de location" in shown
    assert "French first, as the law asks" in shown
    assert client.get(f"{base}/entente-anglais.pdf").status_code == 409
    sha256 = re.search(r'name="sha256" value="([0-9a-f]{64})"', shown)
    assert sha256
    text = client.get(f"{base}/entente/texte")
    assert hashlib.sha256(text.data).hexdigest() == sha256[1]
    assert client.post(f"{base}/entente", data={"sha256": sha256[1]}).status_code == 422
    signed = client.post(
        f"{base}/entente", data={"sha256": sha256[1], "signed_by": "Zoé"}, follow_redirects=True
    )
    assert "Zoé, " in signed.text
    client.post(f"{base}/entente/anglais", data={"sha256": sha256[1]})
    assert "Rental agreement" in client.get(f"{base}/entente?anglais").text
    assert client.get(f"{base}/entente-anglais.pdf").mimetype == "application/pdf"
    # Downloaded later, signed by the other side and with a report, it still holds the same text.
    first = client.get(f"{base}/entente.pdf").data
    made_now = datetime.now(UTC)
    today.write(today.taker, Direction.OUT, now=made_now)
    session.commit()
    later = client.get(f"{base}/entente.pdf").data
    assert b"/Lang (fr-CA)" in first
    if shutil.which("pdftotext"):
        for data in (first, later):
            file = tmp_path / "e.pdf"
            file.write_bytes(data)
            out = subprocess.run(
                ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
            ).stdout
            words = " ".join(out.split())
            assert sha256[1] in words
            assert "Plein d’essence." in words
        assert "Annexe" in words
    assert client.get(f"{base}/entente/texte").data == text.data


def test_money_is_noted_on_the_page_and_the_receipt_says_it(
    world: World, client: FlaskClient, today: Loan
) -> None:
    base = f"/reservations/{today.id}"
    world.sign_in(client, today.giver)
    assert client.get(f"{base}/recu.pdf").status_code == 404
    form = {"kind": "price", "amount": "40,50", "means": "cheque"}
    form["paid_on"] = local(datetime.now(UTC)).date().isoformat()
    assert client.post(f"{base}/argent", data={**form, "amount": "0"}).status_code == 422
    noted = client.post(f"{base}/argent", data=form, follow_redirects=True).text
    assert "40,50\u00a0$" in noted
    assert "ne traite aucune carte" in noted
    assert client.get(f"{base}/recu.pdf").data.startswith(b"%PDF")
    assert "40,50\u00a0$ sur 40,50\u00a0$" in client.get(base).text
    strike = re.search(r'action="(/reservations/argent/[^"]+/biffer)"', noted)
    assert strike
    struck = client.post(strike[1], follow_redirects=True).text
    assert "ne compte pas" in struck
    world.sign_in(client, today.taker)
    assert "Noter un paiement" not in client.get(f"{base}/argent").text
    assert client.post(f"{base}/argent", data=form).status_code == 403


def test_programs_read_sign_and_note_the_same(
    world: World, client: FlaskClient, today: Loan
) -> None:
    as_taker, as_giver = (
        {"Authorization": f"Bearer {world.api_token(each)}"} for each in (today.taker, today.giver)
    )
    base = f"/api/v1/bookings/{today.id}"
    found = client.get(f"{base}/agreement", headers=as_taker).get_json()
    assert (found["text_en"], found["verifies"]) == (None, True)
    body = {"sha256": found["sha256"], "signed_by": "Zoé"}
    signed = client.post(f"{base}/agreement/sign", headers=as_taker, json=body).get_json()
    assert [each["side"] for each in signed["signatures"]] == ["borrower"]
    shown = {"sha256": found["sha256"]}
    english = client.post(f"{base}/agreement/english", headers=as_taker, json=shown).get_json()
    assert english["text_en"].startswith("Rental agreement")
    paid = {"kind": "deposit", "cents": 10_000, "means": "transfer", "paid_on": "2026-03-03"}
    made = client.post(f"{base}/payments", headers=as_giver, json=paid)
    assert made.status_code == 201
    id_ = made.get_json()[0]["id"]
    assert client.delete(f"/api/v1/payments/{id_}", headers=as_giver).status_code == 204
    lines = client.get(f"{base}/payments", headers=as_taker).get_json()
    assert lines[0]["struck_at"] is not None


def test_programs_take_the_papers_along_as_people_do(
    world: World, client: FlaskClient, today: Loan
) -> None:
    stranger = world.member(world.organization()[0])
    as_taker, as_giver, outside = (
        {"Authorization": f"Bearer {world.api_token(each)}"}
        for each in (today.taker, today.giver, stranger)
    )
    base = f"/api/v1/bookings/{today.id}"
    paper = client.get(f"{base}/agreement.pdf", headers=as_taker)
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")
    early = client.get(f"{base}/agreement-english.pdf", headers=as_taker)
    assert (early.status_code, early.get_json()["reasons"][0]["code"]) == (409, "loan.french_first")
    shown = client.get(f"{base}/agreement", headers=as_taker).get_json()["sha256"]
    client.post(f"{base}/agreement/english", headers=as_taker, json={"sha256": shown})
    assert client.get(f"{base}/agreement-english.pdf", headers=as_taker).data[:5] == b"%PDF-"
    assert client.get(f"{base}/agreement-english.pdf", headers=as_giver).status_code == 409
    assert client.get(f"{base}/receipt.pdf", headers=as_giver).status_code == 404
    paid = {"kind": "deposit", "cents": 10_000, "means": "transfer", "paid_on": "2026-03-03"}
    client.post(f"{base}/payments", headers=as_giver, json=paid)
    assert client.get(f"{base}/receipt.pdf", headers=as_taker).data[:5] == b"%PDF-"
    for name in ("agreement.pdf", "agreement-english.pdf", "receipt.pdf"):
        assert client.get(f"{base}/{name}", headers=outside).status_code == 404


def test_papers_lose_their_names_after_three_years_and_go_after_seven(
    world: World, session: Session
) -> None:
    made = loan(world, deposit_cents=100)
    write(made)
    sha256 = read(made).sha256
    service.sign_agreement(session, made.taker, made.id, sha256, "Zoé", now=NOW)
    service.choose_english(session, made.taker, made.id, sha256, now=NOW)
    pay(made, PaymentKind.DEPOSIT, 100, note="de Zoé")
    about = service.held_about_person(session, made.taker.person_id or 0)
    held = {each.table for each in about if each.rows}
    assert held == {"loan_signature", "loan_english"}
    later = at(1) + timedelta(days=3 * 365)
    assert service.detach_people(session, later, dry=True) == 3
    assert service.detach_people(session, later, dry=False) == 3
    signature = session.scalars(sa.select(LoanSignature)).one()
    assert (signature.signed_by, signature.person_id) == ("", None)
    assert [each.draft.note for each in money(made).payments] == [""]
    assert read(made).verifies
    assert service.forget_loans(session, later, dry=False) == 4
    assert bookings.forget_loans(session, later, dry=False) == 1


def test_a_deposit_is_typed_on_the_form_of_a_listing(
    world: World, session: Session, client: FlaskClient
) -> None:
    lender = world.organization()
    listing = world.listing(lender, deposit_cents=2550)
    manager = world.member(lender[0])
    world.sign_in(client, manager)
    assert 'value="25,50"' in client.get(f"/annonces/{listing}/modifier").text
    assert "25,50\u00a0$" in client.get(f"/annonces/{listing}").text
    headers = {"Authorization": f"Bearer {world.api_token(manager)}"}
    terms = client.get(f"/api/v1/listings/{listing}/terms", headers=headers)
    changed = client.patch(
        f"/api/v1/listings/{listing}/terms",
        headers={**headers, "If-Match": terms.headers["ETag"]},
        json={"deposit_cents": 3000},
    )
    assert changed.get_json()["deposit_cents"] == 3000
    session.rollback()
    id_ = equipment.ids_by_public_id(session)[listing]
    assert equipment.listings(session, [id_])[id_].draft.deposit_cents == 3000
