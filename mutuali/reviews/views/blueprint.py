"""The pages of reviews."""

from flask import Blueprint

from mutuali.reviews.views.shown import FUNCTIONS

bp = Blueprint("reviews", __name__)
bp.context_processor(lambda: FUNCTIONS)
