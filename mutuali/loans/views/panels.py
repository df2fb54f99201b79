"""What loans add to the page of a booking."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.core.permissions import Actor
from mutuali.loans import service
from mutuali.loans.rules import MOST_REPORT_PHOTOS, Standing
from mutuali.loans.views.shown import FUNCTIONS
from mutuali.web.language import language


def conditions_next(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """What the other side wrote and this one has to answer; what is disputed."""
    facts = bookings.booking(session, actor, booking, now=now)
    found = service.passages(session, actor, booking, now=now)
    to_answer = [each for each in found if each.may_confirm]
    disputed = [each for each in found if each.may_settle]
    if not to_answer and not disputed:
        return None
    return _rendered("loans/_next.html", booking=facts, to_answer=to_answer, disputed=disputed)


def conditions_panel(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """What each side said when the thing changed hands, side by side."""
    facts = bookings.booking(session, actor, booking, now=now)
    found = service.passages(session, actor, booking, now=now)
    shown = [each for each in found if each.standing is not Standing.MISSING]
    if not shown:
        return None
    return _rendered(
        "loans/_conditions.html", booking=facts, passages=shown, most_photos=MOST_REPORT_PHOTOS
    )


def day_panel(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """Whom to call on the day and where the keys are, until it is over."""
    facts = bookings.booking(session, actor, booking, now=now)
    contacts = service.contacts_of(session, facts.id)
    is_open = facts.state in (State.APPROVED, State.ON_LOAN)
    may_say = is_open and bool(service.sides_of(actor, facts))
    if not contacts and not may_say:
        return None
    links = service.links_of(session, facts, now=now)
    return _rendered(
        "loans/_day.html", booking=facts, contacts=contacts, may_say=may_say, links=links
    )


def papers_panel(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """The agreement and whether it is signed; what was paid."""
    facts = bookings.booking(session, actor, booking, now=now)
    agreement = service.agreement(session, actor, facts)
    account = service.account(session, actor, facts)
    if agreement is None and not account.payments:
        return None
    return _rendered("loans/_papers.html", booking=facts, agreement=agreement, account=account)


def _rendered(template: str, **context: object) -> Markup:
    # Rendered by the engine, which escapes what people wrote.
    return Markup(render_template(template, lang=language(), **FUNCTIONS, **context))  # noqa: S704
