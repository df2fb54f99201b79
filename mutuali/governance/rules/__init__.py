"""Rules of the registers."""

from mutuali.governance.rules.incidents import (
    IncidentDraft,
    Level,
    Notices,
    incident_objections,
    is_serious,
    keep_until,
    notice_objections,
)
from mutuali.governance.rules.registers import Tier, next_analysis, tier_of
from mutuali.governance.rules.requests import (
    ANSWER_WITHIN,
    AT_ONCE,
    GIVEN,
    REMINDERS,
    Answer,
    Field,
    Identity,
    RequestKind,
    answer_objections,
    due_on,
    is_told,
)
from mutuali.governance.rules.retention import BY_JOB, RULES, Deed, Rule, Terms, is_carried_out

__all__ = [
    "ANSWER_WITHIN",
    "AT_ONCE",
    "BY_JOB",
    "GIVEN",
    "REMINDERS",
    "RULES",
    "Answer",
    "Deed",
    "Field",
    "Identity",
    "IncidentDraft",
    "Level",
    "Notices",
    "RequestKind",
    "Rule",
    "Terms",
    "Tier",
    "answer_objections",
    "due_on",
    "incident_objections",
    "is_carried_out",
    "is_serious",
    "is_told",
    "keep_until",
    "next_analysis",
    "notice_objections",
    "tier_of",
]
