"""Pages of bookings."""

from mutuali.bookings.views import calendar, cart, trusted, units
from mutuali.bookings.views.pages import bp

__all__ = ["bp", "calendar", "cart", "trusted", "units"]
