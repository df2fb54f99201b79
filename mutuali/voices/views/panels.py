"""What the public says, on the page of what the network answers for."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.voices import service
from mutuali.voices.views.shown import FUNCTIONS
from mutuali.web.language import language

_LATEST = 3


def voices_panel(session: Session, _actor: Actor, _subject: str, now: datetime) -> Markup:
    """The numbers, the latest answers, and the way to say something."""
    # Rendered by the engine, which escapes what people wrote.
    return Markup(  # noqa: S704
        render_template(
            "voices/_transparency.html",
            **FUNCTIONS,
            tally=service.tally(session, now=now),
            latest=service.latest(session, _LATEST),
            lang=language(),
        )
    )
