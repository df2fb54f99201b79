"""A lender's own numbers; what the coordination needs to run the network."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import RefusedAs, RequestStory, State
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, require
from mutuali.counts import counted
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.numbers.rules import (
    FEWEST_ANSWERS,
    LOOKING_BACK,
    Hours,
    Numbers,
    ages,
    hours_of,
    middle,
    months_until,
    numbers_of,
    span_of,
    window,
)
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class ListingNumbers:
    """One listing, month by month."""

    listing: equipment.ListingFacts
    months: Mapping[date, Numbers]


@dataclass(frozen=True, slots=True)
class LenderNumbers:
    """All that a lender shares, month by month; ``total`` counts the parts of kits once."""

    months: Sequence[date]
    listings: Sequence[ListingNumbers]
    total: Mapping[date, Numbers]


def lender_numbers(
    session: Session, actor: Actor, lender_id: int, *, now: datetime
) -> LenderNumbers:
    """A lender's own numbers of the last twelve months.

    Raises:
        Forbidden: the actor does not act for it.
    """
    require(actor, Permission.LISTING_EDIT, over=lender_id)
    months = months_until(now)
    whole = Period(span_of(months[0]).start, span_of(months[-1]).end)
    since = equipment.published_since(session, lender_id)
    listings = equipment.listings(session, sorted(since))
    offers = equipment.offers(session, sorted(since), whole)
    lent = bookings.lent_holds(session, list(since), whole, now=now)
    stories: defaultdict[int, list[RequestStory]] = defaultdict(list)
    for story in bookings.request_stories(session, lender_id, whole, now=now):
        stories[story.listing_id].append(story)
    hours: dict[int, dict[date, Hours]] = {}
    for id_, (published_at, withdrawn_at) in since.items():
        hours[id_] = {}
        for month in months:
            within = window(month, published_at, withdrawn_at, now)
            counted = hours_of(offers[id_], lent.get(id_, ()), within) if within else Hours()
            hours[id_][month] = counted
    found = [
        ListingNumbers(
            listings[id_],
            {month: numbers_of(month, hours[id_][month], stories[id_]) for month in months},
        )
        for id_ in since
    ]
    found.sort(key=lambda each: (each.listing.draft.title_fr, each.listing.id))
    # What a kit offers and lends is what its parts do.
    physical = [id_ for id_ in since if not listings[id_].is_kit]
    of_all = [story for some in stories.values() for story in some]
    total = {
        month: numbers_of(month, sum((hours[id_][month] for id_ in physical), Hours()), of_all)
        for month in months
    }
    return LenderNumbers(months, found, total)


@dataclass(frozen=True, slots=True)
class Answering:
    """How a lender answered lately: how many requests, and how long it took in the middle (None of
    too few answers)."""

    lender: str
    requests: int
    response: timedelta | None
    silent: int


@dataclass(frozen=True, slots=True)
class Supply:
    """Of a kind: requests lately, and those that lost because another had the units."""

    kind: Kind
    requests: int
    lost: int


@dataclass(frozen=True, slots=True)
class NetworkNumbers:
    """What operations need: nothing of it leaves, and no file is made of it."""

    #: How many requests wait, by age, in the bands of ``rules.AGES``.
    waiting: Sequence[int]
    answering: Sequence[Answering]
    refused: Mapping[RefusedAs, int]
    requests: int
    no_shows: int
    overdue: int
    at_risk: int
    supply: Sequence[Supply]


def network_numbers(session: Session, actor: Actor, *, now: datetime) -> NetworkNumbers:
    """The last ninety days of all lenders, for the coordination.

    Raises:
        Forbidden: the actor does not coordinate.
    """
    require(actor, Permission.BOOKING_DECIDE_FOR_NETWORK)
    since = now - LOOKING_BACK
    stories = [
        each
        for each in bookings.request_stories(session, None, Period(since, now), now=now)
        if each.asked_at >= since
    ]
    by_lender: defaultdict[int, list[RequestStory]] = defaultdict(list)
    for each in stories:
        by_lender[each.lender_id].append(each)
    names = organizations.organizations(session, frozenset(by_lender))
    kinds = equipment.kinds(session)
    asked = Counter(kinds[each.listing_id] for each in stories)
    lost = Counter(kinds[each.listing_id] for each in stories if each.refused_as is RefusedAs.RIVAL)
    supply = [Supply(Kind(kind), asked[kind], lost[kind]) for kind in asked]
    answering = [_answering(names[id_].name, some) for id_, some in by_lender.items()]
    return NetworkNumbers(
        ages((at for _, at in bookings.waiting_since(session, now=now)), now),
        sorted(answering, key=_slowest),
        Counter(each.refused_as for each in stories if each.refused_as is not None),
        len(stories),
        sum(each.no_show for each in stories),
        bookings.count_overdue(session, now=now),
        counted(session, (bookings.count_at_risk,), actor, now)[0],
        sorted(supply, key=lambda each: (-each.lost, -each.requests, each.kind.value)),
    )


def _answering(name: str, stories: Sequence[RequestStory]) -> Answering:
    took = [each.answered_after for each in stories if each.answered_after is not None]
    return Answering(
        name,
        len(stories),
        middle(took) if len(took) >= FEWEST_ANSWERS else None,
        sum(each.state is State.EXPIRED for each in stories),
    )


def _slowest(each: Answering) -> tuple[bool, timedelta, str]:
    return (each.response is None, -(each.response or timedelta()), each.lender)
