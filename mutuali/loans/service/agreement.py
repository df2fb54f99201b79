"""The text of a loan: written when it is promised, again when its terms change, signed by both."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import Conflict, Forbidden, NotFound
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.loans.models import LoanAgreement, LoanEnglish, LoanSignature
from mutuali.loans.rules import Side, Terms, hash_of, render
from mutuali.loans.service.records import parties_of
from mutuali.storage import Base

_BOOKING = Base.metadata.tables["booking"]
#: While a booking stands there, its papers can be written and signed.
_PROMISED = (State.APPROVED, State.ON_LOAN)


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """The name that a side typed, and when."""

    signed_by: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """The exact text of a loan, who signed it, and who has English too.

    ``sha256`` is of the French text. ``verifies``: both texts are those whose hashes were kept,
    that of the French on the booking too.
    """

    number: str
    version: int
    text_fr: str
    text_en: str
    sha256: str
    english_sha256: str
    verifies: bool
    written_at: datetime
    signatures: dict[Side, SignatureFacts]
    english_since: dict[Side, datetime]
    may_sign_for: frozenset[Side]
    may_choose_english_for: frozenset[Side]
    may_read_english: bool


def write_agreement(
    session: Session, booking_id: int, *, operator_name: str, now: datetime
) -> bool:
    """Write the text of a booking that is promised, unless its terms are still those of the last
    one; returns whether it was written."""
    facts = bookings.booking_by_id(session, SYSTEM, booking_id, now=now)
    if facts.state not in _PROMISED:
        return False
    texts = render(terms_of(facts, operator_name))
    last = _latest(session, booking_id)
    if last is not None and (last.text_fr, last.text_en) == (texts.fr, texts.en):
        return False
    row = LoanAgreement(
        booking_id=booking_id,
        version=last.version + 1 if last is not None else 1,
        text_fr=texts.fr,
        text_en=texts.en,
        text_sha256=hash_of(texts.fr),
        english_sha256=hash_of(texts.en),
        written_at=now,
    )
    session.add(row)
    session.flush()
    bookings.bind(session, booking_id, row.text_sha256)
    told = {"version": row.version, "sha256": row.text_sha256}
    audit.record(
        session, SYSTEM, "loan.agreement_written", "booking", booking_id, now=now, facts=told
    )
    return True


def write_missing(session: Session, *, operator_name: str, now: datetime) -> int:
    """Write the text of bookings that were promised without one; returns how many."""
    ids = session.scalars(
        select(_BOOKING.c.id)
        .where(
            _BOOKING.c.state.in_(_PROMISED),
            _BOOKING.c.agreement_sha256.is_(None),
            _BOOKING.c.whole_id.is_(None),
            ~_BOOKING.c.is_history,
        )
        .order_by(_BOOKING.c.id)
        .limit(200)
    ).all()
    return sum(write_agreement(session, id_, operator_name=operator_name, now=now) for id_ in ids)


def terms_of(facts: BookingFacts, operator_name: str) -> Terms:
    """What a booking is agreed on; units that are back already were part of it."""
    draft = facts.listing.draft
    return Terms(
        number=number_of(facts),
        operator=operator_name,
        lender=facts.lender.name,
        borrower=facts.borrower.name,
        title_fr=draft.title_fr,
        title_en=draft.title_en,
        units=facts.units + facts.units_returned,
        period=facts.period,
        price_cents=facts.price_cents,
        deposit_cents=facts.deposit_cents,
        conditions_fr=draft.conditions_fr,
        conditions_en=draft.conditions_en,
    )


def number_of(facts: BookingFacts) -> str:
    """What people call the papers of a booking."""
    return f"P-{facts.id:06d}"


def agreement(session: Session, actor: Actor, facts: BookingFacts) -> AgreementFacts | None:
    """The latest text of a booking that the actor may see; None before it is promised."""
    row = _latest(session, facts.id)
    if row is None:
        return None
    signed = {
        Side(each.side): SignatureFacts(each.signed_by, each.signed_at)
        for each in session.scalars(
            select(LoanSignature).where(LoanSignature.agreement_id == row.id)
        )
    }
    english = {
        Side(each.side): each.chosen_at
        for each in session.scalars(select(LoanEnglish).where(LoanEnglish.booking_id == facts.id))
    }
    parties = parties_of(actor, facts)
    may_sign = parties - set(signed) if facts.state in _PROMISED else frozenset()
    return AgreementFacts(
        number=number_of(facts),
        version=row.version,
        text_fr=row.text_fr,
        text_en=row.text_en,
        sha256=row.text_sha256,
        english_sha256=row.english_sha256,
        verifies=hash_of(row.text_fr) == row.text_sha256 == facts.agreement_sha256
        and hash_of(row.text_en) == row.english_sha256,
        written_at=row.written_at,
        signatures=signed,
        english_since=english,
        may_sign_for=may_sign,
        may_choose_english_for=parties - set(english),
        may_read_english=bool(parties & set(english)),
    )


def sign_agreement(
    session: Session,
    actor: Actor,
    booking_public_id: str,
    sha256: str,
    name: str,
    *,
    now: datetime,
) -> None:
    """Sign the exact text with that hash, with a typed name, for one's side; twice counts once.

    Raises:
        NotFound: no such booking, or no text yet. Forbidden: the actor is of neither party.
        Conflict: the text is another by now, or the loan is over.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    row = _latest(session, facts.id)
    if row is None:
        raise NotFound
    own = parties_of(actor, facts)
    if not own:
        raise Forbidden
    if facts.state not in _PROMISED:
        raise Conflict("condition.not_now")
    if sha256 != row.text_sha256:
        raise Conflict("loan.agreement_changed")
    signed = select(LoanSignature.side).where(LoanSignature.agreement_id == row.id)
    for side in sorted(own - {Side(each) for each in session.scalars(signed)}):
        session.add(
            LoanSignature(
                agreement_id=row.id,
                side=side,
                signed_by=name,
                person_id=actor.person_id,
                signed_at=now,
            )
        )
        told = {"side": side.value, "version": row.version, "sha256": row.text_sha256}
        session.flush()
        audit.record(
            session, actor, "loan.agreement_signed", "booking", facts.id, now=now, facts=told
        )


def choose_english(
    session: Session, actor: Actor, booking_public_id: str, sha256: str, *, now: datetime
) -> None:
    """Expressly choose, for one's side, to have English too; ``sha256`` is of the text whose French
    version was shown first.

    Raises:
        NotFound: no such booking, or no text yet. Forbidden: the actor is of neither party.
        Conflict: another text was shown.
    """
    facts = bookings.in_turn(session, actor, booking_public_id, now=now)
    row = _latest(session, facts.id)
    if row is None:
        raise NotFound
    own = parties_of(actor, facts)
    if not own:
        raise Forbidden
    if sha256 != row.text_sha256:
        raise Conflict("loan.agreement_changed")
    chosen = select(LoanEnglish.side).where(LoanEnglish.booking_id == facts.id)
    for side in sorted(own - {Side(each) for each in session.scalars(chosen)}):
        session.add(
            LoanEnglish(
                booking_id=facts.id,
                side=side,
                after_sha256=sha256,
                person_id=actor.person_id,
                chosen_at=now,
            )
        )
        told = {"side": side.value, "after": sha256}
        session.flush()
        audit.record(
            session, actor, "loan.english_chosen", "booking", facts.id, now=now, facts=told
        )


def _latest(session: Session, booking_id: int) -> LoanAgreement | None:
    return session.scalars(
        select(LoanAgreement)
        .where(LoanAgreement.booking_id == booking_id)
        .order_by(LoanAgreement.version.desc())
        .limit(1)
    ).one_or_none()
