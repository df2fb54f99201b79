"""The bundles that the five questions are read from: the gate is asked again, the hash checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import Reason
from mutuali.core.permissions import Actor
from mutuali.exports.models import Export, ExportDownload
from mutuali.exports.rules.five.intervals import Bundle
from mutuali.exports.rules.five.program import unzipped
from mutuali.exports.service.files import NotAsSignedError, get_signed
from mutuali.exports.service.gate import Handed, handed_as, why_not

#: What the questions are answered from.
READ = (Dataset.UNMET_DEMAND, Dataset.EQUIPMENT_USE, Dataset.LENDING_FLOWS, Dataset.LOANS)


@dataclass(frozen=True, slots=True)
class TakenBundle:
    """A bundle that somebody took: which, when it was let out, and where it is kept.

    ``closed`` says why they may not have it now; then it has no ``file`` and is not read.
    """

    public_id: str
    dataset: Dataset
    released_at: datetime
    file: Handed | None
    closed: Reason | None


def taken_bundles(
    session: Session, actor: Actor, *, key: bytes, now: datetime
) -> list[TakenBundle]:
    """Of each dataset, the latest bundle that the actor took and may have now; before it, those
    that they took later and may have no more. ``key`` is that of fingerprints."""
    rows = session.scalars(
        select(Export)
        .where(
            Export.id.in_(
                select(ExportDownload.export_id).where(ExportDownload.person_id == actor.person_id)
            ),
            Export.dataset.in_(READ),
            Export.released_at.is_not(None),
        )
        .order_by(Export.released_at.desc(), Export.id.desc())
    )
    found: list[TakenBundle] = []
    for row in rows:
        dataset = Dataset(row.dataset)
        if row.released_at is None or any(each.file for each in found if each.dataset is dataset):
            continue
        closed = why_not(session, actor, row, key=key, now=now)
        file = None if closed else handed_as(row, now=now)
        found.append(TakenBundle(row.public_id, dataset, row.released_at, file, closed))
    return sorted(found, key=lambda each: READ.index(each.dataset))


def read_bundles(files_url: str, files: Sequence[Handed]) -> tuple[dict[str, Bundle], list[Handed]]:
    """What files of bundles say, by dataset; and those that are not what was signed, unread."""
    read, amiss = dict[str, Bundle](), list[Handed]()
    for file in files:
        try:
            bundle = _parsed(files_url, file.key, file.sha256)
        except (FileNotFoundError, NotAsSignedError):
            amiss.append(file)
        else:
            read[bundle.dataset] = bundle
    return read, amiss


@lru_cache(maxsize=8)
def _parsed(files_url: str, key: str, sha256: str) -> Bundle:
    return next(unzipped(get_signed(files_url, key, sha256)))
