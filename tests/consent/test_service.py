"""Nothing leaves without a yes: asked, answered, expired, withdrawn, on both engines."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.consent import service
from mutuali.consent.models import Notice
from mutuali.consent.rules import Answer, Event, Purpose, Standing
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.jobs.models import Job
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Organization
from mutuali.organizations.rules import OrganizationKind
from mutuali.web.secrets import new_public_id
from tests.consent.made import STATISTICS, Table, answers, published, set_table
from tests.factories import NOW, World, at
from tests.how_many import how_many


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


@pytest.fixture
def manager(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0])


def own(actor: Actor) -> int:
    assert actor.organization_id is not None
    return actor.organization_id


def says(
    session: Session, actor: Actor, notice: str, answer: Answer = Answer.GIVEN, day: float = 0
) -> None:
    service.answer(session, actor, own(actor), notice, answer, now=at(day))


def yes_of(
    session: Session, table: Table, day: float = 0, purpose: Purpose = STATISTICS
) -> frozenset[int]:
    return service.consenting(session, purpose, table.partner_id, now=at(day))


def codes(caught: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


def test_nobody_consents_until_somebody_says_yes(
    session: Session, table: Table, manager: Actor
) -> None:
    assert yes_of(session, table) == frozenset()
    notice = published(session, table)
    assert yes_of(session, table) == frozenset()
    says(session, manager, notice)
    assert yes_of(session, table) == {own(manager)}


def test_a_yes_is_for_one_purpose_and_one_recipient(
    session: Session, table: Table, manager: Actor, world: World
) -> None:
    says(session, manager, published(session, table))
    other = set_table(world)
    published(session, other)
    published(session, table, Purpose.SHARING_STUDY)
    assert yes_of(session, other) == frozenset()
    assert yes_of(session, table, purpose=Purpose.SHARING_STUDY) == frozenset()


def test_a_new_version_voids_the_yes_until_it_is_given_again(
    session: Session, table: Table, manager: Actor
) -> None:
    first = published(session, table)
    says(session, manager, first)
    second = published(session, table, more="\n\nNouveau, new.", now=at(1))
    assert yes_of(session, table, 1) == frozenset()
    [question] = service.questions(session, manager, own(manager), now=at(1))
    assert (question.notice.public_id, question.notice.version) == (second, 2)
    assert (question.standing, question.voided) == (Standing.UNANSWERED, True)
    with pytest.raises(Conflict) as caught:
        says(session, manager, first, day=1)
    assert codes(caught) == ["consent.notice_replaced"]
    says(session, manager, second, day=1)
    assert yes_of(session, table, 1) == {own(manager)}
    assert not service.notice(session, first).is_current


def test_a_no_to_the_version_before_is_not_told_as_a_lost_yes(
    session: Session, table: Table, manager: Actor
) -> None:
    says(session, manager, published(session, table))
    says(session, manager, published(session, table, more="\n\nDeux, two."), Answer.REFUSED)
    published(session, table, more="\n\nTrois, three.")
    [question] = service.questions(session, manager, own(manager), now=NOW)
    assert (question.notice.version, question.voided) == (3, False)


def test_a_yes_expires_and_the_question_comes_back(
    session: Session, table: Table, manager: Actor
) -> None:
    says(session, manager, published(session, table, months=1))
    assert how_many(service.count_unanswered, session, manager, at(1)) == 0
    assert yes_of(session, table, 30) == {own(manager)}
    assert yes_of(session, table, 32) == frozenset()
    [question] = service.questions(session, manager, own(manager), now=at(32))
    assert question.standing is Standing.EXPIRED
    assert how_many(service.count_unanswered, session, manager, at(32)) == 1


def test_a_yes_is_taken_back_and_may_be_given_again(
    session: Session, table: Table, manager: Actor
) -> None:
    notice = published(session, table)
    says(session, manager, notice)
    service.withdraw(session, manager, own(manager), notice, now=at(1))
    assert yes_of(session, table, 1) == frozenset()
    with pytest.raises(Conflict) as caught:
        service.withdraw(session, manager, own(manager), notice, now=at(1))
    assert codes(caught) == ["consent.nothing_to_withdraw"]
    says(session, manager, notice, day=2)
    assert yes_of(session, table, 2) == {own(manager)}
    history = service.history(session, manager, own(manager))
    assert [event.event for event in history] == [
        Event.GIVEN,
        Event.WITHDRAWN,
        Event.GIVEN,
        Event.ASKED,
    ]
    assert {event.person_name for event in history} != {None}
    assert {event.notice.hash for event in history} == {service.notice(session, notice).hash}


def test_a_no_after_a_yes_is_kept_as_a_withdrawal(
    session: Session, table: Table, manager: Actor
) -> None:
    notice = published(session, table)
    says(session, manager, notice, Answer.REFUSED)
    says(session, manager, notice, day=1)
    says(session, manager, notice, Answer.REFUSED, day=2)
    assert answers(session) == ["refused", "given", "withdrawn"]
    assert yes_of(session, table, 2) == frozenset()


def test_who_left_the_network_no_longer_consents(
    session: Session, table: Table, manager: Actor
) -> None:
    says(session, manager, published(session, table))
    session.get_one(Organization, own(manager)).state = "left"
    session.flush()
    assert yes_of(session, table) == frozenset()


def test_nothing_may_go_to_a_recipient_that_left(
    session: Session, table: Table, manager: Actor
) -> None:
    notice = published(session, table)
    says(session, manager, notice)
    session.get_one(Organization, table.partner_id).state = "left"
    session.flush()
    assert yes_of(session, table) == frozenset()
    assert service.current_notices(session) == []
    assert service.questions(session, manager, own(manager), now=NOW) == []


def test_only_a_manager_answers_and_only_for_their_own(
    session: Session, table: Table, manager: Actor, world: World
) -> None:
    notice = published(session, table)
    member = world.member(own(manager), Role.MEMBER)
    stranger = world.member(world.organization()[0])
    for actor in (member, stranger, table.steward, world.person(role=Role.COORDINATOR)):
        with pytest.raises(Forbidden):
            service.answer(session, actor, own(manager), notice, Answer.GIVEN, now=NOW)
    assert service.questions(session, member, own(manager), now=NOW) != []
    for actor in (stranger, table.steward):
        with pytest.raises(Forbidden):
            service.questions(session, actor, own(manager), now=NOW)
        with pytest.raises(Forbidden):
            service.history(session, actor, own(manager))
    assert yes_of(session, table) == frozenset()


@pytest.mark.parametrize("kind", [OrganizationKind.PARTNER, OrganizationKind.OPERATOR])
def test_who_receives_is_not_asked(
    session: Session, table: Table, world: World, kind: OrganizationKind
) -> None:
    notice = published(session, table)
    receiver = world.member(world.organization(kind=kind)[0])
    with pytest.raises(Refused) as caught:
        says(session, receiver, notice)
    assert codes(caught) == ["consent.not_asked"]
    assert service.questions(session, receiver, own(receiver), now=NOW) == []
    assert how_many(service.count_unanswered, session, receiver, NOW) == 0


def test_who_is_not_accepted_yet_is_not_asked(session: Session, table: Table, world: World) -> None:
    notice = published(session, table)
    applicant = world.member(world.organization(accepted=False)[0])
    with pytest.raises(Refused):
        says(session, applicant, notice)
    assert how_many(service.count_unanswered, session, applicant, NOW) == 0


def test_a_notice_that_does_not_exist_takes_no_answer(session: Session, manager: Actor) -> None:
    with pytest.raises(NotFound):
        says(session, manager, "personne")


def test_questions_count_for_managers_until_they_are_answered(
    session: Session, table: Table, manager: Actor, world: World
) -> None:
    first = published(session, table)
    published(session, table, Purpose.MOBILITY_PLANNING)
    member = world.member(own(manager), Role.MEMBER)
    assert how_many(service.count_unanswered, session, manager, NOW) == 2
    assert how_many(service.count_unanswered, session, member, NOW) == 0
    assert how_many(service.count_unanswered, session, table.steward, NOW) == 0
    says(session, manager, first, Answer.REFUSED)
    assert how_many(service.count_unanswered, session, manager, NOW) == 1


def test_publishing_numbers_the_version_leaves_its_trace_and_tells(
    session: Session, table: Table
) -> None:
    published(session, table)
    published(session, table, more="\n\nPlus, more.")
    rows = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [row.version for row in rows] == [1, 2]
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.name == "notice.published").order_by(AuditEvent.id)
    ).all()
    assert [event.facts["hash"] for event in events] == [row.hash for row in rows]
    jobs = session.scalars(select(Job).where(Job.kind == "consent.tell_question")).all()
    assert [job.arguments for job in jobs] == [{"notice": row.id} for row in rows]


def test_every_answer_leaves_its_trace(session: Session, table: Table, manager: Actor) -> None:
    notice = published(session, table)
    says(session, manager, notice)
    service.withdraw(session, manager, own(manager), notice, now=at(1))
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.name.startswith("consent.")).order_by(AuditEvent.id)
    ).all()
    facts = service.notice(session, notice)
    assert [event.name for event in events] == ["consent.given", "consent.withdrawn"]
    assert {event.subject_id for event in events} == {own(manager)}
    assert events[0].facts == {"notice": facts.id, "hash": facts.hash}


def test_the_same_text_is_not_published_twice(session: Session, table: Table) -> None:
    published(session, table)
    with pytest.raises(Refused) as caught:
        published(session, table)
    assert codes(caught) == ["notice.nothing_new"]


def test_only_a_steward_publishes_and_only_to_who_may_receive(
    session: Session, table: Table, manager: Actor
) -> None:
    draft = service.default_draft(session, STATISTICS, table.partner_id)
    with pytest.raises(Forbidden):
        service.publish_notice(session, manager, draft, public_id=new_public_id(), now=NOW)
    to_a_member = service.default_draft(session, STATISTICS, own(manager))
    for wrong in (to_a_member, replace(draft, recipient_id=999_999)):
        with pytest.raises(Refused) as caught:
            service.publish_notice(
                session, table.steward, wrong, public_id=new_public_id(), now=NOW
            )
        assert codes(caught) == ["notice.not_a_recipient"]


def test_the_steward_sees_how_far_a_notice_reaches_in_bands_only(
    session: Session, table: Table, world: World
) -> None:
    notice = published(session, table)
    for _ in range(6):
        says(session, world.member(world.organization()[0]), notice)
    world.organization()
    [reach] = service.reached(session, table.steward, now=NOW)
    assert (reach.yes, reach.asked) == ((5, 9), (5, 9))
    with pytest.raises(Forbidden):
        service.reached(session, world.member(world.organization()[0]), now=NOW)


def test_a_yes_of_an_organization_says_by_what_right_and_that_it_takes_part(
    session: Session, table: Table, world: World
) -> None:
    notice = published(session, table)
    organization = world.organization()[0]
    newcomer = world.member(organization, participates=False)
    with pytest.raises(Refused) as caught:
        says(session, newcomer, notice)
    assert codes(caught) == ["consent.no_participation", "consent.no_capacity"]
    says(session, newcomer, notice, Answer.REFUSED)
    world.member(organization)
    with pytest.raises(Refused) as caught:
        says(session, newcomer, notice)
    assert codes(caught) == ["consent.no_capacity"]
    world.participates(newcomer)
    says(session, newcomer, notice)
    [latest, *earlier] = service.history(session, newcomer, organization)
    assert (latest.event, latest.capacity) == (Event.GIVEN, "executive_direction")
    assert {each.capacity for each in earlier} == {None}
    assert yes_of(session, table) == {organization}


def test_who_gave_notice_of_leaving_no_longer_consents(
    session: Session, table: Table, manager: Actor
) -> None:
    says(session, manager, published(session, table))
    organizations.give_notice(session, manager, own(manager), now=at(1))
    assert yes_of(session, table) == {own(manager)}
    assert yes_of(session, table, 2) == frozenset()
