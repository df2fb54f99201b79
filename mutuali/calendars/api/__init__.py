"""API doors of calendars."""

from mutuali.calendars.api import external, feeds
from mutuali.calendars.api.door import bp

__all__ = ["bp", "external", "feeds"]
