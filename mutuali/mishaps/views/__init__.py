"""Pages of mishaps."""

from mutuali.mishaps.views import pages
from mutuali.mishaps.views.blueprint import bp
from mutuali.mishaps.views.panels import mishaps_panel, open_words

__all__ = ["bp", "mishaps_panel", "open_words", "pages"]
