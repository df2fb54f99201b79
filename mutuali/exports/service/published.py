"""What is published: an open dataset, for anybody, through the gate that every bundle leaves by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, is_in_force
from mutuali.core.errors import Conflict, NotFound
from mutuali.exports.models import Export
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.regimes import Regime, lawful
from mutuali.exports.service.gate import Handed, handed_as, require_out


@dataclass(frozen=True, slots=True)
class Published:
    """The latest publication of a dataset, and until when it is offered."""

    export_id: int
    file: Handed
    released_at: datetime
    until: datetime


def published(session: Session, dataset: Dataset, *, key: bytes, now: datetime) -> Published | None:
    """What anybody may take of a dataset now; None while it is held back.

    The latest that was let out for everybody, unless its agreement is over or suspended or somebody
    in it took back their yes: then nothing, and no older one instead.
    """
    row = session.scalars(
        select(Export)
        .where(
            Export.dataset == dataset,
            Export.regime == Regime.OPEN,
            Export.released_at.is_not(None),
        )
        .order_by(Export.released_at.desc(), Export.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.released_at is None or not _may_go(session, row, key=key, now=now):
        return None
    return Published(row.id, handed_as(row, now=now), row.released_at, row.expires_at)


def take_published(session: Session, dataset: Dataset, *, key: bytes, now: datetime) -> Published:
    """The publication of an open dataset, to be handed to whoever asks.

    Raises:
        NotFound: the dataset is not one that is published.
        Conflict: nothing of it is published now.
    """
    if not CATALOGUE[dataset].is_open:
        raise NotFound
    found = published(session, dataset, key=key, now=now)
    if found is None:
        raise Conflict("export.not_published")
    return found


def still_published(session: Session, export_id: int, *, key: bytes, now: datetime) -> bool:
    """Whether a publication on its way may go on."""
    row = session.get_one(Export, export_id, populate_existing=True)
    return _may_go(session, row, key=key, now=now)


def _may_go(session: Session, row: Export, *, key: bytes, now: datetime) -> bool:
    dataset = Dataset(row.dataset)
    if not (CATALOGUE[dataset].is_open and lawful(dataset, Regime(row.regime))):
        return False
    agreement = agreements.agreement_by_id(session, row.agreement_id, now=now)
    if not is_in_force(agreement, now):
        return False
    try:
        require_out(session, row, agreement.partner_id, key=key, now=now)
    except Conflict:
        return False
    return True
