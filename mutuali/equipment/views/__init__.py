"""Pages of one's own listings."""

from mutuali.equipment.views import opening
from mutuali.equipment.views.listings import bp

__all__ = ["bp", "opening"]
