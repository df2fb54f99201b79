"""A receipt is genuine to the letter, says what was said, and passes the shapes of its standard."""

import io
import json
import re
from base64 import urlsafe_b64decode
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib import Graph
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.rules import Answer, Subject
from mutuali.core.canonical import canonical
from mutuali.core.permissions import Actor, Role
from mutuali.web.signing import verifies_with
from tests.consent.made import Table, published, set_table
from tests.factories import World

SHAPES = Path(__file__).parent.parent / "shapes" / "consent-27560.ttl"
MINE = "/compte/consentements"
OURS = "/organisme/consentements"
#: rdflib's own reader of JSON-LD still uses what rdflib deprecates.
QUIET = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


@pytest.fixture
def person(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0], Role.MEMBER)


@pytest.fixture
def own(session: Session, table: Table) -> str:
    return published(session, table, subject=Subject.PERSON)


@pytest.fixture
def given(session: Session, client: FlaskClient, world: World, person: Actor, own: str) -> str:
    """Where the receipt of a person's yes is, who is signed in."""
    service.answer_own(session, person, own, Answer.GIVEN, now=now())
    world.sign_in(client, person)
    return f"{MINE}/{own}/recus/2"


def taken(client: FlaskClient, page: str) -> dict[str, Any]:
    answer = client.get(f"{page}/fichier")
    assert answer.mimetype == "application/ld+json"
    found: dict[str, Any] = json.loads(answer.text)
    return found


def short_text(client: FlaskClient, page: str) -> str:
    found = re.search(r"MUTUALI1\.[\w.-]+", client.get(page).text)
    assert found
    return found.group()


def verified(client: FlaskClient, receipt: str) -> str:
    answer = client.post("/verifier", data={"receipt": receipt})
    assert answer.status_code == 200
    return answer.text


def test_a_receipt_is_signed_over_its_exact_words(client: FlaskClient, given: str) -> None:
    receipt = taken(client, given)
    signature = receipt.pop("signature")
    keys = client.get("/.well-known/mutuali-keys.json").json or {}
    [key] = [each for each in keys["keys"] if each["id"] == signature["key"]]
    raw = urlsafe_b64decode(key["x"] + "=")
    assert verifies_with(raw, canonical(receipt), signature["value"])
    receipt["dct:identifier"] += "x"
    assert not verifies_with(raw, canonical(receipt), signature["value"])


def test_the_same_receipt_is_the_same_bytes(client: FlaskClient, given: str) -> None:
    assert client.get(f"{given}/fichier").data == client.get(f"{given}/fichier").data


@pytest.mark.parametrize("short", [True, False])
def test_anybody_verifies_it_without_an_account_and_learns_no_name(
    client: FlaskClient, given: str, short: bool
) -> None:
    receipt = short_text(client, given) if short else json.dumps(taken(client, given))
    stranger = client.application.test_client()
    page = verified(stranger, receipt)
    assert "Ce reçu est vrai" in page
    assert "Ce oui est en vigueur" in page
    assert "Une personne" in page
    assert "Ville-Essai" in page
    assert "La Corbeille" not in page


def test_it_says_when_the_yes_no_longer_counts(
    client: FlaskClient, session: Session, table: Table, person: Actor, own: str, given: str
) -> None:
    receipt = short_text(client, given)
    service.answer_own(session, person, own, Answer.WITHDRAWN, now=now())
    session.commit()
    assert "Le oui a été retiré" in verified(client, receipt)
    service.answer_own(session, person, own, Answer.REFUSED, now=now())
    session.commit()
    assert "La réponse qui compte est un non" in verified(client, receipt)
    published(session, table, subject=Subject.PERSON, more="\n\nNouveau, new.")
    session.commit()
    assert "L’avis a changé" in verified(client, receipt)


@pytest.mark.parametrize("what", ["event", "date", "recipient", "signature", "key"])
def test_a_receipt_that_was_touched_is_not_genuine(
    client: FlaskClient, given: str, what: str
) -> None:
    receipt = taken(client, given)
    record = receipt["dpv:hasRecordOfActivity"]
    last = record["dpv:hasConsentStatus"][-1]
    if what == "event":
        last["dct:type"] = "refused"
    elif what == "date":
        last["dpv:isIndicatedAtTime"]["@value"] = "2020-01-01T00:00:00+00:00"
    elif what == "recipient":
        record["dpv:hasRecipient"]["dpv:hasName"] = "Autre"
    elif what == "signature":
        receipt["signature"]["value"] = receipt["signature"]["value"][::-1]
    else:
        receipt["signature"]["key"] = "0" * 16
    page = verified(client, json.dumps(receipt))
    assert "Ce reçu n’est pas vrai" in page
    assert "compte-t-il encore" not in page


def test_a_short_text_that_was_touched_is_not_genuine(client: FlaskClient, given: str) -> None:
    name, data, key, value = short_text(client, given).split(".")
    other = "A" if value[0] != "A" else "B"
    forged = ".".join((name, data, key, other + value[1:]))
    assert "Ce reçu n’est pas vrai" in verified(client, forged)


@pytest.mark.parametrize(
    "sent",
    [
        *("", "bonjour", "{}", "[]", "1.5", '{"a": 1.5}', "MUTUALI1.x", "MUTUALI1.e30.a.b"),
        *("null", "[" * 5000, '{"dpv:hasRecordOfActivity": []}'),
    ],
)
def test_what_is_no_receipt_is_refused_in_words(client: FlaskClient, sent: str) -> None:
    answer = client.post("/verifier", data={"receipt": sent})
    assert answer.status_code == 422
    assert "Vérifier un reçu" in answer.text


def test_a_file_is_read_as_what_is_pasted(client: FlaskClient, given: str) -> None:
    data = client.get(f"{given}/fichier").data
    answer = client.post("/verifier", data={"file": (io.BytesIO(data), "recu.jsonld")})
    assert "Ce reçu est vrai" in answer.text
    large = client.post("/verifier", data={"file": (io.BytesIO(b" " * 60_000), "recu.jsonld")})
    assert large.status_code == 422


def test_a_code_keeps_its_receipt_out_of_every_address(client: FlaskClient, given: str) -> None:
    page = client.get(given).text
    assert "<svg" in page
    text = short_text(client, given)
    link = f"http://127.0.0.1/verifier#{text}"
    assert "Ce reçu est vrai" in verified(client, link)
    asked = client.get("/verifier", query_string={"receipt": text}).text
    assert "Ce reçu" not in asked


def test_nobody_takes_the_receipt_of_another(
    client: FlaskClient, session: Session, world: World, person: Actor, own: str, given: str
) -> None:
    manager = world.member(person.organization_id or 0)
    world.sign_in(client, manager)
    for page in (given, f"{given}/fichier", f"{OURS}/{own}/recus/2", f"{MINE}/{own}/recus/0"):
        assert client.get(page).status_code == 404


def test_an_organizations_receipt_is_for_its_members(
    client: FlaskClient, session: Session, world: World, table: Table, person: Actor
) -> None:
    notice = published(session, table)
    manager = world.member(person.organization_id or 0)
    service.answer(session, manager, person.organization_id or 0, notice, Answer.GIVEN, now=now())
    world.sign_in(client, person)
    page = f"{OURS}/{notice}/recus/2"
    assert "Un organisme" in verified(client, json.dumps(taken(client, page)))
    assert f'href="{page}"' in client.get(OURS).text
    world.sign_in(client, world.member(world.organization()[0]))
    assert client.get(page).status_code == 404


def graph(receipt: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(receipt), format="json-ld")


def conforms(receipt: dict[str, Any]) -> bool:
    shapes = Graph().parse(SHAPES, format="turtle")
    answer, _graph, _text = validate(graph(receipt), shacl_graph=shapes, advanced=False)
    return bool(answer)


@pytest.fixture
def receipt(client: FlaskClient, given: str) -> dict[str, Any]:
    return taken(client, given)


@QUIET
def test_a_receipt_passes_the_shapes_of_its_standard(receipt: dict[str, Any]) -> None:
    assert conforms(receipt)
    text = graph(receipt).serialize(format="nt")
    assert "<https://w3id.org/dpv/schema/dpv-27560#receipt>" in text
    assert "signature" not in text


def _remove(receipt: dict[str, Any], path: str) -> None:
    *way, last = path.split("/")
    found: Any = receipt
    for each in way:
        found = found[int(each) if each.isdigit() else each]
    del found[int(last) if last.isdigit() else last]


RECORD = "dpv:hasRecordOfActivity"


MANDATORY = (
    *("dct:identifier", "dct:created", "dct:conformsTo", RECORD),
    *(f"{RECORD}/dct:identifier", f"{RECORD}/dct:conformsTo", f"{RECORD}/dpv:hasNotice"),
    *(f"{RECORD}/dpv:hasDataSubject/dct:identifier", f"{RECORD}/dpv:hasJurisdiction"),
    *(f"{RECORD}/dpv:hasNotice/dct:language", f"{RECORD}/dpv:hasRecipient"),
    *(f"{RECORD}/dpv:hasDataController/dpv:hasContact", f"{RECORD}/dpv:hasConsentControl"),
    *(f"{RECORD}/dpv:hasRecipient/dpv:hasAddress", f"{RECORD}/dpv:hasRecipient/dpv:hasName"),
    *(f"{RECORD}/dpv:hasProcess/dpv:{name}" for name in ("hasPurpose", "hasPersonalData")),
    *(f"{RECORD}/dpv:hasProcess/dpv:hasStorageCondition/{n}" for n in (0, 1)),
    *(f"{RECORD}/dpv:hasConsentStatus/1/{name}" for name in ("@type", "dct:type")),
    *(
        f"{RECORD}/dpv:hasConsentStatus/1/dpv:{name}"
        for name in ("isIndicatedBy", "isIndicatedAtTime", "hasDuration")
    ),
)


@QUIET
def test_a_receipt_without_any_one_mandatory_field_fails_its_shapes(
    receipt: dict[str, Any],
) -> None:
    for missing in MANDATORY:
        broken = deepcopy(receipt)
        _remove(broken, missing)
        assert not conforms(broken), missing
