"""JSON doors of one's own listings."""

from mutuali.equipment.api import limiting, opening, units
from mutuali.equipment.api.listings import bp

__all__ = ["bp", "limiting", "opening", "units"]
