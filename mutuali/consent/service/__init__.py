"""Use cases of consent: publish a notice, ask, answer, withdraw, and who has said yes."""

from mutuali.consent.service.answers import (
    answer,
    answer_own,
    consenting,
    consenting_people,
    withdraw,
)
from mutuali.consent.service.asking import ask_all, tick
from mutuali.consent.service.calls import (
    CallFacts,
    ask_call,
    close_call,
    count_open_calls,
    open_calls,
)
from mutuali.consent.service.ending import held_about_person
from mutuali.consent.service.example import Example, Standout, example, standout
from mutuali.consent.service.looking import (
    EventFacts,
    Question,
    count_own_unanswered,
    count_unanswered,
    history,
    own_history,
    own_questions,
    questions,
    withdrawals,
)
from mutuali.consent.service.notices import (
    NoticeDraft,
    Reached,
    asked_organizations,
    current_notices,
    default_draft,
    is_person_asked,
    notice,
    notice_by_id,
    publish_notice,
    reached,
    reached_at,
    recipients,
    text_of,
)
from mutuali.consent.service.receipts import Issuer, receipt_facts, standing_of
from mutuali.consent.service.records import NoticeFacts

__all__ = [
    "CallFacts",
    "EventFacts",
    "Example",
    "Issuer",
    "NoticeDraft",
    "NoticeFacts",
    "Question",
    "Reached",
    "Standout",
    "answer",
    "answer_own",
    "ask_all",
    "ask_call",
    "asked_organizations",
    "close_call",
    "consenting",
    "consenting_people",
    "count_open_calls",
    "count_own_unanswered",
    "count_unanswered",
    "current_notices",
    "default_draft",
    "example",
    "held_about_person",
    "history",
    "is_person_asked",
    "notice",
    "notice_by_id",
    "open_calls",
    "own_history",
    "own_questions",
    "publish_notice",
    "questions",
    "reached",
    "reached_at",
    "receipt_facts",
    "recipients",
    "standing_of",
    "standout",
    "text_of",
    "tick",
    "withdraw",
    "withdrawals",
]
