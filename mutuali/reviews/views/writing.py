"""Saying how a loan went, on a phone, in under a minute; reporting what somebody said."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import DomainError, Forbidden
from mutuali.core.permissions import Actor, Permission
from mutuali.reviews import service
from mutuali.reviews.rules import BEST, LONGEST
from mutuali.reviews.schemas import ReviewSchema, SentenceReportSchema
from mutuali.reviews.views.blueprint import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


@bp.get("/reservations/<public_id>/avis")
@door(Permission.BOOKING_READ)
def review_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The form, with what was said before while it can be changed."""
    return _review_page(session, actor, public_id)


def _review_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = bookings.booking(session, actor, public_id, now=now)
    found = service.of_loan(session, actor, facts, now=now)
    if found.side is None:
        raise Forbidden
    return page(
        "reviews/review.html",
        booking=facts,
        found=found,
        typed=request.form.to_dict() or _typed(found.own),
        errors=errors_by_field(error),
        best=BEST,
        longest=LONGEST,
    )


@bp.post("/reservations/<public_id>/avis")
@door(Permission.BOOKING_READ, parse=lambda: load_form(ReviewSchema()), again=_review_page)
def write_review(
    session: Session, actor: Actor, draft: service.ReviewDraft, public_id: str
) -> ResponseReturnValue:
    """Say how a loan went, or change what one said."""
    service.write_review(session, actor, public_id, draft, public_id=new_public_id(), now=utc_now())
    flash(_("Merci, c’est gardé."), "success")
    return see_other(f"/reservations/{public_id}#avis")


@bp.get("/avis-recus/<review_id>/signaler")
@door(Permission.AVAILABILITY_READ)
def report_form(session: Session, actor: Actor, review_id: str) -> ResponseReturnValue:
    """The sentence that is about to be reported, and what happens then."""
    return _report_page(session, actor, review_id)


def _report_page(
    session: Session, actor: Actor, review_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "reviews/report.html",
        review_id=review_id,
        sentence=service.sentence(session, actor, review_id, now=utc_now()),
        errors=errors_by_field(error),
        longest=LONGEST,
    )


@bp.post("/avis-recus/<review_id>/signaler")
@door(
    Permission.AVAILABILITY_READ,
    parse=lambda: load_form(SentenceReportSchema()),
    again=_report_page,
)
def report(
    session: Session, actor: Actor, form: dict[str, Any], review_id: str
) -> ResponseReturnValue:
    """Report a sentence to the coordination."""
    service.report(session, actor, review_id, form["words"], now=utc_now())
    flash(_("C’est signalé. La coordination vous écrira ce qu’elle décide."), "success")
    return see_other("/reservations")


def _typed(own: service.ReviewFacts | None) -> dict[str, object]:
    """What was said before, as the form begins with."""
    if own is None:
        return {}
    scores = own.scores
    return {
        "as_described": scores.as_described,
        "quality": scores.quality,
        "respect": scores.respect,
        "communication": scores.communication,
        "sentence": own.sentence,
        "private_word": own.private_word,
    }
