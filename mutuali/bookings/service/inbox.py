"""The requests that wait for a person, each with what decides it; a few questions for all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from mutuali.bookings.models import IS_UNDECIDED, Booking, Proposal
from mutuali.bookings.rules import (
    UNDECIDED,
    Hold,
    ProposalKind,
    ProposalState,
    State,
    Want,
    document_refusals,
    free_units,
    holds_on,
    no_longer_fit,
    occupied,
    shares_of,
)
from mutuali.bookings.service.borrowers import BorrowerRecord, records_of
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.bookings.service.open_proposals import is_waiting
from mutuali.bookings.service.rivals import firm
from mutuali.bookings.service.series.waiting import WaitingSeries, waiting_series
from mutuali.bookings.service.taken import Occupant, read_occupants
from mutuali.core.errors import Reason
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, reach_of
from mutuali.counts import NOW, Count, When
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Offer
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Held
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class Rival:
    """Another request for the same units at the same time; for whoever decides, and nobody else."""

    public_id: str
    borrower: organizations.OrganizationFacts
    units: int
    period: Period
    record: BorrowerRecord
    #: When it last had this kind from this lender.
    last_of_kind: datetime | None
    #: Whether it is declined when the request of the card is approved.
    would_lose: bool


@dataclass(frozen=True, slots=True)
class InboxCard:
    """A request that waits for this person, with what decides it."""

    booking: BookingFacts
    units_free_otherwise: int
    record: BorrowerRecord
    last_of_kind: datetime | None
    rivals: tuple[Rival, ...]
    #: The series whose first waiting date ``booking`` is: the card stands for all that wait.
    series: WaitingSeries | None = None
    #: Whether the listing demands documents, and which of them the borrower lacks by now; of a
    #: series, for any of its dates.
    demands: bool = False
    lacking: tuple[Reason, ...] = ()

    @property
    def losers(self) -> int:
        """How many rivals are declined when this request is approved."""
        return sum(rival.would_lose for rival in self.rivals)


def inbox(session: Session, actor: Actor, *, now: datetime, limit: int = 50) -> list[InboxCard]:
    """The requests this person can decide, oldest deadline first, each with its rivals."""
    rows = session.scalars(
        _waiting(actor, now).order_by(Booking.decide_by, Booking.id).limit(limit)
    ).all()
    facts = read_facts(session, actor, rows, now=now)
    cards = read_cards(session, [each for each in facts if each.may_decide], now=now)
    ids = [card.booking.series for card in cards if card.booking.series is not None]
    series = waiting_series(session, ids, now=now)
    return [_of_all_dates(card, series.get(card.booking.series or "")) for card in cards]


def _of_all_dates(card: InboxCard, series: WaitingSeries | None) -> InboxCard:
    return card if series is None else replace(card, series=series, lacking=series.lacking)


def read_cards(
    session: Session, waiting: Sequence[BookingFacts], *, now: datetime
) -> list[InboxCard]:
    """What decides each of ``waiting``; the caller may decide them."""
    if not waiting:
        return []
    rivals = _rivals(session, waiting, now)
    others = {each.whole.id: each.whole for some in rivals.values() for each in some}
    spans = [
        *(each.period for each in waiting),
        *(each.want.span for some in rivals.values() for each in some),
    ]
    span = Period(min(each.start for each in spans), max(each.end for each in spans))
    offers = equipment.offers(session, sorted({each.listing.id for each in waiting}), span)
    span = Period(span.start, span.end + max(offer.turnaround for offer in offers.values()))
    listing_ids = sorted({id_ for offer in offers.values() for id_ in shares_of(offer)})
    borrowers = {each.borrower.id for each in waiting}
    rival_borrowers = {row.borrower_id for row in others.values()}
    about = _About(
        offers,
        read_occupants(session, listing_ids, span, now=now),
        records_of(session, borrowers | rival_borrowers, now=now),
        organizations.organizations(session, frozenset(rival_borrowers)),
        _held(session, borrowers, offers.values()),
    )
    return [about.card(each, rivals.get(each.id, [])) for each in waiting]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a rival would occupy of one listing, and the request that this belongs to."""

    listing_id: int
    want: Want
    whole: Booking


@dataclass(frozen=True, slots=True)
class _About:
    """What is known around all cards, read once; each dictionary by id."""

    offers: dict[int, Offer]
    occupants: dict[int, list[Occupant]]
    records: dict[int, BorrowerRecord]
    parties: dict[int, organizations.OrganizationFacts]
    held: Mapping[int, Sequence[Held]]

    def card(self, facts: BookingFacts, rivals: Sequence[_Wanted]) -> InboxCard:
        offer = self.offers[facts.listing.id]
        others = {
            id_: [each for each in self.occupants.get(id_, []) if each.booking_id != facts.id]
            for id_ in shares_of(offer)
        }
        taken = {id_: [each.hold for each in some] for id_, some in others.items()}
        losing = self._losing(facts, offer, others, rivals)
        this = (facts.lender.id, facts.listing.draft.kind)
        record = self.records[facts.borrower.id]
        return InboxCard(
            facts,
            free_units(offer, holds_on(offer, taken), facts.period),
            record,
            record.last_of.get(this),
            tuple(
                Rival(
                    row.public_id,
                    self.parties[row.borrower_id],
                    row.units,
                    Period(row.starts_at, row.ends_at),
                    self.records[row.borrower_id],
                    self.records[row.borrower_id].last_of.get(this),
                    row.id in losing,
                )
                for row in {each.whole.id: each.whole for each in rivals}.values()
            ),
            demands=bool(offer.demands),
            lacking=document_refusals(
                offer.demands, self.held.get(facts.borrower.id, ()), facts.period.end
            ),
        )

    def _losing(
        self,
        facts: BookingFacts,
        offer: Offer,
        others: dict[int, list[Occupant]],
        rivals: Sequence[_Wanted],
    ) -> set[int]:
        """The rivals that would no longer fit beside this request."""
        span = occupied(facts.period, offer.turnaround)
        lost: set[int] = set()
        for listing_id, share in shares_of(offer).items():
            taken = [*firm(others[listing_id]), Hold(facts.units * share.needed, span)]
            wants = [
                each.want
                for each in rivals
                if each.listing_id == listing_id and State(each.whole.state) is State.REQUESTED
            ]
            lost |= no_longer_fit(share, taken, wants)
        return lost


def _held(
    session: Session, borrower_ids: Collection[int], offers: Iterable[Offer]
) -> Mapping[int, Sequence[Held]]:
    """What the borrowers hold; no question where no offer demands documents."""
    if not any(offer.demands for offer in offers):
        return {}
    return organizations.held_documents(session, borrower_ids)


def longer_asked(
    session: Session, actor: Actor, *, now: datetime, limit: int = 50
) -> list[BookingFacts]:
    """The bookings that were asked to last longer and that this person decides, first to answer
    first."""
    rows = session.scalars(_longer(actor, now).order_by(Proposal.answer_by).limit(limit)).all()
    facts = read_facts(session, actor, rows, now=now)
    return [each for each in facts if each.may_answer]


def count_inbox(actor: Actor) -> Count:
    """How many requests, and how many longer loans, wait for this person."""
    waiting, longer = (
        query.with_only_columns(func.count(Booking.id)).scalar_subquery()
        for query in (_waiting(actor, NOW), _longer(actor, NOW))
    )
    return select(waiting + longer)


def _waiting(actor: Actor, now: When) -> Select[Booking]:
    """Undecided requests whose listing this actor decides, of a series the first that waits; not
    those whose borrower is to answer a proposal first."""
    proposed = exists().where(
        Proposal.booking_id == Booking.id,
        Proposal.kind == ProposalKind.OTHER,
        Proposal.state == ProposalState.OPEN,
        Proposal.answer_by > now,
    )
    earlier = aliased(Booking)
    not_first = exists().where(
        earlier.series_id == Booking.series_id,
        earlier.id < Booking.id,
        earlier.state.in_(UNDECIDED),
        earlier.decide_by > now,
    )
    return (
        _decided_by(actor)
        .where(IS_UNDECIDED, Booking.decide_by > now)
        .where(Booking.whole_id.is_(None), ~proposed, ~not_first)
    )


def _longer(actor: Actor, now: When) -> Select[Booking]:
    """Bookings that were asked to last longer, whose listing this actor decides."""
    return (
        _decided_by(actor)
        .join(Proposal, Proposal.booking_id == Booking.id)
        .where(Proposal.kind == ProposalKind.LONGER, is_waiting(now))
    )


def _decided_by(actor: Actor) -> Select[Booking]:
    """The bookings whose listing's requests this actor decides."""
    as_lender = reach_of(actor, Permission.BOOKING_DECIDE_AS_LENDER)
    for_network = reach_of(actor, Permission.BOOKING_DECIDE_FOR_NETWORK)
    listing = Booking.metadata.tables["listing"]
    by_coordinator = listing.c.approver == Approver.COORDINATOR.value
    reached: list[ColumnElement[bool]] = []
    if for_network is None:
        reached.append(by_coordinator)
    elif for_network:
        reached.append(and_(by_coordinator, Booking.lender_id.in_(for_network)))
    # A coordinator may decide for lenders too, but only what waits for the network is theirs to do.
    own = as_lender if as_lender is not None else frozenset(actor.memberships)
    if own:
        reached.append(and_(~by_coordinator, Booking.lender_id.in_(own)))
    nobody = Booking.id.is_(None)
    return (
        select(Booking)
        .join(listing, listing.c.id == Booking.listing_id)
        .where(or_(nobody, *reached))
    )


def _rivals(
    session: Session, waiting: Sequence[BookingFacts], now: datetime
) -> dict[int, list[_Wanted]]:
    """What others want of the same listings at the same time, by the waiting request; a request
    for a kit wants some of each of its parts."""
    this, other, whole = aliased(Booking), aliased(Booking), aliased(Booking)
    this_id = func.coalesce(this.whole_id, this.id)
    other_id = func.coalesce(other.whole_id, other.id)
    ids = [each.id for each in waiting]
    rows = session.execute(
        select(this_id, other.listing_id, other.units, other.starts_at, other.occupied_until, whole)
        .join(
            other,
            and_(
                other.listing_id == this.listing_id,
                other_id != this_id,
                other.starts_at < this.occupied_until,
                other.occupied_until > this.starts_at,
            ),
        )
        .join(whole, whole.id == other_id)
        .where(
            or_(is_one_of(this.id, ids), is_one_of(this.whole_id, ids)),
            other.state.in_(UNDECIDED),
            other.decide_by > now,
        )
        .order_by(whole.decide_by, whole.id)
    )
    found: dict[int, list[_Wanted]] = {}
    for id_, listing_id, units, start, until, row in rows:
        want = Want(row.id, units, Period(start, until))
        found.setdefault(id_, []).append(_Wanted(listing_id, want, row))
    return found
