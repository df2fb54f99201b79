"""The letter of the month and its links: one answer each, for one person, safe against scanners."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.accounts.models import Person
from mutuali.audit.models import AuditEvent
from mutuali.checkin import jobs, service
from mutuali.checkin.models import CheckIn, CheckInCard, CheckInLink, CheckInSilence
from mutuali.checkin.rules import Choice, is_early, month_of
from mutuali.checkin.views.letters import answer_link, stop_link
from mutuali.consent import service as consent
from mutuali.consent.models import ConsentEvent
from mutuali.consent.rules import Answer
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.jobs.models import Job
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Membership, Signatory
from mutuali.web.clock import utc_now
from tests.accounts.test_views import mails
from tests.checkin.made import early
from tests.consent.made import published, set_table
from tests.factories import NOW, World, at


@pytest.fixture
def world(session: Session) -> World:
    return World(session, utc_now())


@pytest.fixture
def manager(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0])


@pytest.fixture
def notice(world: World, manager: Actor) -> str:
    public_id = published(world.session, set_table(world), now=world.now)
    world.session.commit()
    return public_id


def own(actor: Actor) -> int:
    return actor.organization_id or 0


def link_of(app: Flask, session: Session, actor: Actor, about: str, choice: Choice) -> str:
    """A fresh link of the actor's letter, as the path of its address."""
    row = session.scalars(
        sa.select(CheckInLink).where(
            CheckInLink.person_id == actor.person_id, CheckInLink.about == about
        )
    ).one_or_none()
    if row is None:
        row = CheckInLink(
            organization_id=own(actor),
            person_id=actor.person_id or 0,
            month=month_of(utc_now()),
            kind="question",
            about=about,
            expires_at=utc_now() + timedelta(days=14),
        )
        session.add(row)
        service.look(session, own(actor), now=utc_now())
    session.commit()
    with app.app_context():
        address = answer_link(row.id, choice)
    return "/" + address.partition("//")[2].partition("/")[2]


def everything(session: Session) -> list[list[tuple[object, ...]]]:
    """All that a link could change."""
    session.rollback()
    found = [
        [tuple(row) for row in session.execute(sa.select(model.__table__))]
        for model in (CheckIn, CheckInCard, CheckInLink, CheckInSilence, ConsentEvent, AuditEvent)
    ]
    session.rollback()
    return found


def said(session: Session) -> list[tuple[str, int | None]]:
    session.rollback()
    rows = session.execute(
        sa.select(ConsentEvent.event, ConsentEvent.said_by)
        .where(ConsentEvent.said_by.is_not(None))
        .order_by(ConsentEvent.id)
    ).all()
    session.rollback()
    return [(event, by) for event, by in rows]


def begin(app: Flask, session: Session, organization_id: int) -> None:
    """What the job of the first days does for one organization, then all that follows."""
    with app.app_context():
        jobs.begin(session, {"organization": organization_id}, early())
    session.commit()


def test_managers_are_written_to_once_a_month_in_their_language_with_a_link_for_each_answer(
    app: Flask, session: Session, tmp_path: Path, world: World, manager: Actor, notice: str
) -> None:
    english = world.member(own(manager))
    world.member(own(manager), Role.MEMBER)
    accounts.choose_language(session, english, "en")
    session.commit()
    begin(app, session, own(manager))
    begin(app, session, own(manager))
    told = [each for each in mails(app, tmp_path) if "La Corbeille" in each[1]]
    told = [each for each in told if "bilan" in each[1].lower() or "check" in each[1].lower()]
    to = {session.get_one(Person, each.person_id).email for each in (manager, english)}
    session.rollback()
    assert {each[0] for each in told} == to
    assert len(told) == 2
    french = next(body for _, subject, body in told if "bilan du mois" in subject)
    assert "Acceptez-vous que vos prêts comptent" in french
    assert "Sans réponse\u00a0: rien de nouveau ne sort." in french
    assert re.findall(r"(Oui|Non)\u00a0: http\S+/bilan-du-mois/repondre/\S+", french) == [
        "Oui",
        "Non",
    ]
    assert "/organisme/bilan-du-mois" in french
    assert "/bilan-du-mois/arreter/" in french
    assert all(len(line) < 400 for line in french.splitlines())
    links = session.scalars(sa.select(CheckInLink)).all()
    assert {(each.person_id, each.about) for each in links} == {
        (manager.person_id, notice),
        (english.person_id, notice),
    }


def test_a_mail_program_can_stop_the_letters_by_itself(
    app: Flask,
    session: Session,
    tmp_path: Path,
    client: FlaskClient,
    world: World,
    manager: Actor,
    notice: str,
) -> None:
    begin(app, session, own(manager))
    mails(app, tmp_path)
    sent = [
        message_from_bytes(path.read_bytes(), policy=default)
        for path in (tmp_path / "mail").glob("*.eml")
    ]
    letter = next(each for each in sent if each["List-Unsubscribe"])
    assert letter.get_content_type() == "text/plain"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/" + letter["List-Unsubscribe"].strip("<>").partition("//")[2].partition("/")[2]
    before = everything(session)
    for _ in range(2):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert everything(session) == before
    for _ in range(2):
        assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.rollback()
    rows = session.execute(sa.select(CheckInSilence.organization_id, CheckInSilence.person_id))
    assert rows.all() == [(own(manager), manager.person_id)]
    session.rollback()
    assert client.get(path[:-3] + "abc").status_code == 404


def test_who_stopped_the_letter_gets_none_and_colleagues_do(
    app: Flask, session: Session, world: World, manager: Actor, notice: str
) -> None:
    colleague = world.member(own(manager))
    service.stop_by_letter(session, own(manager), manager.person_id or 0, now=utc_now())
    begin(app, session, own(manager))
    with app.app_context():
        arguments = {"organization": own(manager), "month": month_of(utc_now()).isoformat()}
        found = [each.id for each in jobs.readers(session, arguments, utc_now())]
    assert found == [colleague.person_id]
    links = sa.select(CheckInLink.person_id).distinct()
    assert session.scalars(links).all() == [colleague.person_id]


def test_the_job_looks_in_the_first_days_only_and_at_who_has_something_to_decide(
    app: Flask, session: Session
) -> None:
    world = World(session)
    busy = world.member(world.organization("Occupée")[0])
    published(session, set_table(world))
    applied = world.member(world.organization(accepted=False)[0])
    deserted = world.organization("Sans gestionnaire")[0]

    def waiting(kind: str) -> list[object]:
        rows = session.scalars(sa.select(Job).where(Job.kind == kind, Job.state == "waiting"))
        return [each.arguments["organization"] for each in rows]

    late = at(20)
    assert not is_early(late)
    assert service.begin_months(session, now=late) == 0
    with app.app_context():
        assert not service.begin(session, own(busy), providers=_cards(app), now=late)
    assert service.begin_months(session, now=NOW) >= 2
    asked = waiting("checkin.begin")
    assert own(busy) in asked
    assert deserted in asked
    assert own(applied) not in asked
    with app.app_context():
        for id_ in asked:
            service.begin(session, int(str(id_)), providers=_cards(app), now=NOW)
        assert not service.begin(session, own(busy), providers=_cards(app), now=at(1))
    told = waiting("checkin.tell")
    assert told.count(own(busy)) == 1
    assert deserted not in told
    again = service.begin_months(session, now=at(1))
    assert again < len(asked)
    rows = sa.select(CheckIn.organization_id).where(CheckIn.told_at.is_not(None))
    assert set(told) == set(session.scalars(rows))


def _cards(app: Flask) -> service.Providers:
    found: service.Providers = app.extensions[service.CARDS_KEY]
    return found


def test_no_letter_goes_out_once_the_month_is_over_or_everything_is_decided(
    app: Flask, session: Session, manager: Actor, notice: str
) -> None:
    begin(app, session, own(manager))
    arguments = {"organization": own(manager), "month": month_of(utc_now()).isoformat()}
    with app.app_context():
        assert list(jobs.readers(session, arguments, utc_now()))
        service.finish(session, manager, own(manager), now=utc_now())
        assert not list(jobs.readers(session, arguments, utc_now()))
        before = {**arguments, "month": "2026-01-01"}
        assert not list(jobs.readers(session, before, utc_now()))


@pytest.mark.parametrize(("choice", "event"), [(Choice.YES, "given"), (Choice.NO, "refused")])
def test_a_link_shows_a_button_and_only_the_button_answers_once(
    app: Flask,
    session: Session,
    client: FlaskClient,
    manager: Actor,
    notice: str,
    choice: Choice,
    event: str,
) -> None:
    path = link_of(app, session, manager, notice, choice)
    before = everything(session)
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200
        assert client.head(path).status_code == 200
    assert everything(session) == before
    assert "Vous répondez pour La Corbeille" in page.text
    assert f"Répondre\u00a0: {'Oui' if choice is Choice.YES else 'Non'}" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"

    assert client.post(path).status_code == 303
    assert said(session) == [(event, manager.person_id)]
    done = client.get(path)
    assert done.status_code == 200
    assert "C’est noté" in done.text
    assert "/organisme/bilan-du-mois" in done.text
    after = everything(session)
    again = client.post(path)
    assert again.status_code == 409
    assert "Ce lien a déjà servi." in again.text
    assert "/organisme/bilan-du-mois" in again.text
    assert everything(session) == after


def test_the_other_answer_of_a_used_link_is_used_too(
    app: Flask, session: Session, client: FlaskClient, manager: Actor, notice: str
) -> None:
    yes = link_of(app, session, manager, notice, Choice.YES)
    no = link_of(app, session, manager, notice, Choice.NO)
    client.post(no)
    assert client.post(yes).status_code == 409
    assert "Réponse donnée\u00a0: non." in client.get(yes).text
    assert [event for event, _ in said(session)] == ["refused"]


def test_a_colleagues_link_finds_the_card_decided(
    app: Flask, session: Session, client: FlaskClient, world: World, manager: Actor, notice: str
) -> None:
    colleague = world.member(own(manager))
    mine = link_of(app, session, manager, notice, Choice.NO)
    theirs = link_of(app, session, colleague, notice, Choice.YES)
    client.post(mine)
    late = client.post(theirs)
    assert late.status_code == 409
    shown = client.get(theirs)
    assert shown.status_code == 410
    assert "Cette carte n’attend plus" in shown.text
    assert [event for event, _ in said(session)] == ["refused"]


def test_a_link_that_ran_out_says_so_kindly_and_leads_on(
    app: Flask, session: Session, client: FlaskClient, manager: Actor, notice: str
) -> None:
    path = link_of(app, session, manager, notice, Choice.YES)
    session.execute(sa.update(CheckInLink).values(expires_at=utc_now()))
    session.commit()
    before = everything(session)
    shown = client.get(path)
    assert shown.status_code == 410
    assert "Un lien répond pendant 14 jours." in shown.text
    assert "/organisme/bilan-du-mois" in shown.text
    assert client.post(path).status_code == 409
    session.execute(sa.delete(CheckInLink))
    session.commit()
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 409
    assert everything(session)[4:] == before[4:]


def test_a_link_says_nothing_and_does_nothing_once_its_person_manages_no_more(
    app: Flask, session: Session, client: FlaskClient, world: World, manager: Actor, notice: str
) -> None:
    path = link_of(app, session, manager, notice, Choice.YES)
    session.execute(
        sa.update(Membership)
        .where(Membership.person_id == manager.person_id)
        .values(role=Role.MEMBER)
    )
    session.commit()
    shown = client.get(path)
    assert shown.status_code == 410
    assert "n’est plus gestionnaire" in shown.text
    assert "La Corbeille" not in shown.text
    assert client.post(path).status_code == 409
    assert said(session) == []


def test_a_coordinator_who_left_answers_by_no_link_whatever_else_they_may(
    app: Flask, session: Session, client: FlaskClient, world: World, manager: Actor, notice: str
) -> None:
    accounts.grant_role(session, SYSTEM, manager.person_id or 0, Role.COORDINATOR, now=utc_now())
    path = link_of(app, session, manager, notice, Choice.YES)
    other = world.member(own(manager))
    organizations.remove_member(session, other, own(manager), manager.person_id or 0, now=utc_now())
    session.commit()
    assert client.post(path).status_code == 409
    assert said(session) == []


def test_a_yes_by_link_needs_the_right_to_say_it_as_the_page_does(
    app: Flask, session: Session, client: FlaskClient, manager: Actor, notice: str
) -> None:
    session.execute(sa.update(Signatory).values(ended_at=utc_now()))
    yes = link_of(app, session, manager, notice, Choice.YES)
    no = link_of(app, session, manager, notice, Choice.NO)
    refused = client.post(yes)
    assert refused.status_code == 422
    assert said(session) == []
    assert client.get(yes).status_code == 200
    assert client.post(no).status_code == 303
    assert [event for event, _ in said(session)] == ["refused"]


def test_a_link_of_one_organization_answers_for_no_other(
    app: Flask, session: Session, client: FlaskClient, world: World, manager: Actor, notice: str
) -> None:
    other = world.organization("Une autre")[0]
    organizations.add_member(session, other, manager.person_id or 0, Role.MANAGER, now=utc_now())
    session.flush()
    path = link_of(app, session, manager, notice, Choice.NO)
    world.sign_in(
        client,
        Actor(manager.person_id, memberships={other: Role.MANAGER}, organization_id=other),
    )
    client.post(path)
    session.rollback()
    whose = sa.select(ConsentEvent.organization_id).where(ConsentEvent.said_by.is_not(None))
    assert session.scalars(whose).all() == [own(manager)]
    session.rollback()


def test_a_text_that_changed_meanwhile_takes_no_answer_to_the_older_one(
    app: Flask, session: Session, client: FlaskClient, manager: Actor, notice: str
) -> None:
    path = link_of(app, session, manager, notice, Choice.YES)
    found = session.scalars(sa.select(ConsentEvent.notice_id).limit(1)).first()
    assert found is None
    old = consent.notice(session, notice)
    draft = consent.default_draft(session, old.purpose, old.recipient_id)
    draft = replace(draft, text_fr=f"{draft.text_fr} Et le mois.", text_en=f"{draft.text_en} Now.")
    steward = Actor(manager.person_id, roles=frozenset({Role.STEWARD}), second_factor=True)
    consent.publish_notice(session, steward, draft, public_id="n" * 22, now=utc_now())
    session.commit()
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 409
    assert said(session) == []


@pytest.mark.parametrize("end", ["", "x", "a.b.c", "%00", "MTp5ZXM.aaaa.bbbb"])
def test_a_forged_link_is_no_address(app: Flask, client: FlaskClient, end: str) -> None:
    assert client.get(f"/bilan-du-mois/repondre/{end}").status_code == 404
    assert client.post(f"/bilan-du-mois/repondre/{end}").status_code == 404
    assert client.post(f"/bilan-du-mois/arreter/{end}").status_code == 404


def test_a_link_that_stops_letters_answers_nothing(
    app: Flask, session: Session, client: FlaskClient, manager: Actor, notice: str
) -> None:
    with app.app_context():
        end = stop_link(own(manager), manager.person_id or 0).rpartition("/")[2]
    assert client.post(f"/bilan-du-mois/repondre/{end}").status_code == 404
    assert said(session) == []


def test_answering_by_link_takes_the_time_since_its_button_was_shown(
    app: Flask, session: Session, client: FlaskClient, manager: Actor, notice: str
) -> None:
    path = link_of(app, session, manager, notice, Choice.NO)
    session.execute(sa.update(CheckIn).values(seen_at=None, seconds=0))
    session.commit()
    found = re.search(r'name="shown" value="([^"]+)"', client.get(path).text)
    assert found is not None
    forged = {"shown": found[1][:-2] + "xx"}
    assert client.post(path, data=forged).status_code == 303
    session.rollback()
    assert session.scalars(sa.select(CheckIn.seconds)).all() == [0]
    session.rollback()


def test_the_time_of_a_link_is_the_servers_and_capped(
    app: Flask, session: Session, manager: Actor, notice: str
) -> None:
    link_of(app, session, manager, notice, Choice.NO)
    session.execute(sa.update(CheckIn).values(seen_at=None, seconds=0))
    (link,) = session.scalars(sa.select(CheckInLink.id)).all()
    now = utc_now()
    with app.app_context():
        service.answer_by_link(
            session,
            link,
            Choice.NO,
            shown_at=now - timedelta(hours=2),
            providers=_cards(app),
            now=now,
        )
    assert session.scalars(sa.select(CheckIn.seconds)).all() == [120]


def test_two_presses_at_once_answer_once(
    app: Flask, session: Session, manager: Actor, notice: str
) -> None:
    path = link_of(app, session, manager, notice, Choice.YES)

    def press(_n: int) -> int:
        return app.test_client().post(path).status_code

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(press, range(4)))
    assert found == [303, 409, 409, 409]
    assert said(session) == [("given", manager.person_id)]


def test_an_answer_by_letter_says_so_in_the_log(
    app: Flask, session: Session, client: FlaskClient, manager: Actor, notice: str
) -> None:
    client.post(link_of(app, session, manager, notice, Choice.NO))
    session.rollback()
    row = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "checkin.decided")).one()
    assert (row.person_id, row.facts["by_letter"], row.facts["choice"]) == (
        *(manager.person_id, True, "no"),
    )
    assert Answer.REFUSED.value in {event for event, _ in said(session)}
