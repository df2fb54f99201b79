"""What listings offer, as the rules of bookings need it; taking a listing’s turn."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Result, Row, bindparam, select, update
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.equipment.models import KitPart, Listing, Quota
from mutuali.equipment.rules import Approver, ListingState, Offer, PricePer
from mutuali.equipment.service.opening import LISTING, openings
from mutuali.equipment.service.parts import parts_of
from mutuali.organizations.rules import need_of
from mutuali.storage import ask, is_one_of


def offer(session: Session, listing_id: int, period: Period) -> Offer:
    """What a listing offers around ``period``, without taking its turn. Raises NotFound."""
    row = session.get(Listing, listing_id)
    if row is None:
        raise NotFound
    return offers_of(session, [row], period)[listing_id]


def offers(session: Session, listing_ids: Sequence[int], period: Period) -> dict[int, Offer]:
    """:func:`offer` for many listings, by id: two questions for all of them."""
    rows = session.scalars(select(Listing).where(is_one_of(Listing.id, listing_ids))).all()
    return offers_of(session, rows, period)


def take_turn(session: Session, listing_id: int, period: Period) -> Offer:
    """Queue for the listing until the caller's transaction ends, then read what it offers.

    The UPDATE takes a NO KEY lock on PostgreSQL, the write lock on SQLite, so rivals run one after
    the other and what is read afterwards is current.

    Raises:
        NotFound: no such listing.
    """
    return _turn(session, ask(session, _TURN_BY_ID, listing_id=listing_id), period)


def lock_turn(session: Session, listing_id: int) -> None:
    """Queue for the listing alone, reading nothing of what it offers. Raises NotFound."""
    if ask(session, _TURN_BY_ID, listing_id=listing_id).one_or_none() is None:
        raise NotFound


def take_turn_of(session: Session, public_id: str, period: Period) -> Offer:
    """:func:`take_turn` by public id. Raises NotFound."""
    return _turn(session, ask(session, _TURN_BY_PUBLIC_ID, public=public_id), period)


def take_turns(session: Session, public_ids: Collection[str], period: Period) -> dict[str, Offer]:
    """:func:`take_turn` for several listings at once, by public id; unknown ones are left out.

    Everybody who queues for several does it in one order, so that nobody waits in a circle: kits
    by id, then all else by id, the parts of kits among it. A kit is never a part.
    """
    rows = session.execute(
        select(Listing.id, Listing.public_id, Listing.is_kit).where(
            Listing.public_id.in_(public_ids)
        )
    ).all()
    kits = sorted(row.id for row in rows if row.is_kit)
    taken = {id_: ask(session, _TURN_BY_ID, listing_id=id_).one() for id_ in kits}
    others = {row.id for row in rows if not row.is_kit} | set(_part_ids(session, kits))
    taken |= {id_: ask(session, _TURN_BY_ID, listing_id=id_).one() for id_ in sorted(others)}
    offers = offers_of(session, [taken[row.id] for row in rows], period)
    return {row.public_id: offers[row.id] for row in rows}


def queue_for_quotas(session: Session, lender_ids: Collection[int]) -> None:
    """Queue for what these lenders allow each borrower over all that they share.

    A listing's turn orders requests for that listing; two requests for two listings under one
    quota need something else that both of them lock: the rows of the quotas themselves, by
    ascending id, after every turn that the transaction takes. SQLite has one writer anyway.
    """
    session.execute(
        select(Quota.id)
        .where(Quota.lender_id.in_(sorted(lender_ids)), Quota.listing_id.is_(None))
        .order_by(Quota.id)
        .with_for_update(key_share=True)
    )


def _turn(session: Session, answer: Result[Any], period: Period) -> Offer:
    row = answer.one_or_none()
    if row is None:
        raise NotFound
    if row.is_kit:
        for part_id in _part_ids(session, [row.id]):
            ask(session, _TURN_BY_ID, listing_id=part_id)
    return offers_of(session, [row], period)[row.id]


def _part_ids(session: Session, kit_ids: Sequence[int]) -> list[int]:
    """The parts of kits by id; whoever changes a kit has its turn, so they stay what they are."""
    if not kit_ids:
        return []
    query = select(KitPart.part_id).where(KitPart.kit_id.in_(kit_ids)).distinct()
    return list(session.scalars(query.order_by(KitPart.part_id)))


_TURN = (
    update(LISTING)
    .values(turn=LISTING.c.turn + 1)
    .returning(
        *(LISTING.c.id, LISTING.c.lender_id, LISTING.c.units, LISTING.c.state),
        *(LISTING.c.approver, LISTING.c.two_decide, LISTING.c.trusted_at_once),
        *(LISTING.c.hold_minutes, LISTING.c.lead_minutes),
        *(LISTING.c.shortest_minutes, LISTING.c.longest_minutes),
        *(LISTING.c.turnaround_minutes, LISTING.c.price_cents, LISTING.c.price_per),
        *(LISTING.c.granularity_minutes, LISTING.c.is_kit, LISTING.c.deposit_cents),
        LISTING.c.no_show_hours,
        LISTING.c.demands,
    )
)


_TURN_BY_ID = _TURN.where(LISTING.c.id == bindparam("listing_id"))


_TURN_BY_PUBLIC_ID = _TURN.where(LISTING.c.public_id == bindparam("public"))


def offers_of(
    session: Session, rows: Sequence[Listing | Row[Any]], period: Period
) -> dict[int, Offer]:
    """Offers of ``rows`` with what meets ``period``: one query for all of them, two more where
    there are kits among them."""
    ids = [row.id for row in rows]
    if not ids:
        return {}
    found = openings(session, ids, period)
    kits = parts_of(session, [row.id for row in rows if row.is_kit], period)
    return {
        row.id: Offer(
            listing_id=row.id,
            lender_id=row.lender_id,
            units=kits[row.id].units(row.units),
            published=row.state == ListingState.PUBLISHED and kits[row.id].complete,
            approver=Approver(row.approver),
            hold_for=timedelta(minutes=row.hold_minutes),
            shortest=timedelta(minutes=row.shortest_minutes),
            longest=timedelta(minutes=row.longest_minutes),
            lead=timedelta(minutes=row.lead_minutes),
            turnaround=max(timedelta(minutes=row.turnaround_minutes), kits[row.id].turnaround),
            price_cents=row.price_cents,
            price_per=PricePer(row.price_per),
            granularity=row.granularity_minutes,
            timetable=kits[row.id].open_when(found.timetables[row.id]),
            closures=found.closures[row.id] + kits[row.id].closures,
            outages=found.outages[row.id],
            quotas=found.quotas[row.id],
            parts=kits[row.id].parts,
            two_decide=row.two_decide,
            trusted_at_once=row.trusted_at_once,
            deposit_cents=row.deposit_cents,
            no_show_hours=row.no_show_hours,
            demands=(*(need_of(code) for code in row.demands), *kits[row.id].demands),
        )
        for row in rows
    }
