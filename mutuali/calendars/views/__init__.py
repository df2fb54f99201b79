"""Pages of calendars."""

from mutuali.calendars.views import agenda, external, feeds, panels
from mutuali.calendars.views.blueprint import bp
from mutuali.calendars.views.panels import agenda_panel

__all__ = ["agenda", "agenda_panel", "bp", "external", "feeds", "panels"]
