"""Use cases of the log: record a deed, seal, sign the head of a day, read, verify."""

from mutuali.audit.service.amiss import happened_since, unsealed_for_long
from mutuali.audit.service.chain import (
    Verdict,
    public_lines,
    read_log,
    seal_events,
    verify,
    whole_lines,
)
from mutuali.audit.service.heads import Heads, badly_signed, head_of_day, heads, sign_head
from mutuali.audit.service.record import active_since, event, last_of, record

__all__ = [
    "Heads",
    "Verdict",
    "active_since",
    "badly_signed",
    "event",
    "happened_since",
    "head_of_day",
    "heads",
    "last_of",
    "public_lines",
    "read_log",
    "record",
    "seal_events",
    "sign_head",
    "unsealed_for_long",
    "verify",
    "whole_lines",
]
