"""Agendas of others: how far they are read, and when their lender hears that they cannot be."""

from datetime import datetime, timedelta

from mutuali.core.period import Period

#: The most that is read of one agenda, in bytes.
MOST_BYTES = 2_000_000
#: The most agendas of one lender.
MOST_EXTERNAL = 50
#: As far ahead as one can book.
_AHEAD = timedelta(days=731)
#: A server that is away for a day comes back by itself more often than not.
_PATIENCE = timedelta(days=1)


def read_span(now: datetime) -> Period:
    """What is read of an agenda: from now to two years ahead."""
    return Period(now, now + _AHEAD)


def is_told_of(code: str, read_at: datetime | None, now: datetime) -> bool:
    """Whether a lender hears of this problem: of a file that is wrong at once; of a server that
    does not answer when it did not for a day, or never has."""
    return code.startswith("ical.") or read_at is None or now - read_at >= _PATIENCE
