"""The pages of mishaps."""

from flask import Blueprint

bp = Blueprint("mishaps", __name__)
