"""What is stored of who waits for units, and of searches that people keep."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

WAITING: Mapping[str, Holding] = {
    "waiting_entry": Holding(
        About.ORGANIZATION,
        Keep.MOMENT,
        Seen.ORGANIZATION,
        identifier=("id", "public_id", "listing_id", "borrower_id"),
        quasi=("units", "starts_at", "ends_at", "purpose", "meals"),
        plain=("state", "joined_at", "asked_until", "looked_at"),
        created=OWN
        | {"listing_id", "borrower_id", "state", "joined_at", "asked_until", "looked_at"},
    ),
    "saved_search": Holding(
        About.PERSON,
        Keep.MOMENT,
        Seen.PERSON,
        identifier=("id", "public_id", "person_id", "name"),
        quasi=(
            *("starts_at", "ends_at", "units", "kinds", "place", "radius_km", "refrigerated"),
            *("driver_included", "free_of_charge", "payload_kg", "permits", "words"),
        ),
        plain=(
            *("pace", "by_mail", "created_at", "kept_until", "look_at", "looked_at"),
            *("seen", "fresh"),
        ),
        created=OWN
        | {"person_id", "created_at", "kept_until", "look_at", "looked_at", "seen", "fresh"},
        otherwise={Seen.NOBODY: ("seen", "fresh")},
    ),
}
