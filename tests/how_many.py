"""What a count of what waits says, asked by itself."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.storage import Count, counted


def how_many(
    count: Callable[[Session, Actor, datetime], Count],
    session: Session,
    actor: Actor,
    now: datetime,
) -> int:
    """The number that pages show for ``actor``."""
    return counted(session, [count(session, actor, now)])[0]
