"""The one way out: page, API and file address all come through here.

A link is asked for, then used. Both ask the same questions, and they are asked again while the file
is on its way: whoever takes back a yes in the middle of a download is in no file that arrives.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Reason
from mutuali.core.permissions import Actor, Permission, require
from mutuali.exports.models import Export, ExportDownload, ExportLink
from mutuali.exports.rules.catalogue import CATALOGUE, Rows
from mutuali.exports.rules.life import LINK_LASTS, RESUME_WITHIN, ExportState
from mutuali.exports.service.lineage import stands
from mutuali.exports.service.records import row_of, sees


@dataclass(frozen=True, slots=True)
class Link:
    """A link that may be used until ``expires_at``, by whoever asked for it."""

    id: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Handed:
    """Where the bundle is kept, what the file is called, and what it is: SHA-256 and bytes."""

    key: str
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A download: who took it and when."""

    person_id: int
    name: str
    at: datetime


def ask_link(
    session: Session, actor: Actor, public_id: str, *, holder: str, key: bytes, now: datetime
) -> Link:
    """Give a named analyst a link to a bundle, for ten minutes, in this login only.

    ``holder`` is the hash of the login or of the token that asks; ``key`` tells whose yes the
    bundle rests on.

    Raises:
        NotFound: the actor may not know of it.
        Forbidden: the actor is not (or no longer) named in an agreement that is in force, or their
            login passed no second factor.
        Conflict: it is not ready, its time is over, somebody in it took back their yes, or the
            actor took it as often as the agreement allows.
    """
    row = row_of(session, public_id, lock=True)
    person_id = _may_take(session, actor, row, key=key, now=now)
    _within_quota(session, row, person_id, now=now)
    link = ExportLink(
        export_id=row.id,
        person_id=person_id,
        holder=holder,
        created_at=now,
        expires_at=min(now + LINK_LASTS, row.expires_at),
    )
    session.add(link)
    session.flush()
    told = {"link": link.id, "agreement": row.agreement_id}
    audit.record(session, actor, "export.link_given", "export", row.id, now=now, facts=told)
    return Link(link.id, link.expires_at)


def use_link(
    session: Session,
    actor: Actor,
    link_id: int,
    *,
    holder: str,
    takes: bool,
    resumes: bool,
    key: bytes,
    now: datetime,
) -> Handed:
    """What is behind a link; with the first use that ``takes`` it, the bundle is handed over.

    A download that began may be resumed for six hours: ``resumes`` says that a part is asked for.

    Raises:
        NotFound: no such link of this actor in this login; or its export is none of theirs.
        Forbidden, Conflict: as :func:`ask_link`; its time is over, or a steward revoked it.
    """
    link = session.get(ExportLink, link_id, with_for_update=takes)
    if link is None or link.person_id != actor.person_id or link.holder != holder:
        raise NotFound
    row = session.get_one(Export, link.export_id)
    _may_take(session, actor, row, key=key, now=now)
    _still_good(link, resumes=resumes, now=now)
    if not takes or link.used_at is not None:
        return handed_as(row, now=now)
    link.used_at = now
    return hand_over(session, actor, row.public_id, key=key, now=now)


def hand_over(
    session: Session, actor: Actor, public_id: str, *, key: bytes, now: datetime
) -> Handed:
    """Let a named analyst take a bundle, and record it.

    Raises:
        NotFound, Forbidden, Conflict: as :func:`ask_link`.
    """
    row = row_of(session, public_id, lock=True)
    person_id = _may_take(session, actor, row, key=key, now=now)
    _within_quota(session, row, person_id, now=now)
    session.add(ExportDownload(export_id=row.id, person_id=person_id, at=now))
    told = {"agreement": row.agreement_id, "sha256": row.file_sha256}
    audit.record(session, actor, "export.downloaded", "export", row.id, now=now, facts=told)
    return handed_as(row, now=now)


def for_a_look(
    session: Session, actor: Actor, public_id: str, *, key: bytes, now: datetime
) -> tuple[Handed, Dataset, dict[str, Any]]:
    """A bundle of sums that a named analyst has taken before, to be looked at on a page; which
    dataset it is of and its report. Nothing leaves by it that did not leave already.

    Raises:
        NotFound, Forbidden, Conflict: as :func:`ask_link`; it was not taken yet.
    """
    row = row_of(session, public_id)
    person_id = _may_take(session, actor, row, key=key, now=now)
    dataset = Dataset(row.dataset)
    if CATALOGUE[dataset].rows is not Rows.SUM:
        raise NotFound
    mine = select(ExportDownload.id).where(
        ExportDownload.export_id == row.id, ExportDownload.person_id == person_id
    )
    if session.scalar(mine.limit(1)) is None:
        raise Conflict("export.take_first")
    return handed_as(row, now=now), dataset, row.report or {}


def still_open(
    session: Session, actor: Actor, link_id: int, *, holder: str, key: bytes, now: datetime
) -> bool:
    """Whether a file on its way may go on; a link that ran out in the middle lets it end."""
    link = session.get(ExportLink, link_id, populate_existing=True)
    if link is None or link.revoked_at is not None or link.holder != holder:
        return False
    row = session.get_one(Export, link.export_id, populate_existing=True)
    return why_not(session, actor, row, key=key, now=now) is None


def why_not(
    session: Session, actor: Actor, row: Export, *, key: bytes, now: datetime
) -> Reason | None:
    """Why the actor may not have a bundle now; None where they may, however often they took it."""
    try:
        _may_take(session, actor, row, key=key, now=now)
    except DomainError as error:
        return error.reasons[0]
    return None


def revoke_links(session: Session, actor: Actor, public_id: str, *, now: datetime) -> int:
    """Revoke every link to an export that could still be used; downloads on their way stop.

    Raises:
        NotFound, Forbidden: the actor may not know of it, or not decide it.
    """
    row = row_of(session, public_id, lock=True)
    if not sees(actor, row):
        raise NotFound
    require(actor, Permission.EXPORT_DECIDE)
    revoked = session.execute(
        update(ExportLink)
        .where(ExportLink.export_id == row.id, ExportLink.revoked_at.is_(None))
        .where(ExportLink.expires_at > now - RESUME_WITHIN)
        .values(revoked_at=now)
        .returning(ExportLink.id)
    ).all()
    told = {"links": sorted(id_ for (id_,) in revoked)}
    audit.record(session, actor, "export.links_revoked", "export", row.id, now=now, facts=told)
    return len(revoked)


def downloads_of(session: Session, actor: Actor, public_id: str) -> list[Taken]:
    """Who took an export and when, latest first: for its recipient as for the stewards.

    Raises:
        NotFound: the actor may not know of it.
    """
    row = row_of(session, public_id)
    if not sees(actor, row):
        raise NotFound
    return taken(session, (row.id,))


def taken(session: Session, export_ids: Iterable[int]) -> list[Taken]:
    """The downloads of some exports, latest first."""
    rows = session.execute(
        select(ExportDownload.person_id, ExportDownload.at)
        .where(ExportDownload.export_id.in_(list(export_ids)))
        .order_by(ExportDownload.at.desc(), ExportDownload.id.desc())
    ).all()
    people = accounts.people(session, frozenset(row.person_id for row in rows))
    return [Taken(row.person_id, people[row.person_id].name, row.at) for row in rows]


def handed_as(row: Export, *, now: datetime) -> Handed:
    """What is given of a bundle that may be taken."""
    day = (row.released_at or now).date().isoformat()
    name = f"mutuali-{row.dataset}-{day}.zip"
    return Handed(str(row.file_key), name, str(row.file_sha256), row.file_bytes or 0)


def _may_take(session: Session, actor: Actor, row: Export, *, key: bytes, now: datetime) -> int:
    """The person who may have the bundle now; see :func:`ask_link` for what is raised."""
    if not sees(actor, row):
        raise NotFound
    require(actor, Permission.EXPORT_DOWNLOAD)
    if actor.person_id is None or actor.person_id != row.requested_by:
        raise Forbidden
    if not actor.second_factor:
        raise Forbidden("account.second_factor_needed")
    mine = {each.id: each for each in agreements.in_force_for(session, actor.person_id, now=now)}
    if row.agreement_id not in mine:
        raise Forbidden("export.not_named")
    require_out(session, row, mine[row.agreement_id].partner_id, key=key, now=now)
    return actor.person_id


def require_out(
    session: Session, row: Export, recipient_id: int, *, key: bytes, now: datetime
) -> None:
    """Let a bundle be taken now by whoever may take it.

    Raises:
        Conflict: it is not ready, its time is over, or somebody in it took back their yes.
    """
    if row.state != ExportState.READY or row.file_key is None or row.expires_at <= now:
        raise Conflict("export.not_ready")
    if not stands(session, row, recipient_id, key=key, now=now):
        raise Conflict("export.consent_withdrawn")


def _still_good(link: ExportLink, *, resumes: bool, now: datetime) -> None:
    if link.revoked_at is not None:
        raise Conflict("export.link_revoked")
    until = link.expires_at
    if resumes and link.used_at is not None:
        until = link.used_at + RESUME_WITHIN
    if until <= now:
        raise Conflict("export.link_over")


def _within_quota(session: Session, row: Export, person_id: int, *, now: datetime) -> None:
    settings = agreements.agreement_by_id(session, row.agreement_id, now=now).settings
    so_far = select(func.count()).where(
        ExportDownload.export_id == row.id, ExportDownload.person_id == person_id
    )
    if (session.scalar(so_far) or 0) >= settings.downloads_each:
        raise Conflict("export.quota_reached", most=settings.downloads_each)
