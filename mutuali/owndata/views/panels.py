"""What one's own data adds to the page of an organization."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations


def own_data_panel(
    session: Session, actor: Actor, organization: str, now: datetime
) -> Markup | None:
    """A way to the inventory, and to a person who helps."""
    id_ = organizations.by_public_id(session, organization).id
    if not may(actor, Permission.ORGANIZATION_READ, over=id_):
        return None
    # Rendered by the engine, which escapes what people wrote.
    return Markup(  # noqa: S704
        render_template(
            "owndata/_organization.html",
            manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        )
    )
