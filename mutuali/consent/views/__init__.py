"""Pages of consent."""

from mutuali.consent.views import answering, calls, notices, receipts
from mutuali.consent.views.blueprint import bp

__all__ = ["answering", "bp", "calls", "notices", "receipts"]
