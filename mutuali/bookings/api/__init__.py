"""JSON doors of bookings."""

from mutuali.bookings.api import at_risk, baskets, deciding, proposing, series_deciding
from mutuali.bookings.api.bookings import bp as bookings_api
from mutuali.bookings.api.search import bp as search_api
from mutuali.bookings.api.series import bp as series_api

__all__ = [
    "at_risk",
    "baskets",
    "bookings_api",
    "deciding",
    "proposing",
    "search_api",
    "series_api",
    "series_deciding",
]
