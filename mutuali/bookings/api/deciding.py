"""JSON doors of whoever decides: what waits, yes and no, several at once, a decision taken back."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.api.bookings import bp, one, step_of
from mutuali.bookings.rules import State
from mutuali.bookings.schemas import BulkSchema, ReasonSchema
from mutuali.bookings.schemas.series import LocalTime
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations.rules import Allergen, met_allergens
from mutuali.web.api import Given, ReasonDumpSchema
from mutuali.web.clock import utc_now
from mutuali.web.errors import dumped


class RivalSchema(Schema):
    """Another request for the same units at the same time."""

    booking = fields.String(required=True)
    borrower = fields.String(required=True)
    borrower_name = fields.String(required=True)
    units = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    would_lose = fields.Boolean(required=True)
    last_loan_of_kind = fields.AwareDateTime(required=True, allow_none=True)
    requests_in_vain = fields.Integer(required=True)
    late_returns = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)


class InboxCardSchema(Schema):
    """A request that waits for your answer, with what decides it."""

    booking = fields.String(required=True)
    listing = fields.String(required=True)
    borrower = fields.String(required=True)
    units = fields.Integer(required=True)
    units_free_otherwise = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    decide_by = fields.AwareDateTime(required=True)
    rivals = fields.List(fields.Nested(RivalSchema), required=True)
    loans_of_borrower = fields.Integer(required=True)
    last_loan_of_borrower = fields.AwareDateTime(required=True, allow_none=True)
    last_loan_of_kind = fields.AwareDateTime(required=True, allow_none=True)
    requests_in_vain = fields.Integer(required=True)
    late_returns_of_borrower = fields.Integer(required=True)
    no_shows_of_borrower = fields.Integer(required=True)
    yeses = fields.Integer(required=True)
    #: The card stands for all dates of a series that wait; those that others have by now.
    series = fields.String(required=True, allow_none=True)
    dates = fields.Integer(required=True)
    unfit = fields.List(LocalTime(), required=True)
    #: Why the borrower lacks documents that the listing demands; a yes would be refused.
    lacking = fields.List(fields.Nested(ReasonDumpSchema), required=True)
    #: Allergens of the listing that the borrower must avoid.
    allergens = fields.List(fields.Enum(Allergen, by_value=True), required=True)


@bp.operation(
    "GET",
    "/inbox",
    Permission.BOOKING_READ,
    "Lire les demandes qui attendent notre réponse",
    gives=InboxCardSchema,
    many=True,
)
def inbox(session: Session, actor: Actor) -> list[dict[str, object]]:
    """What waits for your answer, oldest deadline first."""
    return [
        {
            "booking": card.booking.public_id,
            "listing": card.booking.listing.public_id,
            "borrower": card.booking.borrower.public_id,
            "units": card.booking.units,
            "units_free_otherwise": card.units_free_otherwise,
            "starts_at": card.booking.period.start,
            "ends_at": card.booking.period.end,
            "decide_by": card.booking.decide_by,
            "rivals": [_rival(rival) for rival in card.rivals],
            "loans_of_borrower": card.record.loans,
            "last_loan_of_borrower": card.record.last_loan,
            "last_loan_of_kind": card.last_of_kind,
            "requests_in_vain": card.record.in_vain,
            "late_returns_of_borrower": card.record.late_returns,
            "no_shows_of_borrower": card.record.no_shows,
            "yeses": len(card.booking.yeses),
            "series": card.series.public_id if card.series else None,
            "dates": card.series.count if card.series else 1,
            "unfit": card.series.unfit if card.series else (),
            "lacking": [dumped(each) for each in card.lacking],
            "allergens": met_allergens(
                card.booking.listing.allergens, card.booking.borrower.avoids
            ),
        }
        for card in service.inbox(session, actor, now=utc_now())
    ]


def _rival(rival: service.Rival) -> dict[str, object]:
    return {
        "booking": rival.public_id,
        "borrower": rival.borrower.public_id,
        "borrower_name": rival.borrower.name,
        "units": rival.units,
        "starts_at": rival.period.start,
        "ends_at": rival.period.end,
        "would_lose": rival.would_lose,
        "last_loan_of_kind": rival.last_of_kind,
        "requests_in_vain": rival.record.in_vain,
        "late_returns": rival.record.late_returns,
        "no_shows": rival.record.no_shows,
    }


@step_of("approve", "Accepter une demande")
def approve(session: Session, actor: Actor, booking_id: str) -> Given:
    """Approve a request."""
    service.approve(session, actor, booking_id, now=utc_now())
    return one(session, actor, booking_id)


@step_of("decline", "Refuser une demande", takes=ReasonSchema)
def decline(session: Session, actor: Actor, form: dict[str, Any], booking_id: str) -> Given:
    """Decline a request, with a reason."""
    service.decline(session, actor, booking_id, form["reason"], now=utc_now())
    return one(session, actor, booking_id)


@step_of("undo", "Annuler sa décision")
def undo(session: Session, actor: Actor, booking_id: str) -> Given:
    """Take one's decision back, within ten minutes and before anything followed."""
    service.undo(session, actor, booking_id, now=utc_now())
    return one(session, actor, booking_id)


@step_of("no-show", "Noter que personne n’est venu")
def note_no_show(session: Session, actor: Actor, booking_id: str) -> Given:
    """Nobody came: the units are free at once."""
    service.note_no_show(session, actor, booking_id, now=utc_now())
    return one(session, actor, booking_id)


@step_of("no-show/undo", "Noter que quelqu’un est venu après tout")
def undo_no_show(session: Session, actor: Actor, booking_id: str) -> Given:
    """Within thirty minutes, and as long as the units are free: the booking stands again."""
    service.undo_no_show(session, actor, booking_id, now=utc_now())
    return one(session, actor, booking_id)


class AnsweredSchema(Schema):
    """What became of one request; ``reasons`` when a rule refused the answer."""

    booking = fields.String(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    reasons = fields.List(fields.Nested(ReasonDumpSchema), required=True)


@bp.operation(
    "POST",
    "/inbox/decide",
    Permission.BOOKING_READ,
    "Répondre à plusieurs demandes à la fois",
    takes=BulkSchema,
    gives=AnsweredSchema,
    many=True,
)
def decide_many(session: Session, actor: Actor, asked: dict[str, Any]) -> list[dict[str, object]]:
    """One answer to several requests; each counts by itself, and one refused stops no other."""
    outcomes = service.decide_many(
        session,
        actor,
        asked["bookings"],
        accept=asked["accept"],
        reason=asked["reason"],
        now=utc_now(),
    )
    return answered(outcomes)


def answered(outcomes: Sequence[service.Outcome]) -> list[dict[str, object]]:
    """What became of several requests, as :class:`AnsweredSchema` gives it."""
    return [
        {
            "booking": each.booking.public_id,
            "state": each.booking.state,
            "reasons": [dumped(reason) for reason in each.reasons],
        }
        for each in outcomes
    ]
