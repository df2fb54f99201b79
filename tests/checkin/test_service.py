"""A month from its first card to its end, on both engines."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.checkin import service
from mutuali.checkin.models import CheckIn, CheckInCard, CheckInLink, CheckInSilence
from mutuali.checkin.rules import Choice, Kind
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.counts import counted
from mutuali.organizations.models import Organization
from tests.checkin.made import card, offering
from tests.factories import NOW, World, at

A, B = card(Kind.ENDING, "a"), card(Kind.ENDING, "b")
TWO = (offering(A, B),)
NEXT_MONTH = datetime(2026, 4, 2, 13, tzinfo=UTC)


@pytest.fixture
def manager(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0])


def own(actor: Actor) -> int:
    return actor.organization_id or 0


def month(
    session: Session,
    actor: Actor,
    providers: service.Providers = TWO,
    now: datetime = NOW,
) -> service.Month:
    return service.this_month(session, actor, own(actor), providers=providers, now=now)


def decide(
    session: Session,
    actor: Actor,
    subject: str,
    choice: Choice = Choice.SEEN,
    providers: service.Providers = TWO,
    now: datetime = NOW,
) -> bool:
    key = (Kind.ENDING, subject)
    return service.decide(session, actor, own(actor), key, choice, providers=providers, now=now)


def test_cards_are_decided_one_by_one_and_the_last_one_ends_the_month(
    session: Session, manager: Actor
) -> None:
    assert [each.subject for each in month(session, manager).cards] == ["a", "b"]
    assert not decide(session, manager, "a")
    halfway = month(session, manager)
    assert [each.subject for each in halfway.cards] == ["b"]
    assert not halfway.time.finished
    assert decide(session, manager, "b", Choice.LATER)
    over = month(session, manager)
    assert over.time.finished
    assert over.cards == ()
    assert [(each.kind, each.choice) for each in over.decided] == [
        (Kind.ENDING, Choice.SEEN),
        (Kind.ENDING, Choice.LATER),
    ]
    assert over.next_on == date(2026, 4, 1)
    named = sa.select(AuditEvent.name).where(AuditEvent.name.startswith("checkin."))
    assert session.scalars(named.order_by(AuditEvent.id)).all() == [
        *("checkin.decided", "checkin.decided", "checkin.finished"),
    ]


def test_what_is_set_aside_stays_out_until_next_month(session: Session, manager: Actor) -> None:
    decide(session, manager, "a", Choice.LATER)
    assert [each.subject for each in month(session, manager).cards] == ["b"]
    service.finish(session, manager, own(manager), now=NOW)
    assert month(session, manager, now=at(5)).cards == ()
    later = month(session, manager, now=NEXT_MONTH)
    assert [each.subject for each in later.cards] == ["a", "b"]
    assert later.decided == ()
    assert [(each.month, each.finished) for each in later.before] == [(date(2026, 3, 1), True)]


def test_a_card_is_decided_once_and_only_as_it_offers(session: Session, manager: Actor) -> None:
    with pytest.raises(Refused, match=r"field.not_a_choice"):
        decide(session, manager, "a", Choice.YES)
    with pytest.raises(Conflict, match=r"checkin.card_gone"):
        decide(session, manager, "nothing of the kind")
    decide(session, manager, "a")
    with pytest.raises(Conflict, match=r"checkin.card_gone"):
        decide(session, manager, "a")
    service.finish(session, manager, own(manager), now=NOW)
    with pytest.raises(Conflict, match=r"checkin.finished"):
        decide(session, manager, "b")
    assert session.scalar(sa.select(sa.func.count()).select_from(CheckInCard)) == 1


def test_only_who_manages_an_organization_checks_in(
    session: Session, world: World, manager: Actor
) -> None:
    member = world.member(own(manager), Role.MEMBER)
    stranger = world.member(world.organization()[0])
    for actor in (member, stranger):
        for deed in (
            lambda who: service.this_month(session, who, own(manager), providers=TWO, now=NOW),
            lambda who: service.decide(
                session, who, own(manager), A.key, Choice.SEEN, providers=TWO, now=NOW
            ),
            lambda who: service.finish(session, who, own(manager), now=NOW),
            lambda who: service.set_letters(session, who, own(manager), wanted=False, now=NOW),
        ):
            with pytest.raises(Forbidden):
                deed(actor)
    assert session.scalar(sa.select(sa.func.count()).select_from(CheckIn)) == 0


def test_who_is_not_in_the_network_has_no_cards(session: Session, manager: Actor) -> None:
    session.get_one(Organization, own(manager)).state = "applied"
    session.flush()
    assert month(session, manager).cards == ()


def test_time_is_the_gaps_between_requests_each_capped_and_ends_with_the_month(
    session: Session, manager: Actor
) -> None:
    def look(seconds: int) -> int:
        when = NOW + timedelta(seconds=seconds)
        service.look(session, own(manager), now=when)
        session.flush()
        return month(session, manager).time.seconds

    assert look(0) == 0
    assert look(50) == 50
    assert look(50) == 50  # the page was asked for twice
    assert look(40) == 50  # noted late
    assert look(150) == 150
    assert look(4000) == 270  # the telephone lay on the table
    decide(session, manager, "a", now=NOW + timedelta(seconds=4030))
    assert month(session, manager).time.seconds == 300
    service.finish(session, manager, own(manager), now=NOW + timedelta(seconds=4060))
    assert look(4100) == 330
    row = session.get_one(CheckIn, (own(manager), date(2026, 3, 1)))
    assert row.seen_at is None


def test_ending_twice_is_ending_once(session: Session, manager: Actor) -> None:
    service.finish(session, manager, own(manager), now=NOW)
    service.finish(session, manager, own(manager), now=at(1))
    rows = session.scalars(sa.select(CheckIn)).all()
    assert [row.finished_at for row in rows] == [NOW]


def test_what_there_is_to_do_says_once_that_a_month_waits(
    session: Session, world: World, manager: Actor
) -> None:
    member = world.member(own(manager), Role.MEMBER)

    def count(actor: Actor, now: datetime = NOW) -> int:
        return counted(session, (service.count_ready,), actor, now)[0]

    assert count(manager) == 0
    service.look(session, own(manager), now=NOW)
    session.flush()
    assert count(manager) == 1
    assert count(member) == 0
    assert count(manager, NEXT_MONTH) == 0
    service.finish(session, manager, own(manager), now=NOW)
    assert count(manager) == 0


def test_the_middle_of_the_network_is_of_the_last_month_and_of_ten_at_least(
    session: Session, world: World
) -> None:
    for n in range(10):
        actor = world.member(world.organization()[0])
        for seconds in (0, 60, 60 + n):
            service.look(session, own(actor), now=NOW + timedelta(seconds=seconds))
        if n:
            service.finish(session, actor, own(actor), now=NOW + timedelta(seconds=60 + n))
    assert service.median_of_network(session, now=NEXT_MONTH) is None
    first = session.scalars(sa.select(CheckIn).where(CheckIn.finished_at.is_(None))).one()
    first.finished_at = NOW
    session.flush()
    assert service.median_of_network(session, now=NOW) is None
    assert service.median_of_network(session, now=NEXT_MONTH) == (date(2026, 3, 1), 64)
    assert service.median_of_network(session, now=NEXT_MONTH + timedelta(days=31)) is None


def test_what_is_kept_ends_with_the_organization_and_the_person(
    session: Session, world: World, manager: Actor
) -> None:
    id_, person_id = own(manager), manager.person_id or 0
    member = world.member(id_, Role.MEMBER)
    about = session.execute(
        sa.text("SELECT public_id FROM person WHERE id = :id"), {"id": member.person_id}
    ).scalar_one()
    of_member = (offering(card(Kind.MEMBER, about), A),)
    key = (Kind.MEMBER, about)
    service.decide(session, manager, id_, key, Choice.SEEN, providers=of_member, now=NOW)
    service.set_letters(session, manager, id_, wanted=False, now=NOW)
    session.add(
        CheckInLink(
            organization_id=id_,
            person_id=person_id,
            month=date(2026, 3, 1),
            kind="question",
            about="q",
            expires_at=at(14),
        )
    )
    session.flush()
    held = {each.table for each in service.held_about_person(session, person_id) if each.rows}
    assert held == {"check_in_link", "check_in_silence"}
    theirs = service.held_about_person(session, member.person_id or 0)
    assert {each.table for each in theirs if each.rows} == {"check_in_card"}
    ours = service.held_about_organization(session, id_)
    assert {each.table for each in ours if each.rows} == {"check_in", "check_in_card"}

    service.forget_person(session, member.person_id or 0)
    assert session.scalar(sa.select(sa.func.count()).select_from(CheckInCard)) == 0
    service.forget_person(session, person_id)
    for model in (CheckInLink, CheckInSilence):
        assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 0
    assert service.forget_months(session, [id_], dry=True) == 1
    assert service.forget_months(session, [id_], dry=False) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(CheckIn)) == 0
