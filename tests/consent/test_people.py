"""People are asked for themselves: what they say counts for their rows, and nobody else sees it."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.consent import service
from mutuali.consent.models import ConsentEvent
from mutuali.consent.rules import Answer, Event, Purpose, Standing, Subject
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.jobs.models import Job
from mutuali.organizations.models import Organization
from mutuali.organizations.rules import OrganizationKind
from tests.consent.made import STATISTICS, Table, published, set_table
from tests.factories import NOW, World, at, span


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


@pytest.fixture
def notice(session: Session, table: Table) -> str:
    return published(session, table, subject=Subject.PERSON)


@pytest.fixture
def person(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0], Role.MEMBER)


def people_of(session: Session, table: Table, day: float = 0) -> frozenset[int]:
    return service.consenting_people(session, STATISTICS, table.partner_id, now=at(day))


def says(
    session: Session, actor: Actor, notice: str, answer: Answer = Answer.GIVEN, day: float = 0
) -> None:
    service.answer_own(session, actor, notice, answer, now=at(day))


def codes(caught: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


def events(session: Session, person: Actor) -> Sequence[str]:
    return session.scalars(
        select(ConsentEvent.event)
        .where(ConsentEvent.person_id == person.person_id)
        .order_by(ConsentEvent.id)
    ).all()


def test_a_persons_yes_is_theirs_and_says_nothing_for_their_organization(
    session: Session, table: Table, notice: str, person: Actor
) -> None:
    assert people_of(session, table) == frozenset()
    says(session, person, notice)
    assert people_of(session, table) == {person.person_id}
    assert service.consenting(session, STATISTICS, table.partner_id, now=NOW) == frozenset()
    assert list(events(session, person)) == ["asked", "given"]


def test_the_two_kinds_of_subject_have_notices_of_their_own(
    session: Session, table: Table, notice: str, world: World
) -> None:
    manager = world.member(world.organization()[0])
    to_organizations = published(session, table)
    assert service.notice(session, notice).version == 1
    assert service.notice(session, to_organizations).version == 1
    with pytest.raises(NotFound):
        says(session, manager, to_organizations)
    with pytest.raises(NotFound):
        service.answer(
            session, manager, manager.organization_id or 0, notice, Answer.GIVEN, now=NOW
        )
    own = service.own_questions(session, manager, now=NOW)
    ours = service.questions(session, manager, manager.organization_id or 0, now=NOW)
    assert [each.notice.public_id for each in own] == [notice]
    assert [each.notice.public_id for each in ours] == [to_organizations]


def test_a_list_that_names_organizations_is_no_question_to_people(
    session: Session, table: Table
) -> None:
    with pytest.raises(Refused) as caught:
        published(session, table, Purpose.NAMED_PUBLICLY, subject=Subject.PERSON)
    assert codes(caught) == ["notice.not_for_people"]


def test_who_is_asked_are_members_of_those_asked_and_whoever_asked_for_a_loan(
    session: Session, table: Table, notice: str, person: Actor, world: World
) -> None:
    partner = world.member(table.partner_id)
    coordinator = world.person(role=Role.COORDINATOR)
    for stranger in (partner, coordinator):
        assert service.own_questions(session, stranger, now=NOW) == []
        with pytest.raises(Refused) as caught:
            says(session, stranger, notice)
        assert codes(caught) == ["consent.person_not_asked"]
    listing = world.listing()
    acting = Actor(
        person_id=coordinator.person_id,
        roles=coordinator.roles,
        organization_id=person.organization_id,
    )
    world.booking(listing, span(2), borrower=acting)
    says(session, coordinator, notice)
    assert people_of(session, table) == {coordinator.person_id}


def test_a_person_withdraws_expires_and_is_asked_again_by_a_new_text(
    session: Session, table: Table, person: Actor
) -> None:
    first = published(session, table, subject=Subject.PERSON, months=1)
    says(session, person, first)
    says(session, person, first, Answer.REFUSED, day=1)
    assert people_of(session, table, 1) == frozenset()
    says(session, person, first, day=2)
    assert people_of(session, table, 29) == {person.person_id}
    assert people_of(session, table, 33) == frozenset()
    service.tick(session, now=at(33))
    published(
        session, table, subject=Subject.PERSON, months=1, more="\n\nNouveau, new.", now=at(34)
    )
    service.tick(session, now=at(34))
    assert list(events(session, person)) == [
        *("asked", "given", "withdrawn", "given", "expired", "re_asked")
    ]
    history = service.own_history(session, person)
    assert [each.event for each in history][:2] == [Event.RE_ASKED, Event.EXPIRED]
    assert [each.number for each in history] == [1, 5, 4, 3, 2, 1]
    [question] = service.own_questions(session, person, now=at(34))
    assert (question.standing, question.at) == (Standing.UNANSWERED, None)


def test_what_counts_does_not_wait_for_the_job_that_writes_it_down(
    session: Session, table: Table, person: Actor
) -> None:
    says(session, person, published(session, table, subject=Subject.PERSON, months=1))
    [question] = service.own_questions(session, person, now=at(33))
    assert question.standing is Standing.EXPIRED
    assert "expired" not in events(session, person)
    for _ in range(2):
        service.tick(session, now=at(33))
    assert list(events(session, person)) == ["asked", "given", "expired"]


def test_a_yes_that_ends_is_handed_on_once(
    session: Session, table: Table, person: Actor, world: World
) -> None:
    notice = published(session, table, subject=Subject.PERSON, months=1)
    other = world.member(world.organization()[0])
    says(session, person, notice)
    says(session, other, notice)
    says(session, other, notice, Answer.WITHDRAWN, day=1)
    service.tick(session, now=at(33))
    ended = {
        row.id: row.person_id
        for row in session.scalars(
            select(ConsentEvent).where(ConsentEvent.event.in_(["withdrawn", "expired"]))
        )
    }
    jobs = session.scalars(select(Job.arguments).where(Job.kind == "consent.ended")).all()
    assert sorted(ended.values(), key=str) == sorted([person.person_id, other.person_id], key=str)
    assert [each["event"] for each in jobs] == sorted(ended)


def test_everybody_is_asked_once_and_reminded_once(
    session: Session, table: Table, person: Actor, world: World
) -> None:
    world.organization()
    service.tick(session, now=NOW)
    published(session, table, subject=Subject.PERSON)
    published(session, table)
    newcomer = None
    for day in (0, 1, 2):
        if day == 1:
            newcomer = world.member(person.organization_id or 0)
        service.tick(session, now=at(day))
    assert newcomer is not None
    for actor in (person, newcomer):
        assert list(events(session, actor)) == ["asked"]
        told = [
            (job.arguments["why"], (job.due_at - NOW).days)
            for job in session.scalars(
                select(Job).where(Job.kind == "consent.tell_person").order_by(Job.id)
            )
            if job.arguments["person"] == actor.person_id
        ]
        late = 1 if actor is newcomer else 0
        assert told == [("asked", late), ("reminder", late + 14)]


def test_nobody_answers_for_somebody_else(
    session: Session, table: Table, notice: str, person: Actor
) -> None:
    for actor in (
        Actor(),
        Actor(person_id=person.person_id, scopes=frozenset({"booking.read"})),
    ):
        with pytest.raises(Forbidden):
            says(session, actor, notice)
        with pytest.raises(Forbidden):
            service.own_questions(session, actor, now=NOW)
        with pytest.raises(Forbidden):
            service.own_history(session, actor)
    with pytest.raises(Conflict) as caught:
        says(session, person, notice, Answer.WITHDRAWN)
    assert codes(caught) == ["consent.nothing_to_withdraw"]


@pytest.mark.parametrize("answer", [Answer.GIVEN, Answer.REFUSED])
def test_the_log_says_that_a_person_answered_never_what(
    session: Session, table: Table, notice: str, person: Actor, answer: Answer
) -> None:
    says(session, person, notice, answer)
    told = session.scalars(
        select(AuditEvent).where(
            AuditEvent.subject_kind == "person", AuditEvent.subject_id == person.person_id
        )
    ).all()
    facts = service.notice(session, notice)
    assert [(each.name, each.facts) for each in told if each.name.startswith("consent.")] == [
        ("consent.answered", {"notice": facts.id, "hash": facts.hash})
    ]


def test_what_people_said_is_counted_for_the_steward_as_of_the_start_of_the_month(
    session: Session, table: Table, notice: str, world: World
) -> None:
    organization = world.organization()[0]
    for _ in range(6):
        says(session, world.member(organization), notice)
    [now] = service.reached(session, table.steward, now=at(1))
    [next_month] = service.reached(session, table.steward, now=at(35))
    assert (now.yes, next_month.yes) == ((0, 4), (5, 9))
    assert service.reached_at(session, at(35)) == []


class TestRows:
    """A row is about two organizations and the person who asked for it."""

    @pytest.fixture
    def lender(self, world: World) -> tuple[int, int]:
        return world.organization()

    def rows(
        self, session: Session, table: Table, lender: tuple[int, int], borrower: Actor, day: float
    ) -> int:
        of = frozenset({lender[0], borrower.organization_id or 0})
        query = bookings.loan_rows(of, people_of(session, table, day), Period(NOW, at(30)))
        return len(session.execute(query).all())

    @pytest.mark.parametrize("says_what", ["silence", "no", "withdrawal", "expiry"])
    def test_silence_no_withdrawal_and_expiry_keep_a_persons_rows_out_and_colleagues_stay(
        self,
        session: Session,
        table: Table,
        world: World,
        lender: tuple[int, int],
        says_what: str,
    ) -> None:
        person = world.member(world.organization()[0], Role.MEMBER)
        colleague = world.member(person.organization_id or 0, Role.MEMBER)
        notice = published(session, table, subject=Subject.PERSON, months=1)
        listing = world.listing(lender, units=9)
        for actor in (person, colleague):
            world.booking(listing, span(2), borrower=actor)
        says(session, colleague, notice, day=5)
        if says_what != "silence":
            first = Answer.REFUSED if says_what == "no" else Answer.GIVEN
            says(session, person, notice, first)
            if says_what != "no":
                assert self.rows(session, table, lender, person, 5) == 2
        if says_what == "withdrawal":
            says(session, person, notice, Answer.WITHDRAWN, day=6)
        assert self.rows(session, table, lender, person, 33) == 1

    def test_a_row_that_nobody_known_asked_for_needs_the_organizations_only(
        self, session: Session, table: Table, world: World, lender: tuple[int, int]
    ) -> None:
        borrower = world.member(world.organization()[0])
        booking = world.booking(world.listing(lender), span(2), borrower=borrower)
        assert self.rows(session, table, lender, borrower, 0) == 0
        booking.requested_by = None
        session.flush()
        assert self.rows(session, table, lender, borrower, 0) == 1


def test_a_partner_is_not_asked_even_as_a_member(session: Session, world: World) -> None:
    operator = world.member(world.organization(kind=OrganizationKind.OPERATOR)[0])
    assert not service.is_person_asked(session, operator.person_id or 0)


def test_an_organization_of_one_person_needs_that_persons_own_yes_too(
    session: Session, table: Table, world: World
) -> None:
    alone = world.member(world.organization()[0])
    id_ = alone.organization_id or 0
    session.get_one(Organization, id_).is_sole_operator = True
    session.flush()
    to_organizations = published(session, table)
    own = published(session, table, subject=Subject.PERSON)
    service.answer(session, alone, id_, to_organizations, Answer.GIVEN, now=NOW)
    asked = (session, STATISTICS, table.partner_id)
    assert service.consenting(*asked, now=NOW) == frozenset()
    says(session, alone, own)
    assert service.consenting(*asked, now=NOW) == {id_}
    says(session, alone, own, Answer.WITHDRAWN, day=1)
    assert service.consenting(*asked, now=at(1)) == frozenset()
