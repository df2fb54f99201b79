"""What every use case of listings reads and writes the same way."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.folding import folded
from mutuali.core.permissions import Actor, Permission, may
from mutuali.core.places import Point, coarse
from mutuali.equipment.models import KitPart, Listing, Photo
from mutuali.equipment.rules import (
    Approver,
    Kind,
    ListingState,
    OpenHours,
    Permit,
    PricePer,
    week_key,
)
from mutuali.equipment.service.opening import hours_of
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Allergen, Need, code_of, need_of
from mutuali.storage import is_one_of

#: What the table holds as lists of words.
_LISTS = frozenset({"permits", "demands", "allergens"})


@dataclass(frozen=True, slots=True)
class ListingDraft:
    """Everything a lender says about a thing; durations in minutes, price in cents."""

    site_id: int
    kind: Kind
    units: int
    title_fr: str = ""
    title_en: str = ""
    description_fr: str = ""
    description_en: str = ""
    conditions_fr: str = ""
    conditions_en: str = ""
    refrigerated: bool = False
    driver_included: bool = False
    payload_kg: int | None = None
    temperature_low: int | None = None
    temperature_high: int | None = None
    permits: tuple[Permit, ...] = ()
    demands: tuple[Need, ...] = ()
    allergens: tuple[Allergen, ...] = ()
    price_cents: int = 0
    deposit_cents: int = 0
    price_per: PricePer = PricePer.LOAN
    approver: Approver = Approver.LENDER
    two_decide: bool = False
    trusted_at_once: bool = False
    hold_minutes: int = 0
    shortest_minutes: int = 60
    longest_minutes: int = 4320
    lead_minutes: int = 0
    turnaround_minutes: int = 0
    granularity_minutes: int | None = None
    no_show_hours: int | None = None
    hours: tuple[OpenHours, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A photo without its bytes."""

    public_id: str
    alt_fr: str
    alt_en: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """A listing as anybody may see it: the place is the borough and a coarse point."""

    id: int
    public_id: str
    version: int
    lender_id: int
    lender_name: str
    state: ListingState
    borough: str
    coarse_point: Point
    draft: ListingDraft
    photos: tuple[PhotoFacts, ...]
    is_kit: bool
    #: What is handled with it; of a kit, with its parts too.
    allergens: tuple[Allergen, ...]

    def title(self, language: str) -> str:
        """The title in ``language``, or in the other when that one is missing."""
        fr, en = self.draft.title_fr, self.draft.title_en
        return (en or fr) if language == "en" else (fr or en)


def editable(session: Session, actor: Actor, listing_id: int) -> Listing:
    """The listing, locked, if the actor may edit it. Raises NotFound."""
    row = session.get(Listing, listing_id, with_for_update={"key_share": True})
    if row is None or not may(actor, Permission.LISTING_EDIT, over=row.lender_id):
        raise NotFound
    return row


def columns_of(draft: ListingDraft) -> dict[str, Any]:
    """What a draft says, as the table holds it; of its hours, their key."""
    names = [name for name in ListingDraft.__dataclass_fields__ if name not in {"hours", *_LISTS}]
    columns = {name: getattr(draft, name) for name in names}
    said = (draft.title_fr, draft.title_en, draft.description_fr, draft.description_en)
    return {
        **columns,
        "week": week_key(draft.hours),
        "searched": folded("\n".join(said)),
        "permits": sorted(permit.value for permit in draft.permits),
        "demands": sorted({code_of(need) for need in draft.demands}),
        "allergens": sorted({each.value for each in draft.allergens}),
    }


def facts_of(session: Session, rows: Sequence[Listing]) -> list[ListingFacts]:
    """Listings as anybody may see them, in the order given, in a few queries for all."""
    ids = [row.id for row in rows]
    lenders = organizations.organizations(session, frozenset(row.lender_id for row in rows))
    sites = organizations.sites(session, frozenset(row.site_id for row in rows))
    hours = hours_of(session, ids)
    handled = _allergens_of(session, rows)
    photos: defaultdict[int, list[PhotoFacts]] = defaultdict(list)
    for photo in session.scalars(
        select(Photo).where(Photo.listing_id.in_(ids)).order_by(Photo.position, Photo.id)
    ):
        photos[photo.listing_id].append(
            PhotoFacts(photo.public_id, photo.alt_fr, photo.alt_en, photo.width, photo.height)
        )
    return [
        ListingFacts(
            row.id,
            row.public_id,
            row.version,
            row.lender_id,
            lenders[row.lender_id].name,
            ListingState(row.state),
            sites[row.site_id].borough,
            coarse(sites[row.site_id].point),
            _draft(row, hours[row.id]),
            tuple(photos[row.id]),
            row.is_kit,
            tuple(each for each in Allergen if each in handled[row.id]),
        )
        for row in rows
    ]


def _allergens_of(session: Session, rows: Sequence[Listing]) -> dict[int, set[str]]:
    """What is handled with each listing; a question more where there are kits among them."""
    found = {row.id: set(row.allergens) for row in rows}
    kits = [row.id for row in rows if row.is_kit]
    if kits:
        of_parts = session.execute(
            select(KitPart.kit_id, Listing.allergens)
            .join(Listing, Listing.id == KitPart.part_id)
            .where(is_one_of(KitPart.kit_id, kits))
        )
        for kit_id, allergens in of_parts:
            found[kit_id] |= set(allergens)
    return found


def _draft(row: Listing, hours: tuple[OpenHours, ...]) -> ListingDraft:
    names = [
        name
        for name in ListingDraft.__dataclass_fields__
        if name not in {"hours", *_LISTS, "kind", "price_per", "approver"}
    ]
    return ListingDraft(
        **{name: getattr(row, name) for name in names},
        kind=Kind(row.kind),
        price_per=PricePer(row.price_per),
        approver=Approver(row.approver),
        permits=tuple(Permit(permit) for permit in row.permits),
        demands=tuple(sorted(need_of(code) for code in row.demands)),
        allergens=tuple(each for each in Allergen if each in row.allergens),
        hours=hours,
    )
