"""What is stored of addresses of programs and of what was sent to them."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

WEBHOOKS: Mapping[str, Holding] = {
    "webhook": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("id", "public_id", "organization_id", "host", "person_id"),
        sensitive=("sealed_address", "sealed_secret", "former_secret"),
        plain=("former_until", "events", "created_at", "paused_at", "paused_because"),
        created=OWN
        | {"organization_id", "sealed_secret", "former_secret", "former_until"}
        | {"paused_at", "paused_because"},
        otherwise={Seen.NOBODY: ("sealed_address", "sealed_secret", "former_secret")},
    ),
    "webhook_delivery": Holding(
        About.ORGANIZATION,
        Keep.DAYS,
        Seen.ORGANIZATION,
        identifier=("id", "public_id", "webhook_id", "body"),
        quasi=("created_at",),
        plain=("event", "state", "attempts", "due_at", "tried_at", "status", "problem"),
        created=OWN
        | {"webhook_id", "body", "event", "attempts", "due_at", "tried_at", "status", "problem"},
        kept_for=Why.SERVICE,
    ),
}
