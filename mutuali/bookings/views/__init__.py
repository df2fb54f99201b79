"""Pages of bookings."""

from mutuali.bookings.views import calendar, dock
from mutuali.bookings.views.pages import bp

__all__ = ["bp", "calendar", "dock"]
