"""Telling the programs of organizations what happened, and their managers when that fails."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings.rules import Step
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.permissions import SYSTEM, Role
from mutuali.organizations import service as organizations
from mutuali.web import outside
from mutuali.web.clock import utc_now
from mutuali.web.mail import Letters, address
from mutuali.web.secrets import new_public_id, unsealed
from mutuali.webhooks import service
from mutuali.webhooks.rules import address_seal, headers_of, secret_seal

#: What an address answers is of no interest beyond its status.
_LIMITS = outside.Limits(seconds=15, most_bytes=64_000, redirects=0)


class Post(Protocol):
    """:func:`mutuali.web.outside.post`, or what a test puts in its place."""

    def __call__(
        self, url: str, body: bytes, *, headers: Mapping[str, str], limits: outside.Limits
    ) -> outside.Answer: ...


def to_send(session: Session, arguments: Mapping[str, Any], now: datetime) -> service.ToSend | None:
    """The message that a job sends; None when there is none to send now."""
    return service.to_send(session, arguments["webhook"], now=now)


def send(found: service.ToSend | None, post: Post = outside.post) -> service.Attempt | None:
    """Send one message, outside any transaction; what became of it."""
    if found is None:
        return None
    url = unsealed(found.sealed_address, address_seal(found.webhook))
    context = secret_seal(found.webhook)
    secrets = [unsealed(each, context) for each in found.sealed_secrets]
    known = [each for each in secrets if each is not None]
    if url is None or not known:  # another secret key than the one they were sealed with
        return service.Attempt(found.delivery, problem=Reason("webhook.address_lost"))
    headers = headers_of(known, found.message_id, int(utc_now().timestamp()), found.body)
    try:
        answer = post(url, found.body.encode(), headers=headers, limits=_LIMITS)
    except Refused as refused:
        return service.Attempt(found.delivery, problem=refused.reasons[0])
    return service.Attempt(found.delivery, answer.status)


def record(
    session: Session,
    _arguments: Mapping[str, Any],
    attempt: service.Attempt | None,
    now: datetime,
) -> None:
    """Note what became of the message."""
    if attempt is not None:
        service.record_attempt(session, attempt, now=now)


def booking_stepped(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """A booking took a step."""
    service.booking_stepped(
        session,
        arguments["booking"],
        Step(arguments["step"]),
        new_public_id=new_public_id,
        now=now,
    )


def trip_changed(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """A trip, or a place on one, became another."""
    service.trip_changed(
        session,
        arguments["trip"],
        arguments["name"],
        arguments.get("place"),
        new_public_id=new_public_id,
        now=now,
    )


def outage_changed(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Units went out of service, or work again."""
    service.outage_changed(
        session,
        arguments["listing"],
        arguments["outage"],
        arguments["name"],
        new_public_id=new_public_id,
        now=now,
    )


def condition_said(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """One side said in what state a thing is."""
    service.condition_said(
        session,
        arguments["booking"],
        arguments["name"],
        arguments["direction"],
        arguments["side"],
        new_public_id=new_public_id,
        now=now,
    )


def readers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The managers of the organization, while the hook is paused."""
    try:
        found = service.hook_by_id(session, arguments["webhook"])
    except NotFound:
        return ()
    if found.paused_at is None:
        return ()
    managers = {
        each.person_id
        for each in organizations.members(session, SYSTEM, found.organization_id)
        if each.role is Role.MANAGER
    }
    return accounts.people(session, frozenset(managers)).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """That nothing is sent any more, and what to do."""
    found = service.hook_by_id(session, arguments["webhook"])
    body = render_template(
        "webhooks/mail/paused.txt",
        person=person,
        hook=found,
        link=address(f"/organisme/webhooks/{found.public_id}"),
    )
    return _("Webhook suspendu\u00a0: %(host)s", host=found.host), body


HANDLERS = {
    "webhooks.booking": booking_stepped,
    "webhooks.tell": Letters(readers, letter),
}
