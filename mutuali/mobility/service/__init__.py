"""Use cases of the public feed of vehicles: say yes or no for one, and see what everybody sees."""

from mutuali.mobility.service.answers import (
    AnswerFacts,
    Standing,
    say_no,
    say_yes,
    shown_of,
    standing,
    withdraw_of,
)
from mutuali.mobility.service.ending import forget_answers, held_about_organization
from mutuali.mobility.service.feed import preview, vehicles

__all__ = [
    "AnswerFacts",
    "Standing",
    "forget_answers",
    "held_about_organization",
    "preview",
    "say_no",
    "say_yes",
    "shown_of",
    "standing",
    "vehicles",
    "withdraw_of",
]
