"""Pages of consent."""

from mutuali.consent.views.pages import bp

__all__ = ["bp"]
