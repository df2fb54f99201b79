"""Pages of those who wait, and of saved searches."""

from mutuali.waiting.views import line, searches
from mutuali.waiting.views.blueprint import bp
from mutuali.waiting.views.panels import (
    at_risk_line,
    listing_line,
    refused_request,
    search_to_keep,
    series_line,
)

__all__ = [
    "at_risk_line",
    "bp",
    "line",
    "listing_line",
    "refused_request",
    "search_to_keep",
    "searches",
    "series_line",
]
