"""What is kept about what an organization shares, and taking it off when it has left."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from mutuali.equipment.models import (
    Closure,
    HoursException,
    KitPart,
    Listing,
    Outage,
    Photo,
    Quota,
    Unit,
    WeeklyHours,
)
from mutuali.equipment.rules import ListingState
from mutuali.storage import HeldRows, forget_rows, held_rows, is_one_of

#: What the listings of an organization say in words.
_WORDS = (
    *(Listing.title_fr, Listing.title_en, Listing.description_fr, Listing.description_en),
    *(Listing.conditions_fr, Listing.conditions_en, Listing.searched),
)


#: Tables whose rows are of one listing or of all that an organization shares.
_OF_ALL_TOO: tuple[type[Closure | HoursException], ...] = (Closure, HoursException)


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization; photos stay at their addresses."""
    own = select(Listing.id).where(Listing.lender_id == organization_id)
    weeks = select(Listing.week).where(Listing.lender_id == organization_id)
    return [
        held_rows(session, Listing, Listing.lender_id == organization_id),
        held_rows(session, WeeklyHours, WeeklyHours.week.in_(weeks)),
        *(
            held_rows(
                session,
                model,
                or_(model.listing_id.in_(own), model.organization_id == organization_id),
            )
            for model in _OF_ALL_TOO
        ),
        held_rows(session, Unit, Unit.listing_id.in_(own)),
        held_rows(session, KitPart, KitPart.kit_id.in_(own)),
        held_rows(session, Outage, Outage.listing_id.in_(own)),
        held_rows(session, Quota, Quota.lender_id == organization_id),
    ]


def withdraw_of(session: Session, organization_id: int, *, now: datetime) -> None:
    """Take every published listing of an organization that has left out of the search."""
    session.execute(
        update(Listing)
        .where(Listing.lender_id == organization_id, Listing.state == ListingState.PUBLISHED)
        .values(state=ListingState.WITHDRAWN, withdrawn_at=now)
    )


def forget_offers(session: Session, lenders: Iterable[int], *, dry: bool) -> int:
    """Destroy what only mattered while organizations offered something: photos, hours, closures,
    outages, quotas, what kits are made of; returns how many.

    What it was stays: the other side of a loan has to be able to say what it borrowed.
    """
    lenders = frozenset(lenders)
    theirs = select(Listing.id).where(is_one_of(Listing.lender_id, lenders))
    having_hours = and_(is_one_of(Listing.lender_id, lenders), Listing.week.is_not(None))
    gone = session.scalar(select(func.count(Listing.id)).where(having_hours)) or 0
    if not dry:
        session.execute(update(Listing).where(having_hours).values(week=None))
    gone += sum(
        forget_rows(session, model, model.listing_id.in_(theirs), dry=dry)
        for model in (Photo, Outage)
    )
    gone += forget_rows(session, KitPart, KitPart.kit_id.in_(theirs), dry=dry)
    gone += forget_rows(session, Quota, is_one_of(Quota.lender_id, lenders), dry=dry)
    return gone + sum(
        forget_rows(
            session,
            model,
            or_(model.listing_id.in_(theirs), is_one_of(model.organization_id, lenders)),
            dry=dry,
        )
        for model in _OF_ALL_TOO
    )


def forget_words(session: Session, lenders: Iterable[int], *, dry: bool) -> int:
    """Blank what organizations wrote about what they offered, and destroy the names of its units;
    returns how many listings."""
    rows = session.scalars(
        select(Listing).where(
            is_one_of(Listing.lender_id, lenders),
            or_(*(column != "" for column in _WORDS), Listing.source.is_not(None)),
        )
    ).all()
    for row in () if dry else rows:
        for column in _WORDS:
            setattr(row, column.key, "")
        row.source = row.source_ref = None
    session.flush()
    forget_rows(session, Unit, Unit.listing_id.in_([row.id for row in rows]), dry=dry)
    return len(rows)
