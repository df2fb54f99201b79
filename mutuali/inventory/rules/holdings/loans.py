"""What is stored of a loan beyond its booking: in what state the thing changed hands."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

LOANS: Mapping[str, Holding] = {
    "condition_report": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=(
            *("id", "public_id", "booking_id", "note", "items", "signed_by", "person_id"),
            *("agreed_name", "agreed_by"),
        ),
        quasi=("noted_at", "agreed_at", "odometer_km"),
        sensitive=("temperature", "cleaned"),
        plain=("direction", "side", "temperature_low", "temperature_high", "by_driver"),
        created=OWN
        | {"booking_id", "temperature_low", "temperature_high", "agreed_by", "by_driver"},
        kept_for=Why.PROOF,
    ),
    "condition_photo": Holding(
        About.THING,
        Keep.CLAIM,
        Seen.PARTIES,
        identifier=("id", "public_id", "report_id", "large", "small"),
        plain=("added_at", "width", "height"),
        created=OWN | {"report_id", "width", "height"},
    ),
    "day_contact": Holding(
        About.PERSON,
        Keep.WEEK,
        Seen.PARTIES,
        identifier=("id", "booking_id", "phone", "keys", "set_by"),
        plain=("side", "set_at"),
        created=OWN | {"booking_id", "set_by", "set_at"},
    ),
    "driver_link": Holding(
        About.ORGANIZATION,
        Keep.WEEK,
        Seen.PARTIES,
        identifier=("id", "public_id", "booking_id", "made_by"),
        sensitive=("token_hash",),
        plain=("made_at", "revoked_at"),
        created=OWN | {"booking_id", "made_by", "made_at"},
    ),
    "loan_agreement": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "booking_id", "text_fr", "text_en"),
        plain=("version", "text_sha256", "english_sha256", "written_at"),
        created=OWN
        | {"booking_id", "text_fr", "text_en", "text_sha256", "written_at"}
        | {"english_sha256"},
        kept_for=Why.PROOF,
    ),
    "loan_signature": Holding(
        About.PERSON,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "agreement_id", "signed_by", "person_id"),
        quasi=("signed_at",),
        plain=("side",),
        created=OWN | {"agreement_id"},
        kept_for=Why.PROOF,
    ),
    "loan_english": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "booking_id", "person_id"),
        quasi=("chosen_at",),
        plain=("side", "after_sha256"),
        created=OWN | {"booking_id", "after_sha256"},
        kept_for=Why.PROOF,
    ),
    "loan_payment": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "public_id", "booking_id", "note", "noted_by"),
        quasi=("cents", "paid_on"),
        plain=("kind", "means", "noted_at", "struck_at"),
        created=OWN | {"booking_id", "noted_by", "noted_at", "struck_at"},
        kept_for=Why.PROOF,
    ),
    "condition_dispute": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=("id", "booking_id", "difference", "person_id", "settlement", "settlement_by"),
        quasi=("disputed_at", "settled_at"),
        plain=("direction", "side", "settlement_side", "settled_as"),
        created=OWN | {"booking_id", "settlement_by", "settled_as"},
        kept_for=Why.PROOF,
    ),
}
