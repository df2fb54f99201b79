"""Every stored table, one entry per column. A column that is missing here fails a test."""

from collections.abc import Mapping

from mutuali.inventory.rules.words import About, Entry, Holding, Keep, NotInventoried, Why

#: What the software itself writes, wherever it occurs.
_OWN = frozenset(
    {
        *("id", "public_id", "version", "created_at", "state", "turn", "source", "source_ref"),
        *("hash", "token_hash", "file_key", "file_sha256", "file_bytes", "is_demo", "is_history"),
        *("expires_at", "used_at", "revoked_at", "ended_at", "decided_at", "proposed_at"),
        *("in_force_at", "published_at", "withdrawn_at", "accepted_at", "since", "position"),
        *("requested_by", "published_by", "decided_by", "person_id", "at", "occurred_at"),
    }
)

PEOPLE: Mapping[str, Holding] = {
    "person": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        identifier=("id", "public_id", "email", "name"),
        quasi=("language",),
        sensitive=("password_hash",),
        plain=("confirmed_at", "notice_version", "is_demo", "created_at"),
        created=_OWN | {"confirmed_at", "notice_version", "password_hash"},
    ),
    "login": Holding(
        About.PERSON,
        Keep.DAYS,
        identifier=("token_hash", "person_id", "organization_id"),
        sensitive=("created_at", "expires_at", "revoked_at", "second_factor_at", "challenge"),
        plain=("challenge_until",),
        created=_OWN | {"organization_id", "second_factor_at", "challenge", "challenge_until"},
    ),
    "second_factor": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        identifier=("id", "person_id", "credential_id", "public_key"),
        sensitive=("sealed_secret", "counter", "used_at"),
        plain=("kind", "name", "created_at"),
        created=_OWN | {"sealed_secret", "counter", "kind"},
    ),
    "recovery_code": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        identifier=("code_hash", "person_id"),
        sensitive=("used_at",),
        plain=("created_at",),
        created=_OWN | {"code_hash"},
    ),
    "factor_lockout": Holding(
        About.PERSON,
        Keep.DAYS,
        identifier=("person_id",),
        sensitive=("failures", "last_failure_at"),
        created=_OWN | {"failures", "last_failure_at"},
    ),
    "api_token": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        identifier=("id", "token_hash", "person_id", "organization_id"),
        plain=("name", "scopes", "created_at", "expires_at", "revoked_at", "second_factor_at"),
        created=_OWN | {"organization_id", "second_factor_at"},
    ),
    "one_time_link": Holding(
        About.PERSON,
        Keep.DAYS,
        identifier=("id", "person_id"),
        plain=("purpose", "expires_at", "used_at"),
        created=_OWN | {"purpose"},
    ),
    "lockout": Holding(
        About.PERSON,
        Keep.DAYS,
        identifier=("email_hash",),
        sensitive=("failures", "last_failure_at"),
        created=frozenset({"email_hash", "failures", "last_failure_at"}),
    ),
    "network_role": Holding(
        About.PERSON, Keep.ACCOUNT, identifier=("person_id",), quasi=("role",), created=_OWN
    ),
    "membership": Holding(
        About.PERSON,
        Keep.MEMBERSHIP,
        identifier=("organization_id", "person_id"),
        quasi=("role", "since"),
        created=_OWN | {"organization_id"},
    ),
    "delegation": Holding(
        About.PERSON,
        Keep.MEMBERSHIP,
        identifier=("id", "organization_id", "person_id"),
        plain=("starts_at", "ends_at", "revoked_at"),
        created=_OWN | {"organization_id"},
    ),
    "invitation": Holding(
        About.PERSON,
        Keep.DAYS,
        identifier=("id", "organization_id", "email"),
        quasi=("role",),
        plain=("expires_at", "accepted_at"),
        created=_OWN | {"organization_id"},
    ),
    "organization": Holding(
        About.ORGANIZATION,
        Keep.PARTY,
        identifier=(
            *("id", "public_id", "name", "enterprise_number", "phone", "parent_id"),
            *("source", "source_ref"),
        ),
        quasi=("kind", "sector", "languages"),
        sensitive=("is_sole_operator",),
        plain=("state", "created_at", "decided_at", "version"),
        created=_OWN,
    ),
    "office_holder": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "name", "contact"),
        quasi=("office", "title", "is_external"),
        plain=("delegated_on", "delegation", "competence", "since", "ended_at"),
        created=_OWN,
    ),
    "participation": Holding(
        About.ORGANIZATION,
        Keep.AGREEMENT,
        identifier=("id", "public_id", "organization_id", "person_id", "text_fr", "text_en"),
        quasi=("capacity", "resolution", "resolved_on"),
        plain=("text_version", "hash", "accepted_at", "notice_at", "ends_at"),
        created=_OWN | {"organization_id", "text_fr", "text_en", "text_version", "ends_at"},
    ),
    "signatory": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "organization_id", "person_id"),
        quasi=("capacity", "resolution", "resolved_on"),
        plain=("since", "ended_at"),
        created=_OWN | {"organization_id"},
    ),
    "site": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        identifier=(
            *("id", "public_id", "organization_id", "name", "address", "latitude", "longitude"),
            "access_notes",
        ),
        quasi=("postal_code", "borough"),
        created=_OWN | {"organization_id"},
        inferred=frozenset({"borough", "latitude", "longitude"}),
    ),
}

SHARING: Mapping[str, Holding] = {
    "listing": Holding(
        About.THING,
        Keep.PARTY,
        identifier=(
            *("id", "public_id", "lender_id", "site_id", "source", "source_ref"),
            *("title_fr", "title_en", "description_fr", "description_en"),
            *("conditions_fr", "conditions_en"),
        ),
        quasi=(
            *("kind", "units", "refrigerated", "driver_included", "payload_kg"),
            *("temperature_low", "temperature_high", "permits", "price_cents", "price_per"),
            *("published_at", "withdrawn_at"),
        ),
        plain=(
            *("turn", "version", "state", "approver", "hold_minutes", "shortest_minutes"),
            *("longest_minutes", "lead_minutes", "turnaround_minutes", "created_at"),
        ),
        created=_OWN | {"lender_id"},
    ),
    "closure": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        identifier=("id", "listing_id"),
        quasi=("starts_at", "ends_at"),
        created=frozenset({"id", "listing_id"}),
    ),
    "weekly_hours": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        identifier=("id", "listing_id"),
        quasi=("weekday", "opens", "closes"),
        created=frozenset({"id", "listing_id"}),
    ),
    "photo": Holding(
        About.THING,
        Keep.MEMBERSHIP,
        identifier=("id", "public_id", "listing_id", "alt_fr", "alt_en", "large", "small"),
        plain=("position", "width", "height"),
        created=_OWN | {"listing_id", "width", "height"},
    ),
    "booking": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        identifier=(
            *("id", "public_id", "listing_id", "lender_id", "borrower_id", "requested_by"),
            *("source", "source_ref", "purpose", "note"),
        ),
        quasi=("units", "starts_at", "ends_at", "created_at", "meals", "price_cents"),
        sensitive=("state", "handed_over_at", "returned_at", "decided_at"),
        plain=("occupied_until", "turnaround_minutes", "decide_by", "version", "is_history"),
        created=_OWN
        | {"occupied_until", "turnaround_minutes", "decide_by", "handed_over_at", "returned_at"},
    ),
    "demand_key": Holding(
        About.ORGANIZATION,
        Keep.QUARTER,
        identifier=("key",),
        plain=("quarter",),
        created=frozenset({"key", "quarter"}),
    ),
    "unmet_search": Holding(
        About.ORGANIZATION,
        Keep.QUARTER,
        identifier=("mark", "token"),
        quasi=("quarter", "family", "zone"),
        created=frozenset({"mark", "token", "quarter", "zone"}),
    ),
    "unmet_demand": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        identifier=("id", "token"),
        quasi=("quarter", "family", "zone", "searches"),
        created=_OWN | {"token", "quarter", "zone", "searches"},
        kept_for=Why.DEMAND,
    ),
    "unmet_demand_notice": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        identifier=("demand_id",),
        plain=("notice_id",),
        created=frozenset({"demand_id", "notice_id"}),
        kept_for=Why.DEMAND,
    ),
    "booking_step": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        identifier=("id", "booking_id", "person_id", "note"),
        quasi=("at",),
        sensitive=("step", "temperature"),
        created=_OWN | {"booking_id", "step"},
    ),
}

GOVERNANCE: Mapping[str, Holding] = {
    "notice": Holding(
        About.ORGANIZATION,
        Keep.TEXT,
        identifier=("id", "public_id", "recipient_id", "published_by"),
        plain=(
            *("subject", "purpose", "version", "text_fr", "text_en", "hash", "lasts_months"),
            "published_at",
        ),
        created=_OWN | {"subject", "recipient_id", "lasts_months"},
    ),
    "call_request": Holding(
        About.PERSON,
        Keep.DAYS,
        identifier=("id", "public_id", "notice_id", "person_id", "phone", "closed_by"),
        plain=("created_at", "closed_at"),
        created=_OWN | {"notice_id", "closed_at", "closed_by"},
        kept_for=Why.SERVICE,
    ),
    "consent_event": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "organization_id", "person_id", "notice_id", "said_by"),
        sensitive=("event", "at", "until"),
        plain=("capacity",),
        created=_OWN | {"organization_id", "notice_id", "said_by", "until"},
    ),
    "agreement": Holding(
        About.ORGANIZATION,
        Keep.AGREEMENT,
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
        created=_OWN
        | {"text_fr", "text_en", "ended_side", "number", "edition", "amends_id", "answered"}
        | {"reminded_days", "review_told_on"},
    ),
    "agreement_acceptance": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("agreement_id", "person_id", "name"),
        plain=("side", "hash", "at", "capacity", "method", "revoked_at"),
        created=_OWN | {"agreement_id", "side", "method"},
    ),
    "agreement_analyst": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("agreement_id", "person_id"),
        plain=("why", "starts_on", "ends_on"),
        created=_OWN | {"agreement_id"},
    ),
    "agreement_party": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("agreement_id", "legal_name", "contact", "in_charge"),
        plain=("side", "regime", "place"),
        created=_OWN | {"agreement_id", "side"},
    ),
    "agreement_undertaking": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("agreement_id", "person_id"),
        plain=("hash", "at"),
        created=_OWN | {"agreement_id"},
    ),
    "agreement_suspension": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "agreement_id", "person_id", "lifted_by"),
        sensitive=("reason",),
        plain=("cause", "side", "at", "lifted_at"),
        created=_OWN | {"agreement_id", "cause", "side", "lifted_at", "lifted_by"},
    ),
    "export": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        identifier=(
            *("id", "public_id", "agreement_id", "requested_by", "decided_by", "signed_by"),
            *("again_id", "replaces_id", "staged_key", "file_key"),
        ),
        plain=(
            *("dataset", "purpose", "question", "state", "created_at", "expires_at"),
            *("decided_at", "decision_note", "ended_at", "report", "withheld_because"),
            *("file_sha256", "file_bytes", "regime", "period", "released_at", "recalled_at"),
            *("answers", "opinions_needed", "checks", "review"),
        ),
        created=_OWN
        | {
            *("agreement_id", "report", "withheld_because", "regime", "period"),
            *("again_id", "replaces_id", "staged_key", "opinions_needed", "checks", "review"),
        },
    ),
    "export_contributor": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("export_id", "fingerprint"),
        plain=("side",),
        created=frozenset({"export_id", "side", "fingerprint"}),
    ),
    "export_part": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        identifier=("id", "export_id", "behind"),
        plain=("table_name", "period", "settings", "lines"),
        created=_OWN | {"export_id", "table_name", "period", "settings", "lines", "behind"},
    ),
    "export_record": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        identifier=("export_id", "file_key"),
        plain=("sha256",),
        created=_OWN | {"export_id", "sha256"},
    ),
    "export_recall": Holding(
        About.THING,
        Keep.RELEASE,
        identifier=("export_id",),
        plain=("opened_at", "due_at", "reminded_at", "escalated_at"),
        created=frozenset({"export_id", "opened_at", "due_at", "reminded_at", "escalated_at"}),
    ),
    "recall_notice": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "public_id", "export_id", "person_id", "name"),
        plain=("notified_at", "answer", "answered_at"),
        created=_OWN | {"export_id", "notified_at", "answered_at"},
    ),
    "export_opinion": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "export_id", "requested_by", "person_id"),
        plain=("for_operator", "file_sha256", "verdict", "note", "at", "voided_at"),
        created=_OWN | {"export_id", "requested_by", "for_operator", "file_sha256", "voided_at"},
    ),
    "assessment": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "public_id", "written_by", "opinion_by", "recorded_by"),
        plain=(
            *("dataset", "place", "form", "levels", "answers", "written_at", "opinion"),
            *("opinion_text", "opinion_on", "valid_until", "recorded_at"),
        ),
        created=_OWN | {"form"},
    ),
    "export_link": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "export_id", "person_id", "holder"),
        plain=("created_at", "expires_at", "used_at", "revoked_at"),
        created=_OWN | {"export_id", "holder"},
    ),
    "ladder_step": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        identifier=("recipient_id",),
        plain=("year", "dataset", "purpose", "rung", "chosen_at"),
        created=frozenset({"recipient_id", "year", "dataset", "purpose", "rung", "chosen_at"}),
    ),
    "export_download": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=("id", "export_id", "person_id"),
        plain=("at",),
        created=_OWN | {"export_id"},
    ),
}

REGISTERS: Mapping[str, Holding] = {
    "person_request": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        identifier=(
            *("id", "public_id", "person_id", "reference", "words", "answer_words", "value"),
        ),
        sensitive=("kind", "answer", "identity"),
        plain=(
            *("received_at", "due_on", "reminders", "answered_at", "answered_by", "field"),
            "provision",
        ),
        created=_OWN
        | {"due_on", "reminders", "identity", "answer", "answered_at", "answered_by"}
        | {"answer_words", "provision"},
    ),
    "incident": Holding(
        About.THING,
        Keep.INCIDENT,
        identifier=("id", "public_id"),
        sensitive=("information", "unknown_because", "circumstances", "elements", "measures"),
        plain=(
            *("started_on", "ended_on", "aware_on", "persons", "in_quebec", "sensitivity"),
            *("consequences", "likelihood", "serious", "consulted_on", "commission_on"),
            *("persons_on", "public_notice", "public_because", "created_at", "keep_until"),
            "version",
        ),
        created=_OWN | {"keep_until"},
    ),
    "anonymization_entry": Holding(
        About.THING,
        Keep.RELEASE,
        identifier=("id", "export_id", "supervisor_id"),
        plain=("what", "at", "told", "tier", "analysed_on", "next_analysis_on"),
        created=_OWN
        | {"export_id", "supervisor_id", "what", "told", "tier", "analysed_on", "next_analysis_on"},
    ),
    "retention_run": Holding(
        About.THING,
        Keep.LOG,
        identifier=("id", "public_id", "person_id"),
        plain=("rule", "deed", "at", "certificate", "key_id", "signature"),
        created=_OWN | {"rule", "deed", "certificate", "key_id", "signature"},
    ),
    "tombstone": Holding(
        About.PERSON,
        Keep.LOG,
        identifier=("fingerprint",),
        plain=("at",),
        created=_OWN | {"fingerprint"},
    ),
}

RUNNING: Mapping[str, Holding] = {
    "audit_event": Holding(
        About.PERSON,
        Keep.LOG,
        identifier=("id", "person_id", "subject_id"),
        sensitive=("occurred_at", "name", "facts"),
        plain=("subject_kind",),
        created=_OWN | {"subject_id", "name", "facts", "subject_kind"},
    ),
    "audit_seal": Holding(
        About.THING,
        Keep.LOG,
        plain=("sequence", "event_id", "hash", "sealed_at", "layout", "blind"),
        created=frozenset({"sequence", "event_id", "hash", "sealed_at", "layout", "blind"}),
    ),
    "audit_head": Holding(
        About.THING,
        Keep.LOG,
        plain=("day", "count", "seal", "signed_at", "key_id", "signature"),
        created=frozenset({"day", "count", "seal", "signed_at", "key_id", "signature"}),
    ),
    "job": Holding(
        About.THING,
        Keep.DAYS,
        identifier=("id", "arguments", "unique_key"),
        plain=(
            *("kind", "state", "due_at", "attempts", "lease_until", "lease_token"),
            *("last_error", "created_at", "ended_at"),
        ),
        created=frozenset(
            {
                *("id", "arguments", "unique_key", "kind", "state", "due_at", "attempts"),
                *("lease_until", "lease_token", "last_error", "created_at", "ended_at"),
            }
        ),
        kept_for=Why.RUNNING,
    ),
    "answer_once": Holding(
        About.PERSON,
        Keep.DAYS,
        identifier=("key", "body"),
        plain=("fingerprint", "status", "headers", "created_at"),
        created=frozenset({"key", "body", "fingerprint", "status", "headers", "created_at"}),
        kept_for=Why.RUNNING,
    ),
}

#: All stored tables.
HOLDINGS: Mapping[str, Holding] = {**PEOPLE, **SHARING, **GOVERNANCE, **REGISTERS, **RUNNING}

_ENTRIES = {
    (found.table, found.column): found
    for table, holding in HOLDINGS.items()
    for found in holding.entries(table)
}


def entries() -> tuple[Entry, ...]:
    """Every entry, by table and reach."""
    return tuple(_ENTRIES.values())


def entry(table: str, column: str) -> Entry:
    """What a stored column is.

    Raises:
        NotInventoried: it has no entry, so nothing made of it may leave.
    """
    try:
        return _ENTRIES[table, column]
    except KeyError:
        raise NotInventoried(f"{table}.{column} has no entry in the inventory") from None
