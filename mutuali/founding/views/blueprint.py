"""The blueprint that all pages of this feature hang from."""

from flask import Blueprint

bp = Blueprint("founding", __name__)
