"""A program of the made-up network that would hear what happens."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.demo.rules.names import DOMAIN
from mutuali.demo.service.people import actor_of
from mutuali.webhooks import service as webhooks
from mutuali.webhooks.rules import About


def keep_a_hook(
    session: Session,
    *,
    seal: Callable[[str], tuple[str, str]],
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """The manager one can sign in as has a hook. It is paused: the demo calls nobody.

    ``seal`` gives the sealed address and secret of the hook with that public id.
    """
    manager = actor_of(session, "gestion")
    organization_id = manager.organization_id or 0
    public_id = new_public_id()
    draft = webhooks.HookDraft(
        f"inventaire.{DOMAIN}", frozenset({About.BOOKING, About.OUTAGE}), *seal(public_id)
    )
    webhooks.add_hook(session, manager, organization_id, draft, public_id=public_id, now=now)
    webhooks.send_test(
        session, manager, organization_id, public_id, message_id=new_public_id(), now=now
    )
    webhooks.pause(session, manager, organization_id, public_id, now=now)
