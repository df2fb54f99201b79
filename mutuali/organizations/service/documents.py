"""What an organization shows for itself and its drivers, and who looks at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, defer

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, Forbidden, NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Actor, Permission, may, require
from mutuali.counts import AtMost, Count
from mutuali.jobs import service as jobs
from mutuali.organizations.models import Document, Membership, Organization
from mutuali.organizations.rules import (
    REMIND_DAYS,
    WITH_FILE,
    DocumentDraft,
    DocumentKind,
    DocumentState,
    Held,
    OrganizationState,
    document_objections,
    document_state,
    reminder_due,
)
from mutuali.storage import is_one_of

_REMINDED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A PDF as it came, or a picture as we re-encoded it, and its media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document as its organization and coordinators see it; its file is read apart."""

    id: int
    public_id: str
    organization_id: int
    organization_name: str
    kind: DocumentKind
    detail: str
    person_name: str
    reference: str
    expires_on: date | None
    state: DocumentState
    has_file: bool
    added_at: datetime
    checked_at: datetime | None
    refused_reason: str


def add_document(
    session: Session,
    actor: Actor,
    organization_id: int,
    draft: DocumentDraft,
    file: DocumentFile | None,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Note a document; it counts once a coordinator has looked at it.

    Raises:
        Forbidden: the actor does not manage the organization.
        Refused: it makes no sense, is over, or a copy came with what none is kept of.
        NotFound: who it is about does not act for the organization.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    wrong = document_objections(draft, local(now).date())
    if file is not None and draft.kind not in WITH_FILE:
        wrong.append(Reason("document.no_copy", {}, "file"))
    if wrong:
        raise Refused.because(wrong)
    if draft.person_id is not None and not session.get(
        Membership, (organization_id, draft.person_id)
    ):
        raise NotFound
    row = Document(
        public_id=public_id,
        organization_id=organization_id,
        kind=draft.kind,
        detail=draft.detail,
        person_name=draft.person_name,
        person_id=draft.person_id,
        reference=draft.reference,
        expires_on=draft.expires_on,
        file=file.content if file else None,
        file_type=file.media_type if file else "",
        added_by=actor.person_id,
        added_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "added", now)


def attach_file(
    session: Session, actor: Actor, public_id: str, file: DocumentFile, *, now: datetime
) -> None:
    """Put a copy beside a document that nobody has looked at yet, in place of the one before.

    Raises:
        NotFound; Refused: no copy is kept of such a document; Conflict: somebody looked at it.
    """
    row = _get(session, public_id, lock=True)
    if not may(actor, Permission.ORGANIZATION_EDIT, over=row.organization_id):
        raise NotFound
    if DocumentKind(row.kind) not in WITH_FILE:
        raise Refused(Reason("document.no_copy", {}, "file"))
    if row.checked_at is not None:
        raise Conflict("document.looked_at")
    row.file, row.file_type = file.content, file.media_type
    session.flush()
    _record(session, actor, row, "copied", now)


def remove_document(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Destroy a document, with its file. Raises NotFound."""
    row = _get(session, public_id)
    if not may(actor, Permission.ORGANIZATION_EDIT, over=row.organization_id):
        raise NotFound
    session.delete(row)
    session.flush()
    _record(session, actor, row, "removed", now)


def check_document(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Say that a document was seen and is good.

    Raises:
        NotFound, Forbidden: it is of the actor's own organization.
        Conflict: somebody looked at it before, or it has expired.
    """
    row = _waiting(session, actor, public_id, now)
    row.checked_at, row.checked_by = now, actor.person_id
    session.flush()
    _tell(session, actor, row, "checked", now)


def refuse_document(
    session: Session, actor: Actor, public_id: str, reason: str, *, now: datetime
) -> None:
    """Say that a document is not good, with a reason that the organization reads.

    Raises:
        NotFound, Forbidden, Conflict: as :func:`check_document`.
        Refused: no reason given.
    """
    row = _waiting(session, actor, public_id, now)
    if not reason.strip():
        raise Refused(Reason("document.reason_missing", {}, "reason"))
    row.checked_at, row.checked_by, row.refused_reason = now, actor.person_id, reason.strip()
    session.flush()
    _tell(session, actor, row, "refused", now)


def documents_of(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[DocumentFacts]:
    """What an organization shows, what ends last first. Raises Forbidden."""
    require(actor, Permission.DOCUMENT_READ, over=organization_id)
    query = _facts_query().where(Document.organization_id == organization_id)
    order = (Document.kind, func.coalesce(Document.expires_on, date.max).desc(), Document.id)
    return [_facts(*row, now) for row in session.execute(query.order_by(*order))]


def running_out(
    session: Session, actor: Actor, organization_id: int, *, now: datetime
) -> list[DocumentFacts]:
    """What counts today, ends within a month and was not renewed yet, the first first.

    Raises:
        Forbidden.
    """
    soon = local(now).date() + timedelta(days=max(REMIND_DAYS))
    held = documents_of(session, actor, organization_id, now=now)
    lasting = {
        (each.kind, each.detail, each.person_name)
        for each in held
        if each.state in (DocumentState.CHECKED, DocumentState.WAITING)
        and (each.expires_on is None or each.expires_on > soon)
    }
    found = [
        each
        for each in held
        if each.state is DocumentState.CHECKED
        and each.expires_on is not None
        and each.expires_on <= soon
        and (each.kind, each.detail, each.person_name) not in lasting
    ]
    return sorted(found, key=lambda each: (each.expires_on or soon, each.id))


def documents_waiting(session: Session, actor: Actor, *, now: datetime) -> list[DocumentFacts]:
    """What a coordinator has to look at, the longest waiting first. Raises Forbidden."""
    require(actor, Permission.DOCUMENT_CHECK)
    query = _facts_query().where(_waits(actor, now)).order_by(Document.added_at, Document.id)
    return [_facts(*row, now) for row in session.execute(query)]


def count_documents_waiting(actor: Actor) -> Count:
    """How many documents wait for this person's look."""
    if not may(actor, Permission.DOCUMENT_CHECK):
        return None
    return AtMost(select(func.count(Document.id)).where(_is_unseen(actor)), _count_waiting)


def _count_waiting(session: Session, actor: Actor, now: datetime) -> int:
    return session.scalar(select(func.count(Document.id)).where(_waits(actor, now))) or 0


def document(session: Session, actor: Actor, public_id: str, *, now: datetime) -> DocumentFacts:
    """One document. Raises NotFound: there is none, or the actor may not know."""
    row = session.execute(_facts_query().where(Document.public_id == public_id)).one_or_none()
    if row is None or not may(actor, Permission.DOCUMENT_READ, over=row[0].organization_id):
        raise NotFound
    return _facts(*row, now)


def document_by_id(session: Session, document_id: int, *, now: datetime) -> DocumentFacts | None:
    """One document by its inner id, for jobs; None when it is gone."""
    row = session.execute(_facts_query().where(Document.id == document_id)).one_or_none()
    return None if row is None else _facts(*row, now)


def document_file(session: Session, actor: Actor, public_id: str) -> DocumentFile:
    """The file of a document, for the organization and coordinators. Raises NotFound."""
    row = _get(session, public_id)
    readable = may(actor, Permission.DOCUMENT_READ, over=row.organization_id)
    if not readable or row.file is None:
        raise NotFound
    return DocumentFile(row.file, row.file_type)


def held_documents(session: Session, organization_ids: Iterable[int]) -> dict[int, list[Held]]:
    """What each organization has, looked at or not, valid or not, by organization: one question."""
    rows = session.execute(
        select(
            *(Document.organization_id, Document.kind, Document.detail, Document.expires_on),
            *(Document.checked_at, Document.refused_reason),
        ).where(is_one_of(Document.organization_id, organization_ids))
    )
    found: dict[int, list[Held]] = {}
    for id_, kind, detail, last, checked_at, refused_reason in rows:
        seen = DocumentState.CHECKED if checked_at is not None else DocumentState.WAITING
        seen = DocumentState.REFUSED if refused_reason else seen
        found.setdefault(id_, []).append(Held(DocumentKind(kind), detail, last, seen))
    return found


def remind(session: Session, *, now: datetime) -> int:
    """Have organizations told of what ends within a month, then within a week, each once; not of
    what they have renewed already. Returns how many."""
    today = local(now).date()
    newer = aliased(Document)
    renewed = select(newer.id).where(
        newer.organization_id == Document.organization_id,
        newer.kind == Document.kind,
        newer.detail == Document.detail,
        newer.person_name == Document.person_name,
        newer.refused_reason == "",
        newer.expires_on > Document.expires_on,
    )
    rows = session.scalars(
        select(Document)
        .join(Organization, Organization.id == Document.organization_id)
        .where(
            Organization.state == OrganizationState.ACCEPTED,
            Document.checked_at.is_not(None),
            Document.refused_reason == "",
            Document.expires_on.between(today, today + timedelta(days=max(REMIND_DAYS))),
            or_(Document.reminded_days.is_(None), Document.reminded_days > min(REMIND_DAYS)),
            ~renewed.exists(),
        )
        .order_by(Document.expires_on, Document.id)
        .limit(_REMINDED_AT_ONCE)
    ).all()
    count = 0
    for row in rows:
        due = reminder_due(row.expires_on or today, row.reminded_days, today)
        if due is not None:
            row.reminded_days = due
            arguments = {"document": row.id, "days": due}
            jobs.enqueue(session, "organizations.tell_expiry", arguments, now=now)
            _record(session, SYSTEM, row, "reminded", now)
            count += 1
    session.flush()
    return count


def _facts_query() -> Select[Document, str]:
    return (
        select(Document, Organization.name)
        .join(Organization, Organization.id == Document.organization_id)
        .options(defer(Document.file))
    )


def _facts(row: Document, organization_name: str, now: datetime) -> DocumentFacts:
    today = local(now).date()
    return DocumentFacts(
        row.id,
        row.public_id,
        row.organization_id,
        organization_name,
        DocumentKind(row.kind),
        row.detail,
        row.person_name,
        row.reference,
        row.expires_on,
        document_state(row.checked_at, row.refused_reason, row.expires_on, today),
        bool(row.file_type),
        row.added_at,
        row.checked_at,
        row.refused_reason,
    )


def _waits(actor: Actor, now: datetime) -> Any:
    """Not looked at, not over, and of another organization than the actor's."""
    today = local(now).date()
    lasts = or_(Document.expires_on.is_(None), Document.expires_on >= today)
    return and_(_is_unseen(actor), lasts)


def _is_unseen(actor: Actor) -> Any:
    return and_(Document.checked_at.is_(None), Document.organization_id.not_in(actor.memberships))


def _get(session: Session, public_id: str, *, lock: bool = False) -> Document:
    query = select(Document).where(Document.public_id == public_id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _waiting(session: Session, actor: Actor, public_id: str, now: datetime) -> Document:
    """A document that waits for a look, locked, for a coordinator of another organization."""
    require(actor, Permission.DOCUMENT_CHECK)
    row = _get(session, public_id, lock=True)
    if row.organization_id in actor.memberships:
        raise Forbidden("document.own")
    if row.checked_at is not None:
        raise Conflict("document.looked_at")
    if row.expires_on is not None and row.expires_on < local(now).date():
        raise Conflict("document.expired")
    return row


def _tell(session: Session, actor: Actor, row: Document, deed: str, now: datetime) -> None:
    jobs.enqueue(session, "organizations.tell_document", {"document": row.id}, now=now)
    _record(session, actor, row, deed, now)


def _record(session: Session, actor: Actor, row: Document, deed: str, now: datetime) -> None:
    facts = {"organization": row.organization_id, "kind": row.kind}
    audit.record(session, actor, f"document.{deed}", "document", row.id, now=now, facts=facts)
