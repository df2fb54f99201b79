"""What is kept of a person or an organization, as files to take along; leaving."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.calendars import service as calendars
from mutuali.charter import service as charter
from mutuali.checkin import service as checkin
from mutuali.consent import service as consent
from mutuali.consent.rules import Standing
from mutuali.core.permissions import Actor, Permission, require
from mutuali.core.spreadsheets import csv_bytes
from mutuali.equipment import service as equipment
from mutuali.governance.models import PersonRequest
from mutuali.governance.rules import is_told
from mutuali.governance.service.requests import own_id
from mutuali.inventory.rules import entry
from mutuali.learning import service as learning
from mutuali.loans import service as loans
from mutuali.messages import service as messages
from mutuali.mishaps import service as mishaps
from mutuali.mobility import service as mobility
from mutuali.organizations import service as organizations
from mutuali.owndata import service as owndata
from mutuali.reviews import service as reviews
from mutuali.storage import HeldRows, held_rows
from mutuali.trips import service as trips
from mutuali.waiting import service as waiting
from mutuali.webhooks import service as webhooks

#: Table -> its rows, only the columns that may be told.
Told = Mapping[str, Sequence[Mapping[str, Any]]]


def about_me(session: Session, actor: Actor, *, everything: bool) -> Told:
    """What was collected from the actor (s. 27), or ``everything`` that is kept about them.

    Raises:
        Forbidden: a visitor.
    """
    person_id = own_id(actor)
    held = [
        *accounts.held_about_person(session, person_id),
        *organizations.held_about_person(session, person_id),
        *bookings.held_about_person(session, person_id),
        *loans.held_about_person(session, person_id),
        *waiting.held_about_person(session, person_id),
        *charter.held_about_person(session, person_id),
        *checkin.held_about_person(session, person_id),
        *owndata.held_about_person(session, person_id),
        *mishaps.held_about_person(session, person_id),
        *reviews.held_about_person(session, person_id),
        *trips.held_about_person(session, person_id),
        *webhooks.held_about_person(session, person_id),
        *calendars.held_about_person(session, person_id),
        *messages.held_about_person(session, person_id),
        *consent.held_about_person(session, person_id),
        *learning.held_about_person(session, person_id),
        held_rows(session, PersonRequest, PersonRequest.person_id == person_id),
    ]
    return _told(held, everything=everything)


def our_data(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> Told:
    """What is returned to an organization that leaves: record, places, listings, loans, mishaps,
    messages, reviews, trips, webhooks, months of its check-in.

    Raises:
        Forbidden: the actor does not manage it.
    """
    require(actor, Permission.PARTICIPATION_ACCEPT, over=organization_id)
    held = [
        *organizations.held_about_organization(session, organization_id),
        *equipment.held_about_organization(session, organization_id),
        *bookings.held_about_organization(session, organization_id),
        *loans.held_about_organization(session, organization_id),
        *waiting.held_about_organization(session, organization_id),
        *charter.held_about_organization(session, organization_id),
        *checkin.held_about_organization(session, organization_id),
        *owndata.held_about_organization(session, organization_id),
        *mobility.held_about_organization(session, organization_id),
        *mishaps.held_about_organization(session, organization_id),
        *reviews.held_about_organization(session, organization_id, now=now),
        *trips.held_about_organization(session, organization_id),
        *webhooks.held_about_organization(session, organization_id),
        *calendars.held_about_organization(session, organization_id),
        *messages.held_about_organization(session, organization_id),
    ]
    return _told(held, everything=True)


def leave(session: Session, actor: Actor, organization_id: int, *, now: datetime) -> datetime:
    """Give notice for an organization and end every yes it gave; returns its last day.

    Raises:
        Forbidden, Conflict: as ``organizations.give_notice``.
    """
    ends_at = organizations.give_notice(session, actor, organization_id, now=now)
    for question in consent.questions(session, actor, organization_id, now=now):
        if question.standing is Standing.GIVEN:
            consent.withdraw(session, actor, organization_id, question.notice.public_id, now=now)
    mobility.withdraw_of(session, actor, organization_id, now=now)
    return ends_at


def waiting_to_leave(session: Session, actor: Actor, organization_id: int) -> datetime | None:
    """When an organization that gave notice has left; None while it stays."""
    found = organizations.participation(session, actor, organization_id)
    return found.ends_at if found is not None else None


def as_json(told: Told, *, now: datetime) -> bytes:
    """One file: when it was made, then each table with its rows."""
    content = {"made_at": now.isoformat(), "tables": told}
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain).encode()


def as_csv(told: Told) -> bytes:
    """A zip with one CSV per table that has rows, UTF-8 with a byte order mark."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, rows in told.items():
            if not rows:
                continue
            table_rows = ([row[name] for name in rows[0]] for row in rows)
            archive.writestr(f"{table}.csv", csv_bytes(rows[0], table_rows))
    return out.getvalue()


def _told(held: Sequence[HeldRows], *, everything: bool) -> Told:
    told = {}
    for each in held:
        if not each.rows:
            continue
        names = [
            name for name in each.rows[0] if is_told(entry(each.table, name), everything=everything)
        ]
        if names:
            told[each.table] = [{name: row[name] for name in names} for row in each.rows]
    return told


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
