"""What is known of an organization without asking its people."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.charter.rules import Fact
from mutuali.counts import Amiss, asked_of

#: The question to the database for each fact. Handed in: features that come later know some.
Questions = Mapping[Fact, Amiss]


def amiss(
    session: Session,
    questions: Questions,
    facts: Iterable[Fact],
    organization_id: int,
    *,
    now: datetime,
) -> dict[Fact, int | None]:
    """How many are amiss with each of ``facts``; None where it concerns nobody: one question."""
    wanted = set(facts)
    asked = [fact for fact in questions if fact in wanted]
    answers = asked_of(session, [questions[fact] for fact in asked], organization_id, now)
    return dict(zip(asked, answers, strict=True))
