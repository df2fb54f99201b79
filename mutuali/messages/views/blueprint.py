"""The pages of messages."""

from flask import Blueprint

from mutuali.messages.views.shown import FUNCTIONS

bp = Blueprint("messages", __name__)
bp.context_processor(lambda: FUNCTIONS)
