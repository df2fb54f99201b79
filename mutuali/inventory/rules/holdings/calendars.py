"""What is stored of agendas."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

CALENDARS: Mapping[str, Holding] = {
    "calendar_feed": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.ORGANIZATION,
        identifier=("id", "token_hash", "person_id", "organization_id", "listing_id", "name"),
        sensitive=("used_at",),
        plain=("kind", "language", "created_at", "revoked_at", "content_hash", "changed_at"),
        created=OWN
        | {"organization_id", "listing_id", "kind", "used_at", "content_hash", "changed_at"},
        kept_for=Why.SERVICE,
        otherwise={Seen.NOBODY: ("content_hash",)},
    ),
    "external_calendar": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("id", "public_id", "organization_id", "listing_id", "name", "host"),
        sensitive=("sealed_address",),
        plain=("created_at", "read_at", "busy", "problem", "told_at"),
        created=OWN | {"organization_id", "listing_id", "read_at", "busy", "problem", "told_at"},
        otherwise={Seen.NOBODY: ("sealed_address",)},
    ),
}
