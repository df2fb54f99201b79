"""Pages of reviews."""

from mutuali.reviews.views import judging, writing
from mutuali.reviews.views.blueprint import bp
from mutuali.reviews.views.panels import booking_reviews, listing_reviews, next_review
from mutuali.reviews.views.shown import waiting_words

__all__ = [
    "booking_reviews",
    "bp",
    "judging",
    "listing_reviews",
    "next_review",
    "waiting_words",
    "writing",
]
