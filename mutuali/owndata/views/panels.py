"""What one's own data adds to the pages of organizations and of listings."""

from datetime import datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations
from mutuali.owndata import service


def own_data_panel(
    session: Session, actor: Actor, organization: str, now: datetime
) -> Markup | None:
    """A way to the inventory, and to a person who helps."""
    id_ = organizations.by_public_id(session, organization).id
    if not may(actor, Permission.ORGANIZATION_READ, over=id_):
        return None
    manages = may(actor, Permission.ORGANIZATION_EDIT, over=id_)
    return _rendered("owndata/_organization.html", manages=manages)


def lender_policy_line(
    session: Session, actor: Actor, listing: str, now: datetime
) -> Markup | None:
    """A way to what the lender says it does with what it learns of people, once it says so."""
    lender_id = equipment.lender_id_of(session, listing)
    public_id = service.published_by(session, lender_id) if lender_id is not None else None
    if public_id is None:
        return None
    return _rendered("owndata/_listing.html", address=f"/organismes/{public_id}/confidentialite")


def _rendered(template: str, **context: object) -> Markup:
    # By the engine, which escapes what people wrote.
    return Markup(render_template(template, **context))  # noqa: S704
