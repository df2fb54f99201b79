"""The pages of what the public says, and the way to them at the foot of every page."""

from urllib.parse import urlencode

from flask import Blueprint, current_app, request

from mutuali.voices.views.shown import FUNCTIONS
from mutuali.web.doors import PUBLIC

bp = Blueprint("voices", __name__)
bp.context_processor(lambda: FUNCTIONS)

SAY = "/dites-nous"


@bp.app_template_global()
def say_something() -> str:
    """The way to say something about this page, at its foot."""
    here = _here()
    return f"{SAY}?{urlencode({'page': here})}" if here else SAY


def _here() -> str:
    """The path of this page as it may be kept beside what a stranger says.

    A page that only some may open, or whose address is a secret, is named by its kind: its own
    address would say who was reading it.
    """
    rule = request.url_rule
    if rule is None or request.path.startswith(SAY):
        return ""
    view = current_app.view_functions[rule.endpoint]
    is_open = getattr(view, "door", "") == PUBLIC.value and "token" not in rule.arguments
    return request.path if is_open else rule.rule.partition("<")[0].rstrip("/")
