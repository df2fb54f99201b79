"""Reading agendas of others, and telling their lenders when that cannot be done."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.calendars import service
from mutuali.calendars.rules import MOST_BYTES, busy_periods, read_span
from mutuali.core.errors import Reason, Refused
from mutuali.core.period import Period
from mutuali.organizations import service as organizations
from mutuali.web import outside
from mutuali.web.clock import utc_now
from mutuali.web.mail import Letters, address
from mutuali.web.secrets import unsealed
from mutuali.web.sentences import sentence

_LIMITS = outside.Limits(seconds=10, most_bytes=MOST_BYTES, redirects=3)
_HEADERS = {"Accept": "text/calendar", "User-Agent": "MutuAli"}


class Get(Protocol):
    """:func:`mutuali.web.outside.get`, or what a test puts in its place."""

    def __call__(
        self, url: str, *, headers: Mapping[str, str], limits: outside.Limits
    ) -> outside.Answer: ...


def seal_of(public_id: str) -> str:
    """The context in which the address of an agenda is sealed: it opens in no other row."""
    return f"external calendar {public_id}"


def to_read(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> service.ToRead | None:
    """The agenda that a job reads; None when it is gone."""
    return service.to_read(session, arguments["calendar"])


def read(found: service.ToRead | None, get: Get = outside.get) -> list[Period] | Reason | None:
    """When an agenda says busy, or why it could not be read; asked outside any transaction."""
    if found is None:
        return None
    url = unsealed(found.sealed_address, seal_of(found.public_id))
    if url is None:  # another secret key than the one it was sealed with
        return Reason("calendar.address_lost")
    try:
        answer = get(url, headers=_HEADERS, limits=_LIMITS)
        return busy_periods(answer.body, read_span(utc_now()), service.zone_of)
    except Refused as refused:
        return refused.reasons[0]


def record(
    session: Session,
    arguments: Mapping[str, Any],
    result: list[Period] | Reason | None,
    now: datetime,
) -> None:
    """Put what was read in place of what was; where it could not be, keep that and say why."""
    if isinstance(result, Reason):
        service.record_problem(session, arguments["calendar"], result, now=now)
    elif result is not None:
        service.record_read(session, arguments["calendar"], result, now=now)


def queue_reads(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Have every agenda read within the hour."""
    service.queue_reads(session, now=now)


def readers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The people of the lender."""
    found = service.external_by_id(session, arguments["calendar"])
    ids = organizations.member_ids(session, found.organization_id)
    return accounts.people(session, frozenset(ids)).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """Why an agenda cannot be read, and what that means."""
    found = service.external_by_id(session, arguments["calendar"])
    body = render_template(
        "calendars/mail/problem.txt",
        person=person,
        calendar=found,
        problem=sentence(found.problem) if found.problem else "",
        link=address("/organisme/agendas-externes"),
    )
    return _("Agenda illisible\u00a0: %(name)s", name=found.name), body


HANDLERS = {"calendars.tick": queue_reads, "calendars.tell": Letters(readers, letter)}
