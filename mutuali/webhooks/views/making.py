"""What pages and programs do alike: read the address of a hook, make one, change its secret."""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from mutuali.core.errors import Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.web import outside
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id, new_webhook_key, sealed
from mutuali.webhooks import service
from mutuali.webhooks.rules import About, address_seal, new_secret, secret_seal


@dataclass(frozen=True, slots=True)
class AskedHook:
    """A hook to be made; the address may be asked."""

    address: str
    events: frozenset[About]


def asked_hook(form: dict[str, Any]) -> AskedHook:
    """A hook as ``HookSchema`` reads it, its address looked at.

    Raises:
        Refused: the address is none that is called, or leads inside.
    """
    address = outside.checked(form["address"])
    host = urlsplit(address).hostname or ""
    if _is_number(host) and not outside.is_outside(host):
        raise Refused(Reason("outside.internal", {"host": host}, outside.FIELD))
    return AskedHook(address, frozenset(form["events"]))


def _is_number(host: str) -> bool:
    """Whether a host is an IP address itself, of which one can tell at once where it leads."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def make_hook(
    session: Session, actor: Actor, organization_id: int, asked: AskedHook
) -> tuple[str, str]:
    """Make a hook; its public id, and its secret, which nobody reads again."""
    public_id, secret = new_public_id(), new_secret(new_webhook_key())
    draft = service.HookDraft(
        urlsplit(asked.address).hostname or "",
        asked.events,
        sealed(asked.address, address_seal(public_id)),
        sealed(secret, secret_seal(public_id)),
    )
    service.add_hook(session, actor, organization_id, draft, public_id=public_id, now=utc_now())
    return public_id, secret


def make_secret(session: Session, actor: Actor, organization_id: int, public_id: str) -> str:
    """Sign with a new secret, which nobody reads again."""
    secret = new_secret(new_webhook_key())
    kept = sealed(secret, secret_seal(public_id))
    service.change_secret(session, actor, organization_id, public_id, kept, now=utc_now())
    return secret
