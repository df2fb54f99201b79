"""Pages of agreements: the list, the twelve questions, the text and what is done with it."""

from mutuali.agreements.views import questions
from mutuali.agreements.views.pages import bp

__all__ = ["bp", "questions"]
