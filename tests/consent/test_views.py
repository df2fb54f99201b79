"""Consent as a browser sees it: asked, answered, withdrawn, published."""

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.models import CallRequest, Notice
from mutuali.consent.rules import Answer, Purpose, Subject
from mutuali.core.permissions import Actor, Role
from mutuali.organizations.models import Organization
from mutuali.web.secrets import new_public_id
from tests.accounts.test_views import link_in, mails, stored
from tests.consent.made import STATISTICS, Table, answers, published, set_table
from tests.factories import World

HOME = "/organisme/consentements"


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


@pytest.fixture
def notice(session: Session, table: Table) -> str:
    return published(session, table)


@pytest.fixture
def manager(notice: str, client: FlaskClient, world: World) -> Actor:
    """Signed in: somebody who manages an organization that is asked."""
    actor = world.member(world.organization("La Corbeille")[0])
    world.sign_in(client, actor)
    return actor


def public_id(session: Session, id_: int | None) -> str:
    [found] = stored(session, select(Organization.public_id).where(Organization.id == id_))
    return str(found)


def said(session: Session) -> list[str]:
    found = answers(session)
    session.rollback()
    return found


def now() -> datetime:
    return datetime.now(UTC)


def test_a_manager_says_yes_and_takes_it_back(
    client: FlaskClient, session: Session, manager: Actor, table: Table, notice: str
) -> None:
    form = {"organization": public_id(session, manager.organization_id)}
    page = client.get(HOME).text
    assert f'href="{HOME}/{notice}"' in page
    assert (
        'href="/organisme/conseil"' in page
    )  # what a board adopts is one tap from what it decides
    page = client.get(f"{HOME}/{notice}").text
    assert (
        "Acceptez-vous que vos prêts comptent dans les statistiques remises à Ville-Essai?" in page
    )
    assert "Sans réponse" in page
    assert " checked" not in page
    answer = client.post(f"{HOME}/{notice}", data={**form, "answer": "yes"})
    assert (answer.status_code, answer.headers["Location"]) == (303, HOME)
    assert service.consenting(session, STATISTICS, table.partner_id, now=now()) == {
        manager.organization_id
    }
    session.commit()
    assert "Votre oui est noté" in client.get(HOME).text
    page = client.get(f"{HOME}/{notice}").text
    assert "rien de nouveau ne sort sur votre organisme" in page
    assert client.post(f"{HOME}/{notice}/retirer", data=form).status_code == 303
    assert said(session) == ["given", "withdrawn"]
    page = client.get(HOME).text
    assert page.index("Oui retiré") < page.index("Gestionnaire\u00a0: ")
    assert client.post(f"{HOME}/{notice}/retirer", data=form).status_code == 409


def test_both_answers_are_twins_and_later_is_no_answer(
    client: FlaskClient, session: Session, manager: Actor, notice: str
) -> None:
    page = client.get(f"{HOME}/{notice}").text
    twins = re.findall(r'<button class="([^"]+)"[^>]*name="answer" value="(?:yes|no)"', page)
    assert len(twins) == 2
    assert len(set(twins)) == 1
    form = {"organization": public_id(session, manager.organization_id), "answer": "later"}
    assert client.post(f"{HOME}/{notice}", data=form).status_code == 303
    assert said(session) == []


def test_the_same_click_counts_once(
    client: FlaskClient, session: Session, manager: Actor, notice: str
) -> None:
    organization = public_id(session, manager.organization_id)
    form = {"organization": organization, "answer": "yes", "_once": "un-seul-clic"}
    for _ in range(2):
        assert client.post(f"{HOME}/{notice}", data=form).status_code == 303
    assert said(session) == ["given"]


@pytest.mark.parametrize("form", [{}, {"answer": "yes"}, {"answer": "perhaps"}])
def test_an_answer_that_is_none_stores_nothing(
    client: FlaskClient, session: Session, manager: Actor, notice: str, form: dict[str, str]
) -> None:
    organization = public_id(session, manager.organization_id)
    if form.get("answer") == "perhaps":
        form = {**form, "organization": organization}
    assert client.post(f"{HOME}/{notice}", data=form).status_code == 422
    assert said(session) == []


def test_a_member_reads_and_does_not_answer(
    client: FlaskClient, session: Session, world: World, manager: Actor, notice: str
) -> None:
    member = world.member(manager.organization_id or 0, Role.MEMBER)
    world.sign_in(client, member)
    page = client.get(HOME).text
    assert "Seule une personne gestionnaire" in page
    assert 'name="answer"' not in page
    form = {"organization": public_id(session, manager.organization_id), "answer": "yes"}
    assert client.post(f"{HOME}/{notice}", data=form).status_code == 403
    assert said(session) == []


def test_nobody_answers_for_another_organization(
    client: FlaskClient, session: Session, world: World, manager: Actor, notice: str
) -> None:
    other = world.organization("Le Garde-manger")[0]
    session.commit()
    form = {"organization": public_id(session, other), "answer": "yes"}
    assert client.post(f"{HOME}/{notice}", data=form).status_code == 403
    assert client.post(f"{HOME}/{notice}/retirer", data=form).status_code == 403
    own = {"organization": public_id(session, manager.organization_id), "answer": "yes"}
    assert client.post(f"{HOME}/personne", data=own).status_code == 404
    unknown = {"organization": "personne", "answer": "yes"}
    assert client.post(f"{HOME}/{notice}", data=unknown).status_code == 404
    assert said(session) == []


def test_an_answer_to_a_replaced_notice_is_refused_with_the_new_question(
    client: FlaskClient, session: Session, manager: Actor, table: Table, notice: str
) -> None:
    newer = published(session, table, more="\n\nNouveau, new.")
    session.commit()
    form = {"organization": public_id(session, manager.organization_id), "answer": "yes"}
    answer = client.post(f"{HOME}/{notice}", data=form)
    assert answer.status_code == 409
    assert "remplacé par un plus récent" in answer.text
    assert f"{HOME}/{newer}" in answer.text
    assert said(session) == []


def test_the_names_of_who_answered_stay_within_the_organization(
    client: FlaskClient, session: Session, world: World, manager: Actor, notice: str
) -> None:
    service.answer(session, manager, manager.organization_id or 0, notice, Answer.GIVEN, now=now())
    session.commit()
    assert "Ce qui s’est passé" in client.get(HOME).text
    other = world.member(world.organization()[0])
    world.sign_in(client, other)
    page = client.get(HOME).text
    assert "Ce qui s’est passé" not in page
    assert "La Corbeille" not in page


def test_questions_wait_in_the_inbox_of_managers(
    client: FlaskClient, session: Session, manager: Actor, notice: str
) -> None:
    inbox = client.get("/a-faire").text
    assert "1 question de consentement attend votre réponse" in inbox
    assert HOME in client.get("/organisme").text
    service.answer(
        session, manager, manager.organization_id or 0, notice, Answer.REFUSED, now=now()
    )
    session.commit()
    assert "question de consentement" not in client.get("/a-faire").text


def test_the_pages_speak_english(client: FlaskClient, manager: Actor, notice: str) -> None:
    page = client.get(f"{HOME}/{notice}?lang=en").text
    assert (
        "Do you agree to your loans being counted in the statistics given to Ville-Essai?" in page
    )
    assert "No answer means no." in page
    assert "you borrow and lend as before" in client.get(HOME).text
    assert "Notice: Network statistics, for Ville-Essai" in client.get(f"/avis/{notice}").text


def test_anybody_may_read_a_notice_and_check_its_hash(
    client: FlaskClient, session: Session, table: Table, notice: str
) -> None:
    published(session, table, more="\n\nNouveau, new.")
    session.commit()
    page = client.get(f"/avis/{notice}").text
    assert "Remplacé" in page
    text = client.get(f"/avis/{notice}/texte")
    assert text.mimetype == "text/plain"
    assert hashlib.sha256(text.data).hexdigest() in page
    assert client.get("/avis/personne").status_code == 404


def test_a_steward_publishes_what_the_page_proposes_and_managers_are_told(
    app: Flask,
    client: FlaskClient,
    session: Session,
    world: World,
    table: Table,
    tmp_path: Path,
) -> None:
    manager = world.member(world.organization("La Corbeille")[0])
    world.member(manager.organization_id or 0, Role.MEMBER)
    world.member(world.organization(accepted=False)[0])
    world.sign_in(client, table.steward)
    recipient = public_id(session, table.partner_id)
    assert "Poser une question" in client.get("/intendance/avis").text
    chosen = {"purpose": "mobility_planning", "recipient": recipient}
    page = client.get("/intendance/avis/nouveau", query_string=chosen).text
    texts = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert "Rien ne sort tant que personne n’a dit oui" in page
    form = {**chosen, "lasts_months": "24", "text_fr": texts[0], "text_en": texts[1]}
    answer = client.post("/intendance/avis/nouveau", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/intendance/avis")
    sent = mails(app, tmp_path)
    assert [subject for _, subject, _ in sent] == ["Une question attend La Corbeille"]
    assert link_in(sent[0][2]) == HOME
    page = client.get("/intendance/avis").text
    assert "moins de 5 organismes" in page
    page = client.get("/intendance/avis/nouveau", query_string=chosen).text
    assert "cessent de compter tout de suite" in page
    again = client.post("/intendance/avis/nouveau", data=form)
    assert again.status_code == 422
    assert "Le republier annulerait tous les oui pour rien" in again.text
    assert len(stored(session, select(Notice))) == 1


def test_a_notice_that_says_too_little_is_shown_again_as_typed(
    client: FlaskClient, session: Session, world: World, table: Table
) -> None:
    world.sign_in(client, table.steward)
    form = {
        "purpose": "sharing_study",
        "recipient": public_id(session, table.partner_id),
        "lasts_months": "12",
        "text_fr": "Ville-Essai veut vos prêts pour 12 mois.",
        "text_en": "Somebody wants your loans.",
    }
    answer = client.post("/intendance/avis/nouveau", data=form)
    assert answer.status_code == 422
    assert "Somebody wants your loans." in answer.text
    assert "Le texte doit nommer qui recevra les données\u00a0: Ville-Essai." in answer.text
    assert 'href="#champ-text_en"' in answer.text
    assert answer.text.count("state-beet") > 3
    assert stored(session, select(Notice)) == []


def test_a_notice_goes_to_nobody_who_may_not_receive(
    client: FlaskClient, session: Session, world: World, table: Table
) -> None:
    member = public_id(session, world.organization()[0])
    world.sign_in(client, table.steward)
    chosen = {"purpose": "sharing_study", "recipient": member}
    assert client.get("/intendance/avis/nouveau", query_string=chosen).status_code == 422
    form = {**chosen, "lasts_months": "12", "text_fr": "oui", "text_en": "yes"}
    assert client.post("/intendance/avis/nouveau", data=form).status_code == 422
    assert client.get("/intendance/avis/nouveau").status_code == 422
    assert stored(session, select(Notice)) == []


def test_who_receives_is_told_that_it_is_not_asked(
    client: FlaskClient, world: World, table: Table, notice: str
) -> None:
    world.sign_in(client, world.member(table.partner_id))
    page = client.get(HOME).text
    assert "Votre organisme reçoit, il n’est pas interrogé" in page
    assert 'name="answer"' not in page


def test_an_older_mail_is_not_sent_once_a_newer_notice_came(
    app: Flask, session: Session, table: Table, world: World, tmp_path: Path, notice: str
) -> None:
    world.member(world.organization()[0])
    published(session, table, more="\n\nNouveau, new.")
    session.commit()
    [(_, _, body)] = mails(app, tmp_path)
    assert "ce oui ne compte plus" in body


MINE = "/compte/consentements"


def taps_to(client: FlaskClient, home: str, form: dict[str, str], *buttons: str) -> int:
    """How many taps from the list of questions until one of ``buttons`` is sent: each page that is
    opened is one, and so is the button. Follows what the pages offer, nothing else."""
    page = client.get(home).text
    [question] = set(re.findall(rf'href="({home}/[\w-]+)"', page)) - {f"{home}/copies"}
    page = client.get(question).text
    for action, inside in re.findall(
        r'<form action="([^"]+)" method="post".*?>(.*?)</form>', page, re.S
    ):
        for button in buttons:
            if button in inside:
                name = re.search(r'name="answer" value="yes"', inside)
                sent = {**form, **({"answer": "yes"} if name else {})}
                assert client.post(action, data=sent).status_code == 303
                return 2
    raise AssertionError("no such button")


@pytest.mark.parametrize("subject", Subject)
def test_withdrawing_takes_as_many_taps_as_giving(
    client: FlaskClient, session: Session, world: World, table: Table, subject: Subject
) -> None:
    published(session, table, subject=subject)
    actor = world.member(world.organization()[0])
    world.sign_in(client, actor)
    is_own = subject is Subject.PERSON
    home = MINE if is_own else HOME
    form = {} if is_own else {"organization": public_id(session, actor.organization_id)}
    giving = taps_to(client, home, form, 'value="yes"')
    withdrawing = taps_to(client, home, form, "Retirer mon oui", "Retirer notre consentement")
    assert giving == withdrawing == 2
    assert said(session) == ["given", "withdrawn"]


def test_a_person_answers_on_a_page_of_their_own(
    client: FlaskClient, session: Session, world: World, table: Table
) -> None:
    notice = published(session, table, subject=Subject.PERSON)
    member = world.member(world.organization("La Corbeille")[0], Role.MEMBER)
    world.sign_in(client, member)
    assert "1 question sur vous attend votre réponse" in client.get("/a-faire").text
    assert f'href="{MINE}"' in client.get("/compte").text
    page = client.get(f"{MINE}/{notice}").text
    assert "les prêts que vous avez demandés comptent dans les statistiques" in page
    assert "rien ne dit qui a demandé un prêt" in page
    assert " checked" not in page
    for answer, stored_events in (("later", []), ("yes", ["given"]), ("perhaps", ["given"])):
        status = client.post(f"{MINE}/{notice}", data={"answer": answer}).status_code
        assert status == (422 if answer == "perhaps" else 303)
        assert said(session) == stored_events
    assert "question sur vous" not in client.get("/a-faire").text
    assert "Personne d’autre que vous ne voit cette page" in client.get(MINE).text
    assert client.post(f"{MINE}/{notice}/retirer").status_code == 303
    assert client.post(f"{MINE}/{notice}/retirer").status_code == 409
    assert said(session) == ["given", "withdrawn"]
    assert "question about you" not in client.get(f"{MINE}?lang=en").text


def test_before_a_yes_to_being_named_the_page_says_that_it_cannot_be_recalled(
    client: FlaskClient, session: Session, world: World, table: Table
) -> None:
    notice = published(session, table, Purpose.NAMED_PUBLICLY)
    world.sign_in(client, world.member(world.organization()[0]))
    page = client.get(f"{HOME}/{notice}").text
    assert page.index("Ce qui est déjà publié ne peut pas être rappelé") < page.index('value="yes"')


def test_whether_one_would_stand_out_is_answered_truly(
    client: FlaskClient, session: Session, world: World, manager: Actor, notice: str
) -> None:
    lender = world.organization("Seul à prêter")
    world.listing(lender)
    world.sign_in(client, world.member(lender[0]))
    alone = "Trop peu d’organismes prêtent ce que vous prêtez (véhicule"
    assert alone in client.get(f"{HOME}/{notice}").text
    for _ in range(4):
        world.listing()
    session.commit()
    page = client.get(f"{HOME}/{notice}").text
    assert alone not in page
    assert "vos prêts se fondent parmi les leurs" in page


def test_somebody_asks_to_be_called_and_somebody_calls(
    client: FlaskClient, session: Session, world: World, table: Table
) -> None:
    notice = published(session, table, subject=Subject.PERSON)
    member = world.member(world.organization()[0], Role.MEMBER)
    coordinator = world.person(role=Role.COORDINATOR)
    world.sign_in(client, member)
    assert client.post(f"{MINE}/{notice}/appel", data={"phone": "x"}).status_code == 422
    form = {"phone": "514 555-0199"}
    assert client.post(f"{MINE}/{notice}/appel", data=form).status_code == 303
    assert client.post(f"{MINE}/{notice}/appel", data=form).status_code == 409
    assert client.get("/intendance/appels").status_code == 403
    assert said(session) == []
    for helper in (coordinator, table.steward):
        world.sign_in(client, helper)
        assert "1 personne attend votre appel" in client.get("/a-faire").text
        page = client.get("/intendance/appels").text
        assert "514 555-0199" in page
    [path] = re.findall(r'action="(/intendance/appels/[\w-]+/fermer)"', page)
    assert client.post(path).status_code == 303
    assert client.post(path).status_code == 404
    assert "514 555-0199" not in client.get("/intendance/appels").text
    assert stored(session, select(CallRequest.phone)) == [""]


def test_the_form_shows_eight_checks_without_publishing(
    client: FlaskClient, session: Session, world: World, table: Table
) -> None:
    world.sign_in(client, table.steward)
    chosen = {"purpose": "sharing_study", "recipient": public_id(session, table.partner_id)}
    page = client.get("/intendance/avis/nouveau", query_string=chosen).text
    assert page.count("state-leaf") == 8
    texts = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)
    form = {**chosen, "lasts_months": "12", "text_fr": texts[0], "text_en": texts[1]}
    page = client.post("/intendance/avis/verifier", data=form).text
    assert (page.count("state-leaf"), page.count("state-beet")) == (7, 1)
    assert "La durée doit être dite" in page or "12" in page
    assert texts[0][:40] in page
    assert stored(session, select(Notice)) == []


class TestApi:
    """The same by JSON."""

    def test_a_manager_reads_answers_and_withdraws(
        self, client: FlaskClient, session: Session, world: World, table: Table, notice: str
    ) -> None:
        manager = world.member(world.organization()[0])
        headers = {"Authorization": f"Bearer {world.api_token(manager)}"}
        [asked] = client.get("/api/v1/consents", headers=headers).json or []
        assert (asked["notice"], asked["standing"], asked["until"]) == (notice, "unanswered", None)
        sent = {"notice": notice, "answer": "given"}
        answer = client.post("/api/v1/consents", json=sent, headers=headers)
        assert answer.status_code == 201
        assert answer.json is not None
        assert answer.json["standing"] == "given"
        assert answer.json["until"] > answer.json["at"]
        sent["answer"] = "withdrawn"
        answer = client.post("/api/v1/consents", json=sent, headers=headers)
        assert answer.status_code == 201
        answer = client.post("/api/v1/consents", json=sent, headers=headers)
        assert answer.status_code == 409
        assert said(session) == ["given", "withdrawn"]

    def test_the_key_of_one_answer_counts_once(
        self, client: FlaskClient, session: Session, world: World, notice: str
    ) -> None:
        manager = world.member(world.organization()[0])
        headers = {
            "Authorization": f"Bearer {world.api_token(manager)}",
            "Idempotency-Key": new_public_id(),
        }
        for _ in range(2):
            sent = {"notice": notice, "answer": "given"}
            assert client.post("/api/v1/consents", json=sent, headers=headers).status_code == 201
        assert said(session) == ["given"]

    def test_a_person_answers_for_themselves(
        self, client: FlaskClient, session: Session, world: World, table: Table
    ) -> None:
        own = published(session, table, subject=Subject.PERSON)
        member = world.member(world.organization()[0], Role.MEMBER)
        headers = {"Authorization": f"Bearer {world.api_token(member)}"}
        [asked] = client.get("/api/v1/my-consents", headers=headers).json or []
        assert (asked["notice"], asked["standing"]) == (own, "unanswered")
        for answer in ("given", "withdrawn"):
            sent = {"notice": own, "answer": answer}
            found = client.post("/api/v1/my-consents", json=sent, headers=headers)
            assert (found.status_code, (found.json or {})["standing"]) == (201, answer)
        reader = {"Authorization": f"Bearer {world.api_token(member, 'consent.read')}"}
        assert client.get("/api/v1/my-consents", headers=reader).status_code == 403

    def test_a_token_that_may_only_read_does_not_answer(
        self, client: FlaskClient, session: Session, world: World, notice: str
    ) -> None:
        manager = world.member(world.organization()[0])
        headers = {"Authorization": f"Bearer {world.api_token(manager, 'consent.read')}"}
        assert client.get("/api/v1/consents", headers=headers).status_code == 200
        sent = {"notice": notice, "answer": "given"}
        assert client.post("/api/v1/consents", json=sent, headers=headers).status_code == 403
        assert said(session) == []

    def test_nobody_answers_for_another_organization(
        self, client: FlaskClient, session: Session, world: World, notice: str
    ) -> None:
        manager = world.member(world.organization()[0])
        other = world.organization()[0]
        headers = {"Authorization": f"Bearer {world.api_token(manager)}"}
        sent = {
            "notice": notice,
            "answer": "given",
            "organization": public_id(session, other),
        }
        assert client.post("/api/v1/consents", json=sent, headers=headers).status_code == 403
        assert said(session) == []

    def test_notices_are_public_with_their_hash(
        self, client: FlaskClient, session: Session, notice: str
    ) -> None:
        session.commit()
        [found] = client.get("/api/v1/notices").json or []
        text = f"{found['text_fr']}\n{'-' * 40}\n\n{found['text_en']}"
        assert hashlib.sha256(text.encode()).hexdigest() == found["hash"]
        assert client.get(f"/api/v1/notices/{notice}").json == found
        assert client.get("/api/v1/notices/personne").status_code == 404
