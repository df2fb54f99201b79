"""Pages to get in, to get out, and to look after one's account."""

from mutuali.accounts.views import factors, steps
from mutuali.accounts.views.pages import bp

__all__ = ["bp", "factors", "steps"]
