"""JSON doors of reviews: say how a loan went, read what others said, report a sentence."""

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.loans.rules import Side
from mutuali.reviews import service
from mutuali.reviews.schemas import ReviewSchema, SentenceReportSchema
from mutuali.web.api import ApiBlueprint
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("reviews_api", "Avis après un prêt")


class SaidSchema(Schema):
    """A published sentence and the organization that said it."""

    id = fields.String(required=True)
    organization = fields.String(required=True)
    sentence = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)


class ListingReviewsSchema(Schema):
    """What borrowers said of a thing; averages from 1 to 5, none of fewer than three reviews."""

    count = fields.Integer(required=True)
    as_described = fields.Float(required=True, allow_none=True)
    quality = fields.Float(required=True, allow_none=True)
    latest = fields.List(fields.Nested(SaidSchema), required=True)


class OrganizationRecordSchema(Schema):
    """What whoever decides may know of a borrower; averages as for listings."""

    loans = fields.Integer(required=True)
    late_returns = fields.Integer(required=True)
    no_shows = fields.Integer(required=True)
    reviews = fields.Integer(required=True)
    respect = fields.Float(required=True, allow_none=True)
    communication = fields.Float(required=True, allow_none=True)
    latest = fields.List(fields.Nested(SaidSchema), required=True)


class ReviewDumpSchema(Schema):
    """What one side said; the private word is there for the side that wrote it alone."""

    id = fields.String(required=True)
    side = fields.Enum(Side, by_value=True, required=True)
    as_described = fields.Integer(required=True, allow_none=True)
    quality = fields.Integer(required=True, allow_none=True)
    respect = fields.Integer(required=True)
    communication = fields.Integer(required=True)
    sentence = fields.String(required=True)
    private_word = fields.String(required=True)
    written_at = fields.AwareDateTime(required=True)
    hidden = fields.Boolean(required=True)


class LoanReviewsSchema(Schema):
    """What was said of a loan: your own, and the other side's once it is published."""

    own = fields.Nested(ReviewDumpSchema, required=True, allow_none=True)
    theirs = fields.Nested(ReviewDumpSchema, required=True, allow_none=True)
    may_write = fields.Boolean(required=True)
    until = fields.AwareDateTime(required=True, allow_none=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/bookings/<booking_id>/reviews",
    Permission.BOOKING_READ,
    "Lire les avis sur un prêt",
    gives=LoanReviewsSchema,
)
def of_booking(session: Session, actor: Actor, booking_id: str) -> dict[str, Any]:
    """What was said of a loan; before it is published, only what your organization said."""
    return _loan(session, actor, booking_id)


@bp.operation(
    "PUT",
    "/bookings/<booking_id>/review",
    Permission.BOOKING_READ,
    "Donner son avis sur un prêt",
    takes=ReviewSchema,
    gives=LoanReviewsSchema,
)
def write(
    session: Session, actor: Actor, draft: service.ReviewDraft, booking_id: str
) -> dict[str, Any]:
    """Say how a loan went within fourteen days of its return, or change what you said before
    others read it."""
    service.write_review(
        session, actor, booking_id, draft, public_id=new_public_id(), now=utc_now()
    )
    return _loan(session, actor, booking_id)


@bp.operation(
    "GET",
    "/bookings/<booking_id>/borrower-record",
    Permission.BOOKING_READ,
    "Lire le dossier de qui demande",
    gives=OrganizationRecordSchema,
)
def borrower_record(session: Session, actor: Actor, booking_id: str) -> dict[str, Any]:
    """The record of who asks for a booking, for whoever decides it."""
    found = service.borrower_record(session, actor, booking_id, now=utc_now())
    return {**asdict(found), "latest": [_said(each) for each in found.latest]}


@bp.operation(
    "GET",
    "/listings/<listing_id>/reviews",
    Permission.AVAILABILITY_READ,
    "Lire les avis sur une annonce",
    gives=ListingReviewsSchema,
)
def of_listing(session: Session, actor: Actor, listing_id: str) -> dict[str, Any]:
    """What borrowers said of a listing, with the latest five sentences."""
    found = service.of_listing(session, actor, listing_id, now=utc_now())
    return {**asdict(found), "latest": [_said(each) for each in found.latest]}


@bp.operation(
    "POST",
    "/reviews/<review_id>/report",
    Permission.AVAILABILITY_READ,
    "Signaler un avis",
    takes=SentenceReportSchema,
    status=204,
)
def report(session: Session, actor: Actor, form: dict[str, str], review_id: str) -> None:
    """Report a published sentence to the coordination."""
    service.report(session, actor, review_id, form["words"], now=utc_now())


def _loan(session: Session, actor: Actor, booking_id: str) -> dict[str, Any]:
    found = service.of_booking(session, actor, booking_id, now=utc_now())
    return {
        "own": _review(found.own) if found.own else None,
        "theirs": _review(found.theirs) if found.theirs else None,
        "may_write": found.may_write,
        "until": found.until,
        "published_at": found.published_at,
    }


def _said(said: service.Said) -> dict[str, Any]:
    return {
        "id": said.public_id,
        "organization": said.organization,
        "sentence": said.sentence,
        "written_at": said.written_at,
    }


def _review(review: service.ReviewFacts) -> dict[str, Any]:
    return {
        "id": review.public_id,
        "side": review.side,
        **asdict(review.scores),
        "sentence": review.sentence,
        "private_word": review.private_word,
        "written_at": review.written_at,
        "hidden": review.hidden,
    }
