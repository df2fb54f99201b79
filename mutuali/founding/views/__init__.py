"""Pages of starting a network, of lessons learned and of governance kits."""

from mutuali.founding.views import kit, lessons, organizations, public, steps
from mutuali.founding.views.blueprint import bp
from mutuali.founding.views.panels import kit_panel, start_panel

__all__ = ["bp", "kit", "kit_panel", "lessons", "organizations", "public", "start_panel", "steps"]
