"""Eight checks that a notice passes before anybody is asked.

They stand for the eight criteria by which a consent is valid in Québec (P-39.1, s. 14, and the
guidelines 2023-1 of the Commission d'accès à l'information), as far as a text can show them. They
read words: a text that passes may still be a bad one, a text that fails is not published.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutuali.consent.rules.answers import Purpose
from mutuali.consent.rules.plain import ease
from mutuali.core.errors import Reason

#: The least ease of reading: "standard" on both scales, what thirteen-year-olds read.
EASE = 60
#: The most words per sentence, on average.
LONGEST_SENTENCE = 20
#: How long the French text is at least, against the English one: it says the same.
FRENCH_SHARE = 0.8


class Check(StrEnum):
    """What is looked at, in the order of the page."""

    SEPARATE = "separate"
    SPECIFIC = "specific"
    PLAIN = "plain"
    EXPIRY = "expiry"
    HELP = "help"
    WITHDRAWAL = "withdrawal"
    RECIPIENTS = "recipients"
    FRENCH_FIRST = "french_first"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check and why it fails; no reason means that it passes."""

    check: Check
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice as the checks read it."""

    purpose: Purpose
    recipient_name: str
    months: int
    text_fr: str
    text_en: str

    def languages(self) -> Iterator[tuple[str, str, str]]:
        """(language, field of the form, text without the recipient's name) of each language."""
        for language, field, text in (
            ("fr", "text_fr", self.text_fr),
            ("en", "text_en", self.text_en),
        ):
            yield language, field, _folded(text.replace(self.recipient_name, " "))


def checked(text: NoticeText) -> tuple[Checked, ...]:
    """Every check in order, each with what it found."""
    return tuple(Checked(check, tuple(look(text))) for check, look in _LOOKS.items())


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.casefold().replace("'", "’"))


def _has(pattern: str, text: str) -> bool:
    return re.search(rf"(?<!\w)(?:{pattern})", text) is not None


#: Words that only a text for this purpose uses.
_OF_PURPOSE: Mapping[Purpose, Mapping[str, str]] = {
    Purpose.NETWORK_STATISTICS: {"fr": r"statistiques?\b", "en": r"statistics?\b"},
    Purpose.SHARING_STUDY: {"fr": r"étudi\w*|étude", "en": r"stud(?:y|ies|ying)\b"},
    Purpose.MOBILITY_PLANNING: {
        "fr": r"mouvements?\b|déplacements?\b",
        "en": r"movements?\b|transport",
    },
    Purpose.NAMED_PUBLICLY: {"fr": r"vous nommer|liste publique", "en": r"name you\b|public list"},
    Purpose.OPEN_DATA: {"fr": r"données ouvertes", "en": r"open data\b"},
}
_TERMS = {
    "fr": r"conditions (?:générales|d’utilisation|de service)|modalités d|en utilisant|"
    r"condition d’adhésion|obligatoire pour",
    "en": r"terms (?:of|and)\b|by using|condition of membership|required to\b",
}


def _separate(text: NoticeText) -> Iterator[Reason]:
    for language, field, words in text.languages():
        others = (
            marks[language] for purpose, marks in _OF_PURPOSE.items() if purpose is not text.purpose
        )
        if _has(_TERMS[language], words) or any(_has(marks, words) for marks in others):
            yield Reason("notice.mixed", {}, field)


_DATA = {
    "fr": r"prêts?\b|lignes?\b|totaux|nom de votre organisme",
    "en": r"loans?\b|rows?\b|totals|name of your organization",
}
_VAGUE = {
    "fr": r"notamment|entre autres|etc\b|(?:toutes?|d’|diverses) ?autres? fins|diverses fins|"
    r"à l’avenir|tout usage",
    "en": r"among other|etc\b|(?:any|other|various) purposes?|in the future|and more\b",
}


def _specific(text: NoticeText) -> Iterator[Reason]:
    for language, field, words in text.languages():
        says = _has(_DATA[language], words) and _has(_OF_PURPOSE[text.purpose][language], words)
        if not says or _has(_VAGUE[language], words):
            yield Reason("notice.vague", {}, field)


def _plain(text: NoticeText) -> Iterator[Reason]:
    for language, field, words in (
        ("fr", "text_fr", text.text_fr),
        ("en", "text_en", text.text_en),
    ):
        found = ease(words, language)
        if found.score < EASE or found.words_per_sentence > LONGEST_SENTENCE:
            params = {
                "ease": round(found.score),
                "least": EASE,
                "words": round(found.words_per_sentence),
                "most": LONGEST_SENTENCE,
            }
            yield Reason("notice.hard_to_read", params, field)


_MONTHS = {"fr": "mois", "en": "months?"}


def _expiry(text: NoticeText) -> Iterator[Reason]:
    for language, field, words in text.languages():
        if not re.search(rf"(?<!\d){text.months} {_MONTHS[language]}\b", words):
            yield Reason("notice.duration_not_said", {"months": text.months}, field)


_HELP = {
    "fr": (r"aide|aider", r"appeler|de vive voix|téléphon\w*|rencontr\w*"),
    "en": (r"help", r"call\b|by phone|in person|meet"),
}


def _help(text: NoticeText) -> Iterator[Reason]:
    for language, field, words in text.languages():
        if not all(_has(pattern, words) for pattern in _HELP[language]):
            yield Reason("notice.help_not_said", {}, field)


_WITHDRAW = {
    "fr": (
        r"retirer votre oui|retirer votre consentement",
        r"aussi (?:vite|simple|facile)\w*|en un geste",
    ),
    "en": (
        r"take your yes back|take back your yes|withdraw",
        r"as (?:fast|simply|easily|easy)|in one step",
    ),
}
_HURDLES = {
    "fr": r"par écrit|par la poste|lettre|des frais|préavis de|motiver|justifier",
    "en": r"in writing|by post|by mail|letter|fees?\b|notice of \d|give reasons",
}


def _withdrawal(text: NoticeText) -> Iterator[Reason]:
    for language, field, words in text.languages():
        says = all(_has(pattern, words) for pattern in _WITHDRAW[language])
        if not says or _has(_HURDLES[language], words):
            yield Reason("notice.withdrawal_not_said", {}, field)


_ANYBODY = {
    "fr": r"(?:nos|ses|leurs|des|les) partenaires|(?:des|à des|les) tiers|affiliés|"
    r"ayants droit|toute autre personne",
    "en": r"(?:our|its|their|other) partners|third parties|affiliates|successors",
}


def _recipients(text: NoticeText) -> Iterator[Reason]:
    raw = {"text_fr": text.text_fr, "text_en": text.text_en}
    for language, field, words in text.languages():
        if text.recipient_name not in raw[field] or _has(_ANYBODY[language], words):
            yield Reason("notice.recipient_not_said", {"recipient": text.recipient_name}, field)


_COMMON = {
    "fr": frozenset(
        {
            *("le", "la", "les", "un", "une", "des", "du", "de", "et", "à", "au", "aux", "ce"),
            *("ces", "en", "que", "qui", "ne", "pas", "vous", "votre", "vos", "sur", "pour"),
            *("par", "dans", "est", "sont", "ou", "sans", "il", "elle"),
        }
    ),
    "en": frozenset(
        {
            *("the", "a", "an", "of", "and", "to", "in", "that", "which", "not", "you", "your"),
            *("on", "for", "by", "with", "is", "are", "or", "no", "it", "they", "be", "will"),
            *("may", "from", "this"),
        }
    ),
}


def _is_in(language: str, text: str) -> bool:
    """Whether the small words of ``text`` are rather of this language than of the other."""
    words = re.findall(r"[^\W\d_]+", text)
    other = "en" if language == "fr" else "fr"
    own = sum(word in _COMMON[language] for word in words)
    return own > 2 * sum(word in _COMMON[other] for word in words)


def _french_first(text: NoticeText) -> Iterator[Reason]:
    read = {language: words for language, _field, words in text.languages()}
    paragraphs = [
        len([each for each in raw.split("\n\n") if each.strip()])
        for raw in (text.text_fr, text.text_en)
    ]
    complete = paragraphs[0] >= paragraphs[1] and len(read["fr"]) >= FRENCH_SHARE * len(read["en"])
    if not _is_in("fr", read["fr"]) or not complete:
        yield Reason("notice.not_french_first", {}, "text_fr")
    if not _is_in("en", read["en"]):
        yield Reason("notice.not_english", {}, "text_en")


_LOOKS: Mapping[Check, Callable[[NoticeText], Iterator[Reason]]] = {
    Check.SEPARATE: _separate,
    Check.SPECIFIC: _specific,
    Check.PLAIN: _plain,
    Check.EXPIRY: _expiry,
    Check.HELP: _help,
    Check.WITHDRAWAL: _withdrawal,
    Check.RECIPIENTS: _recipients,
    Check.FRENCH_FIRST: _french_first,
}
