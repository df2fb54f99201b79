"""Pages of organizations."""

from mutuali.organizations.views import answering, documents, participating
from mutuali.organizations.views.pages import bp

__all__ = ["answering", "bp", "documents", "participating"]
