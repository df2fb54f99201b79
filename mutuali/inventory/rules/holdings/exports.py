"""What is stored of what leaves: requests, opinions, assessments, bundles, recalls."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

EXPORTS: Mapping[str, Holding] = {
    "export": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        Seen.SIGNERS,
        identifier=(
            *("id", "public_id", "agreement_id", "requested_by", "decided_by", "signed_by"),
            *("again_id", "replaces_id", "promotes_id", "staged_key", "file_key"),
        ),
        plain=(
            *("dataset", "purpose", "question", "state", "created_at", "expires_at"),
            *("decided_at", "decision_note", "ended_at", "report", "withheld_because"),
            *("file_sha256", "file_bytes", "regime", "period", "released_at", "recalled_at"),
            *("answers", "opinions_needed", "checks", "review"),
        ),
        created=OWN
        | {
            *("agreement_id", "report", "withheld_because", "regime", "period"),
            *("again_id", "replaces_id", "promotes_id", "staged_key", "opinions_needed"),
            *("checks", "review"),
        },
        otherwise={Seen.NOBODY: ("staged_key", "file_key")},
    ),
    "export_contributor": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.NOBODY,
        identifier=("export_id", "fingerprint"),
        plain=("side",),
        created=frozenset({"export_id", "side", "fingerprint"}),
    ),
    "export_part": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        Seen.NOBODY,
        identifier=("id", "export_id", "behind"),
        plain=("table_name", "period", "settings", "lines"),
        created=OWN | {"export_id", "table_name", "period", "settings", "lines", "behind"},
    ),
    "export_record": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        Seen.EVERYBODY,
        identifier=("export_id", "file_key"),
        plain=("sha256",),
        created=OWN | {"export_id", "sha256"},
        otherwise={Seen.NOBODY: ("export_id", "file_key")},
    ),
    "export_recall": Holding(
        About.THING,
        Keep.RELEASE,
        Seen.SIGNERS,
        identifier=("export_id",),
        plain=("opened_at", "due_at", "reminded_at", "escalated_at"),
        created=frozenset({"export_id", "opened_at", "due_at", "reminded_at", "escalated_at"}),
    ),
    "recall_notice": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.SIGNERS,
        identifier=("id", "public_id", "export_id", "person_id", "name"),
        plain=("notified_at", "answer", "answered_at"),
        created=OWN | {"export_id", "notified_at", "answered_at"},
    ),
    "export_opinion": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.STEWARDS,
        identifier=("id", "export_id", "requested_by", "person_id"),
        plain=("for_operator", "file_sha256", "verdict", "note", "at", "voided_at"),
        created=OWN | {"export_id", "requested_by", "for_operator", "file_sha256", "voided_at"},
    ),
    "assessment": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.STEWARDS,
        identifier=("id", "public_id", "written_by", "opinion_by", "recorded_by"),
        plain=(
            *("dataset", "place", "form", "levels", "answers", "written_at", "opinion"),
            *("opinion_text", "opinion_on", "valid_until", "recorded_at"),
        ),
        created=OWN | {"form"},
    ),
    "export_link": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.NOBODY,
        identifier=("id", "export_id", "person_id", "holder"),
        plain=("created_at", "expires_at", "used_at", "revoked_at"),
        created=OWN | {"export_id", "holder"},
    ),
    "ladder_step": Holding(
        About.ORGANIZATION,
        Keep.RELEASE,
        Seen.STEWARDS,
        identifier=("recipient_id",),
        plain=("year", "dataset", "purpose", "rung", "chosen_at"),
        created=frozenset({"recipient_id", "year", "dataset", "purpose", "rung", "chosen_at"}),
    ),
    "export_download": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.STEWARDS,
        identifier=("id", "export_id", "person_id"),
        plain=("at",),
        created=OWN | {"export_id"},
    ),
}
