"""What the holdings of every feature say the same way."""

#: What the software itself writes, wherever it occurs.
OWN = frozenset(
    {
        *("id", "public_id", "version", "created_at", "state", "turn", "source", "source_ref"),
        *("hash", "token_hash", "file_key", "file_sha256", "file_bytes", "is_demo", "is_history"),
        *("expires_at", "used_at", "revoked_at", "ended_at", "decided_at", "proposed_at"),
        *("in_force_at", "published_at", "withdrawn_at", "accepted_at", "since", "position"),
        *("requested_by", "published_by", "decided_by", "person_id", "at", "occurred_at"),
    }
)
