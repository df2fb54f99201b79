"""What the made-up network demands of borrowers: permits, insurance, licences; and allergens."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.demo.rules.names import DOMAIN
from mutuali.demo.service.people import actor_of
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import (
    ABOUT_A_PERSON,
    Allergen,
    DocumentDraft,
    DocumentKind,
    LicenceClass,
    Need,
)

_PERMIT = Need(DocumentKind.MAPAQ_PERMIT)
_INSURANCE = Need(DocumentKind.INSURANCE)
_LICENCE = Need(DocumentKind.DRIVING_LICENCE, LicenceClass.CAR)
_IN_THE_KITCHEN = (Allergen.MILK, Allergen.PEANUT, Allergen.WHEAT)
_DRIVER = "Camille Roy"


def demand(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """A truck demands a licence of class 5 and insurance, a kitchen a permit; most organizations
    hold them all. Of the one that a member can be signed in for, the insurance ends soon, the
    permit is missing, and peanuts are to be avoided."""
    own_lender = actor_of(session, "gestion").organization_id or 0
    trucks = equipment.published(session, lender_id=own_lender, kind=Kind.VEHICLE)
    # Not the first one where there are others: much else is told of it.
    truck = sorted(trucks, key=lambda each: each.id)[:2][-1]
    kitchen = equipment.published(session, kind=Kind.KITCHEN)[0]
    _edit(session, truck, now, demands=(_LICENCE, _INSURANCE))
    _edit(session, kitchen, now, demands=(_PERMIT,), allergens=_IN_THE_KITCHEN)
    own = actor_of(session, "membre").organization_id or 0
    today = local(now).date()
    for n, each in enumerate(organizations.accepted_organizations(session)):
        if each.id == own:
            _hold(session, own, _LICENCE, today + timedelta(days=800), new_public_id, now)
            _hold(session, own, _INSURANCE, today + timedelta(days=12), new_public_id, now)
        elif n % 4:
            for need in (_PERMIT, _INSURANCE, _LICENCE):
                last = today + timedelta(days=90 + 7 * n)
                _hold(session, each.id, need, last, new_public_id, now)
    found = organizations.organization(session, own)
    draft = organizations.OrganizationDraft(
        found.name,
        found.kind,
        found.sector,
        found.languages,
        found.enterprise_number or "",
        found.phone,
        (Allergen.PEANUT,),
    )
    organizations.edit(session, SYSTEM, own, draft, now=now)


def _edit(
    session: Session,
    listing: equipment.ListingFacts,
    now: datetime,
    *,
    demands: tuple[Need, ...],
    allergens: tuple[Allergen, ...] = (),
) -> None:
    draft = replace(listing.draft, demands=demands, allergens=allergens)
    equipment.edit_listing(session, SYSTEM, listing.id, draft, version=None, now=now)


def _hold(
    session: Session,
    organization_id: int,
    need: Need,
    last: date,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """A document that a coordinator looked at."""
    public_id = new_public_id()
    name = _DRIVER if need.kind in ABOUT_A_PERSON else ""
    draft = DocumentDraft(need.kind, need.detail, name, expires_on=last)
    organizations.add_document(
        session, SYSTEM, organization_id, draft, None, public_id=public_id, now=now
    )
    coordinator = accounts.find_person(session, f"coordination@{DOMAIN}")
    actor = Actor(coordinator.id if coordinator else None, roles=frozenset({Role.COORDINATOR}))
    organizations.check_document(session, actor, public_id, now=now)
