"""Where the pages and files of the public feed of vehicles are registered."""

from flask import Blueprint

from mutuali.web.secrets import derived_key

bp = Blueprint("mobility", __name__)

#: Where people read what the feed is; one vehicle is below it, by its id of the moment.
PAGE = "/vehicules-en-direct"


def vehicle_key() -> bytes:
    """The key under which vehicles have their ids of the moment."""
    return derived_key("vehicles")
