"""Rules of calendars: what a feed shows, for how long; what a file of others means."""

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

__all__ = [
    "CALLED_OFF_SHOWN_FOR",
    "MOST_EVENTS",
    "MOST_FEEDS",
    "UNUSED_FOR",
    "Event",
    "EventStatus",
    "FeedKind",
    "feed_span",
    "is_over",
    "plain",
    "status_of",
]
