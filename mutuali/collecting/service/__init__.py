"""Use cases of asking less."""

from mutuali.collecting.service.choices import (
    ChoiceFacts,
    Effect,
    QuestionFacts,
    Signed,
    Whose,
    ask_again,
    ask_less,
    choice,
    choices,
    effect_of,
    question_facts,
    questions,
)
from mutuali.collecting.service.dropped import uncollected
from mutuali.collecting.service.outside import dropped_outside, note_choice, reapply
from mutuali.collecting.service.report import DueRule, Report, counted_filled, report

__all__ = [
    "ChoiceFacts",
    "DueRule",
    "Effect",
    "QuestionFacts",
    "Report",
    "Signed",
    "Whose",
    "ask_again",
    "ask_less",
    "choice",
    "choices",
    "counted_filled",
    "dropped_outside",
    "effect_of",
    "note_choice",
    "question_facts",
    "questions",
    "reapply",
    "report",
    "uncollected",
]
