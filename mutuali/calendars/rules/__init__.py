"""Rules of calendars: what a feed shows, for how long; what a file of others means."""

from mutuali.calendars.rules.agenda import View, days_of, neighbours, span_of, within
from mutuali.calendars.rules.external import MOST_BYTES, MOST_EXTERNAL, is_told_of, read_span
from mutuali.calendars.rules.feed import (
    CALLED_OFF_SHOWN_FOR,
    MOST_EVENTS,
    MOST_FEEDS,
    UNUSED_FOR,
    Event,
    EventStatus,
    FeedKind,
    feed_span,
    is_over,
    plain,
    status_of,
)
from mutuali.calendars.rules.reading import busy_periods

__all__ = [
    "CALLED_OFF_SHOWN_FOR",
    "MOST_BYTES",
    "MOST_EVENTS",
    "MOST_EXTERNAL",
    "MOST_FEEDS",
    "UNUSED_FOR",
    "Event",
    "EventStatus",
    "FeedKind",
    "View",
    "busy_periods",
    "days_of",
    "feed_span",
    "is_over",
    "is_told_of",
    "neighbours",
    "plain",
    "read_span",
    "span_of",
    "status_of",
    "within",
]
