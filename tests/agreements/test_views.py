"""Agreements as a browser and a program see them."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement, AgreementAcceptance
from mutuali.agreements.rules import Side
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Role
from mutuali.organizations.rules import OrganizationKind
from mutuali.web.secrets import new_public_id
from tests.accounts.test_views import link_in, mails, stored
from tests.agreements.made import Table, accepted, drafted, in_force, proposed, set_table
from tests.factories import World

ENGLISH = {"Accept-Language": "en-CA"}


def today(days: int = 0) -> Any:
    return local(datetime.now(UTC)).date() + timedelta(days=days)


@pytest.fixture
def live(session: Session) -> World:
    """A world of today: pages read the clock."""
    return World(session, datetime.now(UTC))


@pytest.fixture
def table(live: World) -> Table:
    return set_table(live)


def term() -> dict[str, Any]:
    return {"now": datetime.now(UTC), "starts_on": today(-1), "ends_on": today(300)}


def browser(app: Flask, live: World, actor: Actor) -> FlaskClient:
    client = app.test_client()
    live.sign_in(client, actor)
    return client


def form(partner: str, **overrides: Any) -> dict[str, Any]:
    return {
        "partner": partner,
        "purposes": ["network_statistics"],
        "datasets": ["equipment-use"],
        "intended_use": "Savoir où manquent les camions réfrigérés.",
        "analysts": "Analyste@Exemple.org\n",
        "k": "7",
        "restrictions": ["not_for_decisions"],
        "liability": "each_its_own",
        "warranties": [],
        "starts_on": today().isoformat(),
        "ends_on": today(300).isoformat(),
        **overrides,
    }


def partner_of(page: str) -> str:
    found = re.search(r'<option value="([^"]{22})">La Cantine', page)
    assert found
    return found[1]


def hash_in(page: str) -> str:
    found = re.search(r'name="hash" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_an_agreement_from_the_form_to_its_effect(
    app: Flask, live: World, table: Table, session: Session, tmp_path: Path
) -> None:
    steward = browser(app, live, table.steward)
    manager = browser(app, live, table.manager)
    page = steward.get("/ententes/nouvelle").text
    made = steward.post("/ententes/nouvelle", data=form(partner_of(page)))
    assert made.status_code == 303
    address = made.headers["Location"]
    assert manager.get(address).status_code == 404
    preview = steward.get(address).text
    assert "Le texte, tel qu’il serait proposé" in preview
    assert "Le seuil de 7 organismes" in preview
    assert "Pour vérifier vous-même" not in preview
    assert steward.get(f"{address}/texte").status_code == 404

    steward.post(f"{address}/proposer")
    [mail] = mails(app, tmp_path)
    assert mail[1].startswith("Une entente attend votre réponse : E-")
    assert link_in(mail[2]) == address
    assert '<span class="count">1' in manager.get("/ententes").text
    assert "1 entente attend votre réponse" in manager.get("/a-faire").text
    page = manager.get(address).text
    assert "Vous engagez La Cantine à ce texte exact." in page
    answer = manager.post(f"{address}/accepter", data={"side": "partner", "hash": hash_in(page)})
    assert answer.status_code == 303
    assert "Accepté par" in manager.get(address).text
    to, subject, _body = mails(app, tmp_path)[-1]
    assert subject.startswith("L’autre partie a accepté")
    assert to != "analyste@exemple.org"

    page = steward.get(address).text
    assert "l’entente prend effet tout de suite" in page
    steward.post(f"{address}/accepter", data={"side": "operator", "hash": hash_in(page)})
    assert "En vigueur" in steward.get(address).text
    said = {to: body for to, subject, body in mails(app, tmp_path) if "est conclue" in subject}
    assert "analyste@exemple.org" in said
    assert "comme analyste" in said["analyste@exemple.org"]
    assert sum("comme analyste" in body for body in said.values()) == 1
    [row] = stored(session, select(Agreement))
    assert (row.state, row.k) == ("in_force", 7)


def test_the_file_of_the_exact_text_has_the_hash_that_was_accepted(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = in_force(session, table, **term())
    client = browser(app, live, table.analyst)
    file = client.get(f"/ententes/{public_id}/texte")
    [row] = stored(session, select(Agreement))
    assert hashlib.sha256(file.data).hexdigest() == row.hash
    page = client.get(f"/ententes/{public_id}").text
    assert f"commence par {row.hash[:12]}." in page
    assert f'<span class="hash">{row.hash}</span>' in page  # on paper
    assert file.mimetype == "text/plain"


def test_a_text_that_changed_meanwhile_is_shown_again_and_not_accepted(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = proposed(session, table, **term())
    client = browser(app, live, table.manager)
    answer = client.post(
        f"/ententes/{public_id}/accepter", data={"side": "partner", "hash": "0" * 64}
    )
    assert answer.status_code == 409
    assert "Le texte n’est plus celui que vous avez lu." in answer.text
    assert hash_in(answer.text) != "0" * 64
    assert stored(session, select(AgreementAcceptance)) == []


def test_a_double_click_accepts_once(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = proposed(session, table, **term())
    client = browser(app, live, table.manager)
    data = {
        "side": "partner",
        "hash": hash_in(client.get(f"/ententes/{public_id}").text),
        "_once": new_public_id(),
    }
    answers = [client.post(f"/ententes/{public_id}/accepter", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(stored(session, select(AgreementAcceptance))) == 1
    again = client.post(f"/ententes/{public_id}/accepter", data=data | {"_once": new_public_id()})
    assert again.status_code == 409
    assert "Cette partie a déjà accepté l’entente." in again.text


def test_another_partners_agreement_is_not_there(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = proposed(session, table, **term())
    other = live.organization("L’Autre", kind=OrganizationKind.PARTNER)[0]
    strangers = (
        live.member(other),
        live.member(table.partner_id, Role.MEMBER),
        live.person(role=Role.ANALYST),
        live.person(role=Role.COORDINATOR),
        table.operator_manager,
    )
    for actor in strangers:
        client = browser(app, live, actor)
        address = f"/ententes/{public_id}"
        for path in (address, f"{address}/texte"):
            assert client.get(path).status_code == 404
        data = {"side": "partner", "hash": "0" * 64}
        for path in (f"{address}/accepter", f"{address}/terminer"):
            assert client.post(path, data=data).status_code == 404
        assert "Aucune entente pour le moment" in client.get("/ententes").text


def test_an_analyst_reads_and_decides_nothing(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = proposed(session, table, **term())
    client = browser(app, live, table.analyst)
    page = client.get(f"/ententes/{public_id}").text
    assert "Le texte" in page
    assert "/accepter" not in page
    assert "/terminer" not in page
    [hash_] = [row.hash for row in stored(session, select(Agreement))]
    for side in Side:
        data = {"side": side.value, "hash": hash_}
        assert client.post(f"/ententes/{public_id}/accepter", data=data).status_code == 403
        assert client.post(f"/ententes/{public_id}/terminer", data=data).status_code == 403


def test_a_refused_form_says_everything_at_once_and_keeps_what_was_typed(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    client = browser(app, live, table.steward)
    partner = partner_of(client.get("/ententes/nouvelle").text)
    answer = client.post(
        "/ententes/nouvelle",
        data=form(
            partner,
            datasets=["loans"],
            analysts="personne@exemple.org",
            intended_use="Voir\nles <b>camions</b> de près",
            ends_on=today(2000).isoformat(),
        ),
    )
    assert answer.status_code == 422
    for words in (
        "Aucun compte confirmé n’a l’adresse personne@exemple.org.",
        "Aucun jeu de données coché ne sert",
        "Une entente dure au plus trois ans",
        "les &lt;b&gt;camions&lt;/b&gt; de près",
        f'<option value="{partner}" selected>',
        'value="loans" checked',
        'value="7"',
    ):
        assert words in answer.text
    assert 'value="kept_in_quebec" checked' not in answer.text
    assert stored(session, select(Agreement)) == []


def test_the_form_of_an_old_version_is_refused_with_what_was_typed(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = drafted(session, table, **term())
    client = browser(app, live, table.steward)
    page = client.get(f"/ententes/{public_id}/modifier").text
    assert 'name="version" value="1"' in page
    assert 'value="kept_in_quebec" checked' in page
    data = form(partner_of(page.replace(" selected", "")), version="1")
    assert client.post(f"/ententes/{public_id}/modifier", data=data).status_code == 303
    late = client.post(f"/ententes/{public_id}/modifier", data=data | {"k": "9"})
    assert late.status_code == 409
    assert "Quelqu’un a modifié cette fiche entre-temps." in late.text
    assert 'value="9"' in late.text
    assert [row.k for row in stored(session, select(Agreement))] == [7]


def test_sending_back_and_ending_from_the_page(
    app: Flask, live: World, table: Table, session: Session, tmp_path: Path
) -> None:
    public_id = proposed(session, table, **term())
    accepted(session, table.manager, public_id, Side.PARTNER, now=datetime.now(UTC))
    steward = browser(app, live, table.steward)
    manager = browser(app, live, table.manager)
    steward.post(f"/ententes/{public_id}/renvoyer")
    page = manager.get(f"/ententes/{public_id}").text
    assert "L’intendance des données retouche le texte." in page
    assert "Le seuil de" not in page
    steward.post(f"/ententes/{public_id}/proposer")
    answer = manager.post(f"/ententes/{public_id}/terminer", data={"side": "partner"})
    assert answer.status_code == 303
    assert "La Cantine y a mis fin" in steward.get(f"/ententes/{public_id}").text
    subject = mails(app, tmp_path)[-1][1]
    assert subject.endswith("est terminée")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_page_speaks_the_readers_language(
    app: Flask, live: World, table: Table, session: Session, language: str
) -> None:
    public_id = proposed(session, table, **term())
    headers = ENGLISH if language == "en" else {}
    client = browser(app, live, table.steward)
    said = {
        "fr": ("Ententes de partage de données", "Rédiger une entente", "Le seuil de 5 organismes"),
        "en": ("Data sharing agreements", "Write an agreement", "The threshold of 5 organizations"),
    }
    other = {"fr": "Read the text in English", "en": "Lire le texte en français"}
    pages = [
        client.get(path, headers=headers).text
        for path in ("/ententes", "/ententes/nouvelle", f"/ententes/{public_id}")
    ]
    for page, words in zip(pages, said[language], strict=True):
        assert words in page
    first, rest = pages[2].split(other[language])
    theirs = said["en" if language == "fr" else "fr"][2]
    assert theirs not in first
    assert theirs in rest


def test_the_frame_links_those_who_need_it(app: Flask, live: World, table: Table) -> None:
    link = 'href="/ententes"'
    assert link in browser(app, live, table.steward).get("/compte").text
    assert link in browser(app, live, table.analyst).get("/compte").text
    assert link in browser(app, live, table.manager).get("/organisme").text
    plain = browser(app, live, live.member(live.organization()[0]))
    assert link not in plain.get("/organisme").text


def test_the_api_lists_reads_and_accepts(
    app: Flask, live: World, table: Table, session: Session, client: FlaskClient
) -> None:
    public_id = proposed(session, table, **term())
    address = f"/api/v1/agreements/{public_id}"

    def bearer(actor: Actor) -> dict[str, str]:
        return {"Authorization": f"Bearer {live.api_token(actor)}"}

    manager, steward = bearer(table.manager), bearer(table.steward)
    [listed] = client.get("/api/v1/agreements", headers=manager).json or []
    assert client.get(address, headers=manager).json == listed
    assert listed["hash"] == stored(session, select(Agreement))[0].hash
    assert listed["waits_for"] == ["partner"]
    assert listed["analysts"][0]["name"] == "Ana Lyse"
    assert str(table.analyst.person_id) not in {each["id"] for each in listed["analysts"]}
    wrong = client.post(
        f"{address}/accept", headers=manager, json={"side": "partner", "hash": "0" * 64}
    )
    assert wrong.status_code == 409
    assert (wrong.json or {})["reasons"][0]["code"] == "agreement.text_changed"
    body = {"side": "partner", "hash": listed["hash"]}
    assert client.post(f"{address}/accept", headers=steward, json=body).status_code == 403
    once = manager | {"Idempotency-Key": "une-fois"}
    answers = [client.post(f"{address}/accept", headers=once, json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (answers[0].json or {})["in_force"] is False
    done = client.post(f"{address}/accept", headers=steward, json=body | {"side": "operator"})
    reached = done.json or {}
    assert (reached["state"], reached["in_force"]) == ("in_force", True)
    stranger = bearer(live.member(live.organization(kind=OrganizationKind.PARTNER)[0]))
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get("/api/v1/agreements", headers=stranger).json == []
    narrow = {"Authorization": f"Bearer {live.api_token(table.manager, 'booking.read')}"}
    assert client.get(address, headers=narrow).status_code == 404
    assert client.get(address).status_code == 401
