"""The chain: what a seal covers."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

#: What the first seal chains to.
GENESIS = "0" * 64


def seal(
    previous: str,
    *,
    event_id: int,
    occurred_at: datetime,
    person_id: int | None,
    name: str,
    subject_kind: str,
    subject_id: int,
    facts: Mapping[str, object],
) -> str:
    """SHA-256, hex, over the previous seal and the event's canonical JSON."""
    content = json.dumps(
        {
            "previous": previous,
            "event": event_id,
            "at": occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "person": person_id,
            "name": name,
            "subject": f"{subject_kind}:{subject_id}",
            "facts": facts,
        },
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(content.encode()).hexdigest()
