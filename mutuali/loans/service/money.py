"""Money that changed hands for a loan, as the lender notes it: price, deposit, its return."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.loans.models import LoanPayment
from mutuali.loans.rules import Means, PaymentKind, Side, Sums, sums
from mutuali.loans.service.records import parties_of

_FROM_PROMISE_ON = (State.APPROVED, State.ON_LOAN, State.RETURNED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """Money as it was handed over; ``cents`` >= 1."""

    kind: PaymentKind
    cents: int
    means: Means
    paid_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A line that the lender noted; ``struck_at``: by mistake, and it counts for nothing."""

    public_id: str
    draft: PaymentDraft
    noted_at: datetime
    struck_at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """What was asked for a loan, what was noted of it, and whether this actor may note."""

    price_cents: int
    deposit_cents: int
    payments: tuple[PaymentFacts, ...]
    sums: Sums
    may_note: bool


def account(session: Session, actor: Actor, facts: BookingFacts) -> Account:
    """The money of a booking that the actor may see, oldest line first."""
    rows = session.scalars(
        select(LoanPayment).where(LoanPayment.booking_id == facts.id).order_by(LoanPayment.id)
    ).all()
    return Account(
        facts.price_cents,
        facts.deposit_cents,
        tuple(_facts(row) for row in rows),
        sums((PaymentKind(row.kind), row.cents) for row in rows if row.struck_at is None),
        facts.state in _FROM_PROMISE_ON and Side.LENDER in parties_of(actor, facts),
    )


def note_payment(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    draft: PaymentDraft,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Note money that changed hands; the receipt says it.

    Raises:
        NotFound; Forbidden: the actor is not of the lender.
        Refused: a day to come, or more of the deposit given back than there is.
        Conflict: nothing was promised.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    if Side.LENDER not in parties_of(actor, facts):
        raise Forbidden
    if facts.state not in _FROM_PROMISE_ON:
        raise Conflict("condition.not_now")
    if draft.paid_on > local(now).date():
        raise Refused(Reason("payment.to_come", {}, "paid_on"))
    held = account(session, actor, facts).sums.held
    if draft.kind is PaymentKind.DEPOSIT_BACK and draft.cents > held:
        raise Refused(Reason("payment.more_than_held", {}, "cents"))
    row = LoanPayment(
        public_id=public_id,
        booking_id=facts.id,
        kind=draft.kind,
        cents=draft.cents,
        means=draft.means,
        paid_on=draft.paid_on,
        note=draft.note,
        noted_by=actor.person_id,
        noted_at=now,
    )
    session.add(row)
    session.flush()
    told = {"payment": row.id, "kind": row.kind, "cents": row.cents}
    audit.record(session, actor, "loan.payment_noted", "booking", facts.id, now=now, facts=told)


def strike_payment(session: Session, actor: Actor, public_id: str, *, now: datetime) -> str:
    """Strike a line that was noted by mistake; returns its booking's public id.

    Raises:
        NotFound; Forbidden: the actor is not of the lender.
        Refused: more of the deposit would have been given back than there was.
    """
    row = session.scalars(
        select(LoanPayment).where(LoanPayment.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    found = bookings.booking_by_id(session, actor, row.booking_id, now=now)
    facts = bookings.in_turn(session, actor, found.public_id, now=now)
    if Side.LENDER not in parties_of(actor, facts):
        raise Forbidden
    session.refresh(row)
    if row.struck_at is None:
        row.struck_at = now
        session.flush()
        if account(session, actor, facts).sums.held < 0:
            raise Refused(Reason("payment.given_back_already", {}, ""))
        told = {"payment": row.id}
        audit.record(
            session, actor, "loan.payment_struck", "booking", facts.id, now=now, facts=told
        )
    return facts.public_id


def _facts(row: LoanPayment) -> PaymentFacts:
    draft = PaymentDraft(PaymentKind(row.kind), row.cents, Means(row.means), row.paid_on, row.note)
    return PaymentFacts(row.public_id, draft, row.noted_at, row.struck_at)
