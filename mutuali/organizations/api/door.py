"""Where the JSON doors of organizations hang, and which organization an address names."""

from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.organizations import service
from mutuali.web.api import ApiBlueprint

bp = ApiBlueprint("organizations_api", "Organismes")


def readable(session: Session, actor: Actor, public_id: str) -> service.OrganizationFacts:
    """The organization, if the actor may read its affairs.

    Raises:
        NotFound: they may not, which reads as if there were none.
    """
    for found in service.readable_organizations(session, actor, public_id=public_id):
        return found
    raise NotFound
