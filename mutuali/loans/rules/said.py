"""Dates and money as the papers of a loan say them, French and English.

They are part of a text whose hash is kept, so they stand here and not in the catalogue of
translations: whoever changes one changes papers to come, never one already written.
"""

from datetime import datetime

from mutuali.core.period import Period, local

NBSP = "\u00a0"
_DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août"),
        *("septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August"),
        *("September", "October", "November", "December"),
    ),
}


def moment(instant: datetime, language: str) -> str:
    """``mardi 3 mars 2026 à 8 h 30``, ``Tuesday, March 3, 2026 at 8:30``; Montréal's clock."""
    there = local(instant)
    weekday, month = _DAYS[language][there.weekday()], _MONTHS[language][there.month - 1]
    if language == "en":
        return f"{weekday}, {month} {there.day}, {there.year} at {there:%-H:%M}"
    day = "1er" if there.day == 1 else str(there.day)
    minutes = f"{NBSP}{there.minute:02d}" if there.minute else ""
    return f"{weekday} {day} {month} {there.year} à {there.hour}{NBSP}h{minutes}"


def span(period: Period, language: str) -> str:
    """``du mardi … au mardi …``, ``from Tuesday … to Tuesday …``."""
    start, end = (moment(each, language) for each in (period.start, period.end))
    return f"du {start} au {end}" if language == "fr" else f"from {start} to {end}"


def money(cents: int, language: str) -> str:
    """``12,50 $`` in French, ``$12.50`` in English; Canadian dollars."""
    whole, rest = divmod(cents, 100)
    if language == "fr":
        return f"{whole}{f',{rest:02d}' if rest else ''}{NBSP}$"
    return f"${whole}{f'.{rest:02d}' if rest else ''}"


def french(text: str) -> str:
    """``text`` with the non-breaking spaces of Québec typography."""
    return text.replace(" :", f"{NBSP}:").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")


def one_line(words: str) -> str:
    """Words of others in a line of ours."""
    return " ".join(words.split())


def quoted(words: str) -> str:
    """Words of others, line by line, marked as theirs; no line of them is empty."""
    return "\n".join(f"> {line}".rstrip() for line in words.strip().splitlines())
