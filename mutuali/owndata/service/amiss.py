"""What can be amiss with how an organization keeps its own data, as questions to the database."""

from sqlalchemy import case, func, select

from mutuali.core.permissions import Actor, Permission, may
from mutuali.counts import ORGANIZATION, Amiss, Count, ago, missing_unless
from mutuali.owndata.models import OwnHolding, OwnOfficer, OwnPolicy
from mutuali.owndata.rules import ENOUGH_HOLDINGS, LOOKED_AT_EVERY


def without_own_officer() -> Amiss:
    """One is amiss while the organization names nobody in charge of personal information."""
    return missing_unless(OwnOfficer.organization_id == ORGANIZATION)


def without_own_policy() -> Amiss:
    """One is amiss while it lets nobody read its policy."""
    return missing_unless(
        OwnPolicy.organization_id == ORGANIZATION, OwnPolicy.withdrawn_at.is_(None)
    )


def inventory_undone() -> Amiss:
    """One is amiss until three things that it holds were looked at within a year."""
    return select(case((func.count(OwnHolding.id) >= ENOUGH_HOLDINGS, 0), else_=1)).where(
        OwnHolding.organization_id == ORGANIZATION,
        OwnHolding.looked_at > ago(LOOKED_AT_EVERY),
    )


def count_unlooked(actor: Actor) -> Count:
    """How many things that the actor's organization holds were not looked at for a year."""
    id_ = actor.organization_id
    if id_ is None or not may(actor, Permission.ORGANIZATION_EDIT, over=id_):
        return None
    return select(func.count(OwnHolding.id)).where(
        OwnHolding.organization_id == id_, OwnHolding.looked_at <= ago(LOOKED_AT_EVERY)
    )
