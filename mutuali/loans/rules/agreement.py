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

__all__ = ["Clause", "Terms", "Texts", "clauses_of", "exact_text", "hash_of", "render"]

#: Between the two languages in the text whose hash is kept.
_BETWEEN = "\n----------------------------------------\n\n"
_PLAIN = {"fr": french("En clair : "), "en": "In plain words: "}
_NUMBERED = re.compile(r"([0-9]+)\. (.+)")


@dataclass(frozen=True, slots=True)
class Texts:
    """The agreement in both languages; ``sha256`` is of both, as :func:`exact_text` joins them."""

    fr: str
    en: str

    @property
    def sha256(self) -> str:
        return hash_of(self.fr, self.en)


def render(terms: Terms) -> Texts:
    """The whole text in both languages; the same terms give the same bytes."""
    return Texts(_rendered(terms, "fr"), _rendered(terms, "en"))


def exact_text(text_fr: str, text_en: str) -> str:
    """Both texts as one file: what the hash is of, byte for byte in UTF-8."""
    return text_fr + _BETWEEN + text_en


def hash_of(text_fr: str, text_en: str) -> str:
    """SHA-256, hex, of :func:`exact_text`."""
    return hashlib.sha256(exact_text(text_fr, text_en).encode()).hexdigest()


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
