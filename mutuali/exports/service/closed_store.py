"""What is kept beside an export for those that come after it: parts, records, who is in it."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, OnWithdrawal, ReleaseSettings
from mutuali.exports.models import Export, ExportContributor, ExportPart, ExportRecord
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.lineage import Part
from mutuali.exports.service.closed import Followed, StoredPart
from mutuali.exports.service.lineage import remember


@dataclass(frozen=True, slots=True)
class Stored:
    """What of a dataset was let out before, to anyone, oldest first: its parts by table and period,
    and where the records lie."""

    parts: Mapping[tuple[str, str], tuple[StoredPart, ...]]
    record_keys: tuple[str, ...]


def stored(session: Session, dataset: Dataset) -> Stored:
    """Everything that a new export of a dataset has to follow."""
    let_out = (Export.dataset == dataset) & Export.released_at.is_not(None)
    parts: dict[tuple[str, str], list[StoredPart]] = {}
    for row in session.scalars(
        select(ExportPart)
        .join(Export, Export.id == ExportPart.export_id)
        .where(let_out)
        .order_by(Export.released_at, ExportPart.id)
    ):
        parts.setdefault((row.table_name, row.period), []).append(_part(row))
    keys = session.scalars(
        select(ExportRecord.file_key)
        .join(Export, Export.id == ExportRecord.export_id)
        .where(let_out)
        .order_by(Export.released_at, Export.id)
    )
    return Stored({where: tuple(some) for where, some in parts.items()}, tuple(keys))


def keep_beside(
    session: Session,
    export_id: int,
    followed: Followed,
    settings: ReleaseSettings,
    record_key: str | None,
) -> None:
    """Keep what comes after needs; it counts once the export is let out."""
    remember(session, export_id, followed.behind)
    session.add_all(
        ExportPart(
            export_id=export_id,
            table_name=each.table,
            period=each.period,
            settings=asdict(settings),
            lines=[list(line) for line in each.lines],
            behind={side: sorted(people) for side, people in each.behind.items()},
        )
        for each in followed.parts
    )
    if record_key is not None and followed.record is not None:
        digest = hashlib.sha256(followed.record).hexdigest()
        session.add(ExportRecord(export_id=export_id, file_key=record_key, sha256=digest))


def forget_beside(session: Session, export_id: int) -> None:
    """What was kept beside a bundle that counts no more."""
    for kept in (ExportContributor, ExportPart, ExportRecord):
        session.execute(delete(kept).where(kept.export_id == export_id))


def in_turn(session: Session, dataset: str) -> None:
    """Let nobody else sign an export of the dataset at the same time."""
    waiting = select(Export.id).where(
        Export.dataset == dataset, Export.state == ExportState.IN_REVIEW
    )
    session.execute(waiting.order_by(Export.id).with_for_update()).all()


def released_since(session: Session, dataset: str, instant: datetime) -> bool:
    """Whether an export of the dataset was let out after ``instant``: what was compared with all
    earlier ones then would have to be compared again."""
    return bool(
        session.scalar(
            select(exists().where(Export.dataset == dataset, Export.released_at > instant))
        )
    )


def record_keys(session: Session) -> frozenset[str]:
    """Where every record lies: they stay when the bundles go."""
    return frozenset(session.scalars(select(ExportRecord.file_key)))


def _part(row: ExportPart) -> StoredPart:
    clause = OnWithdrawal(row.settings["on_withdrawal"])
    settings = ReleaseSettings(**{**row.settings, "on_withdrawal": clause})
    behind = {side: frozenset(people) for side, people in row.behind.items()}
    part = Part(row.export_id, row.table_name, row.period, settings, behind)
    return StoredPart(part, tuple(tuple(line) for line in row.lines))
