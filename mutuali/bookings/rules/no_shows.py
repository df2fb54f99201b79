"""When a booking that nobody came for is released, and how long that can be taken back.

Pure: no database, no request, no clock.
"""

from datetime import datetime, timedelta

#: How long the lender can say that somebody came after all.
NO_SHOW_UNDO_WITHIN = timedelta(minutes=30)


def no_show_at(starts_at: datetime, hours: int | None) -> datetime | None:
    """When a booking lapses that was not handed over; None: it never does by itself."""
    return None if hours is None else starts_at + timedelta(hours=hours)
