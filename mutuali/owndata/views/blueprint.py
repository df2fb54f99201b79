"""The pages of an organization's own data."""

from flask import Blueprint

bp = Blueprint("owndata", __name__)
