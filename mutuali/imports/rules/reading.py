"""A whole file read: what its rows say, what is refused, what is worth a look."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Generic, Protocol, TypeAlias, TypeVar

from mutuali.core.errors import Reason
from mutuali.imports.rules.cells import Cells
from mutuali.imports.rules.mapping import FileMapping, What, plain_mapping, read_mapping
from mutuali.imports.rules.organizations import Known, OrganizationRow
from mutuali.imports.rules.table import Layout, Objection, Row, open_table


class Told(Protocol):
    """A row of any kind."""

    @property
    def line(self) -> int:
        """Where it begins."""

    @property
    def ref(self) -> str:
        """What identifies it in its source."""


_T = TypeVar("_T", bound=Told)
#: What a header is read by.
MappingOf: TypeAlias = Callable[[Sequence[str]], FileMapping]


@dataclass(slots=True)
class Reading(Generic[_T]):
    """What a file of ``read`` rows says; ``notices`` refuse nothing."""

    mapping: FileMapping
    read: int = 0
    rows: list[_T] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)
    notices: list[Objection] = field(default_factory=list)

    def refuse(self, objections: Iterable[Objection]) -> None:
        """Take the rows that ``objections`` are about out of those to write."""
        found = list(objections)
        lines = {each.line for each in found}
        self.objections += found
        if lines:
            self.rows = [row for row in self.rows if row.line not in lines]


def read_file(
    stream: BinaryIO,
    what: What,
    source: str,
    mapping_text: str | MappingOf | None,
    parse: Callable[[Cells], _T | None],
    each: Callable[[], None],
    layout: Layout | None = None,
) -> Reading[_T]:
    """Every row of a file, parsed; ``each`` is called after each row, for those who wait.

    Without a mapping the file is its own ``source``; one may be made of its header, and then
    ``layout`` says how it is written.

    Raises:
        Unreadable: the file or its mapping cannot be read at all.
    """
    given = read_mapping(mapping_text, what) if isinstance(mapping_text, str) else None
    made = mapping_text if callable(mapping_text) else None
    with open_table(stream, given.layout if given else layout or Layout()) as (header, rows):
        mapping = made(header) if made else given or plain_mapping(what, source, header)
        mapping.check_header(header)
        reading: Reading[_T] = Reading(mapping)
        for row in rows:
            reading.read += 1
            if isinstance(row, Row):
                cells = Cells(mapping, row)
                told = parse(cells)
                reading.objections += cells.objections
                if told is not None and not cells.objections:
                    reading.rows.append(told)
            else:
                reading.objections.append(row)
            each()
    return reading


def refuse_repeats(reading: Reading[_T]) -> None:
    """Keep the first of the rows with one reference; say of the others whom they repeat."""
    first: dict[str, int] = {}
    found = []
    for row in reading.rows:
        line = first.setdefault(row.ref, row.line)
        if line != row.line:
            column = reading.mapping.column("ref")
            found.append(Objection(row.line, column, Reason("import.repeated", {"line": line})))
    reading.refuse(found)


def find_twins(reading: Reading[OrganizationRow], known: Known) -> None:
    """Refuse organizations that are one already ``known`` or told on an earlier line.

    Another name at the very same address is only worth a look.
    """
    column = reading.mapping.column("name")
    where = reading.mapping.column("address")
    found = []
    for row in reading.rows:
        twin = known.twin(row.name, row.address, row.point)
        if twin is not None:
            found.append(Objection(row.line, column, Reason("import.duplicate", {"of": twin})))
            continue
        neighbour = known.neighbour(row.address)
        if neighbour is not None and reading.mapping.fields["address"].default != row.address:
            reason = Reason("import.same_address", {"of": neighbour})
            reading.notices.append(Objection(row.line, where, reason))
        known.add(f"line {row.line}", row.name, row.address, row.point)
    reading.refuse(found)
