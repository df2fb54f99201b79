"""Pages of messages."""

from mutuali.messages.views import reports, threads
from mutuali.messages.views.blueprint import bp
from mutuali.messages.views.panels import booking_messages, listing_messages
from mutuali.messages.views.shown import reported_words, unread_words

__all__ = [
    "booking_messages",
    "bp",
    "listing_messages",
    "reported_words",
    "reports",
    "threads",
    "unread_words",
]
