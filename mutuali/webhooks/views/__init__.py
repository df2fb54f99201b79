"""Pages of webhooks."""

from mutuali.webhooks.views.pages import bp

__all__ = ["bp"]
