"""What the public feed of vehicles adds to the pages of others."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, may
from mutuali.mobility import service
from mutuali.mobility.views.blueprint import PAGE, vehicle_key
from mutuali.organizations import service as organizations
from mutuali.web.language import language


def vehicles_panel(
    session: Session, actor: Actor, organization: str, now: datetime
) -> Markup | None:
    """The vehicles of an organization that everybody sees; nothing where there is none."""
    id_ = organizations.by_public_id(session, organization).id
    if not may(actor, Permission.CONSENT_READ, over=id_):
        return None
    shown = service.shown_of(session, actor, id_, now=now)
    if not shown:
        return None
    # Rendered by the engine, which escapes what people wrote.
    return Markup(  # noqa: S704
        render_template("mobility/_organization.html", shown=shown, lang=language(), here=PAGE)
    )


def vehicles_line(session: Session, _actor: Actor, _subject: str, now: datetime) -> Markup:
    """How many vehicles everybody sees, and the way to what they are."""
    count = len(service.vehicles(session, key=vehicle_key(), now=now))
    return Markup(  # noqa: S704
        render_template("mobility/_transparency.html", count=count, here=PAGE)
    )
