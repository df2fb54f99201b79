"""Organizations of a file: what is stored already, and all new ones at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, require
from mutuali.core.places import Point
from mutuali.organizations.models import Organization, Site
from mutuali.organizations.rules import OrganizationState
from mutuali.organizations.service.membership import invite_first_manager
from mutuali.organizations.service.records import (
    OrganizationDraft,
    SiteDraft,
    draft_columns,
    site_columns,
)


@dataclass(frozen=True, slots=True)
class ImportedOrganization:
    """An organization of a file with its one place; ``ref`` is unique in its source."""

    ref: str
    public_id: str
    site_public_id: str
    draft: OrganizationDraft
    site: SiteDraft
    #: Who is invited to manage it; empty: nobody.
    email: str = ""


def imported_refs(session: Session, source: str) -> dict[str, int]:
    """``source_ref`` -> id of what was imported from ``source`` before."""
    rows = session.execute(
        select(Organization.source_ref, Organization.id).where(Organization.source == source)
    )
    return {str(ref): id_ for ref, id_ in rows}


def ids_by_public_id(session: Session) -> dict[str, int]:
    """Public id -> id of every organization."""
    return dict(session.execute(select(Organization.public_id, Organization.id)).all())


def first_sites(session: Session) -> dict[int, int]:
    """Organization id -> id of its oldest site; those without a site are missing."""
    rows = session.execute(
        select(Site.organization_id, func.min(Site.id)).group_by(Site.organization_id)
    )
    return dict(rows.all())


def names_and_places(session: Session) -> list[tuple[str, str, str, Point]]:
    """Public id, name, address and exact point of every organization, for finding duplicates."""
    rows = session.execute(
        select(
            Organization.public_id, Organization.name, Site.address, Site.latitude, Site.longitude
        )
        .join(Site, Site.organization_id == Organization.id)
        .order_by(Site.id)
    )
    return [(id_, name, address, Point(lat, lon)) for id_, name, address, lat, lon in rows]


def add_imported(
    session: Session,
    actor: Actor,
    source: str,
    rows: Sequence[ImportedOrganization],
    *,
    now: datetime,
) -> None:
    """Write organizations of a file at once; they take part from now on. The caller records it.

    Raises:
        Forbidden: the actor may not import.
        IntegrityError: one of the references is stored already.
    """
    require(actor, Permission.IMPORT)
    if not rows:
        return
    columns = [
        {
            **draft_columns(row.draft),
            "public_id": row.public_id,
            "state": OrganizationState.ACCEPTED,
            "source": source,
            "source_ref": row.ref,
            "created_at": now,
            "decided_at": now,
        }
        for row in rows
    ]
    session.execute(insert(Organization), columns)
    ids = imported_refs(session, source)
    places = [
        {
            **site_columns(row.site),
            "public_id": row.site_public_id,
            "organization_id": ids[row.ref],
        }
        for row in rows
    ]
    session.execute(insert(Site), places)
    for row in rows:
        if row.email:
            invite_first_manager(session, actor, ids[row.ref], row.email, now=now)
