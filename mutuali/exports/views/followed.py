"""How a built bundle follows what was let out before it, in plain words for who answers for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.core.places import BOROUGHS, ZONES
from mutuali.exports.rules.catalogue import ELSEWHERE
from mutuali.exports.rules.lineage import Follow
from mutuali.exports.views.of_groups import area_name
from mutuali.web.wording import NBSP, in_french
from mutuali.web.words import WORDS, label


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one kind: what is wrong, and where and by how much, a line each."""

    what: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What of a bundle was let out before, and what comparing it with that made hide.

    ``periods`` are (what becomes of them, lines of tables and their periods); ``compared`` says
    whether it was held against earlier releases; ``held_back`` are the figures or codes hidden.
    """

    periods: tuple[tuple[str, tuple[str, ...]], ...]
    compared: bool
    found: tuple[Found, ...]
    held_back: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many findings there are."""
        return sum(len(each.lines) for each in self.found)


def followed(report: Mapping[str, Any]) -> Followed:
    """What the report of a build says of earlier releases, whatever the kinds of its findings."""
    kinds: dict[str, list[str]] = {}
    for each in report.get("findings", ()):
        what = _word("exports.finding", each.get("kind"), label("exports.finding", "other"))
        kinds.setdefault(what, []).append(_finding(each))
    return Followed(
        periods=_periods(report.get("periods", ())),
        compared="findings" in report,
        found=tuple(Found(what, tuple(lines)) for what, lines in kinds.items()),
        held_back=tuple(_where(each) for each in report.get("held_back", ())),
    )


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


def _periods(
    periods: tuple[Mapping[str, str], ...],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by: dict[str, dict[str, list[str]]] = {each.value: {} for each in Follow}
    for each in periods:
        by[each["follow"]].setdefault(each["table"], []).append(season(each["period"]))
    return tuple(
        (
            label("exports.follow", follow),
            tuple(
                _(
                    "%(table)s\u00a0: %(periods)s",
                    table=label("exports.table", table),
                    periods=", ".join(some),
                )
                for table, some in tables.items()
            ),
        )
        for follow, tables in by.items()
        if tables
    )


def _finding(finding: Mapping[str, Any]) -> str:
    if "rows" in finding:
        return ngettext("%(num)d ligne", "%(num)d lignes", finding["rows"])
    where, found, needed = _where(finding), finding.get("found"), finding.get("needed")
    if found is None or needed is None:
        return where
    side = _word("exports.behind", finding.get("side"), _("organismes"))
    if finding.get("kind") == "sequences.too_close":
        return _(
            "%(where)s\u00a0: la part d’un seul se devinerait à %(found)s\u00a0%% près "
            "(%(side)s); il faut %(needed)s\u00a0%%.",
            where=where,
            found=found,
            needed=needed,
            side=side,
        )
    return _(
        "%(where)s\u00a0: la différence tient à %(found)s (%(side)s); il en faut %(needed)s.",
        where=where,
        found=found,
        needed=needed,
        side=side,
    )


def _where(entry: Mapping[str, Any]) -> str:
    """A cell or a code, and the figure of it that is meant."""
    cell = entry.get("cell", {})
    names = [_value(column, str(value)) for column, value in cell.items()]
    measure = entry.get("measure") or entry.get("column")
    if measure:
        names.append(_word("exports.column", measure, str(measure)))
    return ", ".join(names) or _("Tout le fichier")


def _word(kind: str, value: object, otherwise: str) -> str:
    return label(kind, value) if str(value) in WORDS[kind] else otherwise


def _value(column: str, value: str) -> str:
    """What a cell holds, in the words of the pages where there are any."""
    if value == "*":
        return _("tous")
    if column in ("family", "category"):
        kind = "exports.family" if column == "family" else "equipment.kind"
        return _word(kind, value, value)
    if value in ZONES or value in BOROUGHS or value == ELSEWHERE:
        return area_name(value)
    if column.removeprefix("asked_") in ("quarter", "half_year", "year"):
        return season(value)
    return value
