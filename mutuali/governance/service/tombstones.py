"""Erasing a person, and ending again what comes back with a restored backup."""

import hmac
import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.calendars import service as calendars
from mutuali.charter import service as charter
from mutuali.checkin import service as checkin
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.exports import service as files
from mutuali.governance.models import Tombstone
from mutuali.governance.rules import Rule
from mutuali.jobs import service as jobs
from mutuali.learning import service as learning
from mutuali.loans import service as loans
from mutuali.messages import service as messages
from mutuali.mishaps import service as mishaps
from mutuali.organizations import service as organizations
from mutuali.owndata import service as owndata
from mutuali.reviews import service as reviews
from mutuali.trips import service as trips
from mutuali.waiting import service as waiting
from mutuali.webhooks import service as webhooks

#: Where tombstones are kept outside the database: what a restored backup cannot have lost.
FOLDER = "tombstones"
#: Where it is kept which rules of retention ran.
RAN = "retention"


def fingerprint_of(key: bytes, public_id: str) -> str:
    """What is kept of somebody who was erased: HMAC-SHA256 of their public id, hex."""
    return hmac.digest(key, f"person:{public_id}".encode(), "sha256").hex()


def erase(
    session: Session, actor: Actor, person_id: int, *, tombstone_key: bytes, now: datetime
) -> None:
    """Erase a person everywhere and set their tombstone; a job carries it out of the database.

    The log, the loans and the statistics stand: they hold numbers. The caller says who may.

    Raises:
        NotFound: no such person.
        Refused: an organization would be left without a manager.
    """
    fingerprint = fingerprint_of(tombstone_key, accounts.public_id_of(session, person_id))
    organizations.forget_person(session, person_id, now=now)
    bookings.forget_person(session, person_id)
    loans.forget_person(session, person_id)
    waiting.forget_person(session, person_id)
    charter.forget_person(session, person_id)
    checkin.forget_person(session, person_id)
    owndata.forget_person(session, person_id)
    mishaps.forget_person(session, person_id)
    reviews.forget_person(session, person_id)
    trips.forget_person(session, person_id)
    webhooks.forget_person(session, person_id)
    calendars.forget_person(session, person_id)
    messages.forget_person(session, person_id)
    learning.forget_person(session, person_id)
    accounts.erase_person(session, actor, person_id, now=now)
    if session.get(Tombstone, fingerprint) is None:
        session.add(Tombstone(fingerprint=fingerprint, at=now))
        session.flush()
    jobs.enqueue(session, "governance.bury", {"fingerprint": fingerprint}, now=now)


def bury(files_url: str, fingerprint: str, at: datetime) -> None:
    """Keep a tombstone where a restored database cannot have lost it; twice changes nothing."""
    _put_once(files_url, FOLDER, fingerprint, {"fingerprint": fingerprint, "at": at.isoformat()})


def note_rule(files_url: str, rule: Rule, at: datetime) -> None:
    """Keep that a rule of retention ran where a restored database cannot have lost it."""
    _put_once(files_url, RAN, rule.value, {"rule": rule.value, "since": at.isoformat()})


def rules_that_ran(files_url: str) -> frozenset[Rule]:
    """The rules of retention that ran, by what is kept outside the database."""
    told = (json.loads(files.get(files_url, key)) for key in files.names(files_url, RAN))
    return frozenset(Rule(each["rule"]) for each in told)


def _put_once(files_url: str, folder: str, name: str, told: dict[str, str]) -> None:
    key = f"{folder}/{name}.json"
    if key not in files.names(files_url, folder):
        files.put(files_url, key, json.dumps(told).encode())


def buried(files_url: str) -> list[tuple[str, datetime]]:
    """(fingerprint, when) of every tombstone that is kept outside the database."""
    told = (json.loads(files.get(files_url, key)) for key in files.names(files_url, FOLDER))
    return [(each["fingerprint"], datetime.fromisoformat(each["at"])) for each in told]


def reapply(
    session: Session,
    outside: Iterable[tuple[str, datetime]],
    *,
    tombstone_key: bytes,
    now: datetime,
) -> int:
    """Erase again everybody whose tombstone is in the table or among ``outside``; returns how many.

    ``outside`` is what :func:`buried` found.
    """
    known = set(session.scalars(select(Tombstone.fingerprint)))
    for fingerprint, at in outside:
        if fingerprint not in known:
            session.add(Tombstone(fingerprint=fingerprint, at=at))
            known.add(fingerprint)
    session.flush()
    back = [
        id_
        for public_id, id_ in accounts.people_by_public_id(session).items()
        if fingerprint_of(tombstone_key, public_id) in known
    ]
    for id_ in back:
        erase(session, SYSTEM, id_, tombstone_key=tombstone_key, now=now)
    return len(back)
