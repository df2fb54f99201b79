"""Secret addresses at which agendas read bookings: made, listed, revoked, opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.calendars.models import CalendarFeed
from mutuali.calendars.rules import (
    CALLED_OFF_SHOWN_FOR,
    MOST_EVENTS,
    MOST_FEEDS,
    UNUSED_FOR,
    FeedKind,
    feed_span,
    is_over,
)
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.permissions import Actor, Permission, Role, require
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations

#: The last use is known to the hour: agendas ask often, and each note is a write.
_NOTED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """A feed to be made; ``listing`` is a listing's public id, empty for all of an organization."""

    name: str
    language: str
    listing: str = ""


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """A feed as its owner sees it; ``used_at`` is None as long as nobody asked."""

    id: int
    name: str
    listing: equipment.ListingFacts | None
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenFeed:
    """What a feed shows now; ``content_hash`` and ``changed_at`` are of what it last gave."""

    id: int
    organization: organizations.OrganizationFacts
    listing: equipment.ListingFacts | None
    language: str
    entries: list[bookings.AgendaEntry]
    content_hash: str
    changed_at: datetime


def make_own_feed(
    session: Session, actor: Actor, draft: FeedDraft, *, token_hash: str, now: datetime
) -> None:
    """A feed of what the organization that the actor acts for lends and borrows, the actor's own.

    Raises:
        Forbidden: the actor may not read its bookings; Refused: they have too many feeds.
    """
    organization_id = actor.organization_id or 0
    require(actor, Permission.BOOKING_READ, over=organization_id)
    own = CalendarFeed.person_id == actor.person_id
    feed = CalendarFeed(
        kind=FeedKind.PERSON, person_id=actor.person_id, organization_id=organization_id
    )
    _make(session, actor, feed, own, draft, token_hash, now)


def make_feed(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: FeedDraft,
    *,
    token_hash: str,
    now: datetime,
) -> None:
    """A feed of an organization, or of one of its listings, for whoever its people give it to.

    Raises:
        Forbidden: the actor does not lend for it, or may not read its bookings, which whoever has
            the address reads; NotFound: the listing is not its own; Refused: it has too many feeds.
    """
    require(actor, Permission.LISTING_EDIT, over=organization_id)
    require(actor, Permission.BOOKING_READ, over=organization_id)
    feed = CalendarFeed(kind=FeedKind.ORGANIZATION, organization_id=organization_id)
    if draft.listing:
        listing = equipment.listing(session, actor, draft.listing)
        if listing.lender_id != organization_id:
            raise NotFound
        feed.kind, feed.listing_id = FeedKind.LISTING, listing.id
    _make(session, actor, feed, _of(organization_id), draft, token_hash, now)


def own_feeds(session: Session, actor: Actor, *, now: datetime) -> list[FeedFacts]:
    """The actor's own feeds in force, newest first."""
    return _facts(session, CalendarFeed.person_id == actor.person_id, now)


def feeds_of(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[FeedFacts]:
    """The feeds of an organization in force, newest first. Raises Forbidden."""
    require(actor, Permission.LISTING_EDIT, over=organization_id)
    return _facts(session, _of(organization_id), now)


def revoke_own_feed(session: Session, actor: Actor, feed_id: int, *, now: datetime) -> None:
    """End one of the actor's own feeds. Raises NotFound."""
    _revoke(session, actor, feed_id, CalendarFeed.person_id == actor.person_id, now)


def revoke_feed(
    session: Session, actor: Actor, organization_id: int, feed_id: int, *, now: datetime
) -> None:
    """End a feed of an organization. Raises Forbidden, NotFound."""
    require(actor, Permission.LISTING_EDIT, over=organization_id)
    _revoke(session, actor, feed_id, _of(organization_id), now)


def open_feed(session: Session, token_hash: str, *, now: datetime) -> OpenFeed:
    """What the feed behind an address shows now.

    Raises:
        NotFound: there is none, it was revoked or not used for too long, its organization left, or
            its person does not act for that any more.
    """
    row = session.scalars(
        select(CalendarFeed).where(CalendarFeed.token_hash == token_hash)
    ).one_or_none()
    if row is None or row.revoked_at is not None or is_over(row.used_at or row.created_at, now):
        raise NotFound
    organization = organizations.organization(session, row.organization_id)
    if not organization.accepted:
        raise NotFound
    actor, language = Actor(memberships={organization.id: Role.MEMBER}), row.language
    if row.person_id is not None:
        actor = Actor(row.person_id, memberships=organizations.memberships(session, row.person_id))
        language = accounts.people(session, frozenset({row.person_id}))[row.person_id].language
    listings = equipment.listings(session, [row.listing_id] if row.listing_id else [])
    entries = bookings.agenda(
        session,
        actor,
        organization.id,
        feed_span(now),
        listing_id=row.listing_id,
        called_off_since=now - CALLED_OFF_SHOWN_FOR,
        most=MOST_EVENTS,
        now=now,
    )
    return OpenFeed(
        row.id,
        organization,
        listings.get(row.listing_id or 0),
        language,
        entries,
        row.content_hash,
        row.changed_at,
    )


def note_use(session: Session, feed_id: int, content_hash: str, *, now: datetime) -> None:
    """Remember that a feed was asked for, and since when it gives what it gave."""
    row = session.get(CalendarFeed, feed_id)
    if row is None:
        return
    if row.content_hash != content_hash:
        row.content_hash, row.changed_at = content_hash, now
    if row.used_at is None or now - row.used_at >= _NOTED_EVERY:
        row.used_at = now


def _of(organization_id: int) -> ColumnElement[bool]:
    return (CalendarFeed.organization_id == organization_id) & CalendarFeed.person_id.is_(None)


def _in_force(now: datetime) -> ColumnElement[bool]:
    last_used_at = func.coalesce(CalendarFeed.used_at, CalendarFeed.created_at)
    return CalendarFeed.revoked_at.is_(None) & (last_used_at > now - UNUSED_FOR)


def _make(
    session: Session,
    actor: Actor,
    feed: CalendarFeed,
    own: ColumnElement[bool],
    draft: FeedDraft,
    token_hash: str,
    now: datetime,
) -> None:
    count = select(func.count(CalendarFeed.id)).where(own, _in_force(now))
    if (session.scalar(count) or 0) >= MOST_FEEDS:
        raise Refused("feed.too_many", most=MOST_FEEDS)
    feed.token_hash, feed.name, feed.language = token_hash, draft.name, draft.language
    feed.created_at = feed.changed_at = now
    session.add(feed)
    session.flush()
    facts = {"kind": feed.kind, "organization": feed.organization_id}
    audit.record(session, actor, "feed.made", "calendar_feed", feed.id, now=now, facts=facts)


def _facts(session: Session, own: ColumnElement[bool], now: datetime) -> list[FeedFacts]:
    rows = session.scalars(
        select(CalendarFeed).where(own, _in_force(now)).order_by(CalendarFeed.id.desc())
    ).all()
    listings = equipment.listings(session, [row.listing_id for row in rows if row.listing_id])
    return [
        FeedFacts(row.id, row.name, listings.get(row.listing_id or 0), row.created_at, row.used_at)
        for row in rows
    ]


def _revoke(
    session: Session, actor: Actor, feed_id: int, own: ColumnElement[bool], now: datetime
) -> None:
    row = session.scalars(select(CalendarFeed).where(CalendarFeed.id == feed_id, own)).one_or_none()
    if row is None:
        raise NotFound
    if row.revoked_at is not None:
        raise Conflict("feed.revoked")
    row.revoked_at = now
    audit.record(session, actor, "feed.revoked", "calendar_feed", row.id, now=now)
