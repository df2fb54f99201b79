"""The pages of trips."""

from flask import Blueprint

from mutuali.trips.views.shown import FUNCTIONS

bp = Blueprint("trips", __name__)
bp.context_processor(lambda: FUNCTIONS)
