"""Which questions are asked no more."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.collecting.models import CollectionChoice
from mutuali.collecting.rules import Question


def uncollected(session: Session) -> frozenset[Question]:
    """The questions that are asked no more."""
    latest = select(func.max(CollectionChoice.id)).group_by(CollectionChoice.question)
    stored = session.scalars(
        select(CollectionChoice.question).where(
            CollectionChoice.id.in_(latest), CollectionChoice.collects.is_(False)
        )
    )
    return frozenset(Question(each) for each in stored)
