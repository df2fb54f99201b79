"""JSON doors of proposals: something else instead, a longer loan, an earlier end."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.api.bookings import bp, one, step_of
from mutuali.bookings.rules import ProposalKind
from mutuali.bookings.schemas import EndSchema, ProposalDraftSchema, ReasonSchema, WordSchema
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.web.api import Given
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class ProposalSchema(Schema):
    """What waits for an answer: something else instead, or a longer loan; the price in all."""

    id = fields.String(required=True)
    kind = fields.Enum(ProposalKind, by_value=True, required=True)
    listing = fields.String(required=True)
    units = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    price_cents = fields.Integer(required=True)
    word = fields.String(required=True)
    answer_by = fields.AwareDateTime(required=True)
    may_answer = fields.Boolean(required=True)


@bp.operation(
    "GET",
    "/bookings/<booking_id>/proposal",
    Permission.BOOKING_READ,
    "Lire ce qui est proposé pour une réservation",
    gives=ProposalSchema,
)
def proposal(session: Session, actor: Actor, booking_id: str) -> dict[str, object]:
    """What is proposed, and whether the answer is yours; 404 when nothing waits for one."""
    return _proposal(session, actor, booking_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/proposal",
    Permission.BOOKING_READ,
    "Proposer autre chose à la place",
    takes=ProposalDraftSchema,
    gives=ProposalSchema,
    status=201,
)
def propose(
    session: Session, actor: Actor, draft: service.ProposalDraft, booking_id: str
) -> dict[str, object]:
    """Offer the borrower another time, other units or another listing; 409 when not free."""
    service.propose(session, actor, booking_id, draft, public_id=new_public_id(), now=utc_now())
    return _proposal(session, actor, booking_id)


@step_of("proposal/accept", "Accepter ce qui est proposé")
def accept_proposal(session: Session, actor: Actor, booking_id: str) -> Given:
    """Take what is proposed; the booking moves there."""
    service.accept_proposal(session, actor, booking_id, now=utc_now())
    return one(session, actor, booking_id)


@step_of("proposal/decline", "Refuser ce qui est proposé", takes=WordSchema)
def turn_down(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """Not want what is proposed; the request waits again."""
    service.turn_down(session, actor, booking_id, word=form["word"], now=utc_now())
    return one(session, actor, booking_id)


@step_of("end", "Changer la fin d’une réservation", takes=EndSchema)
def change_end(
    session: Session, actor: Actor, wanted: tuple[datetime, str], booking_id: str
) -> Given:
    """Earlier at once; later at once where nobody has to say yes, else it waits as a proposal.

    409 or 422 says until when it could last.
    """
    ends_at, word = wanted
    service.change_end(
        session, actor, booking_id, ends_at, word=word, public_id=new_public_id(), now=utc_now()
    )
    return one(session, actor, booking_id)


@step_of("extension/approve", "Accepter une prolongation")
def approve_longer(session: Session, actor: Actor, booking_id: str) -> Given:
    """Say yes to a longer loan."""
    service.approve_longer(session, actor, booking_id, now=utc_now())
    return one(session, actor, booking_id)


@step_of("extension/decline", "Refuser une prolongation", takes=ReasonSchema)
def decline_longer(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """Say no to a longer loan, with a reason."""
    service.decline_longer(session, actor, booking_id, form["reason"], now=utc_now())
    return one(session, actor, booking_id)


def _proposal(session: Session, actor: Actor, booking_id: str) -> dict[str, object]:
    facts = service.booking(session, actor, booking_id, now=utc_now())
    found = facts.proposal
    if found is None:
        raise NotFound
    return {
        "id": found.public_id,
        "kind": found.kind,
        "listing": found.listing.public_id,
        "units": found.units,
        "starts_at": found.period.start,
        "ends_at": found.period.end,
        "price_cents": found.price_cents,
        "word": found.word,
        "answer_by": found.answer_by,
        "may_answer": facts.may_answer,
    }
