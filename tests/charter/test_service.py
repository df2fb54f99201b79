"""Answers, sizes, lists and months, on both engines."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.charter import service
from mutuali.charter.models import ActionAnswer, CharterMark
from mutuali.charter.rules import Answer, Said, Size
from mutuali.core.charter import Principle
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.facts import FACTS
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

#: An action that people answer, and one that a fact does.
_OPEN, _KNOWN = "lock_paper_lists", "two_managers"
_LIST = (
    "code,principle,theme_fr,theme_en,family,depth,minutes,who,"
    "action_fr,action_en,why_fr,why_en,proof_fr,proof_en,fact\n"
    "lock_paper_lists,privacy,,,access,first,5,member,Rangez.,,,,,,\n"
    "phone,access,,,access,first,5,member,Dites-le.,,,,,,phone_given\n"
)


def _assess(session: Session, actor: Actor, id_: int) -> service.Assessment:
    return service.assess(session, actor, id_, questions=FACTS, now=NOW)


def _say(
    session: Session, actor: Actor, id_: int, code: str, answer: Answer, words: str = ""
) -> None:
    service.say(session, actor, id_, code, Said(answer, words), now=NOW)


def test_a_small_organization_is_asked_for_what_comes_first_and_facts_answer_most(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    found = _assess(session, manager, id_)
    assert found.size is Size.FEW
    assert {each.action.depth.value for each in found.standings} == {"first"}
    assert found.by_facts * 2 >= len(found.standings)
    assert found.listed.public_id is None
    assert found.network == {}
    service.set_size(session, manager, id_, Size.MANY, now=NOW)
    assert len(_assess(session, manager, id_).standings) == 74


def test_people_answer_what_no_fact_does_and_change_their_answer(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    before = _assess(session, manager, id_).shares[Principle.PRIVACY]
    _say(session, manager, id_, _OPEN, Answer.NOT_YET, "Il manque une clé.")
    _say(session, manager, id_, _OPEN, Answer.DONE, "Le classeur ferme à clé.")
    found = service.standing(session, manager, id_, _OPEN, questions=FACTS, now=NOW)
    assert (found.answer, found.sentence) == (Answer.DONE, "Le classeur ferme à clé.")
    after = _assess(session, manager, id_).shares[Principle.PRIVACY]
    assert (after.done, after.of) == (before.done + 1, before.of)
    assert session.scalar(sa.select(sa.func.count()).select_from(ActionAnswer)) == 1


def test_who_may_not_and_what_cannot_be_answered(session: Session, world: World) -> None:
    id_, _ = world.organization()
    manager, member = world.member(id_), world.member(id_, Role.MEMBER)
    stranger = world.member(world.organization()[0])
    for actor in (member, stranger):
        with pytest.raises(Forbidden):
            _say(session, actor, id_, _OPEN, Answer.DONE)
    with pytest.raises(Forbidden):
        _assess(session, stranger, id_)
    with pytest.raises(Conflict):
        _say(session, manager, id_, _KNOWN, Answer.DONE)
    with pytest.raises(NotFound):
        _say(session, manager, id_, "nothing_of_the_kind", Answer.DONE)
    with pytest.raises(Refused):
        _say(session, manager, id_, _OPEN, Answer.DONE, "x" * 301)
    assert session.scalar(sa.select(sa.func.count()).select_from(ActionAnswer)) == 0


def test_a_list_that_is_brought_in_counts_and_answers_stay_with_their_codes(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    steward = world.person(role=Role.STEWARD)
    _say(session, manager, id_, _OPEN, Answer.DONE)

    def bring(content: str, actor: Actor = steward) -> int:
        return service.bring_list(
            session,
            actor,
            content,
            name="Du parcours",
            source="Un organisme",
            public_id=new_public_id(),
            now=NOW,
        )

    with pytest.raises(Forbidden):
        bring(_LIST, manager)
    with pytest.raises(Refused):
        bring(_LIST.replace("privacy", "wisdom"))
    assert _assess(session, manager, id_).listed.public_id is None
    assert bring(_LIST) == 2
    found = _assess(session, manager, id_)
    assert [each.action.code for each in found.standings] == [_OPEN, "phone"]
    assert found.standings[0].answer is Answer.DONE
    assert bring(_LIST) == 2
    assert [each.replaced_at is None for each in service.lists(session, steward)] == [True, False]
    service.back_to_starter(session, steward, now=NOW)
    assert len(service.current_actions(session).actions) == 74
    with pytest.raises(Conflict):
        service.back_to_starter(session, steward, now=NOW)


def test_each_month_keeps_how_far_one_had_come(session: Session, world: World) -> None:
    id_, _ = world.organization()
    silent, _ = world.organization()
    manager = world.member(id_)
    _say(session, manager, id_, _OPEN, Answer.NOT_YET)
    assert service.note_marks(session, questions=FACTS, now=NOW) == 1
    _say(session, manager, id_, _OPEN, Answer.DONE)
    assert service.note_marks(session, questions=FACTS, now=NOW) == 1
    later = NOW + timedelta(days=31)
    service.note_marks(session, questions=FACTS, now=later)
    months = _assess(session, manager, id_).before
    assert [month for month, _ in months] == [date(2026, 3, 1), date(2026, 4, 1)]
    assert months[0][1].done == _assess(session, manager, id_).whole.done
    rows = sa.select(sa.func.count()).select_from(CharterMark)
    assert session.scalar(rows.where(CharterMark.organization_id == silent)) == 0


def test_the_network_is_compared_from_ten_organizations_on(session: Session, world: World) -> None:
    actors = []
    for _ in range(10):
        id_, _ = world.organization()
        actors.append((world.member(id_), id_))
    for n, (actor, id_) in enumerate(actors):
        _say(session, actor, id_, _OPEN, Answer.DONE)
        service.note_marks(session, questions=FACTS, now=NOW)
        assert bool(_assess(session, *actors[0]).network) == (n == 9)


def test_what_was_said_ends_with_the_organization_and_the_person(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    _say(session, manager, id_, _OPEN, Answer.DONE, "Oui.")
    service.note_marks(session, questions=FACTS, now=NOW)
    held = {each.table for each in service.held_about_organization(session, id_) if each.rows}
    assert held == {"action_answer", "charter_mark"}
    assert service.held_about_person(session, manager.person_id or 0)[0].rows
    service.forget_person(session, manager.person_id or 0)
    assert not service.held_about_person(session, manager.person_id or 0)[0].rows
    assert service.forget_answers(session, [id_], dry=True) == 14
    assert service.forget_answers(session, [id_], dry=False) == 14
    assert service.forget_answers(session, [id_], dry=False) == 0
