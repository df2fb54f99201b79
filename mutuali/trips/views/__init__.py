"""Pages of trips."""

from mutuali.trips.views import looking, offering
from mutuali.trips.views.blueprint import bp
from mutuali.trips.views.panels import trip_panel
from mutuali.trips.views.shown import places_words

__all__ = ["bp", "looking", "offering", "places_words", "trip_panel"]
