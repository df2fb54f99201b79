"""The end of purposes: what would be destroyed or anonymized, doing it, certifying it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service as agreements
from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.calendars import service as calendars
from mutuali.charter import service as charter
from mutuali.checkin import service as checkin
from mutuali.consent import service as consent
from mutuali.consent.rules import band
from mutuali.core.canonical import canonical
from mutuali.core.errors import Conflict, NotFound
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.exports import service as exports
from mutuali.governance.models import Incident, PersonRequest, RetentionRun
from mutuali.governance.rules import RULES, Deed, Rule
from mutuali.governance.service.tombstones import erase
from mutuali.jobs import service as jobs
from mutuali.loans import service as loans
from mutuali.messages import service as messages
from mutuali.mishaps import service as mishaps
from mutuali.mobility import service as mobility
from mutuali.organizations import service as organizations
from mutuali.owndata import service as owndata
from mutuali.reviews import service as reviews
from mutuali.storage import forget_rows
from mutuali.trips import service as trips
from mutuali.webhooks import service as webhooks


@dataclass(frozen=True, slots=True)
class Signed:
    """Which key signed, and the signature in base64."""

    key_id: str
    value: str


@dataclass(frozen=True, slots=True)
class RunFacts:
    """A certificate, with its signature over the canonical JSON of ``certificate``."""

    public_id: str
    rule: Rule
    deed: Deed
    at: datetime
    by_hand: bool
    certificate: dict[str, Any]
    signature: Signed


def count_due(session: Session, actor: Actor, *, now: datetime) -> dict[Rule, int]:
    """What each rule would end now: a dry run that changes nothing.

    Raises:
        Forbidden: the actor keeps no registers.
    """
    require(actor, Permission.REGISTER_KEEP)
    return {rule: _end(session, rule, dry=True, tombstone_key=b"", now=now) for rule in RULES}


def apply_rule(
    session: Session,
    actor: Actor,
    rule: Rule,
    *,
    sign: Callable[[bytes], Signed],
    tombstone_key: bytes,
    public_id: str,
    now: datetime,
) -> RunFacts:
    """End what a rule says is over, and certify it; a job notes outside the database that it runs.

    Raises:
        Forbidden: the actor keeps no registers.
        Conflict: nothing is due.
    """
    require(actor, Permission.REGISTER_KEEP)
    count = _end(session, rule, dry=False, tombstone_key=tombstone_key, now=now)
    if not count:
        raise Conflict("retention.nothing_due")
    terms = RULES[rule]
    low, high = band(count)
    certificate = {
        "schema": "mutuali/retention-certificate/1",
        "id": public_id,
        "rule": rule.value,
        "deed": terms.deed.value,
        "after_days": terms.after.days,
        "ended_before": (now - terms.after).isoformat(),
        "at": now.isoformat(),
        "how_many": {"from": low, "to": high},
        "by": "person" if actor.person_id is not None else "job",
    }
    signed = sign(canonical(certificate))
    row = RetentionRun(
        public_id=public_id,
        rule=rule,
        deed=terms.deed,
        at=now,
        person_id=actor.person_id,
        certificate=certificate,
        key_id=signed.key_id,
        signature=signed.value,
    )
    session.add(row)
    session.flush()
    facts = {"rule": rule.value, "deed": terms.deed.value, "from": low, "to": high}
    audit.record(session, actor, "retention.applied", "retention_run", row.id, now=now, facts=facts)
    jobs.enqueue(session, "governance.bury", {"rule": rule.value}, now=now)
    return _facts(row)


def run_due(
    session: Session,
    *,
    sign: Callable[[bytes], Signed],
    tombstone_key: bytes,
    new_public_id: Callable[[], str],
    started: Iterable[Rule] = (),
    now: datetime,
) -> list[Rule]:
    """Apply every rule that ran before; returns those that had something to do.

    The first time a person has to read what a rule would do, and apply it. ``started`` names rules
    that ran before a backup was restored which does not know it.
    """
    seen = {Rule(each) for each in session.scalars(select(RetentionRun.rule).distinct())}
    done = []
    for rule in sorted(seen.union(started)):
        if _end(session, rule, dry=True, tombstone_key=b"", now=now):
            apply_rule(
                session,
                SYSTEM,
                rule,
                sign=sign,
                tombstone_key=tombstone_key,
                public_id=new_public_id(),
                now=now,
            )
            done.append(rule)
    return done


def end_participations(session: Session, *, now: datetime) -> list[int]:
    """Organizations whose notice has run out leave with their listings; returns which."""
    left = organizations.leave_when_over(session, SYSTEM, now=now)
    for organization_id in left:
        equipment.withdraw_of(session, organization_id, now=now)
    return left


def runs(session: Session, actor: Actor) -> list[RunFacts]:
    """Every certificate, latest first. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    return [
        _facts(row)
        for row in session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()))
    ]


def run_by_public_id(session: Session, actor: Actor, public_id: str) -> RunFacts:
    """One certificate. Raises Forbidden, NotFound."""
    require(actor, Permission.REGISTER_KEEP)
    row = session.scalars(
        select(RetentionRun).where(RetentionRun.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _facts(row)


def _end(session: Session, rule: Rule, *, dry: bool, tombstone_key: bytes, now: datetime) -> int:
    before = now - RULES[rule].after
    if rule in (Rule.UNCONFIRMED, Rule.ACCOUNTS):
        people = _accounts_over(session, rule, before)
        for id_ in () if dry else people:
            erase(session, SYSTEM, id_, tombstone_key=tombstone_key, now=now)
        return len(people)
    ends: dict[Rule, Callable[..., int]] = {
        Rule.LOGINS: accounts.forget_logins,
        Rule.LINKS: _links,
        Rule.ATTEMPTS: accounts.forget_attempts,
        Rule.INVITATIONS: organizations.forget_invitations,
        Rule.CALLS: consent.forget_calls,
        Rule.DOCUMENTS: organizations.forget_documents,
        Rule.PLACES: _places,
        Rule.PARTIES: _parties,
        Rule.WRITINGS: organizations.forget_writings,
        Rule.LOAN_PEOPLE: _loan_people,
        Rule.TALK: messages.forget_silent,
        Rule.LOANS: _loans,
        Rule.DEMAND: bookings.forget_demand,
        Rule.CONSENTS: _consents,
        Rule.AGREEMENTS: _agreements,
        Rule.ASSESSMENTS: exports.forget_assessments,
        Rule.REQUESTS: _requests,
        Rule.INCIDENTS: _incidents,
    }
    return ends[rule](session, before, dry=dry)


def _accounts_over(session: Session, rule: Rule, before: datetime) -> list[int]:
    if rule is Rule.UNCONFIRMED:
        return accounts.unconfirmed(session, before)
    # Who acts for an organization is still expected to come back.
    return [
        id_
        for id_ in accounts.unused(session, before)
        if not organizations.memberships(session, id_)
    ]


def _links(session: Session, before: datetime, *, dry: bool) -> int:
    feeds = calendars.forget_feeds(session, before, dry=dry)
    feeds += webhooks.forget_deliveries(session, before, dry=dry)
    feeds += checkin.forget_links(session, before, dry=dry)
    return feeds + accounts.forget_links(session, before, dry=dry)


def _consents(session: Session, before: datetime, *, dry: bool) -> int:
    shown = mobility.forget_answers(session, before, dry=dry)
    return shown + consent.forget_events(session, before, dry=dry)


def _places(session: Session, before: datetime, *, dry: bool) -> int:
    lenders = organizations.left(session, before)
    offers = equipment.forget_offers(session, lenders, dry=dry)
    offers += calendars.forget_external(session, lenders, dry=dry)
    offers += webhooks.forget_hooks(session, lenders, dry=dry)
    offers += charter.forget_answers(session, lenders, dry=dry)
    offers += checkin.forget_months(session, lenders, dry=dry)
    offers += owndata.forget_own_data(session, lenders, dry=dry)
    blocks = messages.forget_blocks(session, lenders, dry=dry)
    return offers + blocks + organizations.forget_places(session, before, dry=dry)


def _parties(session: Session, before: datetime, *, dry: bool) -> int:
    lenders = organizations.left(session, before)
    words = equipment.forget_words(session, lenders, dry=dry)
    return words + organizations.forget_parties(session, before, dry=dry)


def _loan_people(session: Session, before: datetime, *, dry: bool) -> int:
    photos = loans.forget_photos(session, before, dry=dry)
    written = loans.detach_people(session, before, dry=dry)
    written += messages.forget_of_loans(session, before, dry=dry)
    written += mishaps.detach_people(session, before, dry=dry)
    written += reviews.detach_people(session, before, dry=dry)
    written += trips.detach_people(session, before, dry=dry)
    return photos + written + bookings.detach_people(session, before, dry=dry)


def _loans(session: Session, before: datetime, *, dry: bool) -> int:
    written = loans.forget_loans(session, before, dry=dry)
    written += messages.forget_of_loans(session, before, dry=dry)
    written += mishaps.forget_loans(session, before, dry=dry)
    written += reviews.forget_loans(session, before, dry=dry)
    written += trips.forget_loans(session, before, dry=dry)
    return written + bookings.forget_loans(session, before, dry=dry)


def _agreements(session: Session, before: datetime, *, dry: bool) -> int:
    over = agreements.over_before(session, before)
    under = exports.forget_under(session, over, dry=dry)
    return under + agreements.forget_agreements(session, over, dry=dry)


def _requests(session: Session, before: datetime, *, dry: bool) -> int:
    ended = func.coalesce(PersonRequest.answered_at, PersonRequest.received_at)
    return forget_rows(session, PersonRequest, ended < before, dry=dry)


def _incidents(session: Session, before: datetime, *, dry: bool) -> int:
    # Five years of the calendar, leap days and all: the day stands in the register.
    today = local(before + RULES[Rule.INCIDENTS].after).date()
    return forget_rows(session, Incident, Incident.keep_until < today, dry=dry)


def _facts(row: RetentionRun) -> RunFacts:
    return RunFacts(
        row.public_id,
        Rule(row.rule),
        Deed(row.deed),
        row.at,
        row.person_id is not None,
        row.certificate,
        Signed(row.key_id, row.signature),
    )
