"""Search, date first: what is free for the whole span, nearest first."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings.rules import (
    AROUND,
    FARTHEST,
    Ask,
    Use,
    free_around,
    free_units,
    holds_on,
    nearest_spans,
    occupied,
    passes,
    peak_units,
    price_for,
    price_of,
    quota_span,
)
from mutuali.bookings.service.documents import documents_lacking, offer_to
from mutuali.bookings.service.taken import (
    read_all_holds,
    read_offer_holds,
    read_uses,
    read_uses_of_many,
)
from mutuali.core.errors import DomainError, Reason
from mutuali.core.period import Period
from mutuali.core.places import Point, distance_km
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind, Offer, Permit

PAGE_SIZE = 12
#: As long as any: for questions that are not about a time.
ANY_SPAN = timedelta(hours=1)
#: Who searches is no lender: one's own listings are found too.
_NOBODY = 0
#: When nothing fits, of so many listings the nearest spans are worked out.
_LOOKED_AT_WHEN_NONE = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; no kinds means any, no place means no distances."""

    period: Period
    units: int = 1
    kinds: tuple[Kind, ...] = ()
    near: Point | None = None
    refrigerated: bool = False
    driver_included: bool = False
    free_of_charge: bool = False
    payload_kg: int = 0
    permits: tuple[Permit, ...] = ()
    words: str = ""

    @property
    def filters(self) -> equipment.Filters:
        """What the listing has to be, whenever."""
        return equipment.Filters(
            self.kinds,
            self.units,
            self.refrigerated,
            self.driver_included,
            self.payload_kg,
            self.permits,
            self.free_of_charge,
            self.words,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A listing that fits: what is free of it, how far it is, what it costs in all."""

    listing: equipment.ListingFacts
    units_free: int
    distance_km: float | None
    price_cents: int
    #: Empty when it fits as asked; else the nearest spans at which it would.
    other_spans: tuple[Period, ...] = ()
    #: What of the documents that it demands the borrower lacks then.
    lacking: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what fits, and when nothing does, what nearly fits."""

    total: int
    page: int
    pages: int
    found: tuple[Found, ...]
    nearly: tuple[Found, ...] = ()


def search(
    session: Session,
    wish: Wish,
    *,
    borrower_id: int | None = None,
    now: datetime,
    page: int = 1,
) -> SearchResult:
    """Listings that are free for the whole span under all their rules, nearest first.

    ``borrower_id``: who would borrow; what it has already counts for quotas. Its own listings are
    found like all others.

    The database finds what could do; only what others hold, or what it is not certain of, is looked
    at one by one. When there is none: the nearest spans at which a listing of the kind would do.
    """
    finding = equipment.Finding(
        session,
        wish.filters,
        wish.period,
        near=wish.near,
        now=now,
    )
    if wish.period.start < now or wish.period.end > now + FARTHEST:
        return SearchResult(0, 1, 1, (), _nearly(session, finding, wish, borrower_id, now))
    free, failing = _looked_at(session, finding, wish, borrower_id, now)
    offset = (max(page, 1) - 1) * PAGE_SIZE
    found = finding.nearest(failing, offset=offset, limit=PAGE_SIZE)
    pages = max(1, -(-found.total // PAGE_SIZE))
    if page > pages:
        page = pages
        found = finding.nearest(failing, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    nearly = () if found.total else _nearly(session, finding, wish, borrower_id, now)
    shown = list(_shown(session, wish, found.listing_ids))
    lacking = documents_lacking(
        session, [listing for listing, *_ in shown], borrower_id, wish.period.end
    )
    fitting = tuple(
        Found(
            listing,
            free.get(listing.id, listing.draft.units),
            distance,
            price,
            lacking=lacking.get(listing.id, ()),
        )
        for listing, distance, price in shown
    )
    return SearchResult(found.total, max(page, 1), pages, fitting, nearly)


def found_ids(
    session: Session,
    wish: Wish,
    *,
    whenever: bool = False,
    within_km: float | None = None,
    limit: int,
    now: datetime,
) -> tuple[int, ...]:
    """The listings of :func:`search`, nearest first, by id alone.

    ``whenever``: what is asked for at whatever time; the period of the wish does not count then.
    ``within_km``: no farther than that, by the distances that the pages say.
    """
    finding = equipment.Finding(session, wish.filters, wish.period, near=wish.near, now=now)
    ids: tuple[int, ...] = ()
    if whenever:
        ids = finding.alike(limit=limit)
    elif wish.period.start >= now and wish.period.end <= now + FARTHEST:
        _, failing = _looked_at(session, finding, wish, None, now)
        ids = finding.nearest(failing, offset=0, limit=limit).listing_ids
    if within_km is None:
        return ids
    return tuple(
        listing.id
        for listing, distance, _ in _shown(session, wish, ids)
        if distance is not None and distance <= within_km
    )


def _looked_at(
    session: Session,
    finding: equipment.Finding,
    wish: Wish,
    borrower_id: int | None,
    now: datetime,
) -> tuple[dict[int, int], set[int]]:
    """Units free of what had to be looked at, by listing, and those of it that will not do."""
    period, asked = wish.period, Ask(_NOBODY, wish.units, wish.period)
    span = Period(period.start, period.end + finding.longest_turnaround())
    taken = read_all_holds(session, None, span, now=now)
    candidates = finding.to_look_at(taken.keys())
    around = Period(period.start, span.end)
    offers = equipment.offers(
        session, [each.listing_id for each in candidates if each.uncertain], around
    )
    uses = _uses(session, offers.values(), borrower_id, around, now)
    free: dict[int, int] = {}
    failing: set[int] = set()
    for each in candidates:
        id_ = each.listing_id
        if each.uncertain:
            offer, holds = offers[id_], holds_on(offers[id_], taken)
            free[id_] = free_units(offer, holds, period)
            does = passes(asked, offer, holds, uses=uses[offer.lender_id], now=now)
        else:
            level = peak_units(taken[id_], occupied(period, each.turnaround))
            free[id_] = max(0, each.units - level)
            does = free[id_] >= wish.units
        if not does:
            failing.add(id_)
    return free, failing


def _shown(
    session: Session, wish: Wish, ids: Sequence[int]
) -> Iterator[tuple[equipment.ListingFacts, float | None, int]]:
    """Listings in the order of ``ids``, with how far each is and what it costs in all."""
    listings = equipment.listings(session, ids)
    for id_ in ids:
        listing = listings[id_]
        distance = None
        if wish.near is not None:
            distance = round(distance_km(wish.near, listing.coarse_point), 1)
        draft = listing.draft
        price = price_for(draft.price_cents, draft.price_per, wish.period, wish.units)
        yield listing, distance, price


def offer_instead(
    session: Session, error: DomainError, listing_id: int, ask: Ask, *, now: datetime
) -> None:
    """Let a refusal say at which spans, the nearest ones, the listing would take ``ask``."""
    around = Period(ask.period.start - AROUND, ask.period.end + AROUND)
    offer = equipment.offer(session, listing_id, around)
    offer = offer_to(session, offer, ask.borrower_id, now=now)
    holds = read_offer_holds(session, offer, around, now=now)
    uses = read_uses(session, offer, ask.borrower_id, around, now=now)
    error.nearest = tuple(nearest_spans(ask, offer, holds, uses=uses, now=now))
    if error.nearest:
        error.free = free_around(ask, offer, holds, error.nearest[0])


def _uses(
    session: Session,
    offers: Collection[Offer],
    borrower_id: int | None,
    around: Period,
    now: datetime,
) -> Mapping[int, Sequence[Use]]:
    """What counts for quotas, by lender; no question where none of the offers has one."""
    spans = [span for offer in offers if (span := quota_span(offer, around))]
    if borrower_id is None or not spans:
        return defaultdict(list)
    whole = Period(min(span.start for span in spans), max(span.end for span in spans))
    lenders = sorted({offer.lender_id for offer in offers if offer.quotas})
    return read_uses_of_many(session, lenders, borrower_id, whole, now=now)


def _nearly(
    session: Session,
    finding: equipment.Finding,
    wish: Wish,
    borrower_id: int | None,
    now: datetime,
) -> tuple[Found, ...]:
    around = Period(wish.period.start - AROUND, wish.period.end + AROUND)
    ids = finding.alike(limit=_LOOKED_AT_WHEN_NONE)
    offers = equipment.offers(session, ids, around)
    held = {part.listing_id for offer in offers.values() for part in offer.parts} | set(ids)
    taken = read_all_holds(session, sorted(held), around, now=now)
    ask = Ask(_NOBODY, wish.units, wish.period)
    uses = _uses(session, offers.values(), borrower_id, around, now)
    candidates: list[tuple[timedelta, int, list[Period]]] = []
    for n, id_ in enumerate(ids):
        offer = offers[id_]
        mine = uses[offer.lender_id]
        spans = nearest_spans(ask, offer, holds_on(offer, taken), uses=mine, now=now)
        if spans:
            candidates.append((abs(spans[0].start - wish.period.start), n, spans))
    best = sorted(candidates, key=lambda each: each[:2])[:6]
    spans_of = {ids[n]: spans for _, n, spans in best}
    return tuple(
        Found(
            listing,
            wish.units,
            distance,
            price_of(offers[listing.id], spans_of[listing.id][0], wish.units),
            tuple(spans_of[listing.id]),
        )
        for listing, distance, _ in _shown(session, wish, list(spans_of))
    )
