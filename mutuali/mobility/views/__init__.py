"""The doors of the public feed of vehicles."""

from mutuali.mobility.views import answering, feed
from mutuali.mobility.views.blueprint import bp
from mutuali.mobility.views.panels import vehicles_line, vehicles_panel

__all__ = ["answering", "bp", "feed", "vehicles_line", "vehicles_panel"]
