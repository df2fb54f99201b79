"""Pages of what the public says."""

from mutuali.voices.views import answering, reading, saying
from mutuali.voices.views.blueprint import bp
from mutuali.voices.views.panels import voices_panel
from mutuali.voices.views.shown import waiting_words

__all__ = ["answering", "bp", "reading", "saying", "voices_panel", "waiting_words"]
