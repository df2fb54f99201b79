"""Notices: what they must say, their hash."""

import hashlib

from mutuali.consent.rules.answers import MOST_MONTHS
from mutuali.consent.rules.checks import NoticeText, checked
from mutuali.core.errors import Reason

LONGEST_TEXT = 8000

#: Between the two languages in the text whose hash is kept.
_BETWEEN = "\n----------------------------------------\n\n"


def exact_text(text_fr: str, text_en: str) -> str:
    """Both languages as one text: what the hash covers, in UTF-8."""
    return text_fr + _BETWEEN + text_en


def hash_of(text_fr: str, text_en: str) -> str:
    """SHA-256, hex, of :func:`exact_text`."""
    return hashlib.sha256(exact_text(text_fr, text_en).encode()).hexdigest()


def notice_objections(text: NoticeText) -> tuple[Reason, ...]:
    """Why a notice may not be published: its bounds, and whatever a check found."""
    objections = []
    if not 1 <= text.months <= MOST_MONTHS:
        bounds = {"min": 1, "max": MOST_MONTHS}
        objections.append(Reason("field.out_of_range", bounds, "lasts_months"))
    for field, words in (("text_fr", text.text_fr), ("text_en", text.text_en)):
        if len(words) > LONGEST_TEXT:
            objections.append(Reason("field.too_long", {"max": LONGEST_TEXT}, field))
    return (*objections, *(reason for each in checked(text) for reason in each.reasons))
