"""What is kept about what an organization shares, and taking it off when it has left."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mutuali.equipment.models import Closure, Listing, WeeklyHours
from mutuali.equipment.rules import ListingState
from mutuali.storage import HeldRows, held_rows


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization; photos stay at their addresses."""
    own = select(Listing.id).where(Listing.lender_id == organization_id)
    return [
        held_rows(session, Listing, Listing.lender_id == organization_id),
        held_rows(session, WeeklyHours, WeeklyHours.listing_id.in_(own)),
        held_rows(session, Closure, Closure.listing_id.in_(own)),
    ]


def withdraw_of(session: Session, organization_id: int, *, now: datetime) -> None:
    """Take every published listing of an organization that has left out of the search."""
    session.execute(
        update(Listing)
        .where(Listing.lender_id == organization_id, Listing.state == ListingState.PUBLISHED)
        .values(state=ListingState.WITHDRAWN, withdrawn_at=now)
    )
