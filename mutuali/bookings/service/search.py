"""Search, date first: what is free for the whole span, nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings.rules import (
    AROUND,
    Ask,
    Hold,
    free_around,
    free_units,
    holds_on,
    nearest_spans,
    passes,
    price_of,
)
from mutuali.bookings.service.records import read_all_holds, read_offer_holds
from mutuali.core.errors import DomainError
from mutuali.core.period import Period
from mutuali.core.places import Point, public_distance_km
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind, Offer, Permit
from mutuali.organizations import service as organizations

PAGE_SIZE = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; no kinds means any, no place means no distances."""

    period: Period
    units: int = 1
    kinds: tuple[Kind, ...] = ()
    near: Point | None = None
    borrower_id: int = 0
    refrigerated: bool = False
    driver_included: bool = False
    free_of_charge: bool = False
    payload_kg: int = 0
    permits: tuple[Permit, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A listing that fits: what is free of it, how far it is, what it costs in all."""

    listing: equipment.ListingFacts
    units_free: int
    distance_km: float | None
    price_cents: int
    #: Empty when it fits as asked; else the nearest spans at which it would.
    other_spans: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of what fits, and when nothing does, what nearly fits."""

    total: int
    page: int
    pages: int
    found: tuple[Found, ...]
    nearly: tuple[Found, ...] = ()


def search(session: Session, wish: Wish, *, now: datetime, page: int = 1) -> SearchResult:
    """Listings that are free for the whole span under all their rules, nearest first.

    When there is none: the nearest spans at which a listing of the same kind would do.
    """
    around = Period(wish.period.start - AROUND, wish.period.end + AROUND)
    offers = equipment.published_offers(
        session,
        kinds=wish.kinds,
        units=wish.units,
        refrigerated=wish.refrigerated,
        driver_included=wish.driver_included,
        payload_kg=wish.payload_kg,
        permits=wish.permits,
        free_of_charge=wish.free_of_charge,
        period=around,
    )
    points = {
        site.id: site.point
        for site in organizations.sites(session, frozenset(site for _, site in offers)).values()
    }
    span = Period(wish.period.start, wish.period.end + timedelta(days=2))
    taken = read_all_holds(session, None, span, now=now)
    fitting: list[tuple[float, Offer, int]] = []
    for offer, site_id in offers:
        ask = Ask(wish.borrower_id, wish.units, wish.period)
        holds = holds_on(offer, taken)
        if passes(ask, offer, holds, now=now):
            distance = public_distance_km(wish.near, points[site_id]) if wish.near else 0.0
            fitting.append((distance, offer, free_units(offer, holds, wish.period)))
    fitting.sort(key=lambda each: (each[0], each[1].price_cents, each[1].listing_id))
    pages = max(1, -(-len(fitting) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = fitting[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    listings = equipment.listings(session, [offer.listing_id for _, offer, _ in shown])
    found = tuple(
        Found(
            listings[offer.listing_id],
            free,
            distance if wish.near else None,
            price_of(offer, wish.period, wish.units),
        )
        for distance, offer, free in shown
    )
    nearly = () if fitting else _nearly(session, wish, offers, points, around, now)
    return SearchResult(len(fitting), page, pages, found, nearly)


def offer_instead(
    session: Session, error: DomainError, listing_id: int, ask: Ask, *, now: datetime
) -> None:
    """Let a refusal say at which spans, the nearest ones, the listing would take ``ask``."""
    around = Period(ask.period.start - AROUND, ask.period.end + AROUND)
    offer = equipment.offer(session, listing_id, around)
    holds = read_offer_holds(session, offer, around, now=now)
    error.nearest = tuple(nearest_spans(ask, offer, holds, now=now))
    if error.nearest:
        error.free = free_around(ask, offer, holds, error.nearest[0])


def _nearly(
    session: Session,
    wish: Wish,
    offers: Sequence[tuple[Offer, int]],
    points: dict[int, Point],
    around: Period,
    now: datetime,
) -> tuple[Found, ...]:
    taken: dict[int, list[Hold]] = read_all_holds(session, None, around, now=now)
    ask = Ask(wish.borrower_id, wish.units, wish.period)
    candidates: list[tuple[timedelta, float, Offer, list[Period]]] = []
    for offer, site_id in offers:
        spans = nearest_spans(ask, offer, holds_on(offer, taken), now=now)
        if spans:
            distance = public_distance_km(wish.near, points[site_id]) if wish.near else 0.0
            candidates.append((abs(spans[0].start - wish.period.start), distance, offer, spans))
    candidates.sort(key=lambda each: (each[0], each[1], each[2].listing_id))
    best = candidates[:6]
    listings = equipment.listings(session, [offer.listing_id for _, _, offer, _ in best])
    return tuple(
        Found(
            listings[offer.listing_id],
            wish.units,
            distance if wish.near else None,
            price_of(offer, spans[0], wish.units),
            tuple(spans),
        )
        for _, distance, offer, spans in best
    )
