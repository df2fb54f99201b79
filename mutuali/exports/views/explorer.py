"""A released table on a page: narrowed, summed, drawn; never more than its file says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from mutuali.core.errors import NotFound
from mutuali.core.places import BOROUGHS, ZONES, outline_paths, outline_position, outline_viewbox
from mutuali.exports import service
from mutuali.exports.rules.catalogue import ColumnRole, DeclaredDataset, DeclaredTable
from mutuali.exports.views.cells import cell_words
from mutuali.web.words import label

#: A look adds up a whole table, for anybody: so often from one address.
LOOKS = "120 per minute"
#: How many shades the map has, and widths the lines of a flow.
_TONES = 5
#: The columns along which time runs: drawn as a line.
_TIMES = frozenset({"quarter", "half_year", "year"})
_PLACES = frozenset({"zone", "borrower_zone", "lender_zone"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: its name in the form, its words, (value, words) to choose, and what is
    chosen."""

    name: str
    words: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """From whom to whom: the places along both sides, and a cell in words for each pair."""

    tos: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Explored:
    """Everything the page shows of a table.

    ``columns`` come with whether they hold numbers; ``shapes``, ``flows`` and ``matrix`` are empty
    where no column is a place.
    """

    table: DeclaredTable
    title: str
    tables: Sequence[tuple[str, str]]
    choices: Sequence[Choice]
    finding: str
    caution: str
    heading: str
    measure: str
    rows: Sequence[tuple[str, int, str]]
    is_time: bool
    viewbox: str
    shapes: Sequence[tuple[str, str, object]]
    flows: Sequence[tuple[float, float, float, float, int, str]]
    marks: Sequence[tuple[float, float, str]]
    matrix: Matrix | None
    columns: Sequence[tuple[str, bool]]
    lines: Sequence[Sequence[str]]
    count: int
    page: int
    pages: int
    previous: str | None
    next: str | None


def tables_of(dataset: DeclaredDataset, report: Mapping[str, Any]) -> list[DeclaredTable]:
    """The tables that are in a bundle."""
    files = report.get("files", ())
    return [each for each in dataset.tables if f"{each.name}.csv" in files]


def explored(file: service.Handed, dataset: DeclaredDataset, report: Mapping[str, Any]) -> Explored:
    """What the query of this request finds in a bundle that may be looked into.

    Raises:
        NotFound: the query names a table, a column or a page that is not there.
        Conflict: the stored bytes are not those that were signed.
    """
    tables = tables_of(dataset, report)
    wanted = request.args.get("tableau") or (tables[0].name if tables else "")
    table = next((each for each in tables if each.name == wanted), None)
    if table is None:
        raise NotFound
    found, look = look_into(file, table, report)
    pages = max(1, ceil(found.count / service.PAGE))
    if look.page > pages:
        raise NotFound
    measure = label("exports.column", found.figure) if found.figure else _("Lignes")
    rows = [(_of(found.by, each), each.total, _said(each)) for each in found.sums]
    is_time = (found.by or "").removeprefix("asked_") in _TIMES
    shapes, marks, flows = _drawn(found)
    return Explored(
        table=table,
        title=label("exports.table", table.name),
        tables=[(each.name, label("exports.table", each.name)) for each in tables],
        choices=_choices(table, found, look),
        finding=_finding(found),
        caution=_caution(found),
        heading=label("exports.column", found.by) if found.by else "",
        measure=measure,
        rows=rows,
        is_time=is_time and len(rows) > 1,
        viewbox=outline_viewbox(),
        shapes=shapes,
        flows=flows,
        marks=marks,
        matrix=_matrix(found),
        columns=[
            (label("exports.column", each.name), each.role is ColumnRole.FIGURE)
            for each in table.columns
            if each.role is not ColumnRole.STATUS
        ],
        lines=[_line(table, each) for each in found.lines],
        count=found.count,
        page=look.page,
        pages=pages,
        previous=_at(look.page - 1) if look.page > 1 else None,
        next=_at(look.page + 1) if look.page < pages else None,
    )


def look_into(
    file: service.Handed, table: DeclaredTable, report: Mapping[str, Any]
) -> tuple[service.Found, service.Look]:
    """What the query of this request finds in a table, and what it asked."""
    args = request.args
    page = args.get("page", "1")
    if not page.isdecimal() or not 0 < len(page) < 8 or int(page) < 1:
        raise NotFound
    look = service.Look(
        where={key: args[key] for key in table.keys if args.get(key)},
        by=args.get("par") or None,
        figure=args.get("mesure") or None,
        page=int(page),
    )
    files_url = str(current_app.config["SETTINGS"].files_url)
    rows = service.table_in(files_url, file, table)
    return service.explore(rows, table, look, _base(table, report)), look


def _base(table: DeclaredTable, report: Mapping[str, Any]) -> int:
    """The most that figures of a table were rounded to: a period that was let out before keeps
    what it had."""
    of_periods = (
        each.get("base", 0) for each in report.get("periods", ()) if each["table"] == table.name
    )
    return max(of_periods, default=0) or int(report["base"])


def _choices(table: DeclaredTable, found: service.Found, look: service.Look) -> list[Choice]:
    chosen = [
        Choice(
            key,
            label("exports.column", key),
            [("", _("Tout")), *((value, cell_words(key, value)) for value in found.choices[key])],
            look.where.get(key, ""),
        )
        for key in table.keys
    ]
    if len(table.keys) > 1:
        names = [(key, label("exports.column", key)) for key in table.keys]
        chosen.append(Choice("par", _("Comparer par"), names, found.by or ""))
    if len(table.figures) > 1:
        figures = [(name, label("exports.column", name)) for name in table.figures]
        chosen.append(Choice("mesure", _("Ce qu’on compte"), figures, found.figure or ""))
    return chosen


def _of(column: str | None, each: service.Sum) -> str:
    return cell_words(column or "", each.values[0])


def _said(each: service.Sum) -> str:
    """``120``, ``au moins 115`` where a cell is hidden, ``masqué`` where all are."""
    if not each.shown and each.hidden:
        return _("masqué")
    if each.hidden:
        return _("au moins %(low)s", low=format_decimal(each.low))
    if each.high is not None and each.low != each.high:
        return _("%(low)s à %(high)s", low=format_decimal(each.low), high=format_decimal(each.high))
    return str(format_decimal(each.total))


def _finding(found: service.Found) -> str:
    told = [each for each in found.sums if each.shown]
    if not told:
        return _("Rien de ceci ne peut être dit\u00a0: trop peu d’organismes sont derrière.")
    most = max(told, key=lambda each: each.total)
    return _(
        "Le plus\u00a0: %(what)s, %(how)s.",
        what=_of(found.by, most),
        how=_said(most),
    )


def _caution(found: service.Found) -> str:
    hidden = sum(each.hidden for each in found.sums)
    if not hidden:
        return ""
    return ngettext(
        "%(num)d case est masquée, pour qu’on ne reconnaisse personne\u00a0: les sommes où elle "
        "entre disent «\u00a0au moins\u00a0».",
        "%(num)d cases sont masquées, pour qu’on ne reconnaisse personne\u00a0: les sommes où "
        "elles entrent disent «\u00a0au moins\u00a0».",
        hidden,
    )


def _tone(total: int, most: int) -> int:
    return min(_TONES, 1 + int(_TONES * total / most)) if most and total else 1


def _drawn(
    found: service.Found,
) -> tuple[
    list[tuple[str, str, object]],
    list[tuple[float, float, str]],
    list[tuple[float, float, float, float, int, str]],
]:
    """The shapes of the island with how much each has, the marks and the lines on them."""
    if found.pairs:
        return _flows(found)
    if found.by not in _PLACES:
        return [], [], []
    sums = {each.values[0]: each for each in found.sums}
    most = max((each.total for each in sums.values()), default=0)
    paths = outline_paths()
    shapes: list[tuple[str, str, object]] = []
    for borough in BOROUGHS.values():
        here = sums.get(borough.zone)
        words = f"{borough.name} ({cell_words('zone', borough.zone)})"
        told = here is not None and here.shown
        tone = _tone(here.total, most) if here is not None and told else ""
        said = _said(here) if here is not None else _("rien")
        shapes.append((f"{words}\u00a0: {said}", paths[borough.slug], tone))
    return shapes, [], []


def _flows(
    found: service.Found,
) -> tuple[
    list[tuple[str, str, object]],
    list[tuple[float, float, str]],
    list[tuple[float, float, float, float, int, str]],
]:
    paths = outline_paths()
    shapes: list[tuple[str, str, object]] = [
        (borough.name, paths[borough.slug], "") for borough in BOROUGHS.values()
    ]
    told = [each for each in found.pairs if each.shown and set(each.values) <= set(ZONES)]
    most = max((each.total for each in told), default=0)
    marks, flows = [], []
    for each in told:
        start, end = (_middle(zone) for zone in each.values)
        words = f"{_pair(each)}\u00a0: {_said(each)}"
        if start == end:
            marks.append((*start, words))
        else:
            flows.append((*start, *end, _tone(each.total, most), words))
    return shapes, marks, flows


def _pair(each: service.Sum) -> str:
    start, end = (cell_words("zone", zone) for zone in each.values)
    return _("de %(start)s à %(end)s", start=start, end=end)


def _middle(zone: str) -> tuple[float, float]:
    places = [outline_position(each.label) for each in BOROUGHS.values() if each.zone == zone]
    return (
        round(sum(x for x, _y in places) / len(places), 1),
        round(sum(y for _x, y in places) / len(places), 1),
    )


def _matrix(found: service.Found) -> Matrix | None:
    if not found.pairs:
        return None
    cells = {each.values: _said(each) for each in found.pairs}
    starts = list(dict.fromkeys(start for start, _end in cells))
    ends = sorted({end for _start, end in cells})
    return Matrix(
        [cell_words("zone", end) for end in ends],
        [
            (cell_words("zone", start), [cells.get((start, end), "–") for end in ends])
            for start in starts
        ],
    )


def _line(table: DeclaredTable, line: Mapping[str, object]) -> list[str]:
    """One line, a cell for each column; where a figure is missing, its status instead."""
    cells = []
    for column in table.columns:
        value = line[column.name]
        if column.role is ColumnRole.STATUS:
            continue
        if column.role is ColumnRole.FIGURE:
            status = str(line[f"{column.name}_status"])
            shown = format_decimal(value) if value is not None else label("exports.status", status)
            cells.append(str(shown))
        elif column.role is ColumnRole.NAME:
            cells.append(str(value))
        else:
            cells.append(cell_words(column.name, str(value)))
    return cells


def _at(page: int) -> str:
    args = {name: value for name, value in request.args.items() if value and name != "page"}
    return f"{request.path}?{urlencode({**args, 'page': page})}"
