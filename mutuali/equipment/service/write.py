"""Writing a listing, publishing it, taking it away from search."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Reason, Refused, StaleVersion
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import (
    GRANULARITIES,
    MOST_DEMANDS,
    Approver,
    ListingState,
    hours_objections,
)
from mutuali.equipment.service.opening import keep_week
from mutuali.equipment.service.records import ListingDraft, columns_of, editable
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import need_objection


def site_id_of(session: Session, lender_id: int, public_id: str) -> int:
    """The lender's place with that public id.

    Raises:
        Refused: the lender has no such place.
    """
    for site in organizations.sites_of(session, lender_id):
        if site.public_id == public_id:
            return site.id
    raise Refused(Reason("field.not_a_choice", {}, "site"))


def objections(draft: ListingDraft) -> tuple[Reason, ...]:
    """Every reason why a listing cannot be written like this."""
    found: list[Reason] = []
    if not draft.title_fr and not draft.title_en:
        found.append(Reason("listing.title_missing", {}, "title_fr"))
    if draft.shortest_minutes > draft.longest_minutes:
        found.append(Reason("listing.shortest_over_longest", {}, "shortest_minutes"))
    raster = draft.granularity_minutes
    if raster is not None and raster not in GRANULARITIES:
        found.append(Reason("field.not_a_choice", {}, "granularity_minutes"))
    if raster is not None and raster > draft.longest_minutes:
        found.append(Reason("listing.granularity_over_longest", {}, "granularity_minutes"))
    low, high = draft.temperature_low, draft.temperature_high
    if low is not None and high is not None and low > high:
        found.append(Reason("listing.temperature_reversed", {}, "temperature_low"))
    if draft.two_decide and draft.approver is Approver.NOBODY:
        found.append(Reason("listing.two_of_nobody", {}, "two_decide"))
    if len(draft.demands) > MOST_DEMANDS:
        found.append(Reason("listing.too_many_demands", {"max": MOST_DEMANDS}, "demands"))
    found += [reason for need in draft.demands if (reason := need_objection(need))]
    return (*found, *hours_objections(draft.hours))


def create_listing(
    session: Session,
    actor: Actor,
    lender_id: int,
    draft: ListingDraft,
    *,
    public_id: str,
    now: datetime,
    publish: bool = False,
    source: tuple[str, str] | None = None,
) -> int:
    """Write a listing for a lender, as a draft unless ``publish``; returns its id.

    Raises:
        Forbidden: the actor does not act for the lender.
        NotFound: the site is not the lender's.
        Refused: the draft contradicts itself, or the organization is not accepted (to publish).
    """
    require(actor, Permission.LISTING_EDIT, over=lender_id)
    _check(session, lender_id, draft)
    listing = Listing(public_id=public_id, lender_id=lender_id, created_at=now, **columns_of(draft))
    if source is not None:
        listing.source, listing.source_ref = source
    if publish:
        _publish(session, listing, now=now)
    keep_week(session, draft.hours)
    session.add(listing)
    session.flush()
    audit.record(session, actor, "listing.created", "listing", listing.id, now=now)
    return listing.id


def edit_listing(
    session: Session,
    actor: Actor,
    listing_id: int,
    draft: ListingDraft,
    *,
    version: int | None,
    now: datetime,
) -> None:
    """Change a listing; bookings keep the rules they were made under.

    ``version`` is the one the caller read; None skips the check.

    Raises:
        NotFound, Refused; StaleVersion: somebody edited it meanwhile; Conflict: bookings were
        promised more units than that (the database's guard ``listing_units_booked``).
    """
    listing = editable(session, actor, listing_id)
    if version is not None and version != listing.version:
        raise StaleVersion
    _check(session, listing.lender_id, draft)
    keep_week(session, draft.hours)
    for name, value in columns_of(draft).items():
        setattr(listing, name, value)
    listing.version += 1
    _flush_units(session)
    audit.record(session, actor, "listing.edited", "listing", listing_id, now=now)


def set_state(
    session: Session, actor: Actor, listing_id: int, state: ListingState, *, now: datetime
) -> None:
    """Publish a listing or take it away from search; bookings that were promised stay.

    Raises:
        Forbidden, NotFound, Refused (the lender is not accepted).
    """
    listing = editable(session, actor, listing_id)
    if listing.state == state:
        return
    if state is ListingState.PUBLISHED:
        _publish(session, listing, now=now)
    else:
        listing.state = state
        listing.withdrawn_at = now
    listing.version += 1
    audit.record(session, actor, f"listing.{state.value}", "listing", listing_id, now=now)


def _check(session: Session, lender_id: int, draft: ListingDraft) -> None:
    found = objections(draft)
    if found:
        raise Refused.because(found)
    site = organizations.sites(session, frozenset({draft.site_id})).get(draft.site_id)
    if site is None or site.organization_id != lender_id:
        raise NotFound


def _publish(session: Session, listing: Listing, *, now: datetime) -> None:
    if not organizations.organization(session, listing.lender_id).accepted:
        raise Refused("organization.not_accepted")
    listing.state = ListingState.PUBLISHED
    listing.published_at = listing.published_at or now
    listing.withdrawn_at = None


def _flush_units(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if "listing_units_booked" not in str(error.orig):
            raise
        raise Conflict(Reason("listing.units_booked", {}, "units")) from error
