"""What is stored of loans, and of what nobody could lend."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

BOOKINGS: Mapping[str, Holding] = {
    "booking": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=(
            *("id", "public_id", "listing_id", "lender_id", "borrower_id", "requested_by"),
            *("source", "source_ref", "purpose", "note", "whole_id", "basket"),
            *("series_id", "instead_of_id"),
        ),
        quasi=(
            *("units", "units_returned", "starts_at", "ends_at", "created_at", "meals"),
            *("price_cents", "deposit_cents", "series_date"),
        ),
        sensitive=("state", "handed_over_at", "returned_at", "decided_at", "disputed_at"),
        plain=(
            *("occupied_until", "turnaround_minutes", "decide_by", "version", "is_history"),
            *("whole_as", "agreement_sha256", "no_show_hours"),
        ),
        created=OWN
        | {"agreement_sha256", "deposit_cents", "no_show_hours", "instead_of_id"}
        | {"whole_id", "whole_as", "units_returned", "basket", "series_id", "series_date"}
        | {"disputed_at", "whole_id", "whole_as", "units_returned", "basket"}
        | {"occupied_until", "turnaround_minutes", "decide_by", "handed_over_at", "returned_at"},
        otherwise={Seen.NOBODY: ("source_ref",)},
    ),
    "booking_series": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=(
            *("id", "public_id", "listing_id", "lender_id", "borrower_id", "requested_by"),
            *("purpose", "note"),
        ),
        quasi=("units", "rule", "starts", "ends", "created_at"),
        created=OWN,
    ),
    "demand_key": Holding(
        About.ORGANIZATION,
        Keep.QUARTER,
        Seen.NOBODY,
        identifier=("key",),
        plain=("quarter",),
        created=frozenset({"key", "quarter"}),
    ),
    "unmet_search": Holding(
        About.ORGANIZATION,
        Keep.QUARTER,
        Seen.NOBODY,
        identifier=("mark", "token"),
        quasi=("quarter", "family", "zone"),
        created=frozenset({"mark", "token", "quarter", "zone"}),
    ),
    "unmet_demand": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.SIGNERS,
        identifier=("id", "token"),
        quasi=("quarter", "family", "zone", "searches"),
        created=OWN | {"token", "quarter", "zone", "searches"},
        kept_for=Why.DEMAND,
        otherwise={Seen.NOBODY: ("token",)},
    ),
    "unmet_demand_notice": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.NOBODY,
        identifier=("demand_id",),
        plain=("notice_id",),
        created=frozenset({"demand_id", "notice_id"}),
        kept_for=Why.DEMAND,
    ),
    "cart_line": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.PERSON,
        identifier=("id", "person_id", "listing_id"),
        quasi=("units", "starts_at", "ends_at"),
        plain=("added_at",),
        created=frozenset({"id", "person_id", "listing_id", "added_at"}),
        kept_for=Why.SERVICE,
    ),
    "booking_unit": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "booking_id", "unit_id"),
        quasi=("out_at", "back_at"),
        created=frozenset({"id", "booking_id", "unit_id", "out_at", "back_at"}),
    ),
    "booking_step": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "booking_id", "person_id", "note", "cause_id", "for_id"),
        quasi=("at",),
        sensitive=("step", "state", "reason", "temperature"),
        created=OWN | {"booking_id", "step", "state", "reason", "cause_id", "for_id"},
    ),
    "proposal": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=(
            *("id", "public_id", "booking_id", "from_listing_id", "listing_id", "word"),
            *("made_by", "first_yes_by", "answered_by"),
        ),
        quasi=("units", "starts_at", "ends_at", "price_cents", "made_at"),
        sensitive=("kind", "state"),
        plain=("answer_by", "ended_at"),
        created=OWN
        | {"booking_id", "from_listing_id", "price_cents", "answer_by", "ended_at", "state"},
    ),
    "booking_approval": Holding(
        About.PERSON,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "booking_id", "person_id"),
        quasi=("at",),
        created=OWN | {"booking_id"},
    ),
}
