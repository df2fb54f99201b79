"""The tables of a TOML file, read key by key; what does not fit is noted and reading goes on."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any, TypeVar

from mutuali.privacy.plans.problems import Problem

_T = TypeVar("_T")

Path = tuple[str, ...]

#: A line that opens a table or an element of an array of tables, and one that sets a key.
_HEADER = re.compile(r"\s*(\[\[?.+\]\]?)\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")

#: What types are called in a problem.
KINDS: dict[type, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    list: "list",
    dict: "table",
}


def line_numbers(text: str) -> dict[Path, int]:
    """Where tables and keys stand, by their path; elements of an array are numbered from 1.

    A line inside a text of several lines may be taken for a key; it then only adds a path that
    nobody asks for.
    """
    found: dict[Path, int] = {}
    here: Path = ()
    elements: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            if (path := _path(header[1])) is None:
                continue
            if header[1].startswith("[["):
                elements[path] = elements.get(path, 0) + 1
                path = (*path, str(elements[path]))
            here = path
            found.setdefault(here, number)
        elif (key := _KEY.match(line)) and (path := _path(f"{key[1]} = 0")) is not None:
            found.setdefault((*here, *path), number)
    return found


def _path(line: str) -> Path | None:
    """The keys that a line of TOML names, outermost first."""
    try:
        content: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return None
    path: list[str] = []
    while isinstance(content, (dict, list)) and content:
        if isinstance(content, list):
            content = content[0]
        else:
            ((name, content),) = content.items()
            path.append(name)
    return tuple(path)


class Notes:
    """The problems found so far, each with the line it is about."""

    def __init__(self, text: str) -> None:
        self._lines = line_numbers(text)
        self.problems: list[Problem] = []

    def add(self, code: str, place: Path, /, **details: object) -> None:
        """Note a problem at the nearest place that has a line."""
        known = (place[:end] for end in range(len(place), 0, -1) if place[:end] in self._lines)
        nearest = next(known, None)
        line = None if nearest is None else self._lines[nearest]
        self.problems.append(Problem(code, place, line, details))


class Section:
    """One table, and which of its keys were asked for; :meth:`finish` notes the others."""

    def __init__(self, content: dict[str, Any], place: Path, notes: Notes) -> None:
        self.place = place
        self.notes = notes
        self._content = content
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def get(self, key: str, kind: type[_T], default: _T) -> _T:
        """The value of a key; the default where it is not there or of another kind."""
        self._asked.add(key)
        if key not in self._content:
            return default
        value = self._content[key]
        if fits(value, kind):
            return kind(value) if kind in (int, float) else value  # type: ignore[call-arg]
        self.note("wrong_type", key, wanted=KINDS[kind])
        return default

    def need(self, key: str, kind: type[_T], default: _T) -> _T:
        """As :meth:`get`, and a problem where the key is not there."""
        if key not in self._content:
            self._asked.add(key)
            self.note("missing_key", key, key=key)
            return default
        return self.get(key, kind, default)

    def listed(self, key: str, kind: type[_T]) -> list[_T]:
        """A list of values of one kind; empty where there is none."""
        values = self.get(key, list, [])
        if all(fits(value, kind) for value in values):
            return list(values)
        self.note("wrong_elements", key, wanted=KINDS[kind])
        return []

    def section(self, key: str) -> "Section":
        """A table inside this one; empty where there is none."""
        return Section(self.get(key, dict, {}), (*self.place, key), self.notes)

    def sections(self, key: str) -> list["Section"]:
        """A list of tables inside this one."""
        return [
            Section(content, (*self.place, key, str(number)), self.notes)
            for number, content in enumerate(self.listed(key, dict), start=1)
        ]

    def named_sections(self, key: str) -> list[tuple[str, "Section"]]:
        """The tables inside a table, by name."""
        inside = self.section(key)
        return [(name, inside.section(name)) for name in inside._content]

    def raw(self, key: str) -> Any:
        """Whatever the key holds; None where it is not there."""
        self._asked.add(key)
        return self._content.get(key)

    def note(self, code: str, at: str = "", /, **details: object) -> None:
        """Note a problem with a key of this table, or with the table."""
        self.notes.add(code, (*self.place, at) if at else self.place, **details)

    def choose(self, keys: Sequence[str]) -> str | None:
        """Which one of the keys is there; several are a problem."""
        found = [key for key in keys if key in self._content]
        for key in found[1:]:
            self._asked.add(key)
            self.note("one_of", key, first=found[0], other=key)
        return found[0] if found else None

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._content:
            if key not in self._asked:
                self.note("unknown_key", key, key=key, known=", ".join(sorted(self._asked)))


def fits(value: object, kind: type) -> bool:
    """Whether a value of a TOML file is of a kind; a whole number is a number, true is none."""
    if kind in (int, float) and isinstance(value, bool):
        return False
    return isinstance(value, (int, float) if kind is float else kind)
