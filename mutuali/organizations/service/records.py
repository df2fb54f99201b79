"""What every use case of organizations reads and writes the same way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.places import Point, cell_of
from mutuali.organizations.models import Organization, Site
from mutuali.organizations.rules import Allergen, OrganizationKind, OrganizationState, Sector


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A place of an organization; ``borough`` is a slug, the point is exact."""

    name: str
    address: str
    postal_code: str
    borough: str
    point: Point
    access_notes: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationDraft:
    """What an organization says of itself when it applies."""

    name: str
    kind: OrganizationKind
    sector: Sector
    languages: tuple[str, ...]
    enterprise_number: str = ""
    phone: str = ""
    avoids: tuple[Allergen, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """An organization as others see it."""

    id: int
    public_id: str
    name: str
    kind: OrganizationKind
    sector: Sector
    enterprise_number: str | None
    parent_id: int | None
    languages: tuple[str, ...]
    phone: str
    state: OrganizationState
    created_at: datetime
    version: int
    is_sole_operator: bool = False
    #: Allergens that it must keep away from.
    avoids: tuple[Allergen, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether it takes part in the network."""
        return self.state is OrganizationState.ACCEPTED


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """A place with its exact address; doors show it only where a booking allows."""

    id: int
    public_id: str
    organization_id: int
    name: str
    address: str
    postal_code: str
    borough: str
    point: Point
    access_notes: str


def add_row(
    session: Session, draft: OrganizationDraft, *, public_id: str, now: datetime
) -> Organization:
    """Write an organization that applies."""
    row = Organization(public_id=public_id, created_at=now, **draft_columns(draft))
    session.add(row)
    session.flush()
    return row


def draft_columns(draft: OrganizationDraft) -> dict[str, Any]:
    """What an organization says of itself, as the table holds it."""
    return {
        "name": draft.name,
        "kind": draft.kind,
        "sector": draft.sector,
        "enterprise_number": draft.enterprise_number or None,
        "languages": ",".join(draft.languages),
        "phone": draft.phone,
        "avoids": [each.value for each in draft.avoids],
    }


def add_site_row(
    session: Session, organization_id: int, draft: SiteDraft, *, public_id: str
) -> int:
    """Write a place; returns its id."""
    row = Site(public_id=public_id, organization_id=organization_id, **site_columns(draft))
    session.add(row)
    session.flush()
    return row.id


def site_columns(draft: SiteDraft) -> dict[str, Any]:
    """A place, as the table holds it."""
    row, column = cell_of(draft.point)
    return {
        "name": draft.name,
        "address": draft.address,
        "postal_code": draft.postal_code,
        "borough": draft.borough,
        "latitude": draft.point.lat,
        "longitude": draft.point.lon,
        "grid_row": row,
        "grid_column": column,
        "access_notes": draft.access_notes,
    }


def get_row(session: Session, organization_id: int, *, lock: bool = False) -> Organization:
    """The organization, locked if asked. Raises NotFound."""
    row = session.get(Organization, organization_id, with_for_update=lock)
    if row is None:
        raise NotFound
    return row


def facts_of(row: Organization) -> OrganizationFacts:
    """An organization as others see it."""
    return OrganizationFacts(
        row.id,
        row.public_id,
        row.name,
        OrganizationKind(row.kind),
        Sector(row.sector),
        row.enterprise_number,
        row.parent_id,
        tuple(row.languages.split(",")),
        row.phone,
        OrganizationState(row.state),
        row.created_at,
        row.version,
        row.is_sole_operator,
        tuple(Allergen(each) for each in row.avoids),
    )


def site_facts(row: Site) -> SiteFacts:
    """A place with its exact address."""
    return SiteFacts(
        row.id,
        row.public_id,
        row.organization_id,
        row.name,
        row.address,
        row.postal_code,
        row.borough,
        Point(row.latitude, row.longitude),
        row.access_notes,
    )
