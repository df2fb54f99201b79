"""Use cases of calendars: feeds out."""

from mutuali.calendars.service.ending import (
    forget_feeds,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.calendars.service.feeds import (
    FeedDraft,
    FeedFacts,
    OpenFeed,
    feeds_of,
    make_feed,
    make_own_feed,
    note_use,
    open_feed,
    own_feeds,
    revoke_feed,
    revoke_own_feed,
)
from mutuali.calendars.service.written import digest, written

__all__ = [
    "FeedDraft",
    "FeedFacts",
    "OpenFeed",
    "digest",
    "feeds_of",
    "forget_feeds",
    "forget_person",
    "held_about_organization",
    "held_about_person",
    "make_feed",
    "make_own_feed",
    "note_use",
    "open_feed",
    "own_feeds",
    "revoke_feed",
    "revoke_own_feed",
    "written",
]
