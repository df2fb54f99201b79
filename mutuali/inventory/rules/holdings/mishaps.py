"""What is stored of what went wrong around loans."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

MISHAPS: Mapping[str, Holding] = {
    "mishap": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=(
            *("id", "public_id", "listing_id", "booking_id", "lender_id", "borrower_id"),
            *("words", "reported_for", "reported_by", "closed_by", "closed_word"),
        ),
        quasi=("happened_at", "reported_at"),
        sensitive=("kind", "severity", "closed_at"),
        created=OWN
        | {"listing_id", "booking_id", "lender_id", "borrower_id", "reported_for"}
        | {"reported_by", "reported_at", "closed_at", "closed_by"},
    ),
    "mishap_entry": Holding(
        About.PERSON,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "mishap_id", "said_for", "person_id", "words"),
        quasi=("said_at",),
        created=OWN | {"mishap_id", "said_for", "said_at"},
    ),
    "mishap_photo": Holding(
        About.THING,
        Keep.CLAIM,
        Seen.PARTIES,
        identifier=("id", "public_id", "mishap_id"),
        sensitive=("large", "small"),
        plain=("added_at", "width", "height"),
        created=OWN | {"mishap_id", "added_at", "width", "height"},
    ),
}
