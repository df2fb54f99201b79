"""What the pages and the API of exports share."""

from flask import Blueprint, current_app

bp = Blueprint("exports", __name__)


def hosted_outside() -> bool:
    """Whether this instance, or where it keeps its files, is outside Québec."""
    return bool(current_app.config["SETTINGS"].outside_quebec)
