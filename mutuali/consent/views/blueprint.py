"""Where all pages of consent hang."""

from flask import Blueprint

bp = Blueprint("consent", __name__)
