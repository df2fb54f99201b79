"""Use case of the inventory: everything that is kept, table by table, for everybody to read."""

from collections.abc import Sequence
from dataclasses import dataclass

from mutuali.inventory.rules import HOLDINGS, About, Entry, Keep, Seen, Why, entries


@dataclass(frozen=True, slots=True)
class HeldTable:
    """A stored table with what each of its columns is."""

    name: str
    about: About
    keep: Keep
    why: Why
    seen: Seen
    columns: Sequence[Entry]


def held(about: About) -> list[HeldTable]:
    """The tables that tell something about a person, an organization or a thing."""
    columns: dict[str, list[Entry]] = {}
    for entry in entries():
        columns.setdefault(entry.table, []).append(entry)
    return [
        HeldTable(name, holding.about, holding.keep, holding.why, holding.seen, columns[name])
        for name, holding in HOLDINGS.items()
        if holding.about is about
    ]
