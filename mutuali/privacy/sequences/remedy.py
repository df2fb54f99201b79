"""What makes a build of tables of sums follow the earlier ones: figures of it are hidden.

Only the newest build can change. Of the figures that take part in a finding the smallest is hidden,
and everything is looked at again, until nothing is found: where nothing is told, nothing is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mutuali.privacy.cells.scheme import Status
from mutuali.privacy.sequences.bounds import bounds
from mutuali.privacy.sequences.differences import differences
from mutuali.privacy.sequences.findings import Finding
from mutuali.privacy.sequences.layers import Cell
from mutuali.privacy.sequences.told import Build, Figure


@dataclass(frozen=True, slots=True)
class Mended:
    """A build that may follow, what was found on the way, and the (cell, measure) hidden for it."""

    build: Build
    findings: tuple[Finding, ...]
    hidden: frozenset[tuple[Cell, str]]


def check(earlier: Sequence[Build], new: Build, *, k: int, percent: int) -> list[Finding]:
    """What ``new`` tells together with the ``earlier`` builds, to anyone, oldest first.

    ``k`` contributors per side hide each other; ``percent`` (p %) of a part must stay open.
    """
    builds = [*earlier, new]
    return [*differences(builds, k), *bounds(builds, percent)]


def mend(earlier: Sequence[Build], new: Build, *, k: int, percent: int) -> Mended:
    """``new`` with as many figures hidden as it takes for :func:`check` to find nothing."""
    build, found, hidden = new, list[Finding](), set[tuple[Cell, str]]()
    while findings := check(earlier, build, k=k, percent=percent):
        found += findings
        told = {((each.names, each.labels), each.measure): each for each in build.figures}
        hide = set[tuple[Cell, str]]()
        for finding in sorted(findings, key=lambda each: len(each.hide)):
            these = {(cell, finding.measure) for cell in finding.hide}
            # One figure may mend several findings: those are looked at again first.
            if hide.isdisjoint(these):
                hide.add(min(these, key=lambda each: (_rank(told[each]), each)))
        hidden |= hide
        build = without(build, hide)
    return Mended(build, tuple(dict.fromkeys(found)), frozenset(hidden))


def _rank(figure: Figure) -> tuple[bool, int]:
    """Small figures first; a zero last, for hiding it mends least."""
    return figure.value is None, figure.value or 0


def without(build: Build, hide: set[tuple[Cell, str]]) -> Build:
    """The build with these figures hidden."""
    return replace(
        build,
        figures=tuple(
            replace(each, status=Status.SUPPRESSED, value=None)
            if ((each.names, each.labels), each.measure) in hide
            else each
            for each in build.figures
        ),
    )
