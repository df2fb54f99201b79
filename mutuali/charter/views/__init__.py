"""Pages of the Charter."""

from mutuali.charter.views import assessed, lists
from mutuali.charter.views.public import bp

__all__ = ["assessed", "bp", "lists"]
