"""From a file that was found somewhere to the copy it came from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.permissions import Actor, Permission, require
from mutuali.exports.models import Export
from mutuali.exports.rules import marks
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.service.gate import Taken, taken
from mutuali.exports.service.records import ExportFacts, facts_of


@dataclass(frozen=True, slots=True)
class TracedCopy:
    """A copy that marked some of the lines of a file, and who took it when."""

    export: ExportFacts
    lines: int
    downloads: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """What a file of ``lines`` lines says: the copies it was taken from, most lines first."""

    lines: int
    copies: tuple[TracedCopy, ...]


def trace(
    session: Session, actor: Actor, text: str, *, key_of: Callable[[str], bytes], now: datetime
) -> Trace:
    """Which copies marked lines of a CSV file; ``key_of(public id)`` is the key of an export's.

    Raises:
        Forbidden: the actor decides no exports.
    """
    require(actor, Permission.EXPORT_DECIDE)
    marked = [name.value for name, dataset in CATALOGUE.items() if dataset.row_level]
    rows = session.scalars(
        select(Export).where(Export.dataset.in_(marked), Export.released_at.is_not(None))
    ).all()
    keys = {row.id: key_of(row.public_id) for row in rows}
    found = marks.trace(text, keys)
    facts = {
        each.id: each
        for each in facts_of(session, [row for row in rows if row.id in found.found], now=now)
    }
    copies = tuple(
        TracedCopy(facts[id_], count, tuple(taken(session, (id_,))))
        for id_, count in sorted(found.found.items(), key=lambda each: -each[1])
    )
    for copy in copies:
        told = {"lines": found.lines, "found": copy.lines}
        audit.record(session, actor, "export.traced", "export", copy.export.id, now=now, facts=told)
    return Trace(found.lines, copies)
