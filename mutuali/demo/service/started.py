"""The made-up network has long been started, and hands on what it learned."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.consent.rules import Purpose
from mutuali.core.permissions import Actor, Role
from mutuali.demo.rules.names import DOMAIN
from mutuali.demo.rules.said import LESSONS, NETWORK
from mutuali.founding import service as founding
from mutuali.network import service as network


def start(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """Name the network, say where it serves and what it asks for; publish a kit with two
    lessons."""
    found = accounts.find_person(session, f"administration@{DOMAIN}")
    assert found is not None  # noqa: S101 - the network was filled just before
    actor = Actor(found.id, roles=frozenset({Role.ADMINISTRATOR}), second_factor=True)
    begun = now - timedelta(days=400)
    network.name_network(session, actor, NETWORK, now=begun)
    network.serve(session, actor, (), english=True, now=begun)
    network.ask_for(session, actor, tuple(each.value for each in Purpose), now=begun)
    for days, draft in LESSONS:
        written = now - timedelta(days=days)
        founding.write_lesson(session, actor, draft, public_id=new_public_id(), now=written)
    network.publish_kit(session, actor, public=True, now=now - timedelta(days=20))
