"""E-mails of reviews: a reminder three days after a return, and what was decided of a sentence."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings.rules import Step
from mutuali.organizations import service as organizations
from mutuali.reviews import service
from mutuali.reviews.rules import Verdict
from mutuali.web.mail import Letters, address


def stepped(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """A booking took a step: when it came back, both sides are reminded three days later."""
    service.plan_reminder(session, arguments["booking"], Step(arguments["step"]), now=now)


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The people of each side that has not written."""
    waiting = service.reminder(session, arguments["booking"], now=now).waiting
    return accounts.people(session, waiting).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """That one may say how a loan went, and until when."""
    found = service.reminder(session, arguments["booking"], now=now)
    title = found.booking.listing.title(person.language)
    body = render_template(
        "reviews/mail/reminder.txt",
        person=person,
        title=title,
        booking=found.booking,
        until=found.until,
        link=address(f"/reservations/{found.booking.public_id}/avis"),
    )
    return _("Comment c’était\u00a0: %(title)s", title=title), body


def verdict_readers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who reported a sentence; and who wrote it, when it is hidden."""
    told = service.judged(session, arguments["review"])
    found = {told.reporter_id}
    if told.verdict is Verdict.HIDE:
        found |= {*organizations.member_ids(session, told.author_id)}
    return accounts.people(session, frozenset(found)).values()


def verdict_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """What was decided about a sentence."""
    told = service.judged(session, arguments["review"])
    reported = person.id == told.reporter_id
    body = render_template(
        "reviews/mail/judged.txt", person=person, reported=reported, verdict=told.verdict.value
    )
    return _("Votre signalement") if reported else _("Un avis de votre organisme"), body


HANDLERS = {
    "reviews.stepped": stepped,
    "reviews.remind": Letters(readers, letter),
    "reviews.tell_verdict": Letters(verdict_readers, verdict_letter),
}
