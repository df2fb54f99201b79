"""Numbers in ever wider intervals: 23 -> 20-24 -> 20-39 -> '*'.

A level is given by a width (multiples of it, counted from ``origin``, are where intervals begin) or
by its edges. Whatever the first values of the domain are, an interval of a given width reads the
same. The edges of a level are also edges of every finer one, so that levels are nested.

Whole numbers are labelled by their first and last, ``20-39``. Where the domain has others, an
interval is half-open and says so, ``[20;40[`` (ISO 80000-2).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from mutuali.privacy.hierarchy import ANY, Hierarchy
from mutuali.privacy.plans.problems import Misfit

#: More intervals on one level than that are a mistake in the plan.
MOST_EDGES = 100_000


@dataclass(frozen=True, slots=True)
class Intervals:
    """The levels between the number itself and '*', finest first: widths, or else edges.

    Below ``bottom`` all numbers are one, from ``top`` on as well (bottom and top coding), on every
    level above the first.

    Raises:
        Misfit: levels that are not nested, no level, a width that is not positive, or a bottom
            that is not below the top.
    """

    widths: tuple[Decimal, ...] = ()
    edges: tuple[tuple[Decimal, ...], ...] = ()
    origin: Decimal = Decimal(0)
    bottom: Decimal | None = None
    top: Decimal | None = None
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        if bool(self.widths) is bool(self.edges):
            raise Misfit("widths_or_edges")
        if any(width <= 0 for width in self.widths):
            raise Misfit("width_not_positive")
        if None not in (self.bottom, self.top) and not self.bottom < self.top:  # type: ignore[operator]
            raise Misfit("bottom_not_below_top", bottom=self.bottom, top=self.top)
        for finer, coarser in zip(self.widths, self.widths[1:], strict=False):
            if coarser % finer or coarser == finer:
                raise Misfit("widths_not_nested", finer=finer, coarser=coarser)
        for finer_edges, edges in zip(self.edges, self.edges[1:], strict=False):
            if stray := [str(edge) for edge in edges if edge not in finer_edges]:
                raise Misfit("edges_not_nested", edges=", ".join(stray))
        levels = [f"{width}" for width in self.widths] or [
            ", ".join(map(str, level)) for level in self.edges
        ]
        object.__setattr__(self, "names", tuple(levels))

    def hierarchy(self, values: Sequence[str]) -> Hierarchy:
        """The hierarchy of a domain of numbers, in the order of their size.

        Raises:
            Misfit: a value that is not a number, or intervals without number.
        """
        numbers = {text: _number(text) for text in values}
        ordered = sorted(values, key=numbers.__getitem__)
        if not ordered:
            raise Misfit("empty_domain")
        low, high = numbers[ordered[0]], numbers[ordered[-1]]
        whole = all(number == number.to_integral_value() for number in numbers.values())
        labels = []
        for cuts in self._cuts(low, high):
            whole_here = whole and all(cut == cut.to_integral_value() for cut in cuts)
            names = self._names(cuts, low, high, whole=whole_here)
            labels.append([names[bisect_right(cuts, numbers[text])] for text in ordered])
        rows = zip(ordered, *labels, strict=True)
        return Hierarchy.table([(*row, ANY) for row in rows], ("value", *self.names, ANY))

    def _cuts(self, low: Decimal, high: Decimal) -> list[list[Decimal]]:
        """Per level, where intervals begin, ascending; what lies below the first is one interval.

        By widths, the first begins at or below the lowest number and the last ends above the
        highest, so that the outermost intervals are as wide as the others.
        """
        levels = [list(edges) for edges in self.edges]
        for width in self.widths:
            first = (low - self.origin) // width
            # Decimal division truncates towards zero; intervals below the origin begin further left
            first -= self.origin + first * width > low
            count = int((high - self.origin) / width - first) + 3
            if count > MOST_EDGES:
                raise Misfit("too_many_intervals", width=width, count=count)
            levels.append([self.origin + (first + step) * width for step in range(count)])
        found = []
        for cuts in levels:
            inside = {
                cut
                for cut in cuts
                if (self.bottom is None or cut > self.bottom)
                and (self.top is None or cut < self.top)
            }
            found.append(
                sorted(inside | {one for one in (self.bottom, self.top) if one is not None})
            )
        return found

    def _names(self, cuts: list[Decimal], low: Decimal, high: Decimal, *, whole: bool) -> list[str]:
        """The label of each interval, the one below the first cut included."""
        step = Decimal(1) if whole else Decimal(0)
        names = []
        for start, end in zip([None, *cuts], [*cuts, None], strict=True):
            if start is None:
                opens = end == self.bottom or low >= end  # type: ignore[operator]
                start = None if opens else low
            if end is None:
                opens = start == self.top or (start is not None and high < start)
                end = None if opens else high + step
            names.append(_label(start, end, whole=whole))
        return names


def _label(start: Decimal | None, end: Decimal | None, *, whole: bool) -> str:
    if start is None:
        return f"<{_plain(end)}"
    if end is None:
        return f">={_plain(start)}"
    if not whole:
        return f"[{_plain(start)};{_plain(end)}["
    last = end - 1
    if start < 0 or last < 0:
        # A cell that begins with a minus would be taken for a formula, and "-9--5" misread.
        return f"[{_plain(start)};{_plain(last)}]"
    return _plain(start) if start == last else f"{_plain(start)}-{_plain(last)}"


def _plain(number: Decimal | None) -> str:
    """A number without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Misfit("not_a_number", value=text) from None
    if not number.is_finite():
        raise Misfit("not_a_number", value=text)
    return number
