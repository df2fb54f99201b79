"""E-mails of bookings: who has to know what happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service
from mutuali.bookings.rules import UNDECIDED, Step
from mutuali.bookings.service import series
from mutuali.core.errors import Reason
from mutuali.core.permissions import SYSTEM, Role
from mutuali.equipment.rules import Approver
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letters, address
from mutuali.web.sentences import sentence
from mutuali.web.words import label

#: Whom a step tells; a side that is missing hears nothing. Whoever decides is the lender's people
#: and its delegates, or the coordination.
_TELLS_LENDER = frozenset(
    {
        *(Step.CANCEL, Step.HAND_OVER, Step.PART_BACK, Step.TAKE_BACK, Step.DISPUTE),
        *(Step.EXTEND, Step.SHORTEN, Step.NO_SHOW),
    }
)
_TELLS_BORROWER = frozenset(Step) - {Step.FIRST_YES, Step.TURN_DOWN, Step.ASK_LONGER}
_TELLS_DECIDERS = frozenset(
    {
        *(Step.REQUEST, Step.FIRST_YES, Step.EXPIRE, Step.MOVE),
        *(Step.TURN_DOWN, Step.ASK_LONGER, Step.LAPSE),
    }
)


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The parties of a step; a request goes to whoever decides it.

    What was done to many dates of a series at once is told with the first of them.
    """
    step = Step(arguments["step"])
    if series.step_together(session, arguments["booking"], step).first_id != arguments["booking"]:
        return ()
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    found: set[int] = set()
    if step in _TELLS_BORROWER:
        found |= set(organizations.member_ids(session, facts.borrower.id))
    if step in _TELLS_LENDER:
        found |= set(organizations.member_ids(session, facts.lender.id))
    if step is Step.DISPUTE:
        found |= {person.id for person in accounts.people_with_role(session, Role.COORDINATOR)}
    if step in _TELLS_DECIDERS:
        found |= _deciders(session, facts, now)
    if step is Step.FIRST_YES:
        found -= {each.person_id for each in facts.yeses}
        found -= {facts.proposal.first_yes_by or 0} if facts.proposal else set()
    if step is Step.MOVE:
        found |= _left_behind(session, facts)
    return accounts.people(session, frozenset(found)).values()


def _left_behind(session: Session, facts: service.BookingFacts) -> set[int]:
    """The people of the lender whose thing was asked for first, when a booking moved to another."""
    before = service.moved_from(session, facts.id)
    if before is None or before.lender_id == facts.lender.id:
        return set()
    return set(organizations.member_ids(session, before.lender_id))


def _deciders(session: Session, facts: service.BookingFacts, now: datetime) -> set[int]:
    """Who may say yes: the coordination, or the lender's people and whom it delegated to."""
    if facts.listing.draft.approver is Approver.COORDINATOR:
        return {person.id for person in accounts.people_with_role(session, Role.COORDINATOR)}
    return {
        *organizations.member_ids(session, facts.lender.id),
        *organizations.delegate_ids(session, facts.lender.id, now=now),
    }


def step_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What happened to a booking, or to several dates of its series at once."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    step = Step(arguments["step"])
    together = series.step_together(session, facts.id, step)
    steps = service.steps_of(session, facts.id)
    last = next((each for each in reversed(steps) if each.step is step), None)
    lost = last is not None and last.reason == service.RIVAL_WON
    what = label("bookings.step", step.value)
    before = service.moved_from(session, facts.id) if step is Step.MOVE else None
    if before is not None and person.id in _left_behind(session, facts):
        title = before.title(person.language)
        body = render_template("bookings/mail/moved_away.txt", person=person, title=title)
        return _("%(what)s\u00a0: %(title)s", what=what, title=title), body
    title = facts.listing.title(person.language)
    body = render_template(
        "bookings/mail/step.txt",
        person=person,
        step=step,
        what=what,
        title=title,
        booking=facts,
        note=last.note if last else "",
        rule=sentence(Reason(last.reason)) if last and last.reason else "",
        instead=service.instead_of(session, facts, now=now) if lost else None,
        periods=together.periods or (facts.period,),
        listing_link=lambda listing: address(f"/annonces/{listing.public_id}"),
        link=address(
            f"/series/{together.series}" if together.series else f"/reservations/{facts.public_id}"
        ),
    )
    if not together.series:
        return _("%(what)s\u00a0: %(title)s", what=what, title=title), body
    subject = ngettext(
        "%(what)s\u00a0: %(title)s, %(num)d date",
        "%(what)s\u00a0: %(title)s, %(num)d dates",
        len(together.periods),
        what=what,
        title=title,
    )
    return subject, body


def late_deciders(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Who is reminded of a request: whoever decides it, as long as it waits for them."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    deadline = datetime.fromisoformat(arguments["decide_by"])
    if facts.state not in UNDECIDED or facts.decide_by != deadline or facts.proposal is not None:
        return ()
    found = _deciders(session, facts, now) - {each.person_id for each in facts.yeses}
    return accounts.people(session, frozenset(found)).values()


def reminder(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """A request that waits and has little time left."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    title = facts.listing.title(person.language)
    body = render_template(
        "bookings/mail/reminder.txt",
        person=person,
        title=title,
        booking=facts,
        link=address("/a-faire"),
    )
    return _("Une demande expire bientôt\u00a0: %(title)s", title=title), body


HANDLERS = {
    "bookings.tell": Letters(readers, step_letter),
    "bookings.remind": Letters(late_deciders, reminder),
}
