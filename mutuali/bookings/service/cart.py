"""A cart over several lenders: asked for all at once, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, CartLine
from mutuali.bookings.rules import (
    MOST_IN_CART,
    Ask,
    Purpose,
    State,
    document_refusals,
    price_of,
    refusals,
)
from mutuali.bookings.service.ask import BookingDraft, request_line
from mutuali.bookings.service.documents import read_held
from mutuali.bookings.service.lines import BookingLine
from mutuali.bookings.service.look import BookingFacts, read_facts
from mutuali.bookings.service.taken import read_offer_holds, read_uses
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.equipment import service as equipment
from mutuali.organizations.rules import Held

#: A line that nobody asked for stays this long.
CART_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CartFacts:
    """A line of one's cart; ``reasons`` say why it could not be had right now, as asked."""

    id: int
    listing: equipment.ListingFacts
    units: int
    period: Period
    price_cents: int
    reasons: tuple[Reason, ...]

    @property
    def draft(self) -> BookingDraft:
        """What asking for it asks; what for is said for the whole cart."""
        return BookingDraft(self.listing.public_id, self.units, self.period, Purpose.OTHER)


def put_in_cart(
    session: Session,
    actor: Actor,
    listing_public_id: str,
    units: int,
    period: Period,
    *,
    now: datetime,
) -> None:
    """Remember ``units`` of a listing over ``period``; nothing is kept from anybody by that.

    Raises:
        Forbidden, NotFound; Refused: the cart is full.
    """
    require(actor, Permission.BOOKING_REQUEST)
    if count_in_cart(session, actor) >= MOST_IN_CART:
        raise Refused(Reason("cart.full", {"most": MOST_IN_CART}))
    listing = equipment.listing(session, actor, listing_public_id)
    session.add(
        CartLine(
            person_id=_person(actor),
            listing_id=listing.id,
            units=units,
            starts_at=period.start,
            ends_at=period.end,
            added_at=now,
        )
    )
    session.flush()


def take_from_cart(session: Session, actor: Actor, line_id: int) -> None:
    """Forget one line. Raises NotFound: it is not in one's own cart."""
    line = session.get(CartLine, line_id)
    if line is None or line.person_id != actor.person_id:
        raise NotFound
    session.delete(line)
    session.flush()


def count_in_cart(session: Session, actor: Actor) -> int:
    """How many lines are in one's cart."""
    query = select(func.count(CartLine.id)).where(CartLine.person_id == actor.person_id)
    return session.scalar(query) or 0


def cart(
    session: Session, actor: Actor, borrower_id: int | None, *, now: datetime
) -> list[CartFacts]:
    """One's cart in the order of its lines, each with what stands against it now, by itself."""
    rows = session.scalars(
        select(CartLine).where(CartLine.person_id == actor.person_id).order_by(CartLine.id)
    ).all()
    listings = equipment.listings(session, [row.listing_id for row in rows])
    found = []
    held: list[Held] | None = None
    for row in rows:
        period = Period(row.starts_at, row.ends_at)
        offer = equipment.offer(session, row.listing_id, period)
        span = Period(period.start, period.end + offer.turnaround)
        holds = read_offer_holds(session, offer, span, now=now)
        uses = read_uses(session, offer, borrower_id, period, now=now)
        asked = Ask(borrower_id or 0, row.units, period)
        reasons = refusals(asked, offer, holds, uses=uses, now=now)
        if offer.demands and borrower_id is not None:
            # Asked once for all lines.
            held = read_held(session, offer, borrower_id) if held is None else held
            reasons += document_refusals(offer.demands, held, period.end)
        price = price_of(offer, period, row.units)
        listing = listings[row.listing_id]
        found.append(CartFacts(row.id, listing, row.units, period, price, reasons))
    return found


def check_out(
    session: Session,
    actor: Actor,
    borrower_id: int,
    *,
    purpose: Purpose,
    meals: int | None,
    note: str,
    public_ids: Sequence[str],
    basket: str,
    now: datetime,
) -> list[BookingLine]:
    """Ask for everything in one's cart, then empty it; see :func:`request_basket`.

    ``public_ids``: at least as many as a cart has lines. The meals are those of the whole cart:
    they are noted once, with the first line, so that no sum counts them twice.

    Raises:
        Refused: the cart is empty, and whatever :func:`request_basket` raises.
    """
    lines = cart(session, actor, borrower_id, now=now)
    if not lines:
        raise Refused(Reason("cart.empty"))
    drafts = [
        replace(line.draft, purpose=purpose, meals=None if n else meals, note=note)
        for n, line in enumerate(lines)
    ]
    made = request_basket(
        session, actor, borrower_id, drafts, public_ids=public_ids, basket=basket, now=now
    )
    session.execute(delete(CartLine).where(CartLine.person_id == actor.person_id))
    return made


def request_basket(
    session: Session,
    actor: Actor,
    borrower_id: int,
    drafts: Sequence[BookingDraft],
    *,
    public_ids: Sequence[str],
    basket: str,
    now: datetime,
) -> list[BookingLine]:
    """Ask for several things of several lenders: all of it, or none.

    Takes every turn first, in the one order; then each line is asked for like any request, in
    the order given, with those before it already there.

    Raises:
        Forbidden, NotFound; Refused, Conflict: every reason of every line, its field under
        ``lines.<number>``; a conflict when only units are missing. The caller rolls back.
    """
    whole = Period(min(d.period.start for d in drafts), max(d.period.end for d in drafts))
    offers = equipment.take_turns(session, {draft.listing_public_id for draft in drafts}, whole)
    equipment.queue_for_quotas(session, {offer.lender_id for offer in offers.values()})
    made, reasons, refused = [], [], False
    for n, (draft, public_id) in enumerate(zip(drafts, public_ids, strict=False)):
        asked = replace(draft, basket=basket)
        try:
            made.append(
                request_line(session, actor, borrower_id, asked, public_id=public_id, now=now)
            )
        except (Refused, Conflict) as error:
            refused = refused or isinstance(error, Refused)
            reasons += [replace(each, field=_field(n, each.field)) for each in error.reasons]
    reasons += _against_each_other(session, [each.public_id for each in made])
    if reasons:
        raise (Refused if refused else Conflict)(*reasons)
    return made


def _against_each_other(session: Session, public_ids: Sequence[str]) -> list[Reason]:
    """Lines that a later one of the basket, confirmed at once, left without units."""
    query = select(Booking.public_id).where(
        Booking.public_id.in_(public_ids), Booking.state == State.DECLINED
    )
    lost = set(session.scalars(query))
    return [
        Reason("cart.not_together", {}, _field(n, "units"))
        for n, public_id in enumerate(public_ids)
        if public_id in lost
    ]


def basket(session: Session, actor: Actor, public_id: str, *, now: datetime) -> list[BookingFacts]:
    """What was asked for in one go, as its borrower sees it, earliest first. Raises NotFound."""
    rows = session.scalars(
        select(Booking)
        .where(Booking.basket == public_id, Booking.whole_id.is_(None))
        .order_by(Booking.starts_at, Booking.id)
    ).all()
    if not rows or not may(actor, Permission.BOOKING_READ, over=rows[0].borrower_id):
        raise NotFound
    return read_facts(session, actor, rows, now=now)


def forget_carts(session: Session, *, now: datetime) -> None:
    """Forget lines that are past, or that nobody came back for."""
    session.execute(
        delete(CartLine).where(
            (CartLine.starts_at < now) | (CartLine.added_at < now - CART_KEPT_FOR)
        )
    )


def _field(n: int, field: str | None) -> str:
    return f"lines.{n}.{field}" if field else f"lines.{n}"


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden
    return actor.person_id
