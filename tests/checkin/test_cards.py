"""Where each kind of card comes from, and what its buttons do; the words in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.agreements.models import Agreement
from mutuali.audit import service as audit
from mutuali.bookings.models import Booking
from mutuali.charter import service as charter
from mutuali.charter.models import ActionAnswer
from mutuali.checkin import service
from mutuali.checkin.models import CheckInCard
from mutuali.checkin.rules import Card, Choice, Kind, Silence
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose
from mutuali.core.errors import Refused
from mutuali.core.permissions import Actor, Role
from mutuali.exports.models import Export, ExportDownload
from mutuali.governance.models import AnonymizationEntry
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Membership, Organization, Site
from mutuali.organizations.rules import DocumentKind
from tests.agreements.made import in_force
from tests.agreements.made import set_table as agreeing
from tests.checkin.made import CARDS, learned, only
from tests.consent.made import answers, published, set_table
from tests.exports.ready import ready
from tests.factories import NOW, World, at, span


@pytest.fixture
def manager(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0])


def own(actor: Actor) -> int:
    return actor.organization_id or 0


def cards(
    app: Flask, session: Session, actor: Actor, *kinds: Kind, now: datetime = NOW
) -> list[Card]:
    """What the product's providers of these kinds offer."""
    with app.app_context():
        return [
            card
            for each in only(*kinds)
            for card in each.find(session, actor, own(actor), now)
            if card.kind in kinds
        ]


def press(
    app: Flask, session: Session, actor: Actor, card: Card, choice: Choice, now: datetime = NOW
) -> None:
    with app.app_context():
        service.decide(session, actor, own(actor), card.key, choice, providers=CARDS, now=now)


def said(app: Flask, session: Session, actor: Actor, card: Card) -> tuple[str, str]:
    """The question of a card in French and in English."""
    found = []
    for language in ("fr", "en"):
        with app.test_request_context(), force_locale(language):
            words = service.words_of(CARDS, session, actor, card)
            assert words.question
            found.append(words.question)
    return found[0], found[1]


def test_a_question_is_answered_on_its_card_by_yes_or_no(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    notices = [published(session, set_table(world)), published(session, set_table(world))]
    found = cards(app, session, manager, Kind.QUESTION)
    assert [each.subject for each in found] == notices
    assert {(each.silence, each.default) for each in found} == {(Silence.NOTHING_LEAVES, Choice.NO)}
    assert "Ville-Essai" in said(app, session, manager, found[0])[0]
    press(app, session, manager, found[0], Choice.YES)
    press(app, session, manager, found[1], Choice.NO)
    assert answers(session) == ["given", "refused"]
    assert cards(app, session, manager, Kind.QUESTION, Kind.CHANGED) == []


def test_a_yes_needs_the_right_to_say_it_and_a_refusal_leaves_the_card(
    app: Flask, session: Session, world: World
) -> None:
    actor = world.member(world.organization()[0], participates=False)
    published(session, set_table(world))
    (found,) = cards(app, session, actor, Kind.QUESTION)
    with pytest.raises(Refused, match=r"consent.no_capacity"):
        press(app, session, actor, found, Choice.YES)
    session.expire_all()
    assert answers(session) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(CheckInCard)) == 0
    press(app, session, actor, found, Choice.NO)
    assert answers(session) == ["refused"]


def test_a_text_that_changed_since_it_was_answered_is_another_card(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    table = set_table(world)
    first = published(session, table)
    consent.answer(session, manager, own(manager), first, Answer.REFUSED, now=NOW)
    never = world.member(world.organization()[0])
    second = published(session, table, more="\nEt le mois.", now=at(1))
    (changed,) = cards(app, session, manager, Kind.CHANGED, now=at(2))
    assert (changed.subject, changed.kind) == (second, Kind.CHANGED)
    assert cards(app, session, manager, Kind.QUESTION, now=at(2)) == []
    assert cards(app, session, never, Kind.CHANGED, now=at(2)) == []
    assert len(cards(app, session, never, Kind.QUESTION, now=at(2))) == 1


def test_requests_wait_the_oldest_first_and_one_yes_accepts(
    app: Flask, session: Session, world: World
) -> None:
    lender = world.organization("Prêteur")
    listing = world.listing(lender, units=2)
    actor = world.member(lender[0])
    late = world.booking(listing, span(9))
    world.now = at(0, 1)
    soon = world.booking(listing, span(8))
    found = cards(app, session, actor, Kind.REQUEST, now=at(0, 2))
    assert [each.subject for each in found] == [late.public_id, soon.public_id]
    assert [each.on for each in found] == [late.decide_by, soon.decide_by]
    assert found[0].silence is Silence.EXPIRES
    assert "Camion réfrigéré" in said(app, session, actor, found[0])[0]
    press(app, session, actor, found[0], Choice.YES)
    states = sa.select(Booking.state).order_by(Booking.id)
    assert session.scalars(states).all() == ["approved", "requested"]


def test_requests_of_another_organization_that_one_manages_are_not_this_ones(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    lender = world.organization("Prêteur")
    world.booking(world.listing(lender), span(9))
    both = Actor(
        manager.person_id,
        memberships={**manager.memberships, lender[0]: manager.memberships[own(manager)]},
        organization_id=own(manager),
    )
    assert cards(app, session, both, Kind.REQUEST) == []


def test_an_agreement_that_ends_within_sixty_days_is_a_card_of_both_sides(
    app: Flask, session: Session, world: World
) -> None:
    table = agreeing(world)
    in_force(session, table)
    ends = session.scalars(sa.select(Agreement.ends_at)).one()
    partner, operator = table.manager, table.operator_manager
    before, within = ends - timedelta(days=61), ends - timedelta(days=59)
    for actor in (partner, operator):
        assert cards(app, session, actor, Kind.ENDING, now=before) == []
        assert cards(app, session, actor, Kind.ENDING, now=ends) == []
        (found,) = cards(app, session, actor, Kind.ENDING, now=within)
        assert (found.silence, found.on) == (Silence.ENDS, ends)
    assert "Le Réseau" in said(app, session, partner, found)[0]
    assert "La Cantine" in said(app, session, operator, found)[0]


def test_an_organization_that_gave_notice_is_asked_whether_it_means_it(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    assert cards(app, session, manager, Kind.ENDING) == []
    leaves = organizations.give_notice(session, manager, own(manager), now=NOW)
    (found,) = cards(app, session, manager, Kind.ENDING)
    assert (found.subject, found.silence, found.on) == ("participation", Silence.LEAVES, leaves)
    said(app, session, manager, found)
    assert cards(app, session, manager, Kind.ENDING, now=leaves) == []


def _released(app: Flask, session: Session, world: World, *ids: int) -> tuple[Actor, Export]:
    """A release that somebody downloaded, with the organizations in it; and a steward."""
    table = agreeing(world)
    agreement = in_force(session, table)
    public_id = ready(app, session, table, agreement, b"x", now=NOW, consenting=ids)
    row = session.scalars(sa.select(Export).where(Export.public_id == public_id)).one()
    session.add(ExportDownload(export_id=row.id, person_id=table.analyst.person_id, at=NOW))
    session.flush()
    steward = Actor(
        table.steward.person_id,
        memberships=organizations.memberships(session, table.steward.person_id or 0),
        roles=table.steward.roles,
        second_factor=True,
        organization_id=table.operator_id,
    )
    return steward, row


def test_a_release_due_for_analysis_waits_for_the_operators_stewards_only(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    steward, row = _released(app, session, world)
    due = date(2026, 5, 3)
    told = {
        "dataset": "equipment-use",
        "purpose": "network_statistics",
        "recipient": "La Cantine",
    }
    entry = AnonymizationEntry(
        export_id=row.id,
        what="released",
        at=NOW,
        told=told,
        tier="medium",
        analysed_on=NOW.date(),
        next_analysis_on=due,
    )
    session.add(entry)
    session.flush()
    assert cards(app, session, steward, Kind.REANALYSIS, now=at(60)) == []
    (found,) = cards(app, session, steward, Kind.REANALYSIS, now=at(61))
    assert (found.subject, found.silence) == (str(entry.id), Silence.STAYS_LATE)
    said(app, session, steward, found)
    elsewhere = Actor(
        steward.person_id, steward.memberships, roles=steward.roles, organization_id=own(manager)
    )
    colleague = world.member(own(steward))
    for actor in (elsewhere, colleague, manager):
        assert cards(app, session, actor, Kind.REANALYSIS, now=at(61)) == []
    row.recalled_at = NOW
    session.flush()
    assert cards(app, session, steward, Kind.REANALYSIS, now=at(61)) == []


def test_a_withdrawal_is_a_card_until_its_copies_are_attested(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    _, row = _released(app, session, world, own(manager))
    notice = consent.default_draft(
        session, Purpose(row.purpose), session.get_one(Agreement, row.agreement_id).partner_id
    )
    steward = world.person(role=Role.STEWARD)
    public_id = "n" * 22
    consent.publish_notice(session, steward, notice, public_id=public_id, now=NOW)
    consent.answer(session, manager, own(manager), public_id, Answer.GIVEN, now=NOW)
    assert cards(app, session, manager, Kind.WITHDRAWAL, now=at(1)) == []
    consent.withdraw(session, manager, own(manager), public_id, now=at(1))
    (found,) = cards(app, session, manager, Kind.WITHDRAWAL, now=at(2))
    assert (found.subject, found.silence) == (row.public_id, Silence.RECALL_GOES_ON)
    assert found.on is not None
    said(app, session, manager, found)
    press(app, session, manager, found, Choice.SEEN, at(2))
    assert answers(session) == ["given", "withdrawn"]
    stranger = world.member(world.organization()[0])
    assert cards(app, session, stranger, Kind.WITHDRAWAL, now=at(2)) == []


def test_a_document_that_runs_out_comes_before_a_member_who_stays_away(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    id_ = own(manager)
    now = at(400)
    audit.record(
        session, manager, "account.signed_in", "person", manager.person_id or 0, now=at(390)
    )
    away = world.member(id_)
    back = world.member(id_)
    new = world.member(id_)
    audit.record(session, back, "account.signed_in", "person", back.person_id or 0, now=at(36))
    session.execute(
        sa.update(Membership)
        .where(Membership.person_id == new.person_id)
        .values(since=now - timedelta(days=300))
    )
    (found,) = cards(app, session, manager, Kind.MEMBER, Kind.DOCUMENT, now=now)
    public_id = session.get_one(Person, away.person_id).public_id
    assert (found.kind, found.subject) == (Kind.MEMBER, public_id)
    assert found.silence is Silence.ACCESS_STAYS
    said(app, session, manager, found)
    ends = (now + timedelta(days=20)).date()
    document = world.document(id_, last=ends)
    (found,) = cards(app, session, manager, Kind.MEMBER, Kind.DOCUMENT, now=now)
    assert (found.kind, found.subject) == (Kind.DOCUMENT, document)
    said(app, session, manager, found)
    world.document(id_, last=ends + timedelta(days=300), checked=False)
    (found,) = cards(app, session, manager, Kind.MEMBER, Kind.DOCUMENT, now=now)
    assert found.kind is Kind.MEMBER
    sooner = world.document(id_, DocumentKind.INSURANCE, last=ends - timedelta(days=3))
    (found,) = cards(app, session, manager, Kind.MEMBER, Kind.DOCUMENT, now=now)
    assert found.subject == sooner


def test_a_document_counts_as_running_out_for_its_last_thirty_days(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    last = (NOW + timedelta(days=100)).date()
    world.document(own(manager), last=last)
    for left, count in ((31, 0), (30, 1), (0, 1), (-1, 0)):
        now = NOW + timedelta(days=100 - left)
        assert len(cards(app, session, manager, Kind.DOCUMENT, now=now)) == count


_ACTIONS = (
    "code,principle,theme_fr,theme_en,family,depth,minutes,who,"
    "action_fr,action_en,why_fr,why_en,proof_fr,proof_en,fact\n"
    "lock_paper_lists,privacy,,,access,first,5,member,Rangez.,Lock.,,,,,\n"
    "burn_paper_lists,privacy,,,access,first,9,member,Brûlez.,Burn.,,,,,\n"
    "phone,access,,,access,first,30,member,Dites-le.,Say it.,,,,,phone_given\n"
)


def test_the_next_action_of_the_charter_is_said_to_be_done_where_no_fact_knows(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    steward = world.person(role=Role.STEWARD)
    listed = {"name": "La nôtre", "source": "Nous", "public_id": "l" * 22}
    charter.bring_list(session, steward, _ACTIONS, **listed, now=NOW)
    session.get_one(Organization, own(manager)).phone = "514 555-0100"
    session.flush()
    (found,) = cards(app, session, manager, Kind.ACTION)
    assert (found.subject, found.choices) == ("lock_paper_lists", (Choice.DONE,))
    assert said(app, session, manager, found) == ("Rangez.", "Lock.")
    press(app, session, manager, found, Choice.DONE)
    answer = session.get_one(ActionAnswer, (own(manager), "lock_paper_lists"))
    assert answer.answer == "done"
    (following,) = cards(app, session, manager, Kind.ACTION)
    assert following.subject == "burn_paper_lists"
    left = service.this_month(session, manager, own(manager), providers=only(Kind.ACTION), now=NOW)
    assert left.cards == ()


def test_an_action_that_a_fact_knows_is_looked_at_and_not_said_to_be_done(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    steward = world.person(role=Role.STEWARD)
    listed = {"name": "La nôtre", "source": "Nous", "public_id": "l" * 22}
    head, *_lines, phone = _ACTIONS.strip().split("\n")
    charter.bring_list(session, steward, f"{head}\n{phone}\n", **listed, now=NOW)
    (found,) = cards(app, session, manager, Kind.ACTION)
    assert (found.subject, found.choices) == ("phone", ())
    with pytest.raises(Refused, match=r"field.not_a_choice"):
        press(app, session, manager, found, Choice.DONE)
    session.get_one(Organization, own(manager)).phone = "514 555-0100"
    session.flush()
    assert cards(app, session, manager, Kind.ACTION) == []


@dataclass(frozen=True)
class _Text:
    title: str = "Des oui qui se retirent"


@dataclass(frozen=True)
class _Lesson:
    """A card as a feature that teaches would hand it over."""

    code: str = "retirer"
    texts: Mapping[str, _Text] = field(default_factory=lambda: {"fr": _Text(), "en": _Text()})


def test_a_feature_that_teaches_hands_in_one_card_and_it_comes_last(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    published(session, set_table(world))
    teaching = learned(lambda _session, _actor: _Lesson())
    with app.app_context():
        found = service.this_month(
            session, manager, own(manager), providers=(teaching, *CARDS), now=NOW
        )
    assert found.cards[-1].key == (Kind.LEARNING, "retirer")
    with app.test_request_context():
        words = service.words_of((teaching,), session, manager, found.cards[-1])
    assert (words.question, words.href) == (
        "À lire\u00a0: Des oui qui se retirent",
        "/apprendre/retirer",
    )
    nothing = learned(lambda _session, _actor: None)
    assert nothing.find(session, manager, own(manager), NOW) == []


def test_a_program_without_the_right_to_answer_is_offered_no_question(
    app: Flask, session: Session, world: World, manager: Actor
) -> None:
    published(session, set_table(world))
    site = session.scalars(sa.select(Site.id).where(Site.organization_id == own(manager))).one()
    world.booking(world.listing((own(manager), site)), span(3))
    program = Actor(
        manager.person_id,
        manager.memberships,
        scopes=frozenset({"organization.edit"}),
        organization_id=own(manager),
    )
    with app.app_context():
        found = [card for each in CARDS for card in each.find(session, program, own(manager), NOW)]
    assert found == []
