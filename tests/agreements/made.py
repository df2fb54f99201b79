"""Agreements with valid values; a test overrides what it is about."""

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mutuali.agreements import service
from mutuali.agreements.rules import (
    DEFAULT_RESTRICTIONS,
    DEFAULT_WARRANTIES,
    AgreementDraft,
    AgreementState,
    Dataset,
    Instrument,
    Liability,
    Named,
    Restriction,
    Side,
    Warranty,
)
from mutuali.consent.rules import Purpose
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Role
from mutuali.organizations.rules import OrganizationKind
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

DRAFT = AgreementDraft(
    purposes=(Purpose.NETWORK_STATISTICS,),
    datasets=(Dataset.EQUIPMENT_USE,),
    analysts=(Named("analyste@exemple.org", "fait les calculs"),),
    intended_use="Savoir où manquent les camions réfrigérés.",
    restrictions=tuple(each for each in Restriction if each in DEFAULT_RESTRICTIONS),
    liability=Liability.EACH_ITS_OWN,
    warranties=tuple(each for each in Warranty if each in DEFAULT_WARRANTIES),
    starts_on=date(2026, 3, 3),
    ends_on=date(2027, 3, 2),
)


def drafting(**overrides: Any) -> AgreementDraft:
    """The valid draft with other terms; numbers by their own names, analysts by address."""
    groups = {}
    for group, made in (("settings", DRAFT.settings), ("promises", DRAFT.promises)):
        names = {each.name for each in fields(made)} & set(overrides)
        groups[group] = replace(made, **{name: overrides.pop(name) for name in names})
    if "analysts" in overrides:
        overrides["analysts"] = tuple(
            each if isinstance(each, Named) else Named(each) for each in overrides["analysts"]
        )
    if Dataset.LOANS in overrides.get("datasets", ()):
        overrides.setdefault("instrument", Instrument.PERSONAL_DEIDENTIFIED)
    if Dataset.ORGANIZATIONS_CAPACITY in overrides.get("datasets", ()):
        overrides.setdefault("instrument", Instrument.OPEN)
    return replace(DRAFT, **{**groups, **overrides})


@dataclass(frozen=True, slots=True)
class Table:
    """Everybody who sits around an agreement."""

    operator_id: int
    partner_id: int
    steward: Actor
    other_steward: Actor
    manager: Actor
    analyst: Actor
    operator_manager: Actor


def set_table(world: World) -> Table:
    """The operator, a partner, two stewards, a manager on each side and an analyst."""
    operator_id = world.organization("Le Réseau", kind=OrganizationKind.OPERATOR)[0]
    partner_id = world.organization("La Cantine", kind=OrganizationKind.PARTNER)[0]
    steward = world.person(role=Role.STEWARD, email="intendance@exemple.org")
    other_steward = world.person(role=Role.STEWARD)
    for each in (steward, other_steward):
        world.speaks_for(operator_id, each)
    return Table(
        operator_id,
        partner_id,
        steward,
        other_steward,
        world.member(partner_id),
        world.person(role=Role.ANALYST, name="Ana Lyse", email="analyste@exemple.org"),
        world.member(operator_id),
    )


def drafted(session: Session, table: Table, *, now: datetime = NOW, **overrides: Any) -> str:
    """A draft with the partner; returns its public id."""
    partner_id = overrides.pop("partner_id", table.partner_id)
    public_id = new_public_id()
    service.create_draft(
        session,
        table.steward,
        partner_id,
        drafting(**overrides),
        public_id=public_id,
        now=now,
    )
    return public_id


def proposed(session: Session, table: Table, *, now: datetime = NOW, **overrides: Any) -> str:
    """A proposed agreement; returns its public id."""
    public_id = drafted(session, table, now=now, **overrides)
    service.propose(session, table.steward, public_id, now=now)
    return public_id


def accepted(
    session: Session, actor: Actor, public_id: str, side: Side, *, now: datetime = NOW
) -> AgreementState:
    """The actor's yes to the text as it stands."""
    hash_ = service.agreement(session, actor, public_id, now=now).hash
    return service.accept(session, actor, public_id, side, hash_, now=now)


def in_force(session: Session, table: Table, *, now: datetime = NOW, **overrides: Any) -> str:
    """An agreement that both sides accepted and its analyst signed; returns its public id."""
    public_id = proposed(session, table, now=now, **overrides)
    accepted(session, table.manager, public_id, Side.PARTNER, now=now)
    accepted(session, table.steward, public_id, Side.OPERATOR, now=now)
    with suppress(NotFound):  # who is not named may not even read it
        undertaken(session, table.analyst, public_id, now=now)
    return public_id


def undertaken(session: Session, actor: Actor, public_id: str, *, now: datetime = NOW) -> None:
    """The actor's promise, over the text as it stands, if it names them."""
    facts = service.agreement(session, actor, public_id, now=now)
    if service.waits_for_signature(facts, actor.person_id):
        service.undertake(session, actor, public_id, facts.hash, now=now)
