"""The exact text of an agreement, clause by clause with its plain line, and its hash."""

import hashlib
import re
from dataclasses import dataclass

from mutuali.agreements.rules.clauses_en import clauses_in_english
from mutuali.agreements.rules.clauses_fr import clauses_in_french
from mutuali.agreements.rules.phrases import Clause, Terms
from mutuali.agreements.rules.said import french

#: Between the two languages in the text whose hash is accepted.
_BETWEEN = "\n----------------------------------------\n\n"
_PLAIN = {"fr": french("En clair : "), "en": "In plain words: "}
_NUMBERED = re.compile(r"([0-9]+)\. (.+)")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Change:
    """A clause that differs between two texts; one of the two is None where it came or went."""

    before: Clause | None
    after: Clause | None


def clauses(terms: Terms, language: str) -> tuple[Clause, ...]:
    """Every clause in ``language``, ``fr`` or ``en``, in the order of the text."""
    made = clauses_in_french(terms) if language == "fr" else clauses_in_english(terms)
    return tuple(made)


def render(terms: Terms, language: str) -> str:
    """The whole text in ``language``, ``fr`` or ``en``; the same terms give the same bytes."""
    title = {
        "fr": f"Entente de partage de données {terms.number}",
        "en": f"Data sharing agreement {terms.number}",
    }[language]
    blocks = [
        f"{n}. {clause.heading}\n{_PLAIN[language]}{clause.plain}\n{clause.text}"
        for n, clause in enumerate(clauses(terms, language), 1)
    ]
    return "\n\n".join([title, *blocks]) + "\n"


def exact_text(text_fr: str, text_en: str) -> str:
    """Both texts as one file: what is accepted, byte for byte in UTF-8."""
    return text_fr + _BETWEEN + text_en


def hash_of(text_fr: str, text_en: str) -> str:
    """SHA-256, hex, of :func:`exact_text`."""
    return hashlib.sha256(exact_text(text_fr, text_en).encode()).hexdigest()


def clauses_of(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of a rendered text, to show it in parts."""
    found = []
    for block in text.removesuffix("\n").split("\n\n")[1:]:
        heading, plain, body = block.split("\n", 2)
        numbered = _NUMBERED.fullmatch(heading)
        found.append(
            Clause(numbered[2] if numbered else heading, plain.removeprefix(_PLAIN[language]), body)
        )
    return tuple(found)


def changes(before: str, after: str, language: str) -> tuple[Change, ...]:
    """What differs between two rendered texts, in the order of the second; what went comes last.

    Clauses are the same one when their headings are, numbers aside.
    """
    old = {_DIGITS.sub("", each.heading): each for each in clauses_of(before, language)}
    new = {_DIGITS.sub("", each.heading): each for each in clauses_of(after, language)}
    found = [Change(old.get(key), clause) for key, clause in new.items() if clause != old.get(key)]
    return (*found, *(Change(clause, None) for key, clause in old.items() if key not in new))
