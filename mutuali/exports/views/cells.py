"""What the cells of released files say, in the words of the pages."""

from flask_babel import gettext as _

from mutuali.core.places import BOROUGHS, ZONES
from mutuali.exports.rules.catalogue import ELSEWHERE
from mutuali.web.wording import NBSP, in_french
from mutuali.web.words import WORDS, label


def season(name: str) -> str:
    """``1er trimestre 2026`` for ``2026-Q1``, ``2e semestre 2025`` for ``2025-H2``; years as is."""
    year, _dash, part = name.partition("-")
    if not part:
        return year
    letter, number = part[0], int(part[1:])
    if in_french():
        ordinal = "1er" if number == 1 else f"{number}e"
        return f"{ordinal} {'trimestre' if letter == 'Q' else 'semestre'}{NBSP}{year}"
    ordinal = {1: "1st", 2: "2nd", 3: "3rd"}.get(number, f"{number}th")
    return f"{ordinal} {'quarter' if letter == 'Q' else 'half'} of{NBSP}{year}"


def word_of(kind: str, value: object, otherwise: str) -> str:
    """The word for a value of a kind, or what to say where there is none."""
    return label(kind, value) if str(value) in WORDS[kind] else otherwise


def area_name(area: str) -> str:
    """What a zone or a borough is called; elsewhere for what is neither."""
    if area in ZONES:
        return ZONES[area].name_fr if in_french() else ZONES[area].name_en
    return BOROUGHS[area].name if area in BOROUGHS else _("ailleurs")


def cell_words(column: str, value: str) -> str:
    """What a cell holds, in the words of the pages where there are any."""
    if value == "*":
        return _("tous")
    if column in ("family", "category"):
        kind = "exports.family" if column == "family" else "equipment.kind"
        return word_of(kind, value, value)
    if value in ZONES or value in BOROUGHS or value == ELSEWHERE:
        return area_name(value)
    if column.removeprefix("asked_") in ("quarter", "half_year", "year"):
        return season(value)
    return value
