"""What is stored of agreements on data, and of who signed and works under them."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

AGREEMENTS: Mapping[str, Holding] = {
    "agreement": Holding(
        About.ORGANIZATION,
        Keep.AGREEMENT,
        Seen.SIGNERS,
        identifier=("id", "public_id", "operator_id", "partner_id", "amends_id"),
        plain=(
            *("number", "edition", "benefit", "outputs", "attribution", "assessment_ref"),
            *("ethics_ref", "kept_at", "measures", "breach_hours", "destroy_days", "review_days"),
            *("review_months", "cure_days", "liability_cap", "insurance", "answered"),
            *("reminded_days", "review_told_on"),
            *("state", "purposes", "datasets", "restrictions", "warranties", "liability"),
            *("intended_use", "starts_at", "ends_at", "text_fr", "text_en", "hash"),
            *("instrument", "outside_quebec", "cai_sent_on", "k", "share_percent", "base"),
            *("on_withdrawal", "days_to_act", "download_days", "keep_days", "downloads_each"),
            "years",
            *("created_at", "proposed_at", "in_force_at", "ended_at", "ended_side", "version"),
        ),
        created=OWN
        | {"text_fr", "text_en", "ended_side", "number", "edition", "amends_id", "answered"}
        | {"reminded_days", "review_told_on"},
    ),
    "agreement_acceptance": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.SIGNERS,
        identifier=("agreement_id", "person_id", "name"),
        plain=("side", "hash", "at", "capacity", "method", "revoked_at"),
        created=OWN | {"agreement_id", "side", "method"},
    ),
    "agreement_analyst": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.SIGNERS,
        identifier=("agreement_id", "person_id"),
        plain=("why", "starts_on", "ends_on"),
        created=OWN | {"agreement_id"},
    ),
    "agreement_party": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.SIGNERS,
        identifier=("agreement_id", "legal_name", "contact", "in_charge"),
        plain=("side", "regime", "place"),
        created=OWN | {"agreement_id", "side"},
    ),
    "agreement_undertaking": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.SIGNERS,
        identifier=("agreement_id", "person_id"),
        plain=("hash", "at"),
        created=OWN | {"agreement_id"},
    ),
    "agreement_suspension": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.SIGNERS,
        identifier=("id", "agreement_id", "person_id", "lifted_by"),
        sensitive=("reason",),
        plain=("cause", "side", "at", "lifted_at"),
        created=OWN | {"agreement_id", "cause", "side", "lifted_at", "lifted_by"},
    ),
}
