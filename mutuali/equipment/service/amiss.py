"""What can be amiss with what an organization shares, as questions to the database."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from mutuali.counts import NOW, ORGANIZATION, Amiss, ago, amiss_among, missing_unless
from mutuali.equipment.models import Listing, Outage, Photo
from mutuali.equipment.rules import Kind, ListingState

_DRAFT_FOR = timedelta(days=365)
_MENDED_WITHIN = timedelta(days=30)
_OWN = Listing.lender_id == ORGANIZATION
_PUBLISHED = (_OWN, Listing.state == ListingState.PUBLISHED)


def sites_used() -> Select[int]:
    """The places at which it shares something."""
    return select(Listing.site_id).where(*_PUBLISHED)


def shares_vehicle() -> ColumnElement[bool]:
    """Whether it shares a vehicle."""
    return exists().where(*_PUBLISHED, Listing.kind == Kind.VEHICLE)


def shares_something() -> ColumnElement[bool]:
    """Whether it shares anything."""
    return exists().where(*_PUBLISHED)


def nothing_shared() -> Amiss:
    """One is amiss while it shares nothing."""
    return missing_unless(*_PUBLISHED)


def with_addresses() -> Amiss:
    """How many listings hold an e-mail address in what everybody may read."""
    said = (Listing.description_fr, Listing.description_en)
    terms = (Listing.conditions_fr, Listing.conditions_en)
    return amiss_among(or_(*(each.contains("@") for each in (*said, *terms))), *_PUBLISHED)


def in_one_language() -> Amiss:
    """How many listings have their title in one language only."""
    return amiss_among(or_(Listing.title_fr == "", Listing.title_en == ""), *_PUBLISHED)


def without_conditions() -> Amiss:
    """How many listings say no conditions."""
    return amiss_among(and_(Listing.conditions_fr == "", Listing.conditions_en == ""), *_PUBLISHED)


def without_facts() -> Amiss:
    """How many vehicles do not say what they carry, or cold things how cold they are."""
    cold = and_(Listing.refrigerated.is_(True), Listing.temperature_low.is_(None))
    empty = and_(Listing.kind == Kind.VEHICLE, Listing.payload_kg.is_(None))
    concerned = or_(Listing.refrigerated.is_(True), Listing.kind == Kind.VEHICLE)
    return amiss_among(or_(cold, empty), *_PUBLISHED, concerned)


def photos_without_words() -> Amiss:
    """How many photos do not say what they show."""
    silent = and_(Photo.alt_fr == "", Photo.alt_en == "")
    own = Photo.listing_id.in_(select(Listing.id).where(*_PUBLISHED))
    return amiss_among(silent, own)


def old_drafts() -> Amiss:
    """How many drafts were begun more than a year ago."""
    return select(func.count(Listing.id)).where(
        _OWN, Listing.state == ListingState.DRAFT, Listing.created_at < ago(_DRAFT_FOR)
    )


def broken_for_long() -> Amiss:
    """How many times something has been out of order for more than a month."""
    lasts = or_(Outage.ends_at.is_(None), Outage.ends_at > NOW)
    own = Outage.listing_id.in_(select(Listing.id).where(*_PUBLISHED))
    return select(func.sum(case((Outage.starts_at < ago(_MENDED_WITHIN), 1), else_=0))).where(
        own, lasts
    )
