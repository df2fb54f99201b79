"""What is destroyed or anonymized when its purpose is over (P-39.1, s. 23), and after how long.

Each rule says which tables it destroys the rows of and which columns it empties. Held against the
inventory, they carry out every retention that is promised there; a test joins the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from mutuali.inventory.rules import LASTS, STANDS, Entry, Keep, Origin, Reach


class Deed(StrEnum):
    """What happens at the end."""

    DESTROY = "destroy"
    ANONYMIZE = "anonymize"


class Rule(StrEnum):
    """One rule; it counts from the day its purpose was over."""

    #: Logins that ended.
    LOGINS = "logins"
    #: Links of e-mails, and addresses of agendas, that were used up, revoked or are too old.
    LINKS = "links"
    #: Counts of wrong passwords and codes.
    ATTEMPTS = "attempts"
    #: Invitations that were answered or are too old.
    INVITATIONS = "invitations"
    #: Calls that were asked for.
    CALLS = "calls"
    #: Accounts whose address was never confirmed.
    UNCONFIRMED = "unconfirmed"
    #: Accounts that nobody uses any more.
    ACCOUNTS = "accounts"
    #: What organizations showed of themselves and their drivers, once it is over.
    DOCUMENTS = "documents"
    #: Places, hours, photos and members of organizations that left; delegations that ended.
    PLACES = "places"
    #: Names of organizations that left, and what they wrote of what they offered.
    PARTIES = "parties"
    #: Participations, mandates and offices that ended.
    WRITINGS = "writings"
    #: Who asked for a loan, who noted its steps, what they typed and photographed.
    LOAN_PEOPLE = "loan_people"
    #: What was written about things that nobody booked.
    TALK = "talk"
    #: Loans themselves.
    LOANS = "loans"
    #: What was counted of searches without an answer.
    DEMAND = "demand"
    #: What was asked and answered about consent.
    CONSENTS = "consents"
    #: Who signed, was named in, asked and took under agreements that are over.
    AGREEMENTS = "agreements"
    #: Impact assessments that hold no more.
    ASSESSMENTS = "assessments"
    #: Requests of persons that were answered.
    REQUESTS = "requests"
    #: Confidentiality incidents.
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule does and how long after the end of the purpose: the tables whose rows it
    destroys, the columns that it empties."""

    deed: Deed
    after: timedelta
    destroys: tuple[str, ...] = ()
    empties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _destroy(keep: Keep, *tables: str) -> Terms:
    return Terms(Deed.DESTROY, LASTS[keep], tables)


_ERASED = {"person": ("email", "name", "password_hash", "confirmed_at")}
_ACCESS = ("network_role", "api_token", "second_factor", "recovery_code", "learned_card")

RULES: dict[Rule, Terms] = {
    Rule.LOGINS: _destroy(Keep.DAYS, "login"),
    Rule.LINKS: _destroy(
        Keep.DAYS, "one_time_link", "calendar_feed", "webhook_delivery", "check_in_link"
    ),
    Rule.ATTEMPTS: _destroy(Keep.DAYS, "lockout", "factor_lockout"),
    Rule.INVITATIONS: _destroy(Keep.DAYS, "invitation"),
    Rule.CALLS: _destroy(Keep.DAYS, "call_request"),
    Rule.UNCONFIRMED: Terms(Deed.ANONYMIZE, LASTS[Keep.DAYS], _ACCESS, _ERASED),
    Rule.ACCOUNTS: Terms(Deed.ANONYMIZE, LASTS[Keep.ACCOUNT], _ACCESS, _ERASED),
    Rule.DOCUMENTS: _destroy(Keep.DOCUMENT, "document"),
    Rule.PLACES: Terms(
        Deed.ANONYMIZE,
        LASTS[Keep.MEMBERSHIP],
        (
            *("membership", "delegation", "photo", "hours_exception", "closure"),
            *("external_calendar", "webhook", "outage", "kit_part", "trusted_borrower", "quota"),
            *("message_block", "action_answer", "charter_size", "charter_mark"),
            *("check_in", "check_in_card", "check_in_silence"),
            *("own_holding", "own_officer", "own_policy"),
        ),
        {"site": ("name", "address", "postal_code", "access_notes"), "listing": ("week",)},
    ),
    Rule.PARTIES: Terms(
        Deed.ANONYMIZE,
        LASTS[Keep.PARTY],
        ("unit",),
        empties={
            "organization": (
                *("name", "enterprise_number", "phone", "source", "source_ref"),
                "is_sole_operator",
            ),
            "listing": (
                *("title_fr", "title_en", "description_fr", "description_en"),
                *("conditions_fr", "conditions_en", "searched", "source", "source_ref"),
            ),
        },
    ),
    Rule.WRITINGS: Terms(
        Deed.ANONYMIZE,
        LASTS[Keep.AGREEMENT],
        ("participation", "signatory"),
        {"office_holder": ("name", "contact", "delegation", "competence")},
    ),
    # As the notice at sign-up says: three years, then detached from the name.
    Rule.LOAN_PEOPLE: Terms(
        Deed.ANONYMIZE,
        LASTS[Keep.CLAIM],
        (
            "condition_photo",
            "mishap_photo",
            "loan_review_report",
        ),
        empties={
            "booking": ("requested_by", "note"),
            "booking_series": ("requested_by", "note"),
            "booking_step": ("person_id", "note"),
            "booking_approval": ("person_id",),
            "proposal": ("word", "made_by", "first_yes_by", "answered_by"),
            "condition_report": ("person_id", "signed_by", "note", "agreed_by", "agreed_name"),
            "loan_review": ("person_id", "sentence", "private_word"),
            "mishap": ("reported_by", "words", "closed_by", "closed_word"),
            "mishap_entry": ("person_id", "words"),
            "loan_signature": ("person_id", "signed_by"),
            "loan_english": ("person_id",),
            "loan_payment": ("noted_by", "note"),
            "trip": ("offered_by", "note"),
            "trip_place": ("asked_by", "decided_by", "load_at", "unload_at", "note"),
            "condition_dispute": ("person_id", "difference", "settlement_by", "settlement"),
        },
    ),
    # What was written about a booking ends three years after it, with LOAN_PEOPLE.
    Rule.TALK: _destroy(
        Keep.TALK,
        *("message_thread", "message", "message_file", "thread_reader", "message_report"),
    ),
    Rule.LOANS: _destroy(
        Keep.LOAN,
        *("booking", "booking_series", "booking_step", "booking_unit", "booking_approval"),
        *("condition_report", "condition_dispute", "loan_agreement", "loan_signature"),
        *("loan_english", "loan_payment", "proposal", "loan_review"),
        *("mishap", "mishap_entry"),
        *("trip", "trip_stop", "trip_place"),
    ),
    Rule.DEMAND: _destroy(Keep.LOAN, "unmet_demand", "unmet_demand_notice"),
    Rule.CONSENTS: _destroy(Keep.AGREEMENT, "consent_event", "vehicle_answer"),
    Rule.AGREEMENTS: Terms(
        Deed.ANONYMIZE,
        LASTS[Keep.AGREEMENT],
        (
            *("agreement_acceptance", "agreement_analyst", "agreement_party"),
            *("agreement_undertaking", "agreement_suspension", "export_contributor"),
            *("export_link", "export_download", "export_opinion", "recall_notice"),
        ),
        {
            "agreement": (
                *("text_fr", "text_en", "intended_use", "benefit", "outputs", "attribution"),
                *("assessment_ref", "ethics_ref", "kept_at"),
            ),
            "export": ("question", "answers", "decision_note"),
        },
    ),
    Rule.ASSESSMENTS: _destroy(Keep.AGREEMENT, "assessment"),
    Rule.REQUESTS: _destroy(Keep.AGREEMENT, "person_request"),
    Rule.INCIDENTS: _destroy(Keep.INCIDENT, "incident"),
}

#: Tables that a job empties by itself, without asking anybody first, and the kind of that job.
BY_JOB: Mapping[str, str] = {
    "demand_key": "exports.tick",
    "unmet_search": "exports.tick",
    "cart_line": "bookings.tick",
    "waiting_entry": "waiting.tick",
    "saved_search": "waiting.look",
    "day_contact": "loans.tick",
    "driver_link": "loans.tick",
    "voice": "voices.tick",
    "help_slot": "owndata.tick",
    "help_meeting": "owndata.tick",
    "job": "jobs.forget",
    "answer_once": "web.forget",
}


def is_carried_out(entry: Entry) -> bool:
    """Whether something ends this column when the inventory says, or it stays for a reason of law.

    Of a row that is kept for its number, what was typed and leads to somebody has to be emptied;
    numbers of rows, and what the software made itself, may stay: they lead to nobody any more.
    """
    if entry.keep in STANDS or entry.table in BY_JOB:
        return True
    rules = [terms for terms in RULES.values() if terms.after == LASTS.get(entry.keep)]
    if any(entry.table in terms.destroys for terms in rules):
        return True
    emptied = [terms.empties[entry.table] for terms in rules if entry.table in terms.empties]
    leads_to_somebody = (
        entry.origin is Origin.COLLECTED
        and entry.reach in (Reach.IDENTIFIER, Reach.SENSITIVE)
        and not entry.column.endswith(("_id", "_by"))
    )
    return bool(emptied) and (
        not leads_to_somebody or any(entry.column in columns for columns in emptied)
    )
