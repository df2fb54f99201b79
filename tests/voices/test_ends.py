"""Authors are told once and their address goes; those who answer are reminded; words end."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Role
from mutuali.governance.rules import BY_JOB
from mutuali.inventory.rules import LASTS, Keep
from mutuali.jobs.jobs import work_through
from mutuali.jobs.models import Job
from mutuali.voices import service
from mutuali.voices.models import Voice
from mutuali.voices.rules import Draft, Junk, Leave
from mutuali.web.clock import utc_now
from tests.bookings.letters import sent
from tests.factories import NOW, World, at
from tests.voices.made import WORDS, everything, published, row, says

DAY = timedelta(days=1)
ADDRESS = "zoe@exemple.org"


@pytest.fixture
def desk(world: World) -> Actor:
    return world.person(role=Role.COORDINATOR, email="coordination@exemple.org")


def waiting_jobs(session: Session) -> list[tuple[str, object]]:
    """(kind, arguments) of the letters of this feature that were handed in."""
    rows = session.execute(
        sa.select(Job.kind, Job.arguments).where(Job.kind.startswith("voices.")).order_by(Job.id)
    )
    return [(kind, arguments) for kind, arguments in rows]


def test_who_left_an_address_is_told_in_their_language_and_it_is_gone_everywhere(
    app: Flask, session: Session, desk: Actor
) -> None:
    id_ = says(session, "What do you keep of me?", language="en", email=ADDRESS)
    draft = Draft(heading_en="What we keep", words_en="Nothing at all.")
    answer_id = published(session, desk, id_, draft, shown="What do you keep of me?")
    session.commit()
    # Until then it stands in one place, and in no job.
    assert everything(session).count(ADDRESS) == 1
    session.rollback()
    (letter,) = sent(app)
    assert letter.to == ADDRESS
    assert "What we keep" in letter.body
    assert "Nothing at all." in letter.body
    assert f"/questions-et-reponses#{answer_id}" in letter.body
    assert ADDRESS not in everything(session)
    told = row(session, id_)
    assert told.email is None
    assert told.told_at is not None
    session.rollback()
    assert len(sent(app)) == 1


def test_an_answer_to_one_person_goes_to_them_and_leads_to_no_public_page(
    app: Flask, session: Session, desk: Actor
) -> None:
    id_ = says(session, leave=Leave.NO, email=ADDRESS)
    service.answer_in_private(session, desk, id_, "Seulement pour vous.", now=NOW)
    session.commit()
    (letter,) = sent(app)
    assert "Seulement pour vous." in letter.body
    assert "questions-et-reponses" not in letter.body
    assert ADDRESS not in everything(session)


def test_an_address_stays_while_its_letter_did_not_leave(
    app: Flask, session: Session, desk: Actor
) -> None:
    id_ = says(session, email=ADDRESS)
    published(session, desk, id_)
    session.commit()
    own = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(own, mail_url="file:/dev/null/nowhere")
    work_through(app)
    app.config["SETTINGS"] = own
    assert row(session, id_).email == ADDRESS
    session.execute(sa.update(Job).where(Job.state == "waiting").values(due_at=NOW))
    session.commit()
    (letter,) = sent(app)
    assert letter.to == ADDRESS
    assert row(session, id_).email is None


def test_who_left_no_address_and_what_was_set_aside_is_written_to_nobody(
    session: Session, desk: Actor
) -> None:
    published(session, desk, says(session))
    junk = says(session, "Achetez nos boîtes!", email=ADDRESS)
    service.set_aside(session, desk, junk, Junk.ADVERTISING, now=NOW)
    assert waiting_jobs(session) == []
    assert service.reply(session, row(session, junk).id) is None


def test_those_who_answer_are_reminded_twice_and_the_stewards_told_once_when_it_is_late(
    session: Session,
) -> None:
    id_ = row(session, says(session)).id
    for day, told in ((19, 0), (20, 1), (20, 0), (27, 0), (28, 1), (30, 0), (31, 1), (60, 0)):
        assert service.remind(session, now=at(day)) == told, day
    about = {"voices": [id_]}
    assert waiting_jobs(session) == [
        ("voices.remind", about),
        ("voices.remind", about),
        ("voices.overdue", about),
    ]


def test_what_comes_due_together_is_told_in_one_letter_and_what_is_new_waits_its_time(
    session: Session,
) -> None:
    for number in range(3):
        says(session, f"Question numéro {number} du même jour")
    says(session, "Une question de la veille du rappel", now=at(15))
    assert service.remind(session, now=at(20)) == 3
    assert len(waiting_jobs(session)) == 1


def test_a_reminder_says_what_waits_and_none_of_its_words_to_both_roles(
    app: Flask, world: World, session: Session, desk: Actor
) -> None:
    now = utc_now()
    world.person(role=Role.STEWARD, email="intendance@exemple.org")
    world.person(role=Role.ANALYST, email="analyste@exemple.org")
    id_ = says(session, now=now - 20 * DAY, email=ADDRESS)
    service.remind(session, now=now)
    session.commit()
    letters = sent(app)
    assert {each.to for each in letters} == {"coordination@exemple.org", "intendance@exemple.org"}
    for letter in letters:
        assert f"/intendance/paroles/{id_}" in letter.body
        assert "encore 10\u00a0jours" in letter.body or "encore 10 jours" in letter.body
        assert WORDS not in letter.body
        assert ADDRESS not in letter.body


def test_what_is_late_is_told_to_the_stewards_alone_and_not_once_it_was_answered(
    app: Flask, world: World, session: Session, desk: Actor
) -> None:
    now = utc_now()
    world.person(role=Role.STEWARD, email="intendance@exemple.org")
    late = says(session, now=now - 32 * DAY)
    service.remind(session, now=now)
    session.commit()
    assert [each.to for each in sent(app)] == ["intendance@exemple.org"]
    other = says(session, "Une autre question en retard", now=now - 40 * DAY)
    service.remind(session, now=now)
    for id_ in (late, other):
        service.mark_read(session, desk, id_, now=now)
    session.commit()
    assert len(sent(app)) == 1


def test_the_job_of_this_feature_carries_out_what_the_inventory_promises() -> None:
    assert BY_JOB["voice"] == "voices.tick"
    assert LASTS[Keep.VOICE] == timedelta(days=365)


def test_what_was_set_aside_is_destroyed_after_thirty_days(session: Session, desk: Actor) -> None:
    service.set_aside(session, desk, says(session, email=ADDRESS), Junk.ADVERTISING, now=at(1))
    service.end_old(session, now=at(31))
    assert session.scalar(sa.select(sa.func.count(Voice.id))) == 1
    service.end_old(session, now=at(31) + timedelta(seconds=1))
    assert session.scalar(sa.select(sa.func.count(Voice.id))) == 0
    says(session, now=at(32))  # the same words may come again


def test_a_year_after_the_answer_what_was_not_published_is_gone_and_still_counted(
    session: Session, desk: Actor
) -> None:
    private = says(session, "Une chose que je dis à vous seuls.", email=ADDRESS, page="/aide")
    service.answer_in_private(session, desk, private, "Réponse pour un seul.", now=at(10))
    read = says(session, "Lisez ceci, sans répondre.", leave=Leave.NO)
    service.mark_read(session, desk, read, now=at(10))
    public = says(session, f"{WORDS} Signé Zoé")
    published(session, desk, public, now=at(10))
    before = service.tally(session, now=at(11))
    service.end_old(session, now=at(10 + 365))
    assert row(session, private).words
    service.end_old(session, now=at(10 + 366))
    for id_ in (private, read, public):
        left = row(session, id_)
        assert (left.words, left.answer, left.page, left.fingerprint, left.email) == (
            *("", "", "", ""),
            None,
        )
    assert "vous seuls" not in everything(session)
    assert "Signé Zoé" not in everything(session)
    assert service.answers(session).answers[0].questions[0].words == WORDS
    assert service.tally(session, now=at(11)) == before
    assert [each.words for each in service.desk(session, desk).done] == ["", "", ""]


def test_an_address_goes_after_a_year_even_if_nobody_ever_answered(session: Session) -> None:
    id_ = says(session, email=ADDRESS)
    service.end_old(session, now=at(365))
    assert row(session, id_).email == ADDRESS
    service.end_old(session, now=at(366))
    waits = row(session, id_)
    assert (waits.email, waits.words, waits.state) == (None, WORDS, "waiting")
