"""Agreements as a browser and a program see them."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement, AgreementAcceptance
from mutuali.agreements.rules import REQUIRED_RESTRICTIONS, Instrument, Side
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


#: What is posted to each question when the answer that it offers is kept, numbers aside.
ANSWERS: dict[int, dict[str, Any]] = {
    2: {"purposes": ["network_statistics"]},
    3: {"datasets": ["equipment-use"], "years": "3"},
    4: {"intended_use": "Savoir où manquent les camions réfrigérés."},
    5: {"instrument": "organization_data"},
    6: {"who_1": "Analyste@Exemple.org", "why_1": "fait les calculs"},
    7: {"measures": ["encrypted", "named_access"]},
    8: {"k": "7", "share_percent": "10", "base": "5"},
    9: {"on_withdrawal": "replace", "days_to_act": "30"},
    10: {"restrictions": ["not_for_decisions"], "review_days": "30"},
    11: {"liability": "each_its_own", "warranties": [], "breach_hours": "48"},
    12: {
        "starts_on": "",
        "ends_on": "",
        "keep_days": "365",
        "destroy_days": "30",
        "download_days": "30",
        "downloads_each": "5",
        "review_months": "12",
        "cure_days": "30",
    },
}


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="([0-9]+)"', page)
    assert found
    return found[1]


def reply(client: FlaskClient, address: str, number: int, **overrides: Any) -> Any:
    """Post an answer over the version that the page shows."""
    page = client.get(f"{address}/questions/{number}").text
    data = {**ANSWERS[number], **overrides}
    if number == 12:
        data = {"starts_on": today().isoformat(), "ends_on": today(300).isoformat()} | {
            name: value for name, value in data.items() if value
        }
    return client.post(f"{address}/questions/{number}", data={"version": version_in(page), **data})


def begun(client: FlaskClient) -> str:
    """The address of a new draft, its first question answered."""
    page = client.get("/ententes/nouvelle").text
    made = client.post("/ententes/nouvelle", data={"partner": partner_of(page)})
    assert made.status_code == 303
    return str(made.headers["Location"]).removesuffix("/questions/2")


def partner_of(page: str) -> str:
    found = re.search(r'<option value="([^"]{22})"(?: selected)?>La Cantine', page)
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
    address = begun(steward)
    for number in ANSWERS:
        page = steward.get(f"{address}/questions/{number}").text
        assert f"{number} de 12" in page
        assert reply(steward, address, number).status_code == 303
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
    folded, unfolded = (steward.get(f"{address}{query}").text for query in ("", "?texte=complet"))
    assert "En vigueur" in folded
    assert folded.count('<details class="part clause">') > 20
    assert 'class="part clause"' not in unfolded
    for words in ("Un chiffre qui repose sur moins de 7 organismes ne sort pas", "Le seuil de 7"):
        assert words in folded
        assert words in unfolded
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


def test_who_has_not_said_by_what_right_is_shown_where_to_say_it(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = proposed(session, table, **term())
    manager = live.member(table.partner_id, participates=False)
    client = browser(app, live, manager)
    address = f"/ententes/{public_id}"
    page = client.get(address).text
    assert "Dites d’abord à quel titre vous parlez pour La Cantine" in page
    assert f'action="{address}/accepter"' not in page
    answer = client.post(
        f"{address}/accepter", data={"side": "partner", "hash": stored_hash(session)}
    )
    assert answer.status_code == 422
    assert "Vous n’avez pas dit à quel titre vous parlez pour La Cantine." in answer.text

    right = client.get("/organisme/participation").text
    assert 'action="/organisme/participation/qualite"' in right
    form = {"capacity": "presidency"}
    assert client.post("/organisme/participation/qualite", data=form).status_code == 303
    page = client.get(address).text
    assert "Présidence du conseil" in page
    data = {"side": "partner", "hash": hash_in(page)}
    assert client.post(f"{address}/accepter", data=data).status_code == 303
    [row] = stored(session, select(AgreementAcceptance))
    assert (row.capacity, row.method) == ("presidency", "second_factor")


def stored_hash(session: Session) -> str:
    [row] = stored(session, select(Agreement))
    return str(row.hash)


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


def test_a_refused_answer_says_why_and_keeps_what_was_typed(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    client = browser(app, live, table.steward)
    address = begun(client)
    for number in (2, 3):
        reply(client, address, number)
    refused = reply(client, address, 4, intended_use="<b>camions</b>")
    assert refused.status_code == 422
    assert "&lt;b&gt;camions&lt;/b&gt;" in refused.text
    for number, wrong, words in (
        (3, {"datasets": ["loans"]}, "Un jeu de données coché ne sert à aucune"),
        (6, {"who_1": "personne@exemple.org"}, "n’a l’adresse personne@exemple.org"),
        (7, {"outside_quebec": "1"}, "la loi demande une évaluation"),
        (8, {"k": "4"}, "5"),
        (12, {"ends_on": today(2000).isoformat()}, "Une entente dure au plus trois ans"),
    ):
        [row] = stored(session, select(Agreement))
        session.execute(update(Agreement).values(answered=12))
        session.commit()
        refused = reply(client, address, number, **wrong)
        assert (refused.status_code, words in refused.text) == (422, True), number
    [row] = stored(session, select(Agreement))
    assert (row.datasets, row.k, row.outside_quebec) == ("equipment-use", 5, False)


def test_the_first_question_needs_a_partner(app: Flask, live: World, table: Table) -> None:
    client = browser(app, live, table.steward)
    refused = client.post("/ententes/nouvelle", data={"partner": "x"})
    assert refused.status_code == 422
    assert "Choisissez un partenaire accepté" in refused.text


def test_one_answers_in_order_comes_back_later_and_changes_any_answer(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    client = browser(app, live, table.steward)
    address = begun(client)
    ahead = client.get(f"{address}/questions/9")
    assert ahead.headers["Location"].endswith("/questions/2")
    assert client.get(f"{address}/questions/13").status_code == 404
    assert client.post(f"{address}/questions/13").status_code == 404
    later = reply(client, address, 2, later="1")
    assert later.headers["Location"] == address
    page = client.get(address).text
    assert "Il reste 10 questions." in page
    assert f'href="{address}/questions/3"' in page
    assert f'href="{address}/questions/4"' not in page
    assert reply(client, address, 2).headers["Location"] == f"{address}/questions/3"
    refused = client.post(f"{address}/proposer")
    assert refused.status_code == 422  # the rest was not answered


def test_the_agreement_grows_beside_the_questions(app: Flask, live: World, table: Table) -> None:
    client = browser(app, live, table.steward)
    address = begun(client)
    page = client.get(f"{address}/questions/2").text
    assert "Les parties" in page
    assert "Les données et leurs finalités" not in page
    for number in (2, 3):
        reply(client, address, number)
    page = client.get(f"{address}/questions/4").text
    assert "Les données et leurs finalités" in page
    assert "Compter ce qui se prête, où et quand." in page  # the answer to start from
    assert "Voir l’entente jusqu’ici" in page


def test_clauses_of_the_law_are_shown_locked_with_their_article_and_cannot_be_taken_out(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = drafted(session, table, **term())
    client = browser(app, live, table.steward)
    page = client.get(f"/ententes/{public_id}/questions/10").text
    for words in ("Ne reconnaître personne", "P-39.1, art. 12", "A-2.1, art. 67.2.3"):
        assert words in page
    assert 'value="no_reidentification"' not in page
    reply(client, f"/ententes/{public_id}", 10, restrictions=[])
    [row] = stored(session, select(Agreement))
    assert set(row.restrictions.split(",")) == {each.value for each in REQUIRED_RESTRICTIONS}


def test_the_answer_to_an_old_version_is_refused_with_what_was_typed(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = drafted(session, table, **term())
    client = browser(app, live, table.steward)
    path = f"/ententes/{public_id}/questions/8"
    version = version_in(client.get(path).text)
    data = {**ANSWERS[8], "version": version}
    assert client.post(path, data=data).status_code == 303
    late = client.post(path, data=data | {"k": "9"})
    assert late.status_code == 409
    assert "Quelqu’un a modifié cette fiche entre-temps." in late.text
    assert 'value="9"' in late.text
    assert [row.k for row in stored(session, select(Agreement))] == [7]


def test_a_named_person_reads_signs_and_then_has_access(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = proposed(session, table, **term())
    for actor, side in ((table.manager, Side.PARTNER), (table.steward, Side.OPERATOR)):
        accepted(session, actor, public_id, side, now=datetime.now(UTC))
    client = browser(app, live, table.analyst)
    assert "Il manque votre signature." in client.get("/ententes/les-miennes").text
    page = client.get(f"/ententes/{public_id}/signer").text
    assert "Je garde ces données confidentielles" in page
    stale = client.post(f"/ententes/{public_id}/signer", data={"hash": "0" * 64})
    assert stale.status_code == 409
    signed = client.post(f"/ententes/{public_id}/signer", data={"hash": hash_in(page)})
    assert signed.status_code == 303
    assert "Vous avez accès jusqu’au" in client.get("/ententes/les-miennes").text
    steward = browser(app, live, table.steward)
    assert "a signé" in steward.get(f"/ententes/{public_id}").text
    assert steward.get(f"/ententes/{public_id}/signer").status_code == 404


def test_suspending_lifting_and_revoking_from_the_page(
    app: Flask, live: World, table: Table, session: Session, tmp_path: Path
) -> None:
    public_id = in_force(session, table, **term())
    steward, manager = browser(app, live, table.steward), browser(app, live, table.manager)
    address = f"/ententes/{public_id}"
    data = {"side": "partner", "reason": "un portable volé"}
    assert manager.post(f"{address}/suspendre", data=data | {"reason": ""}).status_code == 422
    assert manager.post(f"{address}/suspendre", data=data).status_code == 303
    page = steward.get(address).text
    assert "un portable volé" in page
    assert "/reprendre" not in page
    assert "/reprendre" in manager.get(address).text
    told = {to for to, subject, _body in mails(app, tmp_path) if "est suspendue" in subject}
    assert {"intendance@exemple.org", "analyste@exemple.org"} <= told
    assert steward.post(f"{address}/reprendre", data={"side": "operator"}).status_code == 409
    assert manager.post(f"{address}/reprendre", data={"side": "partner"}).status_code == 303
    assert "En vigueur" in steward.get(address).text
    revoked = steward.post(f"{address}/revoquer", data={"side": "operator", "reason": "erreur"})
    assert revoked.status_code == 303
    assert "Acceptation révoquée" in manager.get(address).text


def test_a_change_makes_the_next_version_and_says_what_differs(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = in_force(session, table, **term())
    client = browser(app, live, table.steward)
    made = client.post(f"/ententes/{public_id}/modifier")
    address = made.headers["Location"]
    reply(client, address, 8, k="12")
    page = client.get(address).text
    assert "<del>Un chiffre qui repose sur moins de 5 organismes ne sort pas.</del>" in page
    assert "<ins>Un chiffre qui repose sur moins de 12 organismes ne sort pas.</ins>" in page
    assert "En vigueur" in page  # the old one, among the versions
    again = client.post(f"/ententes/{public_id}/modifier")
    assert again.status_code == 409


def test_research_waits_for_the_commission_on_its_page(
    app: Flask, live: World, table: Table, session: Session
) -> None:
    public_id = in_force(
        session, table, **term(), instrument=Instrument.RESEARCH, assessment_ref="EFVP-1"
    )
    client = browser(app, live, table.steward)
    assert "Acceptée, attend la CAI" in client.get(f"/ententes/{public_id}").text
    sent = {"sent_on": today(-40).isoformat()}
    assert client.post(f"/ententes/{public_id}/cai", data=sent).status_code == 303
    assert "En vigueur" in client.get(f"/ententes/{public_id}").text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_comes_on_paper_on_one_page_and_for_machines(
    app: Flask, live: World, table: Table, session: Session, language: str
) -> None:
    public_id = in_force(session, table, **term())
    client = browser(app, live, table.analyst)
    headers = ENGLISH if language == "en" else {}
    for what in ("entente", "resume"):
        files = [client.get(f"/ententes/{public_id}/{what}.pdf", headers=headers) for _ in "ab"]
        assert files[0].mimetype == "application/pdf"
        assert files[0].data.startswith(b"%PDF-")
        assert files[0].data == files[1].data
    page = client.get(f"/ententes/{public_id}/resume", headers=headers).text
    expected = {
        "fr": "Personne d’autre n’ouvre les fichiers.",
        "en": "Nobody else opens the files.",
    }
    assert expected[language] in page
    policy = client.get(f"/ententes/{public_id}/politique")
    assert policy.mimetype == "application/ld+json"
    assert json.loads(policy.data)["@type"] == "Agreement"
    stranger = browser(app, live, live.person(role=Role.ANALYST))
    for path in ("entente.pdf", "resume.pdf", "resume", "politique", "signer"):
        assert stranger.get(f"/ententes/{public_id}/{path}").status_code == 404


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
        "fr": ("Ententes de partage de données", "Avec qui?", "Le seuil de 5 organismes"),
        "en": ("Data sharing agreements", "With whom?", "The threshold of 5 organizations"),
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
    assert (client.get(f"{address}/policy", headers=manager).json or {})["@type"] == "Agreement"
    text = client.get(f"{address}/text", headers=manager)
    assert hashlib.sha256(text.data).hexdigest() == listed["hash"]
    analyst = bearer(table.analyst)
    signed = client.post(f"{address}/undertake", headers=analyst, json={"hash": listed["hash"]})
    assert (signed.json or {})["analysts"][0]["signed_at"]
    stop = {"side": "partner", "reason": "à voir"}
    assert client.post(f"{address}/suspend", headers=analyst, json=stop).status_code == 403
    stopped = client.post(f"{address}/suspend", headers=manager, json=stop)
    assert (stopped.json or {})["state"] == "suspended"
    lifted = client.post(f"{address}/lift", headers=manager, json={"side": "partner"})
    assert (lifted.json or {})["in_force"] is True
    for path in ("policy", "text"):
        assert client.get(f"{address}/{path}", headers=stranger).status_code == 404
