"""How long a driver's link works, and how long the telephone of a day is kept."""

from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.bookings.rules import State

MOST_LINKS = 3
#: After the end of a booking its links work for so long: who is late still gives it back.
LINK_LASTS = timedelta(hours=24)
#: After the end of a booking, so long are its telephones, keys and links kept.
KEPT_FOR = timedelta(days=7)


class Over(StrEnum):
    """Why a link does not work any more."""

    REVOKED = "revoked"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


def works_until(ends_at: datetime) -> datetime:
    """When the links of a booking that ends then stop working."""
    return ends_at + LINK_LASTS


def over(state: State, ends_at: datetime, *, revoked: bool, now: datetime) -> Over | None:
    """Why a link to such a booking does not work, None when it does."""
    if revoked:
        return Over.REVOKED
    if state in (State.RETURNED, State.CLOSED):
        return Over.RETURNED
    if state not in (State.APPROVED, State.ON_LOAN):
        return Over.CANCELLED
    return Over.EXPIRED if now >= works_until(ends_at) else None
