"""Pages of bookings."""

from mutuali.bookings.views import (
    at_risk,
    calendar,
    cart,
    deciding,
    no_shows,
    proposing,
    series,
    series_change,
    series_deciding,
    trusted,
    units,
)
from mutuali.bookings.views.at_risk import at_risk_words
from mutuali.bookings.views.pages import bp
from mutuali.bookings.views.series import series_panel

__all__ = [
    "at_risk",
    "at_risk_words",
    "bp",
    "calendar",
    "cart",
    "deciding",
    "no_shows",
    "proposing",
    "series",
    "series_change",
    "series_deciding",
    "series_panel",
    "trusted",
    "units",
]
