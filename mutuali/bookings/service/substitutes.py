"""What the borrower of a booking at risk could have in its place, in the order of the rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings.rules import (
    DOUBT_AHEAD,
    FARTHEST_SHIFT,
    MOST_SUBSTITUTES,
    Ask,
    Candidate,
    Risk,
    State,
    Trait,
    Traits,
    first_state,
    missing,
    nearest_spans,
    price_of,
    ranked,
)
from mutuali.bookings.service.ask import lender_trusts
from mutuali.bookings.service.documents import offer_to
from mutuali.bookings.service.look import BookingFacts
from mutuali.bookings.service.possible import reasons_against
from mutuali.bookings.service.search import Wish, search
from mutuali.bookings.service.taken import read_offer_holds, read_uses
from mutuali.core.period import Period
from mutuali.core.places import distance_km
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import FAMILY, Kind

#: Of the nearest of a kind, how many are looked at, and how many are named.
_LOOKED_AT, _MOST_WORTH = 12, 3


@dataclass(frozen=True, slots=True)
class Substitute:
    """Something that is free in place of what was promised.

    ``missing`` is what it lacks; ``at_once``: nobody has to say yes, the change is made by a tap.
    """

    listing: equipment.ListingFacts
    period: Period
    distance_km: float
    price_cents: int
    missing: tuple[Trait, ...]
    at_once: bool


def substitutes_of(
    session: Session, facts: BookingFacts, risk: Risk, *, now: datetime
) -> list[Substitute]:
    """The few best ones: the same listing at another time, others of its kind or family."""
    found = list(_free(session, facts, risk, now))
    wanted = _traits(facts.listing)
    candidates = [
        Candidate(
            n,
            _traits(listing),
            distance_km(facts.listing.coarse_point, listing.coarse_point),
            abs(period.start - facts.period.start),
        )
        for n, (listing, period) in enumerate(found)
    ]
    best = ranked(wanted, candidates)[:MOST_SUBSTITUTES]
    shown = []
    for each in best:
        listing, period = found[each.number]
        offer = equipment.offer(session, listing.id, period)
        trusted = lender_trusts(session, offer, facts.borrower.id)
        shown.append(
            Substitute(
                listing,
                period,
                round(each.distance_km, 1),
                price_of(offer, period, facts.units),
                missing(wanted, each.traits),
                first_state(offer, trusted=trusted) is State.APPROVED,
            )
        )
    return shown


def worth_waiting_for(
    session: Session, facts: BookingFacts, *, now: datetime
) -> list[equipment.ListingFacts]:
    """Listings of the kind that only lack units at the promised time, nearest first: what could be
    waited for where nothing stands in."""
    ask = Ask(facts.borrower.id, facts.units, facts.period)
    others = [
        each
        for each in equipment.published(session, kind=facts.listing.draft.kind)
        if each.id != facts.listing.id and each.lender_id != facts.borrower.id
    ]
    here = facts.listing.coarse_point
    others.sort(key=lambda each: (distance_km(here, each.coarse_point), each.id))
    found: list[equipment.ListingFacts] = []
    for each in others[:_LOOKED_AT]:
        reasons = {reason.code for reason in reasons_against(session, each.id, ask, now=now)}
        if reasons == {"booking.not_enough_units"}:
            found.append(each)
    return found[:_MOST_WORTH]


def _free(
    session: Session, facts: BookingFacts, risk: Risk, now: datetime
) -> Iterator[tuple[equipment.ListingFacts, Period]]:
    """What is free near the promised time, each once: its own listing, then whatever a search
    finds, first with all that the promised thing has, then of its kind, then of its family."""
    for span in _other_times(session, facts, risk, now):
        yield facts.listing, span
    seen = {facts.listing.id}
    for wish in _wishes(facts):
        if len(seen) > MOST_SUBSTITUTES:
            break
        result = search(session, wish, borrower_id=facts.borrower.id, now=now)
        for each in (*result.found, *result.nearly):
            listing = each.listing
            if listing.id in seen or listing.lender_id == facts.borrower.id or each.lacking:
                continue
            spans = [span for span in each.other_spans if _as_long(span, facts)]
            if each.other_spans and not spans:
                continue
            seen.add(listing.id)
            yield listing, spans[0] if spans else facts.period


def _wishes(facts: BookingFacts) -> Iterator[Wish]:
    draft = facts.listing.draft
    near = facts.listing.coarse_point
    yield Wish(
        facts.period,
        facts.units,
        (draft.kind,),
        near,
        refrigerated=draft.refrigerated,
        driver_included=draft.driver_included,
        payload_kg=draft.payload_kg or 0,
        permits=draft.permits,
    )
    yield Wish(facts.period, facts.units, (draft.kind,), near)
    family = FAMILY[draft.kind]
    kinds = tuple(kind for kind in Kind if FAMILY[kind] is family)
    yield Wish(facts.period, facts.units, kinds, near)


def _other_times(session: Session, facts: BookingFacts, risk: Risk, now: datetime) -> list[Period]:
    """The nearest times within a day at which the same listing has the units; where a loan is late,
    only those that it puts in no doubt."""
    ask = Ask(facts.borrower.id, facts.units, facts.period)
    around = Period(
        facts.period.start - FARTHEST_SHIFT - timedelta(days=1),
        facts.period.end + FARTHEST_SHIFT + timedelta(days=1),
    )
    offer = equipment.offer(session, facts.listing.id, around)
    offer = offer_to(session, offer, facts.borrower.id, now=now)
    holds = read_offer_holds(session, offer, around, now=now, besides=[facts.id])
    uses = read_uses(session, offer, facts.borrower.id, around, now=now)
    spans = nearest_spans(ask, offer, holds, uses=uses, now=now, within=FARTHEST_SHIFT)
    earliest = now + DOUBT_AHEAD if risk is Risk.OVERDUE else now
    return [
        each
        for each in spans
        if each.start >= earliest and each != facts.period and _as_long(each, facts)
    ]


def _as_long(span: Period, facts: BookingFacts) -> bool:
    """Rules of a listing may let less be had: that replaces nothing."""
    return span.length >= facts.period.length


def _traits(listing: equipment.ListingFacts) -> Traits:
    draft = listing.draft
    return Traits(
        draft.kind,
        draft.refrigerated,
        draft.driver_included,
        draft.payload_kg,
        draft.temperature_low,
        draft.temperature_high,
        draft.permits,
    )
