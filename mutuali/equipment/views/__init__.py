"""Pages of one's own listings."""

from mutuali.equipment.views import limiting, opening, units
from mutuali.equipment.views.listings import bp

__all__ = ["bp", "limiting", "opening", "units"]
