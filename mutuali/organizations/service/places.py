"""The places of organizations."""

from datetime import datetime

from sqlalchemy import Select, Subquery, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.permissions import Actor, Permission, require
from mutuali.organizations.models import Site
from mutuali.organizations.service.records import SiteDraft, SiteFacts, add_site_row, site_facts


def add_site(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: SiteDraft,
    *,
    public_id: str,
    now: datetime,
) -> int:
    """Add a place. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    site_id = add_site_row(session, organization_id, draft, public_id=public_id)
    audit.record(session, actor, "site.added", "site", site_id, now=now)
    return site_id


def sites(session: Session, ids: frozenset[int]) -> dict[int, SiteFacts]:
    """Those of ``ids`` that exist, with exact addresses: the caller decides who sees them."""
    if not ids:
        return {}
    return {
        row.id: site_facts(row) for row in session.scalars(select(Site).where(Site.id.in_(ids)))
    }


def sites_in(borough: str) -> Select[int]:
    """The ids of the places in a borough, for another feature's question."""
    return select(Site.id).where(Site.borough == borough)


def grid_of_sites() -> Subquery:
    """The cell of each place, for another feature's question: ``id, grid_row, grid_column``."""
    return select(Site.id, Site.grid_row, Site.grid_column).subquery("grid")


def sites_of(session: Session, organization_id: int) -> list[SiteFacts]:
    """The places of an organization, by name."""
    rows = session.scalars(
        select(Site).where(Site.organization_id == organization_id).order_by(Site.name)
    )
    return [site_facts(row) for row in rows]


def home_boroughs(session: Session) -> dict[int, str]:
    """Organization id -> borough of its first site."""
    rows = session.execute(select(Site.organization_id, Site.borough).order_by(Site.id.desc()))
    return dict(rows.all())
