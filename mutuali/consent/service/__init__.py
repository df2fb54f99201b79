"""Use cases of consent: publish a notice, answer, withdraw, and who has said yes."""

from mutuali.consent.service.answers import (
    EventFacts,
    Question,
    answer,
    consenting,
    count_unanswered,
    history,
    questions,
    withdraw,
    withdrawals,
)
from mutuali.consent.service.notices import (
    NoticeDraft,
    Reached,
    asked_organizations,
    current_notices,
    default_draft,
    notice,
    notice_by_id,
    publish_notice,
    reached,
    reached_at,
    recipients,
)
from mutuali.consent.service.records import NoticeFacts

__all__ = [
    "EventFacts",
    "NoticeDraft",
    "NoticeFacts",
    "Question",
    "Reached",
    "answer",
    "asked_organizations",
    "consenting",
    "count_unanswered",
    "current_notices",
    "default_draft",
    "history",
    "notice",
    "notice_by_id",
    "publish_notice",
    "questions",
    "reached",
    "reached_at",
    "recipients",
    "withdraw",
    "withdrawals",
]
