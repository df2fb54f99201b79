"""JSON doors of one's own listings."""

from mutuali.equipment.api import opening, units
from mutuali.equipment.api.listings import bp

__all__ = ["bp", "opening", "units"]
