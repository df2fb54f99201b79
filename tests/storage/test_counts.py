"""What waits is asked in one go, and the dear look is taken only where something may wait."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from mutuali.core.permissions import VISITOR, Actor, Role
from mutuali.counts import NOW as ASKED_AT
from mutuali.counts import AtMost, Count, ago, counted
from mutuali.organizations.models import Organization
from tests import counting
from tests.factories import NOW, World


def _of_the_last_hour(_: Actor) -> Count:
    since = Organization.created_at > ago(timedelta(hours=1))
    return select(func.count(Organization.id)).where(since, Organization.created_at <= ASKED_AT)


def _none(_: Actor) -> Count:
    return None


def test_many_counts_are_one_question_and_each_keeps_its_place(world: World) -> None:
    world.organization()

    def theirs(actor: Actor) -> Count:
        return select(literal(actor.person_id, type_=Organization.id.type))

    with counting.counted(world.session) as statements:
        found = counted(world.session, (_none, theirs, _of_the_last_hour), Actor(7), NOW)
    assert found == [0, 7, 1]
    assert len([each for each in statements if not each.startswith("SET")]) == 1


@pytest.mark.parametrize(("later", "there"), [(0, 1), (59, 1), (60, 0), (-1, 0)])
def test_a_question_that_was_built_before_is_asked_of_the_new_instant(
    world: World, later: int, there: int
) -> None:
    world.organization()
    counters = (_of_the_last_hour,)
    assert counted(world.session, counters, VISITOR, NOW) == [1]
    assert counted(world.session, counters, VISITOR, NOW + timedelta(minutes=later)) == [there]


def test_the_dear_look_is_taken_only_where_something_may_wait(world: World) -> None:
    looked: list[datetime] = []

    def dear(_: Session, actor: Actor, now: datetime) -> int:
        looked.append(now)
        return 2

    def at_most(count: int) -> Count:
        return AtMost(select(literal(count)), dear)

    assert counted(world.session, (lambda _: at_most(0),), VISITOR, NOW) == [0]
    assert looked == []
    assert counted(world.session, (lambda _: at_most(5),), VISITOR, NOW) == [2]
    assert looked == [NOW]


def test_the_question_is_built_once_for_a_person_and_anew_when_what_they_may_changes(
    world: World,
) -> None:
    built: list[Actor] = []

    def theirs(actor: Actor) -> Count:
        built.append(actor)
        return select(literal(len(actor.memberships)))

    member = Actor(1, {3: Role.MEMBER})
    of_two = Actor(1, {3: Role.MEMBER, 4: Role.MEMBER})
    found = [counted(world.session, (theirs,), who, NOW) for who in (member, member, of_two)]
    assert found == [[1], [1], [2]]
    assert built == [member, of_two]
