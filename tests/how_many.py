"""What a count of what waits says, asked by itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.counts import Counter, counted


def how_many(
    count: Counter,
    session: Session,
    actor: Actor,
    now: datetime,
) -> int:
    """The number that pages show for ``actor``."""
    return counted(session, (count,), actor, now)[0]
