"""What exports keep of people, and letting go of it once nothing of them can be questioned."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.core.period import local
from mutuali.exports.models import (
    Assessment,
    Export,
    ExportContributor,
    ExportDownload,
    ExportLink,
    ExportOpinion,
    RecallNotice,
)
from mutuali.storage import forget_rows


def forget_under(session: Session, agreement_ids: frozenset[int], *, dry: bool) -> int:
    """Destroy who is in, took, judged and gave back what was made under agreements that are over,
    and blank what was written to ask for it; returns how many rows there are.

    What was released stays, keyed and without names: later releases are held against it.
    """
    under = select(Export.id).where(Export.agreement_id.in_(agreement_ids))
    count = sum(
        forget_rows(session, model, model.export_id.in_(under), dry=dry)
        for model in (
            *(ExportLink, ExportDownload, ExportOpinion, RecallNotice, ExportContributor),
        )
    )
    rows = session.scalars(
        select(Export).where(Export.agreement_id.in_(agreement_ids), Export.question != "")
    ).all()
    for row in () if dry else rows:
        row.question, row.decision_note, row.answers = "", "", {}
    session.flush()
    return count + len(rows)


def forget_assessments(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy impact assessments that held until before, and those never finished that were
    written before; returns how many."""
    held = Assessment.valid_until < local(before).date()
    never = Assessment.valid_until.is_(None) & (Assessment.written_at < before)
    return forget_rows(session, Assessment, held | never, dry=dry)
