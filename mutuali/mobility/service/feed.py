"""What everybody sees of the vehicles whose lenders said yes: nothing finer than the public
calendar."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind, ListingState
from mutuali.mobility.rules import Description, part_of
from mutuali.mobility.rules.gbfs import Vehicle, vehicle_id
from mutuali.mobility.service.answers import described, holding
from mutuali.organizations import service as organizations


def vehicles(session: Session, *, key: bytes, now: datetime) -> list[Vehicle]:
    """The vehicles that are shown, by id, free or not in this part of the day.

    A yes that holds, a listing that is published, a lender that takes part. ``key`` is that of
    their ids. The number of queries does not depend on how many there are.
    """
    said = {row.listing_id: row for row in holding(session, now=now)}
    taking_part = {each.id for each in organizations.accepted_organizations(session)}
    shown = [
        listing
        for id_, listing in equipment.listings(session, list(said)).items()
        if listing.state is ListingState.PUBLISHED
        and listing.draft.kind is Kind.VEHICLE
        and listing.lender_id == said[id_].lender_id
        and listing.lender_id in taking_part
    ]
    state = _state(session, [each.id for each in shown], now)
    found = [
        _vehicle(listing, what, *state[listing.id], key)
        for listing in shown
        if (what := described(said[listing.id])) is not None
    ]
    # An order that tells nothing, and that changes with the ids.
    return sorted(found, key=lambda each: each.id)


def preview(
    session: Session,
    listing: equipment.ListingFacts,
    said: Description,
    *,
    key: bytes,
    now: datetime,
) -> Vehicle:
    """What everybody would see of a listing now, under such a description."""
    return _vehicle(listing, said, *_state(session, [listing.id], now)[listing.id], key)


def _state(
    session: Session, listing_ids: list[int], now: datetime
) -> Mapping[int, tuple[bool, int]]:
    """Of each listing, whether it is free for this part of the day, and how often it was lent
    before it began: what happens within it is seen when it is over."""
    part = part_of(now)
    words = bookings.availability_of(session, listing_ids, [part], now=now)
    lent = bookings.lent_before(session, listing_ids, part.start)
    back = bookings.back_since(session, listing_ids, part.start)
    return {
        id_: (words[id_] == ["free"] and id_ not in back, lent.get(id_, 0)) for id_ in listing_ids
    }


def _vehicle(
    listing: equipment.ListingFacts, said: Description, is_free: bool, loans: int, key: bytes
) -> Vehicle:
    draft = listing.draft
    return Vehicle(
        vehicle_id(key, listing.id, loans),
        listing.public_id,
        draft.title_fr,
        draft.title_en,
        listing.borough,
        listing.coarse_point,
        said,
        draft.refrigerated,
        draft.payload_kg,
        draft.price_cents,
        draft.price_per,
        is_free,
    )
