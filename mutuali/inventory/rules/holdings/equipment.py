"""What is stored of the things that are shared."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

EQUIPMENT: Mapping[str, Holding] = {
    "listing": Holding(
        About.THING,
        Keep.PARTY,
        Seen.EVERYBODY,
        identifier=(
            *("id", "public_id", "lender_id", "site_id", "source", "source_ref"),
            *("title_fr", "title_en", "description_fr", "description_en"),
            *("conditions_fr", "conditions_en", "searched"),
        ),
        quasi=(
            *("kind", "units", "refrigerated", "driver_included", "payload_kg"),
            *(
                "temperature_low",
                "temperature_high",
                "permits",
                "demands",
                "allergens",
                "price_cents",
                "price_per",
                "deposit_cents",
            ),
            *("published_at", "withdrawn_at"),
        ),
        plain=(
            *("turn", "version", "state", "approver", "hold_minutes", "shortest_minutes"),
            *("longest_minutes", "lead_minutes", "turnaround_minutes", "created_at", "is_kit"),
            *("granularity_minutes", "week"),
            *("two_decide", "trusted_at_once", "no_show_hours"),
        ),
        created=OWN | {"lender_id"},
        otherwise={
            Seen.ORGANIZATION: (
                "approver",
                "source",
                "source_ref",
                "two_decide",
                "trusted_at_once",
            ),
            Seen.NOBODY: ("searched",),
        },
    ),
    "closure": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("id", "listing_id", "organization_id", "source"),
        quasi=("starts_at", "ends_at"),
        created=frozenset({"id", "listing_id", "organization_id", "source"}),
    ),
    "quota": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("id", "lender_id", "listing_id"),
        quasi=("per", "counts", "most"),
        created=frozenset({"id", "lender_id", "listing_id"}),
    ),
    "hours_exception": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        Seen.MEMBERS,
        identifier=("id", "listing_id", "organization_id"),
        quasi=("day", "spans"),
        created=frozenset({"id", "listing_id", "organization_id"}),
    ),
    "weekly_hours": Holding(
        About.THING,
        Keep.TEXT,
        Seen.MEMBERS,
        quasi=("weekday", "opens", "closes"),
        plain=("week",),
        created=frozenset({"week"}),
        kept_for=Why.SERVICE,
    ),
    "unit": Holding(
        About.THING,
        Keep.PARTY,
        Seen.PARTIES,
        identifier=("id", "public_id", "listing_id", "code", "note"),
        plain=("condition", "created_at", "retired_at"),
        created=OWN | {"listing_id"},
        otherwise={Seen.ORGANIZATION: ("note",)},
    ),
    "kit_part": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        Seen.EVERYBODY,
        identifier=("kit_id", "part_id"),
        plain=("units",),
        created=frozenset({"kit_id", "part_id"}),
    ),
    "outage": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("id", "public_id", "listing_id", "unit_id", "loan_id", "reason"),
        quasi=("units", "starts_at", "ends_at"),
        plain=("created_at",),
        created=OWN | {"listing_id"},
    ),
    "photo": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        Seen.EVERYBODY,
        identifier=("id", "public_id", "listing_id", "alt_fr", "alt_en", "large", "small"),
        plain=("position", "width", "height"),
        created=OWN | {"listing_id", "width", "height"},
    ),
}
