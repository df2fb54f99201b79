"""How hard a text is to read: two formulas that schools and ministries use, and what they count.

French: Kandel and Moles (1958), 207 - 1.015 words per sentence - 73.6 syllables per word.
English: Flesch (1948), 206.835 - 1.015 words per sentence - 84.6 syllables per word.
Both give about 100 for very easy, 60 for plain, 30 for hard.
"""

import re
import unicodedata
from dataclasses import dataclass

#: In French an elided word ("l’entente") counts with what follows.
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_VOWELS = re.compile(r"[aeiouy]+")
#: French endings in which the last vowel is not heard.
_SILENT = re.compile(r"(?<=[^aeiouy])e(?:s|nt)?$")
#: English endings in which the last vowel is not heard.
_SILENT_ENGLISH = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxz])es$")


@dataclass(frozen=True, slots=True)
class Ease:
    """How a text reads: ``score`` by its language's formula, words per sentence, how many words."""

    score: float
    words_per_sentence: float
    words: int


def ease(text: str, language: str) -> Ease:
    """Measure ``text`` in ``language``, ``fr`` or ``en``; a text without a word scores 0."""
    sentences = [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    words = [word for part in sentences for word in _WORD.findall(part)]
    if not words:
        return Ease(0.0, 0.0, 0)
    long = len(words) / len(sentences)
    heavy = sum(syllables(word, language) for word in words) / len(words)
    if language == "fr":
        return Ease(207 - 1.015 * long - 73.6 * heavy, long, len(words))
    return Ease(206.835 - 1.015 * long - 84.6 * heavy, long, len(words))


def syllables(word: str, language: str) -> int:
    """How many syllables one hears in ``word``, by its groups of vowels: at least one."""
    plain = unicodedata.normalize("NFD", word.casefold().replace("œ", "e"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    if language == "fr":
        heard = _SILENT.sub("", plain)
        return max(1, len(_VOWELS.findall(heard)))
    return max(1, len(_VOWELS.findall(_SILENT_ENGLISH.sub("", plain))))
