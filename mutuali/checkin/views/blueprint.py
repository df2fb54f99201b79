"""Where the pages of check-ins hang, and where they find their cards."""

from flask import Blueprint, current_app

from mutuali.checkin.service import CARDS_KEY, Providers
from mutuali.checkin.views.shown import FUNCTIONS

bp = Blueprint("checkin", __name__)
bp.context_processor(lambda: FUNCTIONS)


def providers() -> Providers:
    """The providers of cards, of all features, in their order."""
    known: Providers = current_app.extensions[CARDS_KEY]
    return known
