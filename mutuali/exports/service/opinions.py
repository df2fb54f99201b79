"""What people say of a built bundle: signed it leaves, returned it is forgotten.

Where two opinions are needed, neither person reads the other's before both are in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.counts import NOW, Count
from mutuali.exports.models import Export, ExportOpinion
from mutuali.exports.rules.life import DECIDE_WITHIN, ExportState, ExportStep
from mutuali.exports.rules.opinions import Outcome, Verdict, Voice, may_speak, outcome
from mutuali.exports.rules.promotion import opens_from
from mutuali.exports.service.again import Compared, compared
from mutuali.exports.service.closed_store import forget_beside, in_turn, released_since
from mutuali.exports.service.ground import stand
from mutuali.exports.service.groups import count_remarks
from mutuali.exports.service.lineage import stands
from mutuali.exports.service.records import ExportFacts, facts_of, give_reason, move, row_of


@dataclass(frozen=True, slots=True)
class OpinionFacts:
    """One opinion, once it may be read."""

    person_name: str
    for_operator: bool
    verdict: Verdict
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A built bundle as one of those who answer for it reads it.

    ``mine`` is the reader's own opinion; ``given`` of ``needed`` are in; ``opinions`` stay empty
    until all are; ``speaks`` says whether one is asked of the reader; ``compared`` is the last
    release of the same product beside this one.
    """

    export: ExportFacts
    mine: OpinionFacts | None
    given: int
    needed: int
    opinions: tuple[OpinionFacts, ...]
    speaks: bool
    compared: Compared | None


def review(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Review:
    """What the review page shows.

    Raises:
        Forbidden: the actor reviews nothing.
        NotFound: there is no such bundle, or an outside reviewer is not asked about it.
    """
    require(actor, Permission.EXPORT_REVIEW)
    row = row_of(session, public_id)
    found = _opinions(session, row)
    speaks = _is_asked(actor, row, found, now)
    if not (speaks or may(actor, Permission.EXPORT_DECIDE)):
        raise NotFound
    known = _facts(session, found)
    own = next((each for each in found if each.person_id == actor.person_id), None)
    is_open = row.state != ExportState.IN_REVIEW
    return Review(
        export=facts_of(session, [row], now=now)[0],
        mine=known[own.id] if own is not None else None,
        given=len(found),
        needed=row.opinions_needed,
        opinions=tuple(known[each.id] for each in found) if is_open else (),
        speaks=speaks,
        compared=compared(session, row, now=now),
    )


def waiting_for(session: Session, actor: Actor, *, now: datetime) -> list[ExportFacts]:
    """The built bundles on which the actor's opinion is asked, what lapses first before.

    Raises:
        Forbidden: the actor reviews nothing.
    """
    require(actor, Permission.EXPORT_REVIEW)
    rows = session.scalars(
        select(Export)
        .where(Export.state == ExportState.IN_REVIEW, Export.expires_at > now)
        .order_by(Export.expires_at, Export.id)
        .limit(200)
    ).all()
    asked = [row for row in rows if _is_asked(actor, row, _opinions(session, row), now)]
    return facts_of(session, asked, now=now)


def count_reviews(actor: Actor) -> Count:
    """How many bundles wait for the opinion of this outside reviewer."""
    if not may(actor, Permission.EXPORT_REVIEW) or may(actor, Permission.EXPORT_DECIDE):
        return None
    spoken = exists().where(
        ExportOpinion.export_id == Export.id,
        ExportOpinion.voided_at.is_(None),
        or_(
            ExportOpinion.person_id == (actor.person_id or 0),
            ExportOpinion.for_operator.is_(False),
        ),
    )
    return select(func.count(Export.id)).where(
        Export.state == ExportState.IN_REVIEW,
        Export.expires_at > NOW,
        Export.opinions_needed == 2,
        Export.requested_by != (actor.person_id or 0),
        ~spoken,
    )


def sign(
    session: Session,
    actor: Actor,
    public_id: str,
    *,
    key: bytes,
    hosted_outside: bool,
    remarks_read: bool,
    now: datetime,
) -> Outcome:
    """Say yes to the bundle that was reviewed; the last yes lets it out.

    What it rests on is looked at once more: the agreement, the assessments, every yes in it.

    Raises:
        Refused: there are remarks on areas or words, and nobody says that they read them.
        NotFound, Forbidden: the actor may not know of it, or asked for it themselves.
        Conflict: no opinion is asked of them, something the law asks for is missing, somebody in
            the bundle took back their yes, another of the dataset left since it was built, or it
            was announced too short a while ago to be open.
    """
    in_turn(session, row_of(session, public_id).dataset)
    row = _spoken_of(session, actor, public_id, now=now)
    remarks = count_remarks(row.review)
    if remarks and not remarks_read:
        raise Refused(Reason("export.remarks_unread", {}, "remarks_read"))
    agreement = stand(session, row, hosted_outside=hosted_outside, now=now)
    # Whoever takes back a yes is before this signature, which then fails, or behind it, and then
    # finds an export to recall.
    last_said = consent.hold_still(session, Purpose(row.purpose), agreement.partner_id, now=now)
    if not stands(session, row, agreement.partner_id, key=key, now=last_said):
        raise Conflict("export.consent_left")
    if row.ended_at is None or released_since(session, row.dataset, row.ended_at):
        raise Conflict("export.others_left")
    # Whatever the first opinion says, so that this refusal tells nothing of it.
    is_last = len(_opinions(session, row)) + 1 >= row.opinions_needed
    earliest = opens_from(row.ended_at)
    if row.promotes_id is not None and is_last and now < earliest:
        raise Conflict("export.announced", on=local(earliest).date())
    came_to = _say(session, actor, row, Verdict.SIGN, "", remarks=remarks, now=now)
    if came_to is Outcome.SIGN:
        row.signed_by, row.released_at = actor.person_id, now
        offered = timedelta(days=agreement.settings.download_days)
        row.expires_at = min(now + offered, agreement.ends_at)
        row.file_key, row.staged_key = row.staged_key, None
        move(session, actor, row, ExportStep.SIGN, now=now)
    elif came_to is Outcome.RETURN:
        _return(session, actor, row, now=now)
    return came_to


def send_back(
    session: Session, actor: Actor, public_id: str, note: str, *, now: datetime
) -> Outcome:
    """Say no to the bundle, with a reason; once all opinions are in it is forgotten, and the
    request waits again.

    Raises:
        NotFound, Forbidden, Conflict; Refused: no reason given.
    """
    row = _spoken_of(session, actor, public_id, now=now)
    give_reason(row, note, keep=False)
    remarks = count_remarks(row.review)
    came_to = _say(session, actor, row, Verdict.RETURN, note, remarks=remarks, now=now)
    if came_to is Outcome.RETURN:
        _return(session, actor, row, now=now)
    return came_to


def forget_bundle(session: Session, row: Export, *, now: datetime) -> None:
    """What was built counts no more, nor what was said of it; the sweep takes the file."""
    for opinion in _opinions(session, row):
        opinion.voided_at = now
    forget_beside(session, row.id)
    row.staged_key = row.file_sha256 = row.file_bytes = row.period = None
    row.report = row.checks = row.review = row.withheld_because = None


def _spoken_of(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Export:
    """The bundle that an opinion is asked on, locked."""
    require(actor, Permission.EXPORT_REVIEW)
    row = row_of(session, public_id, lock=True)
    if row.requested_by == actor.person_id or actor.person_id is None:
        raise Forbidden("export.own_request")
    if row.state != ExportState.IN_REVIEW or row.expires_at <= now:
        raise Conflict("export.no_such_step")
    found = _opinions(session, row)
    if any(each.person_id == actor.person_id for each in found):
        raise Conflict("export.already_said")
    if not _is_asked(actor, row, found, now):
        raise NotFound
    return row


def _say(
    session: Session,
    actor: Actor,
    row: Export,
    verdict: Verdict,
    note: str,
    *,
    remarks: int,
    now: datetime,
) -> Outcome:
    """Keep the opinion. The log says that one was given and not which: others read the log. It
    says how many ``remarks`` on groups they were shown."""
    opinion = ExportOpinion(
        export_id=row.id,
        requested_by=row.requested_by,
        person_id=actor.person_id,
        for_operator=may(actor, Permission.EXPORT_DECIDE),
        file_sha256=row.file_sha256,
        verdict=verdict,
        note=note,
        at=now,
    )
    session.add(opinion)
    session.flush()
    facts = {"opinion": opinion.id, "sha256": row.file_sha256, "remarks": remarks}
    audit.record(session, actor, "export.opinion", "export", row.id, now=now, facts=facts)
    return outcome(_voices(_opinions(session, row)), row.opinions_needed)


def _return(session: Session, actor: Actor, row: Export, *, now: datetime) -> None:
    notes = [each.note for each in _opinions(session, row) if each.verdict == Verdict.RETURN]
    row.decision_note = "\n\n".join(notes)[:1000]
    forget_bundle(session, row, now=now)
    row.expires_at = now + DECIDE_WITHIN
    move(session, actor, row, ExportStep.RETURN, now=now)


def _is_asked(actor: Actor, row: Export, found: Sequence[ExportOpinion], now: datetime) -> bool:
    return (
        actor.person_id is not None
        and may(actor, Permission.EXPORT_REVIEW)
        and row.requested_by != actor.person_id
        and row.state == ExportState.IN_REVIEW
        and row.expires_at > now
        and may_speak(
            _voices(found),
            row.opinions_needed,
            actor.person_id,
            for_operator=may(actor, Permission.EXPORT_DECIDE),
        )
    )


def _opinions(session: Session, row: Export) -> Sequence[ExportOpinion]:
    """What counts: said of the bundle as it is."""
    return session.scalars(
        select(ExportOpinion)
        .where(ExportOpinion.export_id == row.id, ExportOpinion.voided_at.is_(None))
        .order_by(ExportOpinion.id)
    ).all()


def _voices(found: Sequence[ExportOpinion]) -> list[Voice]:
    return [Voice(each.person_id, each.for_operator, Verdict(each.verdict)) for each in found]


def _facts(session: Session, found: Sequence[ExportOpinion]) -> dict[int, OpinionFacts]:
    people = accounts.people(session, frozenset(each.person_id for each in found))
    return {
        each.id: OpinionFacts(
            people[each.person_id].name,
            each.for_operator,
            Verdict(each.verdict),
            each.note,
            each.at,
        )
        for each in found
    }
