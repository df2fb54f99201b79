"""Jobs and letters when a promise may come to nothing: what is overdue, what broke."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service
from mutuali.bookings.rules import Risk, State, Step, overdue_told_next
from mutuali.core.permissions import SYSTEM
from mutuali.equipment import service as equipment
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letters, address

#: The steps after which the end of a loan is another one to watch for.
_SET_AN_END = frozenset({Step.HAND_OVER, Step.EXTEND, Step.SHORTEN})


def watch(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Look again when a loan should be back."""
    if Step(arguments["step"]) not in _SET_AN_END:
        return
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    if facts.state is State.ON_LOAN:
        told = {"booking": facts.id, "ends_at": facts.period.end.isoformat(), "number": 0}
        due_at = facts.period.end + timedelta(minutes=1)
        jobs.enqueue(session, "bookings.overdue", told, now=now, due_at=due_at)


def overdue(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """A loan should be back by now: tell both sides, warn who follows, look again in a day."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    if not facts.overdue or facts.period.end.isoformat() != arguments["ends_at"]:
        return
    jobs.enqueue(session, "bookings.tell_overdue", arguments, now=now)
    # Who was in doubt at the letter before, or by another late loan, has read of it.
    last_time = datetime.fromisoformat(arguments.get("told_at", arguments["ends_at"]))
    shares = _shares(session, facts)
    known = service.risks_of(session, shares, now=last_time)
    _warn(session, service.risks_of(session, shares, now=now), known, Risk.OVERDUE, now)
    following = overdue_told_next(arguments["number"], now)
    if following is not None:
        told = {**arguments, "number": arguments["number"] + 1, "told_at": now.isoformat()}
        jobs.enqueue(session, "bookings.overdue", told, now=now, due_at=following)


def broken(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Units went out of service: warn who was promised them, and the lender if it was not it."""
    this, outage = {arguments["listing"]}, arguments["outage"]
    # Each outage warns for itself: whom those noted before had hit already reads nothing new.
    known = service.risks_of(session, this, now=now, up_to=outage, with_it=False)
    _warn(session, service.risks_of(session, this, now=now, up_to=outage), known, Risk.DEFECT, now)
    if arguments["reported"]:
        jobs.enqueue(session, "bookings.tell_broken", arguments, now=now)


def _warn(
    session: Session,
    found: Mapping[int, Risk],
    known: Mapping[int, Risk],
    risk: Risk,
    now: datetime,
) -> None:
    """Warn of what is ``found`` at this risk and was not ``known`` to be."""
    for booking_id, why in found.items():
        if why is risk and known.get(booking_id) is not risk:
            jobs.enqueue(session, "bookings.warn", {"booking": booking_id}, now=now)


def _shares(session: Session, facts: service.BookingFacts) -> set[int]:
    """The listings that a loan has units of."""
    parts = equipment.kit_parts(session, facts.listing.id) if facts.listing.is_kit else []
    return {facts.listing.id, *(each.listing.id for each in parts)}


def both_parties(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The people of lender and borrower."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    parties = (facts.lender.id, facts.borrower.id)
    found = {id_ for party in parties for id_ in organizations.member_ids(session, party)}
    return accounts.people(session, frozenset(found)).values()


def overdue_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """A loan that is not back."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    title = facts.listing.title(person.language)
    at_risk = service.risks_of(session, _shares(session, facts), now=now)
    body = render_template(
        "bookings/mail/overdue.txt",
        person=person,
        title=title,
        booking=facts,
        waiting=sum(why is Risk.OVERDUE for why in at_risk.values()),
        link=address(f"/reservations/{facts.public_id}"),
    )
    return _("Prêt en retard\u00a0: %(title)s", title=title), body


def still_at_risk(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The borrower's people, as long as its booking may come to nothing."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    if service.risk_of(session, facts, now=now) is None:
        return ()
    found = organizations.member_ids(session, facts.borrower.id)
    return accounts.people(session, frozenset(found)).values()


def warning(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """A booking that may come to nothing, and what is free instead."""
    facts = service.booking_by_id(session, SYSTEM, arguments["booking"], now=now)
    risk = service.risk_of(session, facts, now=now) or Risk.DEFECT
    title = facts.listing.title(person.language)
    body = render_template(
        "bookings/mail/at_risk.txt",
        person=person,
        title=title,
        booking=facts,
        risk=risk,
        substitutes=service.substitutes_of(session, facts, risk, now=now),
        link=address(f"/reservations/{facts.public_id}"),
    )
    return _("Réservation compromise\u00a0: %(title)s", title=title), body


def lenders_people(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Whose thing is broken."""
    listing = equipment.listings(session, [arguments["listing"]])[arguments["listing"]]
    found = organizations.member_ids(session, listing.lender_id)
    return accounts.people(session, frozenset(found)).values()


def broken_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What a borrower says is broken."""
    listing = equipment.listings(session, [arguments["listing"]])[arguments["listing"]]
    known = equipment.outages_of(session, [listing.id], now=now).get(listing.id, [])
    title = listing.title(person.language)
    body = render_template(
        "bookings/mail/broken.txt",
        person=person,
        title=title,
        outage=next((each for each in known if each.public_id == arguments["outage"]), None),
        link=address(f"/annonces/{listing.public_id}/unites"),
    )
    return _("Bris signalé\u00a0: %(title)s", title=title), body


HANDLERS = {
    "bookings.watch": watch,
    "bookings.overdue": overdue,
    "bookings.tell_overdue": Letters(both_parties, overdue_letter),
    "equipment.broken": broken,
    "bookings.warn": Letters(still_at_risk, warning),
    "bookings.tell_broken": Letters(lenders_people, broken_letter),
}
