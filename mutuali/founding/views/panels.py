"""What is still to be set up, on the page of what waits; the kit, on the page for everybody."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, may
from mutuali.founding import service
from mutuali.founding.rules import STEPS
from mutuali.founding.views.steps import NEEDS
from mutuali.web.language import language
from mutuali.web.network import network


def start_panel(session: Session, actor: Actor, _subject: str, now: datetime) -> Markup | None:
    """Each line true or false by facts; nothing once all are true, or it was put away."""
    if not may(actor, Permission.NETWORK_SHARE):
        return None
    found = service.checklist(session, now=now)
    if found.is_over:
        return None
    return Markup(  # noqa: S704 - rendered by the engine, which escapes
        render_template(
            "founding/_start.html",
            checklist=found,
            steps=[(step, found.done[step], may(actor, NEEDS[step])) for step in STEPS],
            lang=language(),
        )
    )


def kit_panel(_session: Session, _actor: Actor, _subject: str, _now: datetime) -> Markup | None:
    """The way to the kit, where the network let everybody take it."""
    if network().kit_published_at is None:
        return None
    return Markup(render_template("founding/_kit.html"))  # noqa: S704 - rendered by the engine
