"""Who acts in the made-up network."""

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.permissions import Actor
from mutuali.demo.rules.names import DOMAIN
from mutuali.organizations import service as organizations


def actor_of(session: Session, account: str) -> Actor:
    """The person of an account (``gestion``, ``membre``) for its first organization."""
    found = accounts.find_person(session, f"{account}@{DOMAIN}")
    assert found is not None  # noqa: S101 - the network was filled just before
    held = organizations.memberships(session, found.id)
    return Actor(found.id, memberships=held, organization_id=min(held))


def member_of(session: Session, organization_id: int) -> Actor:
    """The first person of an organization."""
    person_id = min(organizations.member_ids(session, organization_id))
    held = organizations.memberships(session, person_id)
    return Actor(person_id, memberships=held, organization_id=organization_id)
