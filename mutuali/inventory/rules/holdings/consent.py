"""What is stored of what was asked, and of what was answered."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

CONSENT: Mapping[str, Holding] = {
    "notice": Holding(
        About.ORGANIZATION,
        Keep.TEXT,
        Seen.EVERYBODY,
        identifier=("id", "public_id", "recipient_id", "published_by"),
        plain=(
            *("subject", "purpose", "version", "text_fr", "text_en", "hash", "lasts_months"),
            "published_at",
        ),
        created=OWN | {"subject", "recipient_id", "lasts_months"},
        otherwise={Seen.STEWARDS: ("published_by",)},
    ),
    "call_request": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.COORDINATION,
        identifier=("id", "public_id", "notice_id", "person_id", "phone", "closed_by"),
        plain=("created_at", "closed_at"),
        created=OWN | {"notice_id", "closed_at", "closed_by"},
        kept_for=Why.SERVICE,
    ),
    "consent_event": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.ORGANIZATION,
        identifier=("id", "organization_id", "person_id", "notice_id", "said_by"),
        sensitive=("event", "at", "until"),
        plain=("capacity",),
        created=OWN | {"organization_id", "notice_id", "said_by", "until"},
    ),
}
