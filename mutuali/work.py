"""Everything that is carried out aside: which job does what, and which comes back by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mutuali.accounts import jobs as account_jobs
from mutuali.agreements import jobs as agreement_jobs
from mutuali.audit import service as audit
from mutuali.bookings import jobs as booking_jobs
from mutuali.bookings import service as bookings
from mutuali.calendars import jobs as calendar_jobs
from mutuali.charter import jobs as charter_jobs
from mutuali.checkin import jobs as checkin_jobs
from mutuali.collecting import jobs as collecting_jobs
from mutuali.consent import jobs as consent_jobs
from mutuali.exports import jobs as export_jobs
from mutuali.governance import jobs as governance_jobs
from mutuali.jobs import jobs
from mutuali.jobs import service as jobs_service
from mutuali.loans import jobs as loan_jobs
from mutuali.messages import jobs as message_jobs
from mutuali.mishaps import jobs as mishap_jobs
from mutuali.organizations import jobs as organization_jobs
from mutuali.owndata import jobs as own_data_jobs
from mutuali.reviews import jobs as review_jobs
from mutuali.trips import jobs as trip_jobs
from mutuali.trips import service as trips
from mutuali.voices import jobs as voice_jobs
from mutuali.waiting import jobs as waiting_jobs
from mutuali.web.once import forget_old_answers
from mutuali.web.secrets import new_public_id
from mutuali.web.signing import sign
from mutuali.webhooks import jobs as webhook_jobs

#: The kinds of job that each step of a booking sets off, each with the booking and its step.
AFTER_A_STEP: tuple[str, ...] = (
    "bookings.tell",
    "bookings.watch",
    "loans.papers",
    "reviews.stepped",
    "waiting.stepped",
    "trips.stepped",
    "webhooks.booking",
)

#: Jobs that come back by themselves, and how often.
PERIODS = {
    "audit.seal": timedelta(seconds=5),
    "audit.head": timedelta(hours=1),
    "bookings.tick": timedelta(minutes=1),
    "web.forget": timedelta(days=1),
    "jobs.forget": timedelta(days=1),
    "consent.tick": timedelta(hours=1),
    "agreements.watch": timedelta(days=1),
    "organizations.remind": timedelta(days=1),
    "loans.tick": timedelta(hours=1),
    "calendars.tick": timedelta(hours=1),
    "waiting.tick": timedelta(minutes=5),
    "waiting.look": timedelta(minutes=5),
    "exports.tick": timedelta(hours=1),
    "charter.tick": timedelta(days=1),
    "checkin.tick": timedelta(days=1),
    "owndata.tick": timedelta(hours=1),
    "governance.tick": timedelta(hours=1),
    "voices.tick": timedelta(hours=1),
    "exports.sweep": timedelta(hours=1),
}


def _seal(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    audit.seal_events(session, new_blind=new_public_id, now=now)


def _sign_head(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    audit.sign_head(session, sign=sign, now=now)


def _after_a_step(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    for kind in AFTER_A_STEP:
        jobs_service.enqueue(session, kind, arguments, now=now)


def _tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    bookings.expire_lapsed(session, now=now)
    bookings.lapse_proposals(session, now=now)
    bookings.close_seen_returns(session, now=now)
    bookings.release_no_shows(session, now=now)
    bookings.cancel_replaced(session, now=now)
    bookings.forget_carts(session, now=now)
    trips.expire_places(session, now=now)


def _forget(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    forget_old_answers(session, now=now)


#: What carries out each kind of job.
HANDLERS: Mapping[str, Any] = {
    **jobs.HANDLERS,
    **account_jobs.HANDLERS,
    **organization_jobs.HANDLERS,
    **booking_jobs.HANDLERS,
    **loan_jobs.HANDLERS,
    **mishap_jobs.HANDLERS,
    **message_jobs.HANDLERS,
    **review_jobs.HANDLERS,
    **waiting_jobs.HANDLERS,
    **trip_jobs.HANDLERS,
    **calendar_jobs.HANDLERS,
    "calendars.fetch": jobs.Staged(calendar_jobs.to_read, calendar_jobs.read, calendar_jobs.record),
    **webhook_jobs.HANDLERS,
    "webhooks.send": jobs.Staged(webhook_jobs.to_send, webhook_jobs.send, webhook_jobs.record),
    "trips.changed": webhook_jobs.trip_changed,
    "equipment.outage": webhook_jobs.outage_changed,
    "loans.condition": webhook_jobs.condition_said,
    **consent_jobs.HANDLERS,
    **agreement_jobs.HANDLERS,
    **export_jobs.HANDLERS,
    **charter_jobs.HANDLERS,
    **checkin_jobs.HANDLERS,
    **own_data_jobs.HANDLERS,
    **governance_jobs.HANDLERS,
    **voice_jobs.HANDLERS,
    "voices.tell": jobs.Staged(voice_jobs.to_tell, voice_jobs.send, voice_jobs.told),
    "governance.bury": jobs.Staged(
        governance_jobs.read_ended, governance_jobs.bury, lambda *_: None
    ),
    "collecting.note": jobs.Staged(
        collecting_jobs.read_choice, collecting_jobs.note_choice, lambda *_: None
    ),
    "exports.build": jobs.Staged(export_jobs.read, export_jobs.compute, export_jobs.write),
    "exports.sweep": jobs.Staged(export_jobs.read_kept, export_jobs.sweep, lambda *_: None),
    "audit.seal": _seal,
    "audit.head": _sign_head,
    "bookings.stepped": _after_a_step,
    "bookings.tick": _tick,
    "web.forget": _forget,
}
