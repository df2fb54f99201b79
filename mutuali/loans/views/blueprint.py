"""The pages of loans."""

from flask import Blueprint

from mutuali.loans.views.shown import FUNCTIONS

bp = Blueprint("loans", __name__)
bp.context_processor(lambda: FUNCTIONS)
