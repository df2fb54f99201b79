"""What every import plans and leaves behind the same way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict
from mutuali.core.permissions import Actor
from mutuali.imports.rules.mapping import What
from mutuali.imports.rules.table import Objection

_T = TypeVar("_T")

#: How many rows go to the database in one statement.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Plan(Generic[_T]):
    """What an import would write: ``drafts``, of which ``history`` never occupy anything.

    ``read`` rows were in the file; ``known`` ones were imported before and are left alone;
    ``folded`` ones only repeat another. ``notices`` refuse nothing.
    """

    what: What
    source: str
    read: int
    drafts: Sequence[_T]
    known: int
    objections: Sequence[Objection]
    notices: Sequence[Objection] = ()
    folded: int = 0
    history: int = 0

    @property
    def refused(self) -> int:
        """How many rows are refused; one row may have several objections."""
        return len({each.line for each in self.objections})

    def batches(self) -> Iterator[Sequence[_T]]:
        """The drafts in parts of at most BATCH."""
        for start in range(0, len(self.drafts), BATCH):
            yield self.drafts[start : start + BATCH]


def make_sure_still_new(refs: set[str], stored: set[str]) -> None:
    """Nobody imported any of ``refs`` since they were checked. Raises Conflict."""
    if not refs.isdisjoint(stored):
        raise Conflict("import.changed_meanwhile")


def leave_trace(session: Session, actor: Actor, plan: Plan[_T], *, now: datetime) -> None:
    """One event for the whole file: kind, source and counts."""
    facts = {
        "kind": plan.what.value,
        "source": plan.source,
        "read": plan.read,
        "written": len(plan.drafts),
        "known": plan.known,
        "refused": plan.refused,
        "history": plan.history,
    }
    audit.record(session, actor, "import.written", "import", 0, now=now, facts=facts)
