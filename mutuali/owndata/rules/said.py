"""Our own words in both languages, and those that organizations write.

They become a text that is published as it was read, so they stand here and not in the catalogue of
translations: whoever changes a sentence changes policies to come, never one already published.
"""

from typing import NamedTuple

NBSP = "\u00a0"


class Both(NamedTuple):
    """The same thing said in French and in English."""

    fr: str
    en: str

    def said(self, language: str) -> str:
        """In that language; in the other one where it is empty."""
        return (self.en or self.fr) if language == "en" else french(self.fr or self.en)


def french(text: str) -> str:
    """``text`` with the non-breaking spaces of Québec typography."""
    return text.replace(" :", f"{NBSP}:").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")


def one_line(words: str) -> str:
    """Words of others in a line of ours."""
    return " ".join(words.split())


def begun(words: str) -> str:
    """The same with a capital letter."""
    return words[:1].upper() + words[1:]
