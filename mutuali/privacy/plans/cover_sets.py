"""Geography that is no tree: a place is labelled by all the areas that it touches.

A postal prefix may lie in several boroughs, so "its borough" would be a guess, and a wrong one for
those who live on the other side. Its label is the set of boroughs that it touches, in text order:
``Rosemont|Villeray``. The next level labels that set by the set of zones that its boroughs touch.
Each label is a function of the finer one, so the levels are nested although the areas are not.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mutuali.privacy.hierarchy import ANY, Hierarchy
from mutuali.privacy.plans.problems import Misfit

#: What stands between the areas of a set.
BAR = "|"

#: Per place, the share of it (0 to 1) that lies in each area.
Shares = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Step:
    """From one kind of place to the next larger: ``shares``, and the least that counts as touching.

    ``elsewhere`` labels places that touch no area; without it they are a problem.
    """

    name: str
    shares: Shares
    least: float = 0.0
    elsewhere: str | None = None

    def areas(self, place: str) -> frozenset[str]:
        """The areas that a place touches.

        Raises:
            Misfit: the place is not named, or touches none.
        """
        if place not in self.shares:
            if place == self.elsewhere:
                return frozenset((place,))
            raise Misfit("unknown_place", value=place, level=self.name)
        found = frozenset(
            area for area, share in self.shares[place].items() if share > 0 and share >= self.least
        )
        if found:
            return found
        if self.elsewhere is None:
            raise Misfit("place_nowhere", value=place, level=self.name)
        return frozenset((self.elsewhere,))


def cover_hierarchy(steps: Sequence[Step], finest: str = "place") -> Hierarchy:
    """Each place of the first step, then the set of areas it touches, step by step, then '*'.

    Raises:
        Misfit: no step, no place, a place or area that a step does not name or put anywhere, or an
            area whose name holds the bar.
    """
    if not steps or not steps[0].shares:
        raise Misfit("empty_domain")
    rows = []
    for place in sorted(steps[0].shares):
        labels, areas = [place], frozenset((place,))
        for step in steps:
            elsewhere = {step.elsewhere} - {None}
            larger = frozenset().union(*(step.areas(area) for area in areas))
            # A place that is partly nowhere is told by where the rest of it lies.
            areas = larger - elsewhere or larger
            if barred := [area for area in areas if BAR in area]:
                raise Misfit("bar_in_name", value=barred[0], bar=BAR)
            labels.append(BAR.join(sorted(areas)))
        rows.append((*labels, ANY))
    return Hierarchy.table(rows, (finest, *(step.name for step in steps), ANY))


def read_shares(lines: Sequence[tuple[int, list[str]]], of: str, within: str) -> Shares:
    """The columns ``of`` (place) and ``within`` (areas) of the lines of a CSV file with a header.

    A cell names one area or several between semicolons or bars, each with its share after an equals
    sign or without (then 1): ``Anjou=0.013;Montréal-Est=0.633``. Lines of one place add up.

    Raises:
        Misfit: a missing column, a line of another length, or a share that is no number.
    """
    if not lines:
        raise Misfit("empty_domain")
    (_, header), *body = lines
    for name in (of, within):
        if header.count(name) != 1:
            raise Misfit("no_such_file_column", column=name, known=", ".join(header))
    place, areas = header.index(of), header.index(within)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for number, cells in body:
        if len(cells) != len(header):
            raise Misfit("line_length", line=number, found=len(cells), expected=len(header))
        inside = found[cells[place]]
        for part in cells[areas].replace(BAR, ";").split(";"):
            area, _, share = part.partition("=")
            try:
                if area.strip():
                    amount = float(share) if share else 1.0
                    inside[area.strip()] = inside.get(area.strip(), 0.0) + amount
            except ValueError:
                raise Misfit("not_a_number", value=share, line=number) from None
    return found
