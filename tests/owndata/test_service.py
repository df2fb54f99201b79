"""Inventories, officers and policies, on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused, StaleVersion
from mutuali.core.permissions import Role
from mutuali.counts import counted
from mutuali.organizations import service as organizations
from mutuali.owndata import service
from mutuali.owndata.models import OwnHolding, OwnOfficer, OwnPolicy
from mutuali.owndata.rules import (
    MOST_HOLDINGS,
    CameBy,
    Everyday,
    HoldingDraft,
    KeptIn,
    SeenBy,
    Term,
    Whom,
)
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World
from tests.owndata.made import OFFICER, published, take

_YEAR = timedelta(days=366)
OWN = HoldingDraft(
    name_fr="Cartes de fidélité",
    what_fr="nom, points",
    why_fr="offrir un café",
    about_whom=(Whom.MEMBERS,),
    came_by=(CameBy.IN_PERSON,),
    kept_in=(KeptIn.DEVICE,),
    seen_by=(SeenBy.STAFF,),
)


def _count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_one_tap_takes_a_template_and_a_second_changes_nothing(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    first, second = take(session, manager, Everyday.STAFF, Everyday.STAFF)
    assert first == second
    (found,) = service.holdings(session, manager, id_)
    assert found.draft.kept_in == (KeptIn.PAPER_LOCKED, KeptIn.DEVICE)
    assert found.name("fr") == "Dossiers du personnel"
    assert found.said("why", "en") == "to pay people and to follow the law"
    assert Everyday.STAFF not in service.not_taken([found])
    assert len(service.not_taken([found])) == 13


def test_answers_change_and_the_template_stays(session: Session, world: World) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    (public_id,) = take(session, manager, Everyday.STAFF)
    before = service.holding(session, manager, id_, public_id)
    later = NOW + timedelta(days=1)
    draft = replace(
        before.draft, kept_in=(KeptIn.DEVICE, KeptIn.PAPER_LOCKED), term=Term.YEARS_3, name_en="Pay"
    )
    service.change(session, manager, id_, public_id, draft, version=1, now=later)
    after = service.holding(session, manager, id_, public_id)
    assert (after.version, after.looked_at, after.created_at) == (2, later, NOW)
    assert after.draft.kept_in == (KeptIn.PAPER_LOCKED, KeptIn.DEVICE)
    assert (after.draft.term, after.name("en")) == (Term.YEARS_3, "Pay")
    assert after.draft.template is Everyday.STAFF
    with pytest.raises(StaleVersion):
        service.change(session, manager, id_, public_id, draft, version=1, now=later)
    with pytest.raises(Refused):
        service.change(session, manager, id_, public_id, replace(draft, kept_in=()), now=later)


def test_own_holdings_are_added_and_removed(session: Session, world: World) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    made = service.add(session, manager, id_, OWN, public_id=new_public_id(), now=NOW)
    assert service.holding(session, manager, id_, made).name("en") == "Cartes de fidélité"
    with pytest.raises(Refused):
        service.add(
            *(session, manager, id_, replace(OWN, name_fr="")), public_id=new_public_id(), now=NOW
        )
    service.remove(session, manager, id_, made, now=NOW)
    assert _count(session, OwnHolding) == 0
    with pytest.raises(NotFound):
        service.holding(session, manager, id_, made)


def test_an_inventory_has_its_bounds_and_a_template_stands_in_it_once(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    take(session, manager, Everyday.KEYS)
    keys = service.holdings(session, manager, id_)[0].draft
    with pytest.raises(Conflict):
        service.add(session, manager, id_, keys, public_id=new_public_id(), now=NOW)
    for _number in range(MOST_HOLDINGS - 1):
        service.add(session, manager, id_, OWN, public_id=new_public_id(), now=NOW)
    with pytest.raises(Conflict):
        service.add(session, manager, id_, OWN, public_id=new_public_id(), now=NOW)
    with pytest.raises(Conflict):
        take(session, manager, Everyday.STAFF)


def test_the_database_itself_holds_a_template_once(session: Session, world: World) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    take(session, manager, Everyday.KEYS)
    row = session.scalars(sa.select(OwnHolding)).one()
    values = {
        column.name: getattr(row, column.name)
        for column in OwnHolding.__table__.columns
        if column.name != "id"
    }
    session.add(OwnHolding(**values | {"public_id": new_public_id()}))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_who_may_not(session: Session, world: World) -> None:
    id_, _ = world.organization()
    manager, member = world.member(id_), world.member(id_, Role.MEMBER)
    stranger = world.member(world.organization()[0])
    (public_id,) = take(session, manager, Everyday.KEYS)
    keys = service.holding(session, member, id_, public_id).draft
    for actor in (member, stranger):
        for deed in (
            lambda actor=actor: service.take(
                session, actor, id_, Everyday.STAFF, public_id=new_public_id(), now=NOW
            ),
            lambda actor=actor: service.change(session, actor, id_, public_id, keys, now=NOW),
            lambda actor=actor: service.remove(session, actor, id_, public_id, now=NOW),
            lambda actor=actor: service.still_true(session, actor, id_, now=NOW),
            lambda actor=actor: service.name_officer(session, actor, id_, OFFICER, now=NOW),
            lambda actor=actor: service.publish(session, actor, id_, now=NOW),
            lambda actor=actor: service.withdraw(session, actor, id_, now=NOW),
        ):
            with pytest.raises(Forbidden):
                deed()
    for ask in (service.holdings, service.officer, service.policy):
        with pytest.raises(Forbidden):
            ask(session, stranger, id_)
    own = stranger.organization_id or 0
    with pytest.raises(NotFound):
        service.holding(session, stranger, own, public_id)
    with pytest.raises(NotFound):
        service.remove(session, stranger, own, public_id, now=NOW)


def test_after_a_year_somebody_is_asked_to_look_again(session: Session, world: World) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    take(session, manager, Everyday.KEYS, Everyday.STAFF)
    counters = (service.count_unlooked,)
    assert counted(session, counters, manager, NOW + timedelta(days=300)) == [0]
    assert counted(session, counters, manager, NOW + _YEAR) == [2]
    assert counted(session, counters, world.member(id_, Role.MEMBER), NOW + _YEAR) == [0]
    assert service.still_true(session, manager, id_, now=NOW + _YEAR) == 2
    assert counted(session, counters, manager, NOW + _YEAR) == [0]


def test_an_officer_takes_the_place_of_the_one_before(session: Session, world: World) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    assert service.officer(session, manager, id_) is None
    service.name_officer(session, manager, id_, OFFICER, now=NOW)
    other = replace(OFFICER, name="", title="Présidence", delegated_on=date(2026, 3, 3))
    service.name_officer(session, manager, id_, other, now=NOW)
    assert service.officer(session, manager, id_) == other
    assert _count(session, OwnOfficer) == 1
    with pytest.raises(Refused):
        service.name_officer(
            session, manager, id_, replace(OFFICER, delegated_on=date(2026, 3, 4)), now=NOW
        )


def _public(session: Session, id_: int) -> str:
    return organizations.organization(session, id_).public_id


def test_nothing_is_public_before_publishing_nor_after_withdrawing(
    session: Session, world: World
) -> None:
    id_, _ = world.organization("La Corbeille")
    manager = world.member(id_)
    public_id = _public(session, id_)
    with pytest.raises(Refused) as refused:
        service.publish(session, manager, id_, now=NOW)
    assert {each.code for each in refused.value.reasons} == {
        "policy.nothing_held",
        "policy.officer_missing",
    }
    take(session, manager, Everyday.KEYS)
    service.name_officer(session, manager, id_, OFFICER, now=NOW)
    state = service.policy(session, manager, id_)
    assert set(state.drafted) == {"fr", "en"}
    with pytest.raises(NotFound):
        service.published(session, public_id)
    assert service.publish(session, manager, id_, now=NOW) == 1
    found = service.published(session, public_id)
    assert found.texts == state.drafted
    assert (found.version.number, found.version.published_at) == (1, NOW)
    service.withdraw(session, manager, id_, now=NOW)
    with pytest.raises(NotFound):
        service.published(session, public_id)
    with pytest.raises(Conflict):
        service.withdraw(session, manager, id_, now=NOW)


def test_edits_are_public_only_when_published_as_a_new_version(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    published(session, manager)
    public_id = _public(session, id_)
    with pytest.raises(Conflict):
        service.publish(session, manager, id_, now=NOW)
    before = service.published(session, public_id)
    take(session, manager, Everyday.CAMERAS)
    state = service.policy(session, manager, id_)
    assert state.has_news
    assert service.published(session, public_id) == before
    assert service.publish(session, manager, id_, now=NOW + timedelta(hours=1)) == 2
    after = service.published(session, public_id)
    assert "Images des caméras" in after.texts["fr"]
    assert "Camera images" in after.texts["en"]
    state = service.policy(session, manager, id_)
    assert not state.has_news
    ends = [(each.number, each.withdrawn_at is None) for each in state.versions]
    assert ends == [(2, True), (1, False)]
    service.withdraw(session, manager, id_, now=NOW + timedelta(hours=2))
    assert service.publish(session, manager, id_, now=NOW + timedelta(hours=3)) == 3


def test_only_an_organization_that_takes_part_publishes(session: Session, world: World) -> None:
    id_, _ = world.organization(accepted=False)
    manager = world.member(id_, participates=False)
    take(session, manager, Everyday.KEYS)
    service.name_officer(session, manager, id_, OFFICER, now=NOW)
    with pytest.raises(Conflict):
        service.publish(session, manager, id_, now=NOW)


def test_what_an_organization_that_left_had_published_is_not_read_any_more(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    published(session, world.member(id_))
    public_id = _public(session, id_)
    session.execute(sa.text("UPDATE organization SET state = 'left' WHERE id = :id"), {"id": id_})
    session.expire_all()
    with pytest.raises(NotFound):
        service.published(session, public_id)


def test_the_database_itself_lets_one_version_be_out(session: Session, world: World) -> None:
    id_, _ = world.organization()
    published(session, world.member(id_))
    session.add(OwnPolicy(organization_id=id_, version=2, text_fr="", text_en="", published_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_what_was_said_ends_with_the_organization_and_the_person(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    published(session, manager)
    person = manager.person_id or 0
    held = {each.table for each in service.held_about_organization(session, id_) if each.rows}
    assert held == {"own_holding", "own_officer", "own_policy"}
    about = {each.table for each in service.held_about_person(session, person) if each.rows}
    assert about == {"own_officer", "own_policy"}
    service.forget_person(session, person)
    assert not any(each.rows for each in service.held_about_person(session, person))
    assert service.forget_own_data(session, [id_], dry=True) == 5
    assert service.forget_own_data(session, [id_], dry=False) == 5
    assert service.forget_own_data(session, [id_], dry=False) == 0


def test_a_person_who_named_themselves_and_is_erased_is_named_no_more(
    session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    person = manager.person_id or 0
    name = accounts.names(session, {person})[person]
    service.name_officer(session, manager, id_, replace(OFFICER, name=name), now=NOW)
    service.forget_person(session, person)
    found = service.officer(session, manager, id_)
    assert found is not None
    assert (found.name, found.title) == ("", OFFICER.title)
