"""What is kept of a release so that the next one can be checked against it.

Per released row: a token of its identity, its class, its sensitive values, a token per contributor
column, and one token of its plain cells. A token is 8 bytes of BLAKE2b under the caller's key
(RFC 7693), so the record holds no identifier, no contributor and no value that the release did not
already show. Rows stand in the order of their tokens, which says nothing.

Who steals a record without the key learns the release itself, how many of its rows share a
contributor, and, with records of the same key, which rows and contributors stayed. Who has the key
too can try known ids and learn whose rows were in the release and in which class: the key is kept
apart from the records, and a new key ends all comparisons.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mutuali.privacy.errors import BadRecord, BadTable
from mutuali.privacy.measures.grouping import Values, group, values_of
from mutuali.privacy.measures.recoding import checked_witness, read_recoding
from mutuali.privacy.plan import Diversity, Plan, Role
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.histogram import IntArray, text_column
from mutuali.privacy.report import Release
from mutuali.privacy.text import distinct_cells

Tokens = npt.NDArray[np.uint64]

#: The layout of the JSON; another one is not read.
LAYOUT = 2

#: Bytes of a key: less can be guessed, more BLAKE2b does not take.
KEY_BYTES = (16, 64)

#: Below as many nobody hides.
FEWEST = 2

#: A label and everything above it, '*' last; its level is the top minus the length.
Path = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class RecordedColumn:
    """A released quasi-identifier: its hierarchy, and the labels that were used.

    ``chains`` has two tokens per value of the hierarchy: of the value, and of all that stands above
    it. So values that were not released stay unknown.
    """

    name: str
    chains: tuple[tuple[int, int], ...]
    top: int
    paths: tuple[Path, ...]

    @property
    def level(self) -> int | None:
        """The one level of all labels; None where they have several, or there are none."""
        levels = {self.top + 1 - len(path) for path in self.paths}
        return levels.pop() if len(levels) == 1 else None

    def tells_like(self, other: "RecordedColumn") -> bool:
        """Whether labels of both can be held against each other.

        The values that both hierarchies name, at least one, stand under the same labels. So years
        of quarters stay comparable while the window moves on.
        """
        if (self.name, self.top) != (other.name, other.top):
            return False
        if self.chains == other.chains:
            return True
        known = dict(self.chains)
        shared = [(value, above) for value, above in other.chains if value in known]
        return bool(shared) and all(known[value] == above for value, above in shared)


@dataclass(frozen=True, slots=True, eq=False)
class ReleaseRecord:
    """One release, row by row, in tokens and codes.

    ``classes[c]`` holds the position of the label of class c per column; ``of[r]`` is the class of
    row r. ``values[r, j]`` is the position of the row's cell in ``texts[j]``; ``people[r, j]`` that
    of its contributor in ``contributors``, one numbering for all of ``contributor_columns``.
    ``plain`` is empty where the plan has no plain column. ``row_keys`` are released columns in
    which most rows have a value of their own; ``ordered`` says that the rows stood in the order
    of their cells.
    """

    key_check: str
    plan_hash: str
    plan_version: str
    k: int
    coalition: int
    sides: tuple[str, ...]
    diversities: tuple[Diversity, ...]
    contributor_columns: tuple[str, ...]
    columns: tuple[RecordedColumn, ...]
    texts: tuple[tuple[str | None, ...], ...]
    row_keys: tuple[str, ...]
    ordered: bool
    rows: Tokens
    contributors: Tokens
    classes: IntArray
    of: IntArray
    values: IntArray
    people: IntArray
    plain: Tokens

    def labels(self, number: int) -> tuple[str | None, ...]:
        """The labels of a class, in the order of the columns."""
        pairs = zip(self.columns, self.classes[number], strict=True)
        return tuple(column.paths[code][0] for column, code in pairs)

    def paths(self, number: int) -> tuple[Path, ...]:
        """The labels of a class with what stands above each."""
        pairs = zip(self.columns, self.classes[number], strict=True)
        return tuple(column.paths[code] for column, code in pairs)

    def part(self, rows: BoolArray) -> "ReleaseRecord":
        """Some of the rows only."""
        return replace(
            self,
            rows=self.rows[rows],
            of=self.of[rows],
            values=self.values[rows],
            people=self.people[rows],
            plain=self.plain[rows] if len(self.plain) else self.plain,
        )

    def compacted(self) -> "ReleaseRecord":
        """Without the classes that have no row."""
        used, of = np.unique(self.of, return_inverse=True)
        return replace(self, classes=self.classes[used], of=of.astype(np.int64))

    def to_json(self) -> str:
        """Canonical JSON; arrays are little-endian, deflated, in base 64."""
        content: dict[str, Any] = {"layout": LAYOUT}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value = _packed(value)
            elif field.name == "diversities":
                value = [[model.column, model.distinct, model.most] for model in value]
            elif field.name == "columns":
                value = [[each.name, each.chains, each.top, each.paths] for each in value]
            content[field.name] = value
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "ReleaseRecord":
        """The record that :meth:`to_json` wrote.

        Raises:
            BadRecord: another layout, or no record at all.
        """
        try:
            content = json.loads(text)
            if content.pop("layout") != LAYOUT:
                raise BadRecord(f"not a record of layout {LAYOUT}")
            arrays = ("rows", "contributors", "classes", "of", "values", "people", "plain")
            content |= {name: _unpacked(content[name]) for name in arrays}
            content["diversities"] = tuple(Diversity(*each) for each in content["diversities"])
            content["columns"] = tuple(
                RecordedColumn(name, tuple(map(tuple, chains)), top, tuple(map(tuple, paths)))
                for name, chains, top, paths in content["columns"]
            )
            content["texts"] = tuple(map(tuple, content["texts"]))
            for name in ("sides", "contributor_columns", "row_keys"):
                content[name] = tuple(content[name])
            return cls(**content)
        except (AttributeError, KeyError, TypeError, ValueError, zlib.error) as problem:
            raise BadRecord("not a record of a release") from problem


def record_of(
    release: Release, table: pa.Table, plan: Plan, *, key: bytes, row_id: str
) -> ReleaseRecord:
    """What to keep of ``release``, made from ``table`` under ``plan``.

    ``row_id`` is a column of ``table`` that names a row from one release to the next; ``key`` is
    16 to 64 secret bytes, the same for all releases of the dataset.

    Raises:
        BadRecord: a key too short or too long.
        BadTable: a missing column, or a released row without an id of its own.
        Disagreement: a witness or a label that the raw rows do not bear out.
    """
    return recorded(release.table, release.witness, table, plan, key=key, row_id=row_id)[0]


def recorded(
    released: pa.Table,
    witness: IntArray,
    table: pa.Table,
    plan: Plan,
    *,
    key: bytes,
    row_id: str,
) -> tuple[ReleaseRecord, IntArray]:
    """The record, and for each of its rows the released row."""
    if not KEY_BYTES[0] <= len(key) <= KEY_BYTES[1]:
        raise BadRecord(f"a key has {KEY_BYTES[0]} to {KEY_BYTES[1]} bytes, not {len(key)}")
    sources = checked_witness(witness, table, released)
    ids = _ids(table, sources, row_id)
    rows = _tokens(key, b"row", ids)
    order = np.argsort(rows)
    if (np.diff(rows[order]) == 0).any():
        raise BadTable("two released rows have the same id", column=row_id)
    columns, codes = _labels(released, sources, table, plan, key)
    classes = group(codes, len(rows))
    example = np.zeros(classes.count, dtype=np.int64)
    example[classes.of] = np.arange(len(rows))
    diversities = _diversities(plan)
    sensitive = [values_of(released, model.column) for model in diversities]
    contributors, people = _people(table, sources, plan, key)
    plain = [values_of(released, column.name) for column in plan.named(Role.PLAIN)]
    record = ReleaseRecord(
        key_check=hashlib.blake2b(digest_size=8, key=key, person=b"key").hexdigest(),
        plan_hash=plan.hash,
        plan_version=plan.version,
        k=max(plan.k, FEWEST),  # a k-map alone asks for no more than one
        coalition=plan.coalition,
        sides=plan.sides,
        diversities=diversities,
        contributor_columns=tuple(column.name for column in plan.named(Role.CONTRIBUTOR)),
        columns=columns,
        texts=tuple(values.texts for values in sensitive),
        row_keys=row_keys(released, plan),
        ordered=_in_order(released),
        rows=rows[order],
        contributors=contributors,
        classes=_table(codes, len(rows))[example],
        of=classes.of[order],
        values=_table([values.codes for values in sensitive], len(rows))[order],
        people=people[order],
        plain=_plain(plain, key)[order] if plain else np.zeros(0, dtype=np.uint64),
    )
    return record, order


def _diversities(plan: Plan) -> tuple[Diversity, ...]:
    """What each sensitive column keeps; one whose model is another keeps no diversity by itself."""
    asked = {model.column: model for model in plan.models if isinstance(model, Diversity)}
    return tuple(
        asked.get(column.name, Diversity(column.name, distinct=1, most=1.0))
        for column in plan.named(Role.SENSITIVE)
    )


def _table(columns: Sequence[IntArray], rows: int) -> IntArray:
    return np.column_stack(columns) if columns else np.zeros((rows, 0), dtype=np.int64)


def _ids(table: pa.Table, sources: IntArray, name: str) -> list[str]:
    texts = text_column(table, name).take(pa.array(sources))
    if texts.null_count:
        row = int(sources[texts.to_pylist().index(None)])
        raise BadTable("every released row needs an id", column=name, row=row)
    return list(texts.to_pylist())


def _labels(
    released: pa.Table, sources: IntArray, table: pa.Table, plan: Plan, key: bytes
) -> tuple[tuple[RecordedColumn, ...], list[IntArray]]:
    """The columns with their labels, and per column the label of each released row."""
    columns, codes = [], []
    for found in read_recoding(table, released, sources, plan.named(Role.QUASI_IDENTIFIER)).columns:
        cells = values_of(released, found.column.name)
        chains = found.column.generalization.chains
        # Labels that read the same are the same; where they stand on two levels, the coarser one.
        level = np.zeros(len(cells.texts), dtype=np.int64)
        np.maximum.at(level, cells.codes, found.levels[sources])
        leaf = np.zeros(len(cells.texts), dtype=np.int64)
        leaf[cells.codes] = found.leaves[sources]
        paths = tuple(
            (text, *_above(chains, int(at), int(step), found.top))
            for text, at, step in zip(cells.texts, leaf, level, strict=True)
        )
        columns.append(RecordedColumn(found.column.name, _hashed(chains, key), found.top, paths))
        codes.append(cells.codes)
    return tuple(columns), codes


def _hashed(chains: Sequence[Path], key: bytes) -> tuple[tuple[int, int], ...]:
    values = _tokens(key, b"value", [json.dumps(chain[0]) for chain in chains])
    above = _tokens(key, b"above", [json.dumps(chain[1:]) for chain in chains])
    return tuple(sorted(zip(values.tolist(), above.tolist(), strict=True)))


def _above(chains: Sequence[Path], leaf: int, level: int, top: int) -> Path:
    # One past the last chain is NA that no chain names: it stays NA below '*'.
    chain = chains[leaf] if leaf < len(chains) else (*(None,) * top, chains[0][-1])
    return chain[level + 1 :]


def _people(table: pa.Table, sources: IntArray, plan: Plan, key: bytes) -> tuple[Tokens, IntArray]:
    tokens = []
    for column in plan.named(Role.CONTRIBUTOR):
        people = values_of(table, column.name)
        known = _tokens(key, b"contributor", [text or "" for text in people.texts])
        tokens.append(known[people.codes[sources]])
    if not tokens:
        return np.zeros(0, dtype=np.uint64), np.zeros((len(sources), 0), dtype=np.int64)
    known, codes = np.unique(np.column_stack(tokens), return_inverse=True)
    return known, codes.reshape(len(sources), len(tokens)).astype(np.int64)


def _plain(columns: Sequence[Values], key: bytes) -> Tokens:
    together = group([values.codes for values in columns], len(columns[0].codes))
    example = np.zeros(together.count, dtype=np.int64)
    example[together.of] = np.arange(len(together.of))
    cells = [[values.texts[values.codes[row]] for values in columns] for row in example.tolist()]
    return _tokens(key, b"plain", [json.dumps(each) for each in cells])[together.of]


def row_keys(released: pa.Table, plan: Plan) -> tuple[str, ...]:
    """The released columns in which more than half of the rows have a value of their own."""
    names = [column.name for column in (*plan.named(Role.SENSITIVE), *plan.named(Role.PLAIN))]
    alone = {name: np.bincount(values_of(released, name).codes) == 1 for name in names}
    return tuple(name for name in names if 2 * int(alone[name].sum()) > released.num_rows)


def cell_ranks(column: pa.ChunkedArray) -> IntArray:
    """The place of each cell of a column among its distinct cells in text order."""
    cells, positions = distinct_cells(column)
    place = {cell: rank for rank, cell in enumerate(sorted(set(cells)))}
    ranks = np.array([place[cell] for cell in cells], dtype=np.int64)
    rank: IntArray = ranks[np.asarray(positions)]
    return rank


def _in_order(released: pa.Table) -> bool:
    step = np.zeros(max(released.num_rows - 1, 0), dtype=np.int64)
    for column in released.columns:
        step = np.where(step == 0, np.diff(cell_ranks(column)), step)
    return bool((step >= 0).all())


def _tokens(key: bytes, kind: bytes, texts: Iterable[str]) -> Tokens:
    # What the key does first is done once and copied.
    start = hashlib.blake2b(digest_size=8, key=key, person=kind)
    return np.frombuffer(b"".join(_digests(start, texts)), dtype="<u8").astype(np.uint64)


def _digests(start: "hashlib.blake2b", texts: Iterable[str]) -> Iterator[bytes]:
    for text in texts:
        digest = start.copy()
        digest.update(text.encode())
        yield digest.digest()


def _packed(array: npt.NDArray[Any]) -> Mapping[str, Any]:
    kind = "<u8" if array.dtype == np.uint64 else "<i4"
    # Most of it are tokens, in which nothing repeats.
    data = zlib.compress(np.ascontiguousarray(array, dtype=kind).tobytes(), level=1)
    return {
        "kind": kind,
        "shape": list(array.shape),
        "data": base64.b64encode(data).decode(),
    }


def _unpacked(content: Mapping[str, Any]) -> npt.NDArray[Any]:
    kinds: dict[str, Any] = {"<u8": np.uint64, "<i4": np.int64}
    data = zlib.decompress(base64.b64decode(content["data"]))
    array = np.frombuffer(data, dtype=content["kind"]).reshape(content["shape"])
    return array.astype(kinds[content["kind"]])
