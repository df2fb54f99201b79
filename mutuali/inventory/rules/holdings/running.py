"""What is stored for the software to run: the log, jobs, answers already given."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

RUNNING: Mapping[str, Holding] = {
    "audit_event": Holding(
        About.PERSON,
        Keep.LOG,
        Seen.STEWARDS,
        identifier=("id", "person_id", "subject_id"),
        sensitive=("occurred_at", "name", "facts"),
        plain=("subject_kind",),
        created=OWN | {"subject_id", "name", "facts", "subject_kind"},
    ),
    "audit_seal": Holding(
        About.THING,
        Keep.LOG,
        Seen.STEWARDS,
        plain=("sequence", "event_id", "hash", "sealed_at", "layout", "blind"),
        created=frozenset({"sequence", "event_id", "hash", "sealed_at", "layout", "blind"}),
    ),
    "audit_head": Holding(
        About.THING,
        Keep.LOG,
        Seen.EVERYBODY,
        plain=("day", "count", "seal", "signed_at", "key_id", "signature"),
        created=frozenset({"day", "count", "seal", "signed_at", "key_id", "signature"}),
    ),
    "job": Holding(
        About.THING,
        Keep.DAYS,
        Seen.NOBODY,
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
        Seen.NOBODY,
        identifier=("key", "body"),
        plain=("fingerprint", "status", "headers", "created_at"),
        created=frozenset({"key", "body", "fingerprint", "status", "headers", "created_at"}),
        kept_for=Why.RUNNING,
    ),
}
