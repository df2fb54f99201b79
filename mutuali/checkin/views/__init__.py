"""Pages of check-ins."""

from mutuali.checkin.views import letters, walk
from mutuali.checkin.views.blueprint import bp

__all__ = ["bp", "letters", "walk"]
