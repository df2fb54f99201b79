"""What one build of tables of sums told, and who was behind it: kept beside the release.

Contributors are tokens that the caller made with a secret key; no name and no id is in a record.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mutuali.privacy.cells.scheme import Status
from mutuali.privacy.errors import BadRecord

#: The layout of the JSON; another one is not read.
LAYOUT = 1

#: Names of keys, and one label for each: together they name a cell.
Names = tuple[str, ...]
Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of a table and a measure in it: ``value`` where it is published, a multiple of
    ``base`` >= 1."""

    names: Names
    labels: Labels
    measure: str
    status: Status
    value: int | None
    base: int

    @property
    def told(self) -> bool:
        """Whether a reader learns what the sum is."""
        return self.status in (Status.PUBLISHED, Status.ZERO)

    @property
    def between(self) -> tuple[int, int]:
        """The least and the most that a told sum can be before it was rounded."""
        if self.value is None:
            return 0, 0
        return max(0, self.value - self.base // 2), self.value + (self.base - 1) // 2


@dataclass(frozen=True, slots=True)
class Entry:
    """What the people of each side together add, >= 1, on the smallest ground that is told apart;
    ``ground`` is its position in the grounds of the build."""

    people: tuple[str, ...]
    ground: int
    amount: int


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that one build told and what was behind it.

    ``grounds`` give each smallest ground its label under every key that any table uses (family and
    category, quarter and year); ``sides`` and ``entries`` are by measure. Only what lies under some
    figure of the build is in it.
    """

    grounds: tuple[Mapping[str, str], ...]
    sides: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, tuple[Entry, ...]]
    figures: tuple[Figure, ...]


def to_bytes(builds: Sequence[Build]) -> bytes:
    """What one export told, as canonical JSON, deflated: the same builds, the same bytes.

    Several builds where parts of it were made of different people.
    """
    content = {"layout": LAYOUT, "builds": [_plain(build) for build in builds]}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return zlib.compress(text.encode())


def from_bytes(data: bytes) -> tuple[Build, ...]:
    """The builds that :func:`to_bytes` wrote.

    Raises:
        BadRecord: another layout, or no record at all.
    """
    try:
        content: dict[str, Any] = json.loads(zlib.decompress(data))
        if content["layout"] != LAYOUT:
            raise BadRecord(f"not a record of layout {LAYOUT}")
        return tuple(map(_read, content["builds"]))
    except (AttributeError, KeyError, TypeError, ValueError, zlib.error) as problem:
        raise BadRecord("not a record of builds") from problem


def _plain(build: Build) -> dict[str, Any]:
    return {
        "grounds": [dict(ground) for ground in build.grounds],
        "sides": dict(build.sides),
        "entries": {
            measure: [[each.people, each.ground, each.amount] for each in entries]
            for measure, entries in build.entries.items()
        },
        "figures": [
            [each.names, each.labels, each.measure, each.status, each.value, each.base]
            for each in build.figures
        ],
    }


def _read(content: Mapping[str, Any]) -> Build:
    return Build(
        tuple(content["grounds"]),
        {measure: tuple(sides) for measure, sides in content["sides"].items()},
        {
            measure: tuple(Entry(tuple(who), ground, n) for who, ground, n in entries)
            for measure, entries in content["entries"].items()
        },
        tuple(
            Figure(tuple(names), tuple(labels), measure, Status(status), value, base)
            for names, labels, measure, status, value, base in content["figures"]
        ),
    )
