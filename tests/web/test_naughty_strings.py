"""Hostile text comes back as it went in, or a 4xx names the field; never a 5xx."""

import json
import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mutuali.accounts import service as accounts
from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.audit.models import AuditEvent
from mutuali.bookings.models import Booking
from mutuali.consent.models import Notice
from mutuali.core.permissions import NETWORK_ROLES, SYSTEM, Actor, Role
from mutuali.organizations.models import Organization
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.exports.stored import ANSWERS, shared_year
from tests.factories import World

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)

#: Where the published list is not at hand: the same families of trouble, written by us.
OURS = [
    *("", " ", "\t", "\n", "null", "undefined", "None", "NaN", "-0", "1e309", "0x0", "1/0", "00"),
    *("Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "הָיְתָה", "‪test‪", "مُنَاقَشَةُ", "Ṱ̺̺̕o͞ i̷n̯", "👩‍👩‍👧‍👦", "1️⃣"),
    *("a\u0000b", "\ud800", "\ufeffBOM", "\u200b", "\u2028", "a\r\nb", "a\rb", "\x07\x1b[31m"),
    *("<script>alert(0)</script>", "{{ 7*7 }}", "%s%d%n", "' OR 1=1 --", "'; DROP TABLE x; --"),
    *("=cmd|'/c calc'!A0", "@SUM(1)", "../../etc/passwd", "$(touch x)", "x" * 20_000, "é" * 1500),
]


def strings() -> list[str]:
    folder = os.environ.get("MUTUALI_REAL_DATA")
    if folder is None:
        return OURS
    published = json.loads((Path(folder) / "naughty-strings" / "blns.json").read_text("utf-8"))
    assert len(published) == 515
    return [*published, *OURS]


def normalized(text: str) -> str:
    """What is kept of a text: line ends are LF, and nothing stands around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")


def storable(text: str) -> bool:
    """No database column and no file can hold NUL or half a surrogate pair."""
    return not any(c == "\x00" or unicodedata.category(c) == "Cs" for c in text)


def complaints(
    send: Callable[[str], TestResponse], kept: Callable[[TestResponse], str], field: str
) -> list[tuple[str, int, str]]:
    """Each string that neither came back nor was refused by the name of its field."""
    wrong = []
    for text in strings():
        answer = send(text)
        if answer.status_code in {200, 201, 303}:
            found = kept(answer)
            if found != normalized(text) or not storable(text):
                wrong.append((text[:40], answer.status_code, found[:40]))
        elif answer.status_code in {400, 422}:
            if answer.status_code == 422 and not names(answer, field):
                wrong.append((text[:40], answer.status_code, answer.text[:200]))
        else:
            wrong.append((text[:40], answer.status_code, answer.text[:200]))
    return wrong


def names(answer: TestResponse, field: str) -> bool:
    return any(each.get("field") == field for each in json.loads(answer.text)["reasons"])


def as_json(client: FlaskClient, address: str, token: str) -> Callable[[Any], TestResponse]:
    """Sends a body as JSON, half surrogate pairs escaped as any client may."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(body: Any) -> TestResponse:
        return client.post(address, data=json.dumps(body), headers=headers)

    return send


@ON_SQLITE
def test_the_words_of_a_request_and_the_reason_of_a_refusal(
    client: FlaskClient, session: Session
) -> None:
    world = World(session, utc_now())
    lender = world.organization()
    listing = world.listing(lender, units=1000, approver="lender", longest_minutes=40_000)
    borrower, manager = world.member(world.organization()[0]), world.member(lender[0])
    ask = as_json(client, "/api/v1/bookings", world.api_token(borrower))
    decides = world.api_token(manager)
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
    body = {
        "listing": listing,
        "units": 1,
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
        "purpose": "cooking",
    }
    assert not complaints(
        lambda text: ask({**body, "note": text}), lambda answer: answer.get_json()["note"], "note"
    )

    ids: Iterable[str] = iter(session.scalars(sa.select(Booking.public_id)).all())
    session.rollback()
    left = list(ids)

    def decline(text: str) -> TestResponse:
        id_ = left.pop() if left else ask(body).get_json()["id"]
        return as_json(client, f"/api/v1/bookings/{id_}/decline", decides)({"reason": text})

    def said(answer: TestResponse) -> str:
        steps = sa.text(
            "SELECT booking_step.note FROM booking_step JOIN booking ON booking.id = booking_id"
            " WHERE public_id = :id AND step = 'decline'"
        )
        note = session.execute(steps, {"id": answer.get_json()["id"]}).scalar_one()
        session.rollback()
        return str(note)

    assert not complaints(decline, said, "reason")


@ON_SQLITE
def test_the_question_of_a_data_request(client: FlaskClient, session: Session) -> None:
    now = utc_now()
    world = World(session, now)
    net = shared_year(session, world, Dataset.EQUIPMENT_USE, now=now, organizations=3, loans=1)
    ask = as_json(client, "/api/v1/exports", world.api_token(net.table.analyst))
    body = {
        "agreement_id": net.agreement_id,
        "dataset": "equipment-use",
        "purpose": "network_statistics",
        **asdict(ANSWERS),
    }

    assert not complaints(
        lambda text: ask({**body, "question": text}),
        lambda answer: answer.get_json()["question"],
        "question",
    )


@ON_SQLITE
def test_ids_and_choices_are_refused_or_not_found(client: FlaskClient, session: Session) -> None:
    world = World(session, utc_now())
    token = world.api_token(world.member(world.organization()[0]))
    ask = as_json(client, "/api/v1/bookings", token)
    headers = {"Authorization": f"Bearer {token}"}
    wrong = []
    for text in strings():
        for field in ("listing", "borrower", "units", "starts_at", "purpose", "meals"):
            status = ask({field: text}).status_code
            if status not in {400, 404, 422}:
                wrong.append((field, text[:40], status))
        query = {"starts_at": text, "ends_at": text, "place": text, "kind": text, "page": text}
        for address in ("/api/v1/listings", "/", "/reservations"):
            if storable(text):
                status = client.get(address, query_string=query, headers=headers).status_code
                if status >= 500:
                    wrong.append((address, text[:40], status))
    assert wrong == []


@ON_SQLITE
def test_the_texts_of_a_listing_and_of_an_organization(
    client: FlaskClient, session: Session
) -> None:
    world = World(session, utc_now())
    lender = world.organization()
    listing = world.listing(lender)
    public_id = session.get_one(Organization, lender[0]).public_id
    token = world.api_token(world.member(lender[0]))
    texts = {
        f"/api/v1/listings/{listing}/terms": (
            *("title_fr", "title_en", "description_fr", "description_en"),
            *("conditions_fr", "conditions_en"),
        ),
        f"/api/v1/organizations/{public_id}": ("name", "phone"),
    }
    for address, fields in texts.items():
        assert not all_at_once(client, address, token, fields)


def all_at_once(
    client: FlaskClient, address: str, token: str, fields: tuple[str, ...]
) -> list[tuple[str, str, int]]:
    """Each string through all ``fields`` of one thing; then again without those it named."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    etag = client.get(address, headers=headers).headers["ETag"]
    wrong = []
    for text in strings():
        left = set(fields)
        while left:
            body = json.dumps(dict.fromkeys(left, text))
            answer = client.patch(address, data=body, headers={**headers, "If-Match": etag})
            if answer.status_code == 422:
                refused = {each.get("field") for each in json.loads(answer.text)["reasons"]} & left
                if refused and (not storable(text) or normalized(text) == "" or len(text) > 30):
                    left -= refused
                    continue
            kept = answer.get_json() if answer.status_code == 200 else {}
            wrong += [
                (field, text[:40], answer.status_code)
                for field in left
                if kept.get(field) != normalized(text)
            ]
            etag = answer.headers.get("ETag", etag)
            break
    return wrong


@ON_SQLITE
def test_every_text_of_every_operation_is_taken_or_refused(
    client: FlaskClient, session: Session
) -> None:
    """The description names the fields, so that a new one is swept by itself."""
    world = World(session, utc_now())
    manager = world.member(world.organization()[0])
    everything = Actor(
        person_id=manager.person_id, memberships=manager.memberships, roles=frozenset(Role)
    )
    for role in NETWORK_ROLES:
        accounts.grant_role(session, SYSTEM, manager.person_id or 0, role, now=utc_now())
    token = world.api_token(everything)
    described = client.get("/api/openapi.json").get_json()
    some = [text for number, text in enumerate(strings()) if number % 9 == 0 or text in OURS]
    wrong, swept = [], 0
    for path, method, name in bodies(described):
        address = re.sub(r"\{[^}]*\}", "1", path)
        for text in some:
            status = client.open(
                address,
                method=method.upper(),
                data=json.dumps({name: text}),
                headers={
                    "Authorization": f"Bearer {token}",
                    "Content-Type": "application/json",
                    "If-Match": '"1-1"',
                },
            ).status_code
            swept += 1
            if status >= 500:
                wrong.append((method, path, name, text[:40], status))
    assert wrong == []
    assert swept > 60 * len(some)


def bodies(described: dict[str, Any]) -> Iterable[tuple[str, str, str]]:
    """(path, method, field) of every field that any operation takes as JSON."""
    schemas = described["components"]["schemas"]
    for path, item in described["paths"].items():
        for method in item.keys() & {"post", "patch", "put", "delete"}:
            operation = item[method]
            content = operation.get("requestBody", {}).get("content", {})
            taken = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            for name in schemas.get(taken.rpartition("/")[2], {}).get("properties", ()):
                yield path, method, name


@ON_POSTGRESQL
def test_each_type_of_column_gives_back_what_it_was_given(app: Flask, session: Session) -> None:
    world = World(session, utc_now())
    organization_id = world.organization()[0]
    kept = [text for text in strings() if storable(text)]
    for number, text in enumerate(kept):
        audit.record(
            session, SYSTEM, "essai.texte", "essai", number, now=utc_now(), facts={"text": text}
        )
        session.add(
            Notice(
                public_id=new_public_id(),
                subject="organization",
                purpose="sharing_study",
                recipient_id=organization_id,
                version=number + 1,
                text_fr=text,
                text_en=text,
                hash="",
                lasts_months=1,
                published_at=utc_now(),
            )
        )
        session.get_one(Organization, organization_id).name = text[:160]
        session.flush()
        session.expire_all()
        assert session.get_one(Organization, organization_id).name == text[:160]
    notices = session.scalars(sa.select(Notice.text_fr).order_by(Notice.version)).all()
    events = sa.select(AuditEvent.facts).where(AuditEvent.name == "essai.texte")

    assert list(notices) == kept
    assert [facts["text"] for facts in session.scalars(events.order_by(AuditEvent.subject_id))] == (
        kept
    )
