"""The exact text of a loan agreement, clause by clause with its plain line, and its hash.

A loan for use is free (C.c.Q., art. 2313); the same thing with a price is a rental (art. 1851),
under other clauses. French comes first (Charter of the French language, s. 55).
"""

import hashlib
import re
from dataclasses import dataclass

from mutuali.loans.rules.clauses_en import clauses_in_english
from mutuali.loans.rules.clauses_fr import clauses_in_french
from mutuali.loans.rules.said import french
from mutuali.loans.rules.terms import Clause, Terms

__all__ = ["Clause", "Terms", "Texts", "clauses_of", "hash_of", "render"]

_PLAIN = {"fr": french("En clair : "), "en": "In plain words: "}
_NUMBERED = re.compile(r"([0-9]+)\. (.+)")


@dataclass(frozen=True, slots=True)
class Texts:
    """The agreement in French, and in English for who chooses it; each has a hash of its own, so
    that who has only the French can check it."""

    fr: str
    en: str


def render(terms: Terms) -> Texts:
    """The whole text in both languages; the same terms give the same bytes."""
    return Texts(_rendered(terms, "fr"), _rendered(terms, "en"))


def hash_of(text: str) -> str:
    """SHA-256, hex, of a text, byte for byte in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def clauses_of(text: str, language: str) -> tuple[str, tuple[Clause, ...]]:
    """The title and the clauses of a rendered text, to show it in parts."""
    title, *blocks = text.removesuffix("\n").split("\n\n")
    found = []
    for block in blocks:
        heading, plain, body = block.split("\n", 2)
        numbered = _NUMBERED.fullmatch(heading)
        found.append(
            Clause(numbered[2] if numbered else heading, plain.removeprefix(_PLAIN[language]), body)
        )
    return title, tuple(found)


def _rendered(terms: Terms, language: str) -> str:
    kinds = {
        "fr": "Entente de prêt" if terms.is_free else "Entente de location",
        "en": "Loan agreement" if terms.is_free else "Rental agreement",
    }
    clauses = clauses_in_french(terms) if language == "fr" else clauses_in_english(terms)
    blocks = [
        f"{n}. {clause.heading}\n{_PLAIN[language]}{clause.plain}\n{clause.text}"
        for n, clause in enumerate(clauses, 1)
    ]
    return "\n\n".join([f"{kinds[language]} {terms.number}", *blocks]) + "\n"
