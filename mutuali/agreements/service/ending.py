"""What agreements said of people, and letting go of it once nothing of them can be questioned."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementAnalyst,
    AgreementParty,
    AgreementSuspension,
    AgreementUndertaking,
)
from mutuali.storage import forget_rows

#: What people wrote, and the text that names them; the settings of its releases stay.
_WORDS = (
    *(Agreement.text_fr, Agreement.text_en, Agreement.intended_use, Agreement.benefit),
    *(Agreement.outputs, Agreement.attribution, Agreement.assessment_ref, Agreement.ethics_ref),
    Agreement.kept_at,
)


def over_before(session: Session, before: datetime) -> frozenset[int]:
    """The agreements that ended before, or whose term was over without anybody ending them."""
    return frozenset(
        session.scalars(
            select(Agreement.id).where(
                func.coalesce(Agreement.ended_at, Agreement.ends_at) < before
            )
        )
    )


def forget_agreements(session: Session, ids: frozenset[int], *, dry: bool) -> int:
    """Destroy who signed, who was named and who suspended agreements that are over, and blank
    their texts; returns how many rows there are.

    The row stays with its settings and the hash of its text: releases were made under it. The
    database lets nothing of it go before its seven years are over (``agreements/guard.py``).
    """
    count = sum(
        forget_rows(session, model, model.agreement_id.in_(ids), dry=dry)
        for model in (
            *(AgreementUndertaking, AgreementAnalyst, AgreementAcceptance),
            *(AgreementSuspension, AgreementParty),
        )
    )
    rows = session.scalars(
        select(Agreement).where(Agreement.id.in_(ids), Agreement.intended_use != "")
    ).all()
    for row in () if dry else rows:
        for column in _WORDS:
            setattr(row, column.key, "")
    session.flush()
    return count + len(rows)
