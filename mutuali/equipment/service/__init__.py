"""Use cases of the catalogue: write a listing, publish it, close it for a while, take its turn."""

from mutuali.equipment.service.closing import (
    Scope,
    as_usual,
    close,
    closures,
    differ,
    differing_days,
    reopen,
)
from mutuali.equipment.service.ending import (
    forget_offers,
    forget_words,
    held_about_organization,
    withdraw_of,
)
from mutuali.equipment.service.exported import (
    first_published_at,
    kinds,
    lenders_by_kind,
    offered_spans,
)
from mutuali.equipment.service.finding import Candidate, Filters, Finding
from mutuali.equipment.service.imported import (
    ImportedListing,
    add_imported,
    ids_by_public_id,
    imported_refs,
    units_and_lenders,
)
from mutuali.equipment.service.kits import KitPartFacts, kit_parts, possible_parts, set_parts
from mutuali.equipment.service.look import (
    ListingLine,
    count_published,
    listing,
    listing_id_of,
    listings,
    listings_of,
    published_lines,
    site_of,
)
from mutuali.equipment.service.offers import (
    offer,
<<<<<<< HEAD
    offers,
    published_offers,
=======
>>>>>>> 17ae105 (Search asks the database what could do and looks at the rest one by one; 10,000 listings are measured)
    take_turn,
    take_turn_of,
    take_turns,
)
from mutuali.equipment.service.outages import (
    OutageDraft,
    OutageFacts,
    outages_of,
    put_back,
    take_out,
)
from mutuali.equipment.service.photos import EncodedPhoto, add_photo, photo_bytes, remove_photo
from mutuali.equipment.service.records import ListingDraft, ListingFacts, PhotoFacts
from mutuali.equipment.service.units import (
    UnitDraft,
    UnitFacts,
    add_unit,
    edit_unit,
    retire_unit,
    unit,
    units,
    units_of,
)
from mutuali.equipment.service.write import (
    create_listing,
    edit_listing,
    objections,
    set_state,
    site_id_of,
)

__all__ = [
    "Candidate",
    "EncodedPhoto",
    "Filters",
    "Finding",
    "ImportedListing",
    "KitPartFacts",
    "ListingDraft",
    "ListingFacts",
    "ListingLine",
    "OutageDraft",
    "OutageFacts",
    "PhotoFacts",
    "Scope",
    "UnitDraft",
    "UnitFacts",
    "add_imported",
    "add_photo",
    "add_unit",
    "as_usual",
    "close",
    "closures",
    "count_published",
    "create_listing",
    "differ",
    "differing_days",
    "edit_listing",
    "edit_unit",
    "first_published_at",
    "forget_offers",
    "forget_words",
    "held_about_organization",
    "ids_by_public_id",
    "imported_refs",
    "kinds",
    "kit_parts",
    "lenders_by_kind",
    "listing",
    "listing_id_of",
    "listings",
    "listings_of",
    "objections",
    "offer",
    "offered_spans",
    "offers",
    "outages_of",
    "photo_bytes",
    "possible_parts",
    "published_lines",
    "put_back",
    "remove_photo",
    "reopen",
    "retire_unit",
    "set_parts",
    "set_state",
    "site_id_of",
    "site_of",
    "take_out",
    "take_turn",
    "take_turn_of",
    "take_turns",
    "unit",
    "units",
    "units_and_lenders",
    "units_of",
    "withdraw_of",
]
