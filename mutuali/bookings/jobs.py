"""E-mails of bookings: who has to know what happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service
from mutuali.bookings.rules import Step
from mutuali.core.permissions import SYSTEM, Role
from mutuali.equipment.rules import Approver
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letter, Letters, address, in_language
from mutuali.web.words import label

#: What a step tells each side; a side that is missing hears nothing.
_TELLS_LENDER = frozenset({Step.CANCEL, Step.HAND_OVER, Step.TAKE_BACK})
_TELLS_BORROWER = frozenset(Step)


def readers(session: Session, arguments: Mapping[str, Any], now: datetime) -> Iterable[int]:
    """The parties of a step; a request goes to whoever decides it."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    step = Step(arguments["step"])
    found: set[int] = set()
    if step in _TELLS_BORROWER:
        found |= set(organizations.member_ids(session, facts.borrower.id))
    if step in _TELLS_LENDER:
        found |= set(organizations.member_ids(session, facts.lender.id))
    if step is Step.REQUEST:
        if facts.listing.draft.approver is Approver.COORDINATOR:
            coordinators = accounts.people_with_role(session, Role.COORDINATOR)
            found |= {person.id for person in coordinators}
        else:
            found |= set(organizations.member_ids(session, facts.lender.id))
    return found


def step_letter(session: Session, arguments: Mapping[str, Any], now: datetime) -> Letter | None:
    """What happened to a booking, to one who has to know."""
    person = accounts.person_or_none(session, arguments["reader"])
    if person is None:
        return None
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    step = Step(arguments["step"])
    note = next(
        (each.note for each in reversed(service.steps_of(session, facts.id)) if each.step is step),
        "",
    )
    with in_language(person.language):
        what = label("bookings.step", step.value)
        title = facts.listing.title(person.language)
        body = render_template(
            "bookings/mail/step.txt",
            person=person,
            what=what,
            title=title,
            booking=facts,
            note=note,
            link=address(f"/reservations/{facts.public_id}"),
        )
        subject = _("%(what)s\u00a0: %(title)s", what=what, title=title)
    return Letter(person.email, subject, body)


HANDLERS = {"bookings.tell": Letters(step_letter, readers)}
