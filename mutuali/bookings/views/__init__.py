"""Pages of bookings."""

from mutuali.bookings.views import calendar
from mutuali.bookings.views.pages import bp

__all__ = ["bp", "calendar"]
