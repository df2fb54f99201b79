"""JSON doors of loans."""

from mutuali.loans.api import conditions, day, papers
from mutuali.loans.api.door import bp

__all__ = ["bp", "conditions", "day", "papers"]
