"""What is published: for anybody, through the gate that every bundle leaves by.

A version is offered until its day, or until somebody in it takes back their yes. Which versions
there were, and why one is offered no more, stays readable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, is_in_force
from mutuali.audit import service as audit
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, NotFound
from mutuali.exports.models import Export
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.promotion import opens_from
from mutuali.exports.rules.regimes import Regime, lawful, may_be_open
from mutuali.exports.service.gate import Handed, handed_as, require_out


class Offer(StrEnum):
    """Whether a version may be taken now."""

    OFFERED = "offered"
    #: Somebody in it took back their yes: it is handed out no more, and cannot be called back.
    WITHDRAWN = "withdrawn"
    #: Its day is over, or its agreement is.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Published:
    """One version of an open dataset, counted from 1 by its day; ``file`` while it is offered.

    ``ended_at`` is when it was withdrawn; ``report`` what was done to it.
    """

    export_id: int
    public_id: str
    dataset: Dataset
    number: int
    offer: Offer
    file: Handed | None
    sha256: str
    size: int
    released_at: datetime
    until: datetime
    ended_at: datetime | None
    publisher: str
    report: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Announced:
    """What will be open from a day on, if it is signed: said before, so that one may leave it."""

    public_id: str
    dataset: Dataset
    question: str
    built_at: datetime
    opens_from: datetime


def versions(
    session: Session, dataset: Dataset | None = None, *, key: bytes, now: datetime
) -> list[Published]:
    """Every version that was ever published, of one dataset or of all, latest first."""
    found = []
    counted: dict[str, int] = {}
    rows = _rows(session, dataset)
    ended = _ended(session, rows)
    under = {
        id_: agreements.agreement_by_id(session, id_, now=now)
        for id_ in {row.agreement_id for row in rows}
    }
    for row in rows:
        number = counted[row.dataset] = counted.get(row.dataset, 0) + 1
        agreement, gone = under[row.agreement_id], ended.get(row.id)
        found.append(_published(session, row, agreement, number, gone, key=key, now=now))
    return found[::-1]


def version(session: Session, public_id: str, *, key: bytes, now: datetime) -> Published:
    """One version, offered or not. Raises NotFound for what was never published."""
    row = session.scalars(select(Export).where(Export.public_id == public_id)).one_or_none()
    if row is None or row.regime != Regime.OPEN or row.released_at is None:
        raise NotFound
    number = [each.id for each in _rows(session, Dataset(row.dataset))].index(row.id) + 1
    agreement = agreements.agreement_by_id(session, row.agreement_id, now=now)
    gone = _ended(session, [row]).get(row.id)
    return _published(session, row, agreement, number, gone, key=key, now=now)


def published(session: Session, dataset: Dataset, *, key: bytes, now: datetime) -> Published | None:
    """What anybody may take of a dataset now: the latest version, and no older one instead; None
    while it is held back."""
    rows = _rows(session, dataset)
    if not rows:
        return None
    row = rows[-1]
    agreement = agreements.agreement_by_id(session, row.agreement_id, now=now)
    latest = _published(session, row, agreement, len(rows), None, key=key, now=now)
    return latest if latest.offer is Offer.OFFERED else None


def take_published(session: Session, dataset: Dataset, *, key: bytes, now: datetime) -> Published:
    """The latest version of an open dataset, to be handed to whoever asks.

    Raises:
        NotFound: the dataset is not one that may be published.
        Conflict: nothing of it is published now.
    """
    if not may_be_open(dataset):
        raise NotFound
    found = published(session, dataset, key=key, now=now)
    if found is None:
        raise Conflict("export.not_published")
    return found


def take_version(
    session: Session, public_id: str, *, key: bytes, now: datetime
) -> tuple[Published, Handed]:
    """A version that is offered, to be handed to whoever asks, and its file.

    Raises:
        NotFound: it was never published. Conflict: it is offered no more.
    """
    found = version(session, public_id, key=key, now=now)
    if found.file is None:
        raise Conflict(f"publication.{found.offer.value}")
    return found, found.file


def still_published(session: Session, export_id: int, *, key: bytes, now: datetime) -> bool:
    """Whether a publication on its way may go on."""
    row = session.get_one(Export, export_id, populate_existing=True)
    agreement = agreements.agreement_by_id(session, row.agreement_id, now=now)
    return _offer(session, row, agreement, key=key, now=now) is Offer.OFFERED


def announced(session: Session, *, now: datetime) -> list[Announced]:
    """What waits to be open, earliest day first."""
    rows = session.scalars(
        select(Export)
        .where(
            Export.state == ExportState.IN_REVIEW,
            Export.promotes_id.is_not(None),
            Export.ended_at.is_not(None),
            Export.expires_at > now,
        )
        .order_by(Export.ended_at, Export.id)
    ).all()
    return [
        Announced(row.public_id, Dataset(row.dataset), row.question, at, opens_from(at))
        for row in rows
        if (at := row.ended_at) is not None
    ]


def _rows(session: Session, dataset: Dataset | None) -> Sequence[Export]:
    """What was ever published, oldest first."""
    query = select(Export).where(Export.regime == Regime.OPEN, Export.released_at.is_not(None))
    if dataset is not None:
        query = query.where(Export.dataset == dataset)
    return session.scalars(query.order_by(Export.released_at, Export.id)).all()


def _ended(session: Session, rows: Sequence[Export]) -> Mapping[int, datetime]:
    """When each that was withdrawn ended."""
    gone = [row.id for row in rows if row.withheld_because == "export.consent_withdrawn"]
    return audit.last_of(session, "export.expire", "export", gone) if gone else {}


def _published(
    session: Session,
    row: Export,
    agreement: agreements.AgreementFacts,
    number: int,
    ended_at: datetime | None,
    *,
    key: bytes,
    now: datetime,
) -> Published:
    offer = _offer(session, row, agreement, key=key, now=now)
    return Published(
        export_id=row.id,
        public_id=row.public_id,
        dataset=Dataset(row.dataset),
        number=number,
        offer=offer,
        file=handed_as(row, now=now) if offer is Offer.OFFERED else None,
        sha256=row.file_sha256 or "",
        size=row.file_bytes or 0,
        released_at=row.released_at or now,
        until=min(row.expires_at, agreement.ends_at),
        ended_at=ended_at if offer is Offer.WITHDRAWN else None,
        publisher=agreement.operator_name,
        report=row.report or {},
    )


def _offer(
    session: Session,
    row: Export,
    agreement: agreements.AgreementFacts,
    *,
    key: bytes,
    now: datetime,
) -> Offer:
    if row.withheld_because == "export.consent_withdrawn":
        return Offer.WITHDRAWN
    if not lawful(Dataset(row.dataset), Regime(row.regime), Purpose(row.purpose)):
        return Offer.OVER
    if not is_in_force(agreement, now):
        return Offer.OVER
    try:
        require_out(session, row, agreement.partner_id, key=key, now=now)
    except Conflict as refused:
        withdrawn = refused.reasons[0].code == "export.consent_withdrawn"
        return Offer.WITHDRAWN if withdrawn else Offer.OVER
    return Offer.OFFERED
