"""How a column of a plan becomes coarser: one of a few kinds, each built by a file of its own."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from mutuali.privacy.errors import PlanError
from mutuali.privacy.hierarchy import Hierarchy
from mutuali.privacy.plans.codes import mask_hierarchy, prefix_hierarchy
from mutuali.privacy.plans.cover_sets import Step, cover_hierarchy, read_shares
from mutuali.privacy.plans.dates import date_hierarchy, time_hierarchy
from mutuali.privacy.plans.dialect import read_lines
from mutuali.privacy.plans.domain import Distinct, Files, domain, read_named
from mutuali.privacy.plans.explicit import explicit_hierarchy
from mutuali.privacy.plans.intervals import Intervals
from mutuali.privacy.plans.problems import Misfit
from mutuali.privacy.plans.sections import Section


class Generalization:
    """Builds the hierarchies of one plan from the files it names and the values of the table."""

    def __init__(self, files: Files, distinct: Distinct | None) -> None:
        self._files = files
        self._distinct = distinct
        self._kinds: dict[str, Callable[[Section, str], Hierarchy | None]] = {
            "hierarchy": self._explicit,
            "intervals": self._intervals,
            "dates": self._dates,
            "times": self._times,
            "prefixes": self._prefixes,
            "mask": self._mask,
            "bands": self._bands,
            "cover_sets": self._cover_sets,
        }

    def hierarchy(self, column: Section, name: str) -> Hierarchy | None:
        """The hierarchy that the table of a column asks for; None where it asks for none, or where
        it cannot be built, which is noted."""
        kind = column.choose(tuple(self._kinds))
        if kind is None:
            return None
        try:
            return self._kinds[kind](column, name)
        except Misfit as error:
            # The file or the values of a domain are at fault, or the rule itself: said there.
            column.note(error.code, kind, **error.details)
        except PlanError as error:
            column.note("bad_hierarchy", kind, reason=str(error))
        column.raw("domain")  # whoever failed before asking for it would have asked
        return None

    def _values(self, column: Section, name: str) -> list[str]:
        return list(domain(column, name, self._files, self._distinct))

    def _explicit(self, column: Section, _: str) -> Hierarchy:
        asked = column.raw("hierarchy")
        if isinstance(asked, str):
            return self._written_out(asked, (), None)
        section = column.section("hierarchy")
        file = section.need("file", str, "")
        names = tuple(section.listed("names", str))
        delimiter = section.get("delimiter", str, "") or None
        section.finish()
        if delimiter is not None and len(delimiter) != 1:
            raise Misfit("mask_not_one", mask=delimiter)
        return self._written_out(file, names, delimiter)

    def _written_out(self, file: str, names: tuple[str, ...], delimiter: str | None) -> Hierarchy:
        data = read_named(self._files, file)
        try:
            return explicit_hierarchy(data, names, delimiter)
        except Misfit as error:
            raise Misfit(error.code, **{"file": file, **error.details}) from error

    def _intervals(self, column: Section, name: str) -> Hierarchy:
        section = column.section("intervals")
        edges = section.listed("edges", list)
        rule = Intervals(
            widths=_numbers(section.listed("widths", float)),
            edges=tuple(_numbers(level) for level in edges),
            origin=_number(section.raw("origin") or 0),
            bottom=_limit(section.raw("bottom")),
            top=_limit(section.raw("top")),
        )
        section.finish()
        return rule.hierarchy(self._values(column, name))

    def _dates(self, column: Section, name: str) -> Hierarchy:
        return date_hierarchy(self._values(column, name), column.listed("dates", str))

    def _times(self, column: Section, name: str) -> Hierarchy:
        return time_hierarchy(self._values(column, name), column.listed("times", str))

    def _prefixes(self, column: Section, name: str) -> Hierarchy:
        return prefix_hierarchy(self._values(column, name), column.listed("prefixes", int))

    def _mask(self, column: Section, name: str) -> Hierarchy:
        section = column.section("mask")
        keep, sign = section.listed("keep", int), section.get("with", str, "*")
        section.finish()
        return mask_hierarchy(self._values(column, name), keep, sign)

    def _bands(self, column: Section, _: str) -> Hierarchy:
        section = column.section("bands")
        order = section.listed("order", str)
        starts: list[list[str]] = section.listed("starts", list)
        section.finish()
        return Hierarchy.bands(order, starts)

    def _cover_sets(self, column: Section, _: str) -> Hierarchy | None:
        steps, before = [], len(column.notes.problems)
        for section in column.sections("cover_sets"):
            name, file = section.need("name", str, ""), section.need("file", str, "")
            of, within = section.need("of", str, ""), section.need("in", str, "")
            least = section.get("least", float, 0.0)
            elsewhere = section.get("elsewhere", str, "") or None
            section.finish()
            if len(column.notes.problems) > before:
                return None
            try:
                shares = read_shares(read_lines(read_named(self._files, file)), of, within)
            except Misfit as error:
                raise Misfit(error.code, **{"file": file, **error.details}) from error
            steps.append(Step(name, shares, least, elsewhere))
        return cover_hierarchy(steps)


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Misfit("not_a_number", value=value)
    return Decimal(str(value))


def _numbers(values: list[Any]) -> tuple[Decimal, ...]:
    return tuple(map(_number, values))


def _limit(value: Any) -> Decimal | None:
    return None if value is None else _number(value)
