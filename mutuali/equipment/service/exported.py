"""What exports and numbers may know of listings."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Kind, ListingState
from mutuali.storage import epoch_seconds


def kinds(session: Session) -> dict[int, str]:
    """Listing id -> its kind, of every listing there ever was."""
    return dict(session.execute(select(Listing.id, Listing.kind)).all())


def lenders_by_kind(session: Session) -> dict[Kind, frozenset[int]]:
    """Kind -> who has a listing of it that everybody can find."""
    found: dict[Kind, set[int]] = {}
    rows = session.execute(
        select(Listing.kind, Listing.lender_id)
        .where(Listing.state == ListingState.PUBLISHED)
        .distinct()
        .order_by(Listing.kind)
    )
    for kind, lender_id in rows:
        found.setdefault(Kind(kind), set()).add(lender_id)
    return {kind: frozenset(ids) for kind, ids in found.items()}


def offered_places(session: Session) -> list[tuple[Kind, int, int]]:
    """Kind, lender and site of what everybody can find, each once."""
    rows = session.execute(
        select(Listing.kind, Listing.lender_id, Listing.site_id)
        .where(Listing.state == ListingState.PUBLISHED)
        .distinct()
    )
    return [(Kind(kind), lender_id, site_id) for kind, lender_id, site_id in rows]


def published_since(
    session: Session, lender_id: int
) -> dict[int, tuple[datetime, datetime | None]]:
    """Since when, and until when if it was withdrawn, each listing of a lender could be found; by
    id, without those that never could."""
    rows = session.execute(
        select(Listing.id, Listing.published_at, Listing.withdrawn_at)
        .where(Listing.lender_id == lender_id, Listing.published_at.is_not(None))
        .order_by(Listing.id)
    )
    return {id_: (since, until) for id_, since, until in rows if since is not None}


def first_published_at(session: Session) -> datetime | None:
    """Since when there is anything to share; None before the first listing."""
    return session.scalar(select(func.min(Listing.published_at)))


def offered_spans(of: frozenset[int]) -> Select[*tuple[Any, ...]]:
    """Named columns of every listing that a lender in ``of`` ever published, for the exports."""
    return select(
        Listing.id,
        Listing.lender_id,
        Listing.units,
        epoch_seconds(Listing.published_at),
        epoch_seconds(Listing.withdrawn_at),
    ).where(Listing.published_at.is_not(None), Listing.lender_id.in_(of))
