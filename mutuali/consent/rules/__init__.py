"""What counts as a yes, until when, and the notices under which it is given."""

from mutuali.consent.rules.answers import (
    MONTHS,
    MOST_MONTHS,
    Answer,
    Purpose,
    Said,
    Standing,
    band,
    is_asked,
    may_receive,
    standing,
    until_of,
)
from mutuali.consent.rules.notices import (
    LONGEST_TEXT,
    default_texts,
    exact_text,
    hash_of,
    notice_objections,
)

__all__ = [
    "LONGEST_TEXT",
    "MONTHS",
    "MOST_MONTHS",
    "Answer",
    "Purpose",
    "Said",
    "Standing",
    "band",
    "default_texts",
    "exact_text",
    "hash_of",
    "is_asked",
    "may_receive",
    "notice_objections",
    "standing",
    "until_of",
]
