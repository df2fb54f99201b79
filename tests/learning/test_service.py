"""What becomes of a card with a person, on both engines."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer
from mutuali.core.charter import Principle
from mutuali.core.errors import Forbidden, NotFound, Refused
from mutuali.core.permissions import VISITOR, Actor, Role
from mutuali.governance import service as governance
from mutuali.governance.rules import Answer as Decision
from mutuali.governance.rules import Identity, RequestKind
from mutuali.learning import service
from mutuali.learning.models import LearnedCard
from mutuali.learning.rules import CARDS, OFFERED, Moment, Outcome
from mutuali.web.secrets import new_public_id
from tests.consent.made import published, set_table
from tests.factories import NOW, World, at

CARD = CARDS["ask-less"]
WRONG = CARD.right % 3 + 1


@pytest.fixture
def reader(world: World) -> Actor:
    return world.person(name="Zoé Partie")


def rows(session: Session) -> list[tuple[object, ...]]:
    session.expire_all()
    query = sa.select(LearnedCard.person_id, LearnedCard.card, LearnedCard.outcome)
    return [tuple(row) for row in session.execute(query.order_by(LearnedCard.card))]


def test_an_answer_is_kept_and_the_next_one_takes_its_place(
    session: Session, reader: Actor
) -> None:
    first = service.answer(session, reader, CARD.code, WRONG, now=NOW)
    assert (first.outcome, first.kept) == (Outcome.WRONG, True)
    assert rows(session) == [(reader.person_id, CARD.code, "wrong")]
    again = service.answer(session, reader, CARD.code, CARD.right, now=at(1))
    assert again.outcome is Outcome.RIGHT
    assert rows(session) == [(reader.person_id, CARD.code, "right")]
    found = service.progress(session, reader)
    assert (found.answered, found.right, found.last_at) == ((CARD,), 1, at(1))
    assert found.principles == (Principle.SOBRIETY,)
    assert service.progress(session, VISITOR) == service.NOTHING


def test_of_a_visitor_nothing_is_kept_but_they_hear_whether_it_was_right(
    session: Session,
) -> None:
    said = service.answer(session, VISITOR, CARD.code, CARD.right, now=NOW)
    assert (said.outcome, said.kept) == (Outcome.RIGHT, False)
    assert rows(session) == []
    assert session.scalars(sa.select(AuditEvent)).all() == []


def test_the_log_knows_that_somebody_answered_and_not_which_card(
    session: Session, reader: Actor
) -> None:
    service.answer(session, reader, CARD.code, WRONG, now=NOW)
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.name.like("learning.%"))).one()
    assert (event.name, event.facts) == ("learning.answered", {})


def test_cards_and_choices_that_are_none_are_refused(session: Session, reader: Actor) -> None:
    with pytest.raises(NotFound):
        service.answer(session, reader, "nowhere", 1, now=NOW)
    for choice in (0, 4):
        with pytest.raises(Refused):
            service.answer(session, reader, CARD.code, choice, now=NOW)
    with pytest.raises(Forbidden):
        service.set_aside(session, VISITOR, CARD.code, now=NOW)
    assert rows(session) == []


def test_a_program_reads_and_writes_only_what_it_was_let(session: Session, reader: Actor) -> None:
    service.answer(session, reader, CARD.code, CARD.right, now=NOW)
    narrow = replace(reader, scopes=frozenset({"booking.read"}))
    assert service.progress(session, narrow) == service.NOTHING
    with pytest.raises(Forbidden):
        service.answer(session, narrow, CARD.code, WRONG, now=NOW)
    wide = replace(reader, scopes=frozenset({"data.own"}))
    assert len(service.progress(session, wide).answered) == 1


def test_later_is_kept_comes_last_and_never_hides_an_answer(
    session: Session, reader: Actor
) -> None:
    first = service.next_card(session, reader)
    assert first is not None
    service.set_aside(session, reader, first.code, now=NOW)
    assert rows(session) == [(reader.person_id, first.code, "later")]
    second = service.next_card(session, reader)
    assert second is not None
    assert second != first
    assert service.progress(session, reader).answered == ()
    service.answer(session, reader, first.code, first.right, now=NOW)
    service.set_aside(session, reader, first.code, now=NOW)
    assert rows(session) == [(reader.person_id, first.code, "right")]


def test_next_cards_lead_through_all_of_them_and_end(session: Session, reader: Actor) -> None:
    seen = []
    while (card := service.next_card(session, reader)) is not None:
        assert service.next_card(session, reader) == card
        seen.append(card.code)
        service.answer(session, reader, card.code, 1, now=NOW)
    assert sorted(seen) == sorted(CARDS)
    shown = service.certificate(session, reader)
    assert shown.name == "Zoé Partie"
    assert len(shown.progress.answered) == shown.progress.total == len(CARDS)
    assert shown.progress.principles == tuple(Principle)
    assert shown.progress.right == sum(card.right == 1 for card in CARDS.values())


def test_a_card_that_was_taken_out_of_the_set_counts_no_more(
    session: Session, reader: Actor
) -> None:
    session.add(LearnedCard(person_id=reader.person_id, card="gone", outcome=Outcome.RIGHT, at=NOW))
    session.flush()
    assert service.progress(session, reader) == service.NOTHING


def test_a_card_is_offered_before_the_first_consent_until_it_is_answered_or_set_aside(
    session: Session, world: World
) -> None:
    published(session, set_table(world))
    manager = world.member(world.organization()[0])
    other = world.member(manager.organization_id or 0)
    reads = world.member(manager.organization_id or 0, Role.MEMBER)
    card = CARDS[OFFERED[Moment.CONSENT]]
    assert service.offered(session, manager, Moment.CONSENT) == card
    assert service.offered(session, reads, Moment.CONSENT) is None
    assert service.offered(session, VISITOR, Moment.CONSENT) is None
    service.set_aside(session, manager, card.code, now=NOW)
    assert service.offered(session, manager, Moment.CONSENT) is None
    assert service.offered(session, other, Moment.CONSENT) == card
    service.answer(session, other, card.code, 1, now=NOW)
    assert service.offered(session, other, Moment.CONSENT) is None


@pytest.mark.parametrize("said", [Answer.GIVEN, Answer.REFUSED])
def test_no_card_is_offered_once_the_organization_has_answered(
    session: Session, world: World, said: Answer
) -> None:
    notice = published(session, set_table(world))
    manager = world.member(world.organization()[0])
    id_ = manager.organization_id or 0
    consent.answer(session, manager, id_, notice, said, now=NOW)
    assert service.offered(session, manager, Moment.CONSENT) is None


@pytest.mark.parametrize("moment", [Moment.AGREEMENT, Moment.RELEASE])
def test_a_card_is_offered_before_an_agreement_and_a_release_once_a_person(
    session: Session, world: World, moment: Moment
) -> None:
    steward, other = world.person(role=Role.STEWARD), world.person(role=Role.STEWARD)
    card = CARDS[OFFERED[moment]]
    assert service.offered(session, steward, moment) == card
    service.answer(session, steward, card.code, 1, now=NOW)
    assert service.offered(session, steward, moment) is None
    assert service.offered(session, other, moment) == card


def test_a_person_who_is_erased_leaves_no_card(
    app: Flask, session: Session, world: World, reader: Actor
) -> None:
    stays = world.person()
    for who in (reader, stays):
        service.answer(session, who, CARD.code, WRONG, now=NOW)
    told = governance.about_me(session, reader, everything=False)
    assert [row["card"] for row in told["learned_card"]] == [CARD.code]
    public_id = new_public_id()
    governance.ask(session, reader, RequestKind.ERASURE, "", public_id=public_id, now=NOW)
    governance.answer_request(
        session,
        world.person(role=Role.STEWARD),
        public_id,
        Identity.ACCOUNT,
        Decision.GRANTED,
        "",
        tombstone_key=b"k" * 32,
        now=NOW,
    )
    assert rows(session) == [(stays.person_id, CARD.code, "wrong")]


@pytest.mark.parametrize("outcome", ["seen", ""])
def test_the_database_keeps_only_what_can_become_of_a_card(
    session: Session, reader: Actor, outcome: str
) -> None:
    with pytest.raises(IntegrityError):
        session.execute(
            sa.insert(LearnedCard).values(
                person_id=reader.person_id, card=CARD.code, outcome=outcome, at=NOW
            )
        )
    session.rollback()
