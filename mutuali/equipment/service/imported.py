"""Listings of a file: what is stored already, and all new ones at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import ListingState
from mutuali.equipment.service.records import ListingDraft, columns_of


@dataclass(frozen=True, slots=True)
class ImportedListing:
    """A listing of a file, published since ``published_at``; ``ref`` is unique in its source."""

    ref: str
    public_id: str
    lender_id: int
    published_at: datetime
    draft: ListingDraft


def imported_refs(session: Session, source: str) -> dict[str, int]:
    """``source_ref`` -> listing id of what was imported from ``source`` before."""
    rows = session.execute(select(Listing.source_ref, Listing.id).where(Listing.source == source))
    return {str(ref): id_ for ref, id_ in rows}


def ids_by_public_id(session: Session) -> dict[str, int]:
    """Public id -> id of every listing."""
    return dict(session.execute(select(Listing.public_id, Listing.id)).all())


def units_and_lenders(session: Session) -> dict[int, tuple[int, int]]:
    """Listing id -> its units and its lender's id, of every listing."""
    rows = session.execute(select(Listing.id, Listing.units, Listing.lender_id))
    return {id_: (units, lender_id) for id_, units, lender_id in rows}


def add_imported(
    session: Session, actor: Actor, source: str, rows: Sequence[ImportedListing], *, now: datetime
) -> None:
    """Publish listings of a file at once, open at any time. The caller checked and records them.

    Raises:
        Forbidden: the actor may not import.
        IntegrityError: one of the references is stored already.
    """
    require(actor, Permission.IMPORT)
    if not rows:
        return
    columns = [
        {
            **columns_of(row.draft),
            "public_id": row.public_id,
            "lender_id": row.lender_id,
            "state": ListingState.PUBLISHED,
            "published_at": row.published_at,
            "created_at": now,
            "source": source,
            "source_ref": row.ref,
        }
        for row in rows
    ]
    session.execute(insert(Listing), columns)
