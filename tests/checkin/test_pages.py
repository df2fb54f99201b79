"""The pages of a check-in, as people and programs meet them."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.checkin.models import CheckIn, CheckInCard, CheckInSilence
from mutuali.checkin.rules import ENOUGH_SECONDS, month_of, next_month
from mutuali.consent.models import ConsentEvent
from mutuali.core.period import local_midnight
from mutuali.core.permissions import Actor, Role
from mutuali.organizations.models import Organization
from mutuali.web.clock import utc_now
from mutuali.web.words import WORDS
from tests.consent.made import published, set_table
from tests.factories import World

HERE = "/organisme/bilan-du-mois"


@pytest.fixture
def world(session: Session) -> World:
    return World(session, utc_now())


@pytest.fixture
def manager(world: World, client: FlaskClient) -> Actor:
    actor = world.member(world.organization("La Corbeille")[0])
    published(world.session, set_table(world), now=world.now)
    world.sign_in(client, actor)
    return actor


def hidden(page: str) -> dict[str, str]:
    """What the form of the card sends, without its button."""
    form = page.partition(f'action="{HERE}" method="post"')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(organization|kind|subject)" value="([^"]+)"', form))


def stored(session: Session, statement: sa.Select[Any]) -> list[Any]:
    session.rollback()
    found = list(session.scalars(statement))
    session.rollback()
    return found


def test_a_month_is_walked_card_by_card_to_its_end(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    assert HERE in client.get("/organisme").text
    first = client.get(HERE).text
    assert "Carte 1 sur 2" in first
    assert "Acceptez-vous que vos prêts comptent" in first
    assert "Par défaut, c’est non. Sans réponse\u00a0: rien de nouveau ne sort." in first
    assert client.post(HERE, data={**hidden(first), "choice": "no"}).status_code == 303
    second = client.get(HERE).text
    assert "Carte 2 sur 2" in second
    client.post(HERE, data={**hidden(second), "choice": "later"})
    done = client.get(HERE).text
    assert "Le bilan du mois est fait" in done
    assert "Question de consentement\u00a0: non" in done
    assert "Action de la Charte\u00a0: remis au mois prochain" in done
    assert "moins d’une minute" in done
    events = stored(session, sa.select(ConsentEvent.event).where(ConsentEvent.said_by.is_not(None)))
    assert events == ["refused"]
    assert "Fait. Ce mois-ci\u00a0: moins d’une minute." in client.get("/organisme").text


def test_a_month_is_ended_before_its_last_card_and_what_is_left_waits(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    page = client.get(HERE).text
    assert "Ces 2 cartes attendent le mois prochain." in page
    sent = {"organization": hidden(page)["organization"]}
    assert client.post(f"{HERE}/terminer", data=sent).status_code == 303
    assert "Le bilan du mois est fait" in client.get(HERE).text
    late = client.post(HERE, data={**hidden(page), "choice": "no"})
    assert late.status_code == 409
    assert "Le bilan de ce mois est terminé." in late.text
    assert stored(session, sa.select(CheckInCard.about)) == []


def test_the_same_card_from_two_tabs_is_decided_once(client: FlaskClient, manager: Actor) -> None:
    page = client.get(HERE).text
    sent = {**hidden(page), "choice": "no"}
    assert client.post(HERE, data=sent).status_code == 303
    again = client.post(HERE, data=sent)
    assert again.status_code == 409
    assert "Cette carte n’attend plus de réponse" in again.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "weather"},
        {"choice": "perhaps"},
        {"subject": "x" * 61},
        {"subject": "a\x00b"},
        {"choice": ""},
    ],
)
def test_what_no_button_says_is_refused_and_nothing_is_stored(
    client: FlaskClient, session: Session, manager: Actor, wrong: dict[str, str]
) -> None:
    sent = {**hidden(client.get(HERE).text), "choice": "no", **wrong}
    assert client.post(HERE, data=sent).status_code == 422
    assert stored(session, sa.select(CheckInCard.about)) == []


def test_a_yes_without_the_right_says_why_and_where_to_say_it(
    client: FlaskClient, session: Session, world: World
) -> None:
    actor = world.member(world.organization()[0], participates=False)
    published(session, set_table(world), now=world.now)
    world.sign_in(client, actor)
    page = client.get(HERE).text
    refused = client.post(HERE, data={**hidden(page), "choice": "yes"})
    assert refused.status_code == 422
    assert 'href="/organisme/participation"' in refused.text
    assert "Carte 1 sur" in refused.text


def test_another_organizations_card_is_nobodys_to_decide(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    page = client.get(HERE).text
    other = world.organization("Une autre")[0]
    session.commit()
    public_id = session.get_one(Organization, other).public_id
    session.rollback()
    sent = {**hidden(page), "organization": public_id, "choice": "no"}
    assert client.post(HERE, data=sent).status_code == 403
    unknown = {**hidden(page), "organization": "x" * 22, "choice": "no"}
    assert client.post(HERE, data=unknown).status_code == 404
    assert stored(session, sa.select(CheckInCard.about)) == []


def test_looking_at_cards_takes_time_and_nothing_else_does(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    client.head(HERE)
    client.get("/organisme")
    assert stored(session, sa.select(CheckIn.seconds)) == []
    client.get(HERE)

    def wait(seconds: int) -> None:
        session.execute(sa.update(CheckIn).values(seen_at=utc_now() - timedelta(seconds=seconds)))
        session.commit()

    wait(50)
    client.get("/organisme")
    client.get("/a-faire")
    client.head(HERE)
    (before,) = stored(session, sa.select(CheckIn.seconds))
    assert before == 0
    client.get(HERE)
    (seconds,) = stored(session, sa.select(CheckIn.seconds))
    assert seconds in (50, 51)
    wait(4000)
    client.get(HERE)
    assert stored(session, sa.select(CheckIn.seconds)) == [seconds + 120]


def test_after_fifteen_minutes_the_page_says_that_the_rest_can_wait(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    assert "Quinze minutes sont passées" not in client.get(HERE).text
    session.execute(sa.update(CheckIn).values(seconds=ENOUGH_SECONDS))
    session.commit()
    assert "Quinze minutes sont passées" in client.get(HERE).text


def test_what_there_is_to_do_leads_to_the_check_in(client: FlaskClient, manager: Actor) -> None:
    assert "bilan du mois" not in client.get("/a-faire").text
    client.get(HERE)
    assert f'<a href="{HERE}">Votre bilan du mois est prêt</a>' in client.get("/a-faire").text


def test_a_member_sees_how_long_it_took_and_does_not_check_in(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    client.get(HERE)
    session.execute(sa.update(CheckIn).values(seconds=360))
    world.sign_in(client, world.member(manager.organization_id or 0, Role.MEMBER))
    page = client.get("/organisme").text
    assert "Ce mois-ci\u00a0: 6 minutes." in page
    assert HERE not in page
    assert client.get(HERE).status_code == 403


def test_who_waits_for_an_answer_of_the_network_has_no_check_in_yet(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.sign_in(client, world.member(world.organization(accepted=False)[0]))
    assert "une fois l’organisme accepté" in client.get(HERE).text
    assert HERE not in client.get("/organisme").text
    assert stored(session, sa.select(CheckIn.seconds)) == []


def test_the_letter_is_stopped_and_wanted_again_from_the_page(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    organization = hidden(client.get(HERE).text)["organization"]
    client.post(f"{HERE}/terminer", data={"organization": organization})
    assert "Ne plus recevoir le courriel du mois" in client.get(HERE).text
    client.post(f"{HERE}/courriel", data={"organization": organization})
    assert stored(session, sa.select(CheckInSilence.person_id)) == [manager.person_id]
    assert "Recevoir le courriel du mois" in client.get(HERE).text
    client.post(f"{HERE}/courriel", data={"organization": organization, "wanted": "1"})
    assert stored(session, sa.select(CheckInSilence.person_id)) == []


def test_a_program_reads_the_cards_as_data_and_takes_no_time(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    headers = {"Authorization": f"Bearer {world.api_token(manager)}"}
    found = client.get("/api/v1/checkin", headers=headers).json
    assert isinstance(found, dict)
    month = month_of(utc_now())
    about = {"month": str(month), "next_on": str(next_month(month))}
    assert found | about | {"finished": False, "seconds": 0} == found
    question, action = found["cards"]
    assert question | {
        "kind": "question",
        "choices": ["yes", "no"],
        "default": "no",
        "silence": "nothing_leaves",
        "silence_on": None,
    } == (question)
    assert (action["kind"], action["silence"]) == ("action", "comes_back")
    assert stored(session, sa.select(CheckIn.seconds)) == []
    reader = {"Authorization": f"Bearer {world.api_token(manager, 'organization.read')}"}
    assert client.get("/api/v1/checkin", headers=reader).status_code == 403


def test_the_middle_of_the_network_is_published_from_ten_on(
    client: FlaskClient, session: Session, world: World
) -> None:
    this = month_of(utc_now())
    last = month_of(local_midnight(this) - timedelta(days=1))
    rows = [
        CheckIn(
            organization_id=world.organization()[0],
            month=last,
            until=local_midnight(this),
            seconds=240 + 60 * (n % 3),
            finished_at=utc_now() if n else None,
        )
        for n in range(10)
    ]
    session.add_all(rows)
    session.commit()
    assert "l’organisme du milieu" not in client.get("/transparence").text
    rows[0].finished_at = utc_now()
    session.commit()
    assert "l’organisme du milieu y a mis 5 minutes." in client.get("/transparence").text


def test_every_button_of_a_card_has_its_word(app: Flask) -> None:
    offered = {
        *("question.yes", "question.no", "changed.yes", "changed.no", "request.yes"),
        *("ending.seen", "withdrawal.seen", "member.seen", "action.done", "learning.done"),
    }
    assert set(WORDS["checkin.deed"]) == offered
