"""What is stored of the check-ins of a month."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

CHECKIN: Mapping[str, Holding] = {
    "check_in": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id",),
        sensitive=("seconds",),
        plain=("month", "until", "told_at", "seen_at", "finished_at"),
        created=frozenset(
            {"organization_id", "month", "until", "told_at", "seen_at", "finished_at"}
        ),
        inferred=frozenset({"seconds"}),
    ),
    "check_in_card": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id", "about"),
        sensitive=("choice",),
        plain=("month", "kind", "at"),
        created=OWN | {"organization_id", "month", "kind", "about"},
    ),
    "check_in_link": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.NOBODY,
        identifier=("id", "organization_id", "person_id", "about"),
        plain=("month", "kind", "expires_at", "used_at"),
        created=OWN | {"organization_id", "month", "kind", "about"},
        kept_for=Why.SERVICE,
    ),
    "check_in_silence": Holding(
        About.PERSON,
        Keep.MEMBERSHIP,
        Seen.PERSON,
        identifier=("organization_id", "person_id"),
        plain=("since",),
        created=OWN | {"organization_id"},
    ),
}
