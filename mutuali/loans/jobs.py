"""E-mails of loans: how a disagreement might be settled, and that it is."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings.rules import Step
from mutuali.loans import service
from mutuali.loans.rules import Side
from mutuali.loans.views.shown import address_of
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letters, address
from mutuali.web.network import said


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Both parties once it is settled; before, the side that has to answer what was proposed."""
    told = service.dispute_by_id(session, arguments["dispute"], now=now)
    parties = {Side.LENDER: told.booking.lender.id, Side.BORROWER: told.booking.borrower.id}
    if told.dispute.settled_at is None and told.dispute.settlement_side is not None:
        parties.pop(told.dispute.settlement_side)
    found = {id_ for party in parties.values() for id_ in organizations.member_ids(session, party)}
    return accounts.people(session, frozenset(found)).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """How a disagreement about the state of a thing is or might be settled."""
    told = service.dispute_by_id(session, arguments["dispute"], now=now)
    title = told.booking.listing.title(person.language)
    settled = told.dispute.settled_at is not None
    what = _("Désaccord réglé") if settled else _("Une façon de régler le désaccord")
    body = render_template(
        "loans/mail/dispute.txt",
        person=person,
        what=what,
        title=title,
        booking=told.booking,
        dispute=told.dispute,
        settled=settled,
        link=address(address_of(told.booking, told.direction)),
    )
    return _("%(what)s\u00a0: %(title)s", what=what, title=title), body


#: The steps after which the terms of a booking may be others.
_CHANGE_TERMS = frozenset({Step.REQUEST, Step.APPROVE, Step.EXTEND, Step.MOVE})


def write_agreement(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Write the papers of a booking once it is promised, and again when its terms change."""
    if Step(arguments["step"]) in _CHANGE_TERMS:
        service.write_agreement(
            session, arguments["booking"], operator_name=said(session).operator_name, now=now
        )


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Destroy what was said for days that are over; write papers that are missing."""
    service.forget_days(session, now=now)
    service.write_missing(session, operator_name=said(session).operator_name, now=now)


HANDLERS = {
    "loans.papers": write_agreement,
    "loans.tell": Letters(readers, letter),
    "loans.tick": tick,
}
