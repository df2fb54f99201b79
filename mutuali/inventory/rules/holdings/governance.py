"""What is stored in the registers that the law asks for."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

GOVERNANCE: Mapping[str, Holding] = {
    "person_request": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.STEWARDS,
        identifier=(
            *("id", "public_id", "person_id", "reference", "words", "answer_words", "value"),
        ),
        sensitive=("kind", "answer", "identity"),
        plain=(
            *("received_at", "due_on", "reminders", "answered_at", "answered_by", "field"),
            "provision",
        ),
        created=OWN
        | {"due_on", "reminders", "identity", "answer", "answered_at", "answered_by"}
        | {"answer_words", "provision"},
    ),
    "incident": Holding(
        About.THING,
        Keep.INCIDENT,
        Seen.STEWARDS,
        identifier=("id", "public_id"),
        sensitive=("information", "unknown_because", "circumstances", "elements", "measures"),
        plain=(
            *("started_on", "ended_on", "aware_on", "persons", "in_quebec", "sensitivity"),
            *("consequences", "likelihood", "serious", "consulted_on", "commission_on"),
            *("persons_on", "public_notice", "public_because", "created_at", "keep_until"),
            "version",
        ),
        created=OWN | {"keep_until"},
    ),
    "anonymization_entry": Holding(
        About.THING,
        Keep.RELEASE,
        Seen.STEWARDS,
        identifier=("id", "export_id", "supervisor_id"),
        plain=("what", "at", "told", "tier", "analysed_on", "next_analysis_on"),
        created=OWN
        | {"export_id", "supervisor_id", "what", "told", "tier", "analysed_on", "next_analysis_on"},
    ),
    "retention_run": Holding(
        About.THING,
        Keep.LOG,
        Seen.STEWARDS,
        identifier=("id", "public_id", "person_id"),
        plain=("rule", "deed", "at", "certificate", "key_id", "signature"),
        created=OWN | {"rule", "deed", "certificate", "key_id", "signature"},
    ),
    "tombstone": Holding(
        About.PERSON,
        Keep.LOG,
        Seen.NOBODY,
        identifier=("fingerprint",),
        plain=("at",),
        created=OWN | {"fingerprint"},
    ),
}
