"""What somebody says is answered once, in the way they let, and leaves its trace without a name."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.voices import service
from mutuali.voices.models import PublicAnswer, PublicQuestion, Voice
from mutuali.voices.rules import MOST_A_DAY, Draft, Junk, Leave, State, Topic
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at
from tests.how_many import how_many
from tests.voices.made import DRAFT, MINUTE, WORDS, published, row, said, says


@pytest.fixture
def desk(world: World) -> Actor:
    return world.person(role=Role.COORDINATOR)


def refusal(session: Session, words: str = WORDS, **more: Any) -> list[str]:
    """The codes with which somebody is turned away."""
    with pytest.raises(Refused) as refused:
        says(session, words, **more)
    return [reason.code for reason in refused.value.reasons]


def test_what_was_said_waits_for_the_coordination_and_the_stewards_and_nobody_else(
    world: World, session: Session, desk: Actor
) -> None:
    late = says(session, "Dit en premier, donc dû en premier.", now=at(0))
    soon = says(session, "Dit ensuite, un autre jour.", now=at(3))
    steward = world.person(role=Role.STEWARD)
    for actor in (desk, steward):
        assert [each.public_id for each in service.desk(session, actor).waiting] == [late, soon]
        assert how_many(service.count_waiting, session, actor, NOW) == 2
    others = (
        world.member(world.organization()[0]),
        world.person(role=Role.ANALYST),
        world.person(role=Role.ADMINISTRATOR),
    )
    for actor in others:
        with pytest.raises(Forbidden):
            service.desk(session, actor)
        with pytest.raises(Forbidden):
            service.voice(session, actor, late)
        with pytest.raises(Forbidden):
            published(session, actor, late)
        assert how_many(service.count_waiting, session, actor, NOW) == 0


def test_of_an_address_those_who_answer_learn_that_there_is_one(
    session: Session, desk: Actor
) -> None:
    id_ = says(session, email="zoe@exemple.org")
    found = service.voice(session, desk, id_)
    assert found.has_email
    assert "zoe@" not in repr(found)
    assert "zoe@" not in repr(service.desk(session, desk))


def test_the_trace_of_what_was_said_names_nobody(session: Session) -> None:
    says(session, email="zoe@exemple.org")
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "voice.received")).one()
    assert event.person_id is None
    assert event.facts == {"topic": "kept", "due_on": "2026-04-02"}


def test_the_same_words_are_taken_once_also_when_they_were_set_aside(
    session: Session, desk: Actor
) -> None:
    service.set_aside(session, desk, says(session), Junk.ADVERTISING, now=NOW)
    assert refusal(session, WORDS.upper()) == ["voice.said_before"]
    says(session, f"{WORDS} Et de mon camion?")


def test_a_form_is_good_for_one(session: Session) -> None:
    id_ = new_public_id()
    opened = NOW - MINUTE
    service.say(session, said(), public_id=id_, opened_at=opened, now=NOW)
    with pytest.raises(Refused, match="form_used"):
        service.say(
            session, said("Une tout autre question"), public_id=id_, opened_at=opened, now=NOW
        )


def test_a_day_takes_what_a_person_can_read_and_the_next_day_as_much_again(
    session: Session,
) -> None:
    for number in range(MOST_A_DAY):
        says(session, f"Question numéro {number} de la journée")
    assert refusal(session) == ["voice.too_many_today"]
    says(session, now=at(1))


def test_a_question_and_its_answer_stand_in_public_and_cannot_be_answered_twice(
    session: Session, desk: Actor
) -> None:
    id_ = says(session, page="/aide")
    answer_id = published(session, desk, id_, now=at(4))
    (found,) = service.answers(session).answers
    assert (found.public_id, found.topic, found.draft) == (answer_id, Topic.KEPT, DRAFT)
    (question,) = found.questions
    assert (question.words, question.is_edited, str(question.asked)) == (
        WORDS,
        False,
        "2026-03-01",
    )
    assert service.desk(session, desk).waiting == []
    (done,) = service.desk(session, desk).done
    assert (done.state, done.heading, done.answer_id) == (
        State.PUBLISHED,
        "Ce qui reste d’un passage",
        answer_id,
    )
    for again in (
        lambda: published(session, desk, id_),
        lambda: service.mark_read(session, desk, id_, now=NOW),
        lambda: service.set_aside(session, desk, id_, Junk.ABUSE, now=NOW),
    ):
        with pytest.raises(Conflict, match="answered_before"):
            again()


def test_without_a_yes_nothing_is_published_by_the_service_nor_by_the_database(
    session: Session, desk: Actor
) -> None:
    id_ = says(session, leave=Leave.NO)
    with pytest.raises(Conflict, match="no_such_way"):
        published(session, desk, id_)
    with pytest.raises(IntegrityError):
        session.execute(sa.update(Voice).values(state=State.PUBLISHED.value, closed_at=NOW))
    session.rollback()


def test_words_that_lead_to_somebody_are_published_without_what_does(
    session: Session, desk: Actor
) -> None:
    words = "Ma voisine Zoé, 514 555-0199, dit que vous gardez tout."
    id_ = says(session, words)
    with pytest.raises(Refused, match="details_left"):
        published(session, desk, id_, shown=words)
    assert session.scalar(sa.select(sa.func.count(PublicAnswer.id))) == 0
    published(session, desk, id_, shown="Ma voisine […] dit que vous gardez tout.")
    (found,) = service.answers(session).answers
    assert found.questions[0].is_edited
    assert "Zoé" not in repr(found)


def test_several_questions_get_one_answer_under_one_heading(session: Session, desk: Actor) -> None:
    answer_id = published(session, desk, says(session))
    second = says(session, "Et mon nom, le gardez-vous?")
    service.publish_under(
        session, desk, second, "Et mon nom, le gardez-vous?", answer_id, now=at(1)
    )
    (found,) = service.answers(session).answers
    assert [each.words for each in found.questions] == [WORDS, "Et mon nom, le gardez-vous?"]
    assert service.tally(session, now=at(1)).published == 2
    private = says(session, "Moi aussi, mais sans paraître.", leave=Leave.NO, email="z@exemple.org")
    service.answer_in_private(session, desk, private, "", under=answer_id, now=at(1))
    assert len(service.answers(session).answers[0].questions) == 2
    reply = service.reply(session, row(session, private).id)
    assert reply is not None
    assert (reply.heading, reply.words, reply.answer_id) == (
        "Ce qui reste d’un passage",
        "Rien du tout.",
        answer_id,
    )


def test_an_answer_is_given_in_the_language_of_the_question(session: Session, desk: Actor) -> None:
    french = published(session, desk, says(session))
    english = says(session, "What do you keep of me?", language="en", email="z@exemple.org")
    assert service.headings(session, desk, "en") == []
    with pytest.raises(Refused, match="in_other_language"):
        service.publish_under(session, desk, english, "What?", french, now=NOW)
    with pytest.raises(Refused, match="in_other_language"):
        service.answer_in_private(session, desk, english, "", under=french, now=NOW)
    with pytest.raises(Refused, match="answer_gone"):
        service.publish_under(session, desk, english, "What?", "x" * 22, now=NOW)
    with pytest.raises(Refused) as refused:
        published(session, desk, english)
    assert {reason.field for reason in refused.value.reasons} == {"heading_en", "words_en"}
    both = Draft("Titre", "Mots", "Heading", "Words")
    service.rewrite(session, desk, french, both, now=NOW)
    assert service.headings(session, desk, "en") == [(french, "Heading")]
    service.publish_under(session, desk, english, "What do you keep of me?", french, now=NOW)
    (found,) = service.answers(session).answers
    assert found.heading("en") == ("Heading", "en")
    with pytest.raises(Refused):
        service.rewrite(session, desk, french, DRAFT, now=NOW)


def test_an_answer_to_one_person_alone_stands_nowhere_in_public(
    session: Session, desk: Actor
) -> None:
    id_ = says(session, email="zoe@exemple.org")
    with pytest.raises(Refused, match="missing"):
        service.answer_in_private(session, desk, id_, "", now=NOW)
    service.answer_in_private(session, desk, id_, "Seulement pour vous.", now=NOW)
    assert service.answers(session).count == 0
    assert service.voice(session, desk, id_).answer == "Seulement pour vous."
    silent = says(session, "Je ne laisse rien, lisez seulement.", leave=Leave.NO)
    with pytest.raises(Conflict, match="no_such_way"):
        service.answer_in_private(session, desk, silent, "Mots", now=NOW)
    service.mark_read(session, desk, silent, now=NOW)
    assert service.voice(session, desk, silent).state is State.READ


def test_what_was_set_aside_can_be_taken_up_again_under_its_first_day(
    session: Session, desk: Actor
) -> None:
    id_ = says(session, email="zoe@exemple.org")
    service.set_aside(session, desk, id_, Junk.NONSENSE, now=at(2))
    assert service.tally(session, now=at(2)).received == 0
    service.bring_back(session, desk, id_, now=at(5))
    found = service.voice(session, desk, id_)
    assert (found.state, found.junk, found.has_email) == (State.WAITING, None, True)
    assert str(found.due_on) == "2026-04-02"
    with pytest.raises(Conflict, match="not_set_aside"):
        service.bring_back(session, desk, id_, now=at(5))


def test_what_changed_is_said_later_and_shown_with_the_answer(
    session: Session, desk: Actor
) -> None:
    answer_id = published(session, desk, says(session))
    changed = Draft(*("Titre", "Mots"), changed_fr="La page le dit.", changed_link="/aide")
    service.rewrite(session, desk, answer_id, changed, now=at(9))
    (found,) = service.latest(session, 3)
    assert found.changed("en") == ("La page le dit.", "fr")
    assert found.published_at == NOW
    with pytest.raises(NotFound):
        service.rewrite(session, desk, "x" * 22, changed, now=NOW)


def test_a_question_is_taken_off_and_with_the_last_one_the_answer(
    session: Session, desk: Actor
) -> None:
    first, second = says(session), says(session, "Une question semblable à l’autre.")
    answer_id = published(session, desk, first)
    service.publish_under(session, desk, second, "Une question semblable.", answer_id, now=NOW)
    one, other = (each.id for each in service.answers(session).answers[0].questions)
    assert service.take_off(session, desk, answer_id, one, now=NOW)
    with pytest.raises(NotFound):
        service.take_off(session, desk, answer_id, one, now=NOW)
    assert [each.id for each in service.answers(session).answers[0].questions] == [other]
    assert not service.take_off(session, desk, answer_id, other, now=NOW)
    assert service.answers(session).count == 0
    assert session.scalar(sa.select(sa.func.count(PublicQuestion.id))) == 0
    assert {row(session, each).state for each in (first, second)} == {"read"}


def test_who_is_still_to_be_told_gets_the_words_of_an_answer_that_was_taken_off(
    session: Session, desk: Actor
) -> None:
    id_ = says(session, email="zoe@exemple.org")
    answer_id = published(session, desk, id_)
    (question,) = service.answers(session).answers[0].questions
    service.take_off(session, desk, answer_id, question.id, now=NOW)
    reply = service.reply(session, row(session, id_).id)
    assert reply is not None
    assert (reply.words, reply.heading, reply.answer_id) == ("Rien du tout.", "", None)


def test_answers_come_by_subject_the_latest_first_and_page_by_page(
    session: Session, desk: Actor
) -> None:
    for number in range(12):
        id_ = says(session, f"Question numéro {number} sur le sujet", topic=Topic.IDEA)
        published(session, desk, id_, Draft(f"Titre {number}", "Mots"), now=at(number))
    other = says(session, topic=Topic.KEPT)
    published(session, desk, other, now=at(0))
    groups = service.by_topic(session)
    assert [(each.topic, each.count, len(each.answers)) for each in groups] == [
        (Topic.KEPT, 1, 1),
        (Topic.IDEA, 12, 10),
    ]
    assert groups[1].answers[0].draft.heading_fr == "Titre 11"
    found = service.answers(session, Topic.IDEA, page=9)
    assert (found.count, found.page, found.pages) == (12, 1, 1)
    assert [each.draft.heading_fr for each in service.latest(session, 3)] == [
        "Titre 11",
        "Titre 10",
        "Titre 9",
    ]


def test_the_numbers_say_how_many_how_fast_and_how_long_the_oldest_waits(
    session: Session, desk: Actor
) -> None:
    assert service.tally(session, now=NOW) == service.Tally(0, 0, (0, 4), (0, 4), None, None)
    for number, days in enumerate((2, 4, 9)):
        id_ = says(session, f"Publiée, question numéro {number}")
        published(session, desk, id_, now=at(days))
    alone = says(session, "Une réponse pour moi seul.", email="z@exemple.org")
    service.answer_in_private(session, desk, alone, "Voilà.", now=at(12))
    says(session, "La plus vieille qui attend.", now=at(1))
    for number in range(5):
        says(session, f"Attend aussi, numéro {number}", now=at(8))
    junk = says(session, "Achetez nos boîtes de carton!")
    service.set_aside(session, desk, junk, Junk.ADVERTISING, now=NOW)
    assert service.tally(session, now=at(13)) == service.Tally(10, 3, (0, 4), (5, 9), 6, 12)
    assert service.tally(session, now=at(13) + timedelta(days=1)).oldest_days == 13
