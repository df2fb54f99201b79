"""Use cases of the catalogue: write a listing, publish it, close it for a while, take its turn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Result,
    Row,
    Select,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Reason, Refused, StaleVersion
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.core.places import Point, coarse
from mutuali.equipment.models import Closure, Listing, Photo, WeeklyHours
from mutuali.equipment.rules import (
    MOST_PHOTOS,
    Approver,
    Kind,
    ListingState,
    Offer,
    OpenHours,
    Permit,
    PricePer,
    hours_objections,
)
from mutuali.organizations import service as organizations
from mutuali.storage import (
    Ids,
    UtcDateTime,
    ask,
    epoch_seconds,
    is_one_of,
    spans_overlap,
    table_of,
)

#: The order of one's own listings.
_SHOWN_FIRST = {
    ListingState.PUBLISHED.value: 0,
    ListingState.DRAFT.value: 1,
    ListingState.WITHDRAWN.value: 2,
}


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
    price_cents: int = 0
    price_per: PricePer = PricePer.LOAN
    approver: Approver = Approver.LENDER
    hold_minutes: int = 0
    shortest_minutes: int = 60
    longest_minutes: int = 4320
    lead_minutes: int = 0
    turnaround_minutes: int = 0
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

    def title(self, language: str) -> str:
        """The title in ``language``, or in the other when that one is missing."""
        fr, en = self.draft.title_fr, self.draft.title_en
        return (en or fr) if language == "en" else (fr or en)


@dataclass(frozen=True, slots=True)
class ListingLine:
    """A published listing in a line of a long table, with the closures that may matter there."""

    id: int
    public_id: str
    title_fr: str
    title_en: str
    lender_name: str
    units: int
    hours: tuple[OpenHours, ...]
    closures: tuple[Period, ...]

    def title(self, language: str) -> str:
        """As :meth:`ListingFacts.title`."""
        fr, en = self.title_fr, self.title_en
        return (en or fr) if language == "en" else (fr or en)


@dataclass(frozen=True, slots=True)
class EncodedPhoto:
    """An image as the door re-encoded it: WebP without metadata, two sizes; the large's pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ImportedListing:
    """A listing of a file, published since ``published_at``; ``ref`` is unique in its source."""

    ref: str
    public_id: str
    lender_id: int
    published_at: datetime
    draft: ListingDraft


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
    low, high = draft.temperature_low, draft.temperature_high
    if low is not None and high is not None and low > high:
        found.append(Reason("listing.temperature_reversed", {}, "temperature_low"))
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
    listing = Listing(public_id=public_id, lender_id=lender_id, created_at=now, **_columns(draft))
    if source is not None:
        listing.source, listing.source_ref = source
    if publish:
        _publish(session, listing, now=now)
    session.add(listing)
    session.flush()
    _write_hours(session, listing.id, draft.hours)
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
    listing = _editable(session, actor, listing_id)
    if version is not None and version != listing.version:
        raise StaleVersion
    _check(session, listing.lender_id, draft)
    for name, value in _columns(draft).items():
        setattr(listing, name, value)
    listing.version += 1
    _flush_units(session)
    session.execute(delete(WeeklyHours).where(WeeklyHours.listing_id == listing_id))
    _write_hours(session, listing_id, draft.hours)
    session.flush()
    audit.record(session, actor, "listing.edited", "listing", listing_id, now=now)


def set_state(
    session: Session, actor: Actor, listing_id: int, state: ListingState, *, now: datetime
) -> None:
    """Publish a listing or take it away from search; bookings that were promised stay.

    Raises:
        Forbidden, NotFound, Refused (the lender is not accepted).
    """
    listing = _editable(session, actor, listing_id)
    if listing.state == state:
        return
    if state is ListingState.PUBLISHED:
        _publish(session, listing, now=now)
    else:
        listing.state = state
        listing.withdrawn_at = now
    listing.version += 1
    audit.record(session, actor, f"listing.{state.value}", "listing", listing_id, now=now)


def close(
    session: Session, actor: Actor, listing_id: int, period: Period, *, now: datetime
) -> None:
    """Take a span away from new bookings; those promised before stay, for the owner to move.

    Raises:
        NotFound; Refused: it is over already.
    """
    _editable(session, actor, listing_id)
    if period.end <= now:
        raise Refused(Reason("closure.in_the_past", {}, "ends"))
    session.add(Closure(listing_id=listing_id, starts_at=period.start, ends_at=period.end))
    audit.record(session, actor, "listing.closed", "listing", listing_id, now=now)


def reopen(session: Session, actor: Actor, closure_id: int, *, now: datetime) -> int:
    """Give a closed span back; returns the listing. Raises Forbidden, NotFound."""
    closure = session.get(Closure, closure_id)
    if closure is None:
        raise NotFound
    _editable(session, actor, closure.listing_id)
    session.delete(closure)
    audit.record(session, actor, "listing.reopened", "listing", closure.listing_id, now=now)
    return closure.listing_id


def closures(session: Session, listing_id: int, *, after: datetime) -> list[tuple[int, Period]]:
    """The closures that end later than ``after``, with their ids, in order."""
    rows = session.execute(
        select(Closure.id, Closure.starts_at, Closure.ends_at)
        .where(Closure.listing_id == listing_id, Closure.ends_at > after)
        .order_by(Closure.starts_at)
    )
    return [(id_, Period(start, end)) for id_, start, end in rows]


def add_photo(
    session: Session,
    actor: Actor,
    listing_id: int,
    photo: EncodedPhoto,
    *,
    public_id: str,
    alt_fr: str,
    alt_en: str,
    now: datetime,
) -> None:
    """Add a photo, six at most. Raises Forbidden, NotFound, Refused."""
    _editable(session, actor, listing_id)
    count = session.scalar(select(func.count()).where(Photo.listing_id == listing_id)) or 0
    if count >= MOST_PHOTOS:
        raise Refused(Reason("photo.too_many", {"max": MOST_PHOTOS}, "photo"))
    session.add(
        Photo(
            public_id=public_id,
            listing_id=listing_id,
            position=count,
            alt_fr=alt_fr,
            alt_en=alt_en,
            width=photo.width,
            height=photo.height,
            large=photo.large,
            small=photo.small,
        )
    )
    audit.record(session, actor, "photo.added", "listing", listing_id, now=now)


def remove_photo(session: Session, actor: Actor, public_id: str, *, now: datetime) -> int:
    """Take a photo away; returns the listing. Raises Forbidden, NotFound."""
    photo = session.scalars(select(Photo).where(Photo.public_id == public_id)).one_or_none()
    if photo is None:
        raise NotFound
    _editable(session, actor, photo.listing_id)
    session.delete(photo)
    audit.record(session, actor, "photo.removed", "listing", photo.listing_id, now=now)
    return photo.listing_id


def photo_bytes(session: Session, public_id: str, *, small: bool) -> bytes:
    """The WebP file of a photo. Raises NotFound."""
    column = Photo.small if small else Photo.large
    content = session.scalar(select(column).where(Photo.public_id == public_id))
    if content is None:
        raise NotFound
    return content


def listing(session: Session, actor: Actor, public_id: str) -> ListingFacts:
    """One listing; an unpublished one only for its lender.

    Raises:
        NotFound: there is none, or the actor may not know.
    """
    row = session.scalars(select(Listing).where(Listing.public_id == public_id)).one_or_none()
    hidden = row is not None and row.state != ListingState.PUBLISHED
    if row is None or (hidden and not may(actor, Permission.LISTING_EDIT, over=row.lender_id)):
        raise NotFound
    return _facts(session, [row])[0]


def listings(session: Session, ids: Sequence[int]) -> dict[int, ListingFacts]:
    """Those of ``ids`` that exist, whatever their state; the caller may show them."""
    if not ids:
        return {}
    rows = session.scalars(select(Listing).where(Listing.id.in_(set(ids)))).all()
    return {facts.id: facts for facts in _facts(session, rows)}


def listings_of(session: Session, actor: Actor, lender_id: int) -> list[ListingFacts]:
    """All listings of a lender for its own people, published first. Raises Forbidden."""
    require(actor, Permission.LISTING_EDIT, over=lender_id)
    rows = session.scalars(
        select(Listing)
        .where(Listing.lender_id == lender_id)
        .order_by(case(_SHOWN_FIRST, value=Listing.state), Listing.id)
    ).all()
    return _facts(session, rows)


def published_offers(
    session: Session,
    *,
    kinds: Iterable[Kind] = (),
    units: int = 1,
    refrigerated: bool = False,
    driver_included: bool = False,
    payload_kg: int = 0,
    permits: Iterable[Permit] = (),
    free_of_charge: bool = False,
    period: Period,
) -> list[tuple[Offer, int]]:
    """Every published offer that fits the filters, with its site's id, and what it is open."""
    query = select(Listing).where(Listing.state == ListingState.PUBLISHED, Listing.units >= units)
    if chosen := list(kinds):
        query = query.where(Listing.kind.in_(chosen))
    if refrigerated:
        query = query.where(Listing.refrigerated)
    if driver_included:
        query = query.where(Listing.driver_included)
    if payload_kg:
        query = query.where(Listing.payload_kg >= payload_kg)
    if free_of_charge:
        query = query.where(Listing.price_cents == 0)
    needed = {permit.value for permit in permits}
    rows = [row for row in session.scalars(query) if needed <= set(row.permits)]
    offers = _offers(session, rows, period)
    return [(offers[row.id], row.site_id) for row in rows]


def count_published(session: Session, *, kind: Kind | None = None, borough: str = "") -> int:
    """How many listings of ``kind`` (None: any) in ``borough`` (empty: any) can be found."""
    return session.scalar(select(func.count(Listing.id)).where(*_published(kind, borough))) or 0


def published_lines(
    session: Session,
    *,
    kind: Kind | None = None,
    borough: str = "",
    period: Period,
    offset: int,
    limit: int,
) -> list[ListingLine]:
    """Those of :func:`count_published`, by kind and title, with the closures that meet ``period``.

    Three queries however many they are.
    """
    query = select(
        Listing.id,
        Listing.public_id,
        Listing.title_fr,
        Listing.title_en,
        Listing.lender_id,
        Listing.units,
    )
    in_order = (Listing.kind, Listing.title_fr, Listing.title_en, Listing.id)
    rows = session.execute(
        query.where(*_published(kind, borough)).order_by(*in_order).offset(offset).limit(limit)
    ).all()
    ids = [row.id for row in rows]
    names = organizations.names(session, {row.lender_id for row in rows})
    hours, closed = _hours_and_closures(session, ids, period)
    return [
        ListingLine(id_, public_id, fr, en, names[lender_id], units, hours[id_], closed[id_])
        for id_, public_id, fr, en, lender_id, units in rows
    ]


def offer(session: Session, listing_id: int, period: Period) -> Offer:
    """What a listing offers around ``period``, without taking its turn. Raises NotFound."""
    row = session.get(Listing, listing_id)
    if row is None:
        raise NotFound
    return _offers(session, [row], period)[listing_id]


def take_turn(session: Session, listing_id: int, period: Period) -> Offer:
    """Queue for the listing until the caller's transaction ends, then read what it offers.

    The UPDATE takes a NO KEY lock on PostgreSQL, the write lock on SQLite, so rivals run one after
    the other and what is read afterwards is current.

    Raises:
        NotFound: no such listing.
    """
    return _turn(session, ask(session, _TURN_BY_ID, listing_id=listing_id), period)


def take_turn_of(session: Session, public_id: str, period: Period) -> Offer:
    """:func:`take_turn` by public id. Raises NotFound."""
    return _turn(session, ask(session, _TURN_BY_PUBLIC_ID, public=public_id), period)


def _turn(session: Session, answer: Result[Any], period: Period) -> Offer:
    row = answer.one_or_none()
    if row is None:
        raise NotFound
    return _offers(session, [row], period)[row.id]


def listing_id_of(session: Session, public_id: str) -> int:
    """The id behind a public id. Raises NotFound."""
    found = session.scalar(select(Listing.id).where(Listing.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def site_of(session: Session, listing_id: int) -> organizations.SiteFacts:
    """The exact place of a listing; the caller makes sure a booking allows it."""
    site_id = session.scalar(select(Listing.site_id).where(Listing.id == listing_id))
    return organizations.sites(session, frozenset({site_id or 0}))[site_id or 0]


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
            **_columns(row.draft),
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


def kinds(session: Session) -> dict[int, str]:
    """Listing id -> its kind, of every listing there ever was."""
    return dict(session.execute(select(Listing.id, Listing.kind)).all())


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


def _editable(session: Session, actor: Actor, listing_id: int) -> Listing:
    row = session.get(Listing, listing_id, with_for_update={"key_share": True})
    if row is None or not may(actor, Permission.LISTING_EDIT, over=row.lender_id):
        raise NotFound
    return row


def _flush_units(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if "listing_units_booked" not in str(error.orig):
            raise
        raise Conflict(Reason("listing.units_booked", {}, "units")) from error


def _columns(draft: ListingDraft) -> dict[str, Any]:
    names = [name for name in ListingDraft.__dataclass_fields__ if name not in {"hours", "permits"}]
    columns = {name: getattr(draft, name) for name in names}
    return {**columns, "permits": sorted(permit.value for permit in draft.permits)}


def _write_hours(session: Session, listing_id: int, hours: Iterable[OpenHours]) -> None:
    session.add_all(
        WeeklyHours(listing_id=listing_id, weekday=h.weekday, opens=h.opens, closes=h.closes)
        for h in hours
    )


def _published(kind: Kind | None, borough: str) -> list[ColumnElement[bool]]:
    conditions = [Listing.state == ListingState.PUBLISHED]
    if kind is not None:
        conditions.append(Listing.kind == kind)
    if borough:
        conditions.append(Listing.site_id.in_(organizations.sites_in(borough)))
    return conditions


_LISTING, _HOURS = table_of(Listing), table_of(WeeklyHours)
_CLOSURE = table_of(Closure)
_TURN = (
    update(_LISTING)
    .values(turn=_LISTING.c.turn + 1)
    .returning(
        *(_LISTING.c.id, _LISTING.c.lender_id, _LISTING.c.units, _LISTING.c.state),
        *(_LISTING.c.approver, _LISTING.c.hold_minutes, _LISTING.c.lead_minutes),
        *(_LISTING.c.shortest_minutes, _LISTING.c.longest_minutes),
        *(_LISTING.c.turnaround_minutes, _LISTING.c.price_cents, _LISTING.c.price_per),
    )
)
_TURN_BY_ID = _TURN.where(_LISTING.c.id == bindparam("listing_id"))
_TURN_BY_PUBLIC_ID = _TURN.where(_LISTING.c.public_id == bindparam("public"))


def _openings() -> CompoundSelect[*tuple[Any, ...]]:
    """Weekly hours, and closures that meet a span, of many listings."""
    ids = bindparam("ids", type_=Ids())
    low, high = (bindparam(name, type_=UtcDateTime()) for name in ("low", "high"))
    nothing, no_instant = cast(null(), Integer), cast(null(), UtcDateTime)
    hours = select(
        *(_HOURS.c.listing_id, _HOURS.c.weekday, _HOURS.c.opens, _HOURS.c.closes),
        *(no_instant.label("starts_at"), no_instant.label("ends_at")),
    ).where(is_one_of(_HOURS.c.listing_id, ids))
    closures = select(
        *(_CLOSURE.c.listing_id, nothing, nothing, nothing),
        *(_CLOSURE.c.starts_at, _CLOSURE.c.ends_at),
    ).where(
        is_one_of(_CLOSURE.c.listing_id, ids),
        spans_overlap(_CLOSURE.c.starts_at, _CLOSURE.c.ends_at, low, high),
    )
    return union_all(hours, closures)


_OPENINGS = _openings()
#: By listing; a listing without any has an empty tuple.
Hours = Mapping[int, tuple[OpenHours, ...]]
Closures = Mapping[int, tuple[Period, ...]]


def _hours_and_closures(
    session: Session, ids: Sequence[int], period: Period
) -> tuple[Hours, Closures]:
    """The hours of each listing and its closures that meet ``period``, in order."""
    hours: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    closed: defaultdict[int, list[Period]] = defaultdict(list)
    rows = ask(session, _OPENINGS, ids=ids, low=period.start, high=period.end)
    for listing_id, weekday, opens, closes, start, end in rows.all():
        if weekday is None:
            closed[listing_id].append(Period(start, end))
        else:
            hours[listing_id].append((weekday, opens, closes))
    return _shared(hours), defaultdict(tuple, {n: tuple(sorted(p)) for n, p in closed.items()})


def _hours(session: Session, ids: Sequence[int]) -> Hours:
    found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    rows = session.execute(
        select(
            WeeklyHours.listing_id, WeeklyHours.weekday, WeeklyHours.opens, WeeklyHours.closes
        ).where(is_one_of(WeeklyHours.listing_id, ids))
    )
    for listing_id, *span in rows:
        found[listing_id].append((span[0], span[1], span[2]))
    return _shared(found)


def _shared(hours: Mapping[int, list[tuple[int, int, int]]]) -> Hours:
    """The hours of each listing in order; many have the same, and then share them."""
    made: dict[tuple[tuple[int, int, int], ...], tuple[OpenHours, ...]] = {}
    found: defaultdict[int, tuple[OpenHours, ...]] = defaultdict(tuple)
    for listing_id, spans in hours.items():
        key = tuple(sorted(spans))
        if key not in made:
            made[key] = tuple(OpenHours(*span) for span in key)
        found[listing_id] = made[key]
    return found


def _offers(
    session: Session, rows: Sequence[Listing | Row[Any]], period: Period
) -> dict[int, Offer]:
    """Offers of ``rows`` with the closures that meet ``period``: one query for all of them."""
    ids = [row.id for row in rows]
    if not ids:
        return {}
    hours, closed = _hours_and_closures(session, ids, period)
    return {
        row.id: Offer(
            listing_id=row.id,
            lender_id=row.lender_id,
            units=row.units,
            published=row.state == ListingState.PUBLISHED,
            approver=Approver(row.approver),
            hold_for=timedelta(minutes=row.hold_minutes),
            shortest=timedelta(minutes=row.shortest_minutes),
            longest=timedelta(minutes=row.longest_minutes),
            lead=timedelta(minutes=row.lead_minutes),
            turnaround=timedelta(minutes=row.turnaround_minutes),
            price_cents=row.price_cents,
            price_per=PricePer(row.price_per),
            hours=hours[row.id],
            closures=closed[row.id],
        )
        for row in rows
    }


def _facts(session: Session, rows: Sequence[Listing]) -> list[ListingFacts]:
    ids = [row.id for row in rows]
    lenders = organizations.organizations(session, frozenset(row.lender_id for row in rows))
    sites = organizations.sites(session, frozenset(row.site_id for row in rows))
    hours = _hours(session, ids)
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
        )
        for row in rows
    ]


def _draft(row: Listing, hours: tuple[OpenHours, ...]) -> ListingDraft:
    names = [
        name
        for name in ListingDraft.__dataclass_fields__
        if name not in {"hours", "permits", "kind", "price_per", "approver"}
    ]
    return ListingDraft(
        **{name: getattr(row, name) for name in names},
        kind=Kind(row.kind),
        price_per=PricePer(row.price_per),
        approver=Approver(row.approver),
        permits=tuple(Permit(permit) for permit in row.permits),
        hours=hours,
    )
