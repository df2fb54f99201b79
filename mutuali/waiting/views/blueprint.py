"""Where the pages of waiting hang."""

from flask import Blueprint

bp = Blueprint("waiting", __name__)
