"""Somebody who would like to join the made-up network, and what sites are made of."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.demo.rules.dice import Dice
from mutuali.demo.rules.names import Place, phone, place
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind, Sector

_APPLICANT = ("Les Bocaux de la rue Creuse", OrganizationKind.COMMUNITY_KITCHEN, Sector.COMMUNITY)


def apply_to_join(
    session: Session,
    dice: Dice,
    applicant_id: int,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """An application that waits for an answer."""
    where = place(dice, _APPLICANT[1], "anjou")
    organizations.apply(
        session,
        Actor(person_id=applicant_id),
        organizations.OrganizationDraft(*_APPLICANT, ("fr",), phone=phone(dice)),
        site_at(where),
        public_id=new_public_id(),
        site_public_id=new_public_id(),
        now=now,
    )


def site_at(where: Place) -> organizations.SiteDraft:
    """A site of an organization at a made-up place."""
    return organizations.SiteDraft(
        where.name,
        where.address,
        where.postal_code,
        where.borough,
        where.point,
        where.access_notes,
    )
