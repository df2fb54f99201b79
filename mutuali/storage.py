"""How rows are stored: ORM base, constraint names, instants, how a transaction begins."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    DateTime,
    Dialect,
    Executable,
    Insert,
    Integer,
    MetaData,
    Result,
    SQLColumnExpression,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine, UserDefinedType

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every table; constraints get predictable names, so errors can be told apart."""

    metadata = MetaData(naming_convention=NAMING)


def listed(choices: Iterable[StrEnum]) -> str:
    """The values of ``choices`` as SQL lists them between parentheses, for a CHECK."""
    return ", ".join(repr(choice.value) for choice in choices)


def one_of(column: str, choices: Iterable[StrEnum]) -> str:
    """The CHECK that a column holds one of ``choices``: autogenerate misses new native enums."""
    return f"{column} IN ({listed(choices)})"


def table_of(model: type[Base]) -> Table:
    """The table behind a class, for the questions that go without objects."""
    return cast(Table, model.__table__)


@dataclass(frozen=True, slots=True)
class HeldRows:
    """Rows of one table, every column by its name; for telling somebody what is kept of them."""

    table: str
    rows: Sequence[Mapping[str, Any]]


def held_rows(session: Session, model: type[Base], *where: ColumnElement[bool]) -> HeldRows:
    """The rows of a table that tell something about somebody, in the order of its key."""
    table = table_of(model)
    query = select(table).where(*where).order_by(*table.primary_key)
    return HeldRows(table.name, [dict(row) for row in session.execute(query).mappings()])


def forget_rows(session: Session, model: type[Base], *over: ColumnElement[bool], dry: bool) -> int:
    """Destroy the rows whose purpose is over, unless ``dry``; returns how many there are."""
    count = session.scalar(select(func.count()).select_from(model).where(*over)) or 0
    if count and not dry:
        session.execute(delete(model).where(*over).execution_options(synchronize_session=False))
        session.expire_all()
    return count


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out, on both engines.

    Raises:
        ValueError: a naive datetime is given; nobody knows which instant it means.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PublicId(String):
    """A random public id: 22 characters of URL-safe base64, 128 bits."""

    def __init__(self) -> None:
        super().__init__(22)


class spans_overlap(FunctionElement[bool]):  # noqa: N801 - reads as the SQL function it is
    """Whether the half-open span of two columns shares an instant with ``[start, end)``.

    On PostgreSQL this is the range operator, which the GiST index of the guard serves; elsewhere
    the two comparisons that mean the same.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(
        self,
        starts_at: SQLColumnExpression[datetime],
        ends_at: SQLColumnExpression[datetime],
        start: datetime | BindParameter[datetime],
        end: datetime | BindParameter[datetime],
    ) -> None:
        # As clauses of a function they are part of the cache key, their values left out of it.
        low, high = (
            each if isinstance(each, BindParameter) else literal(each, UtcDateTime())
            for each in (start, end)
        )
        super().__init__(starts_at, ends_at, low, high)


@compiles(spans_overlap)
def _compare_bounds(element: spans_overlap, compiler: Any, **options: Any) -> str:
    starts_at, ends_at, low, high = (compiler.process(e, **options) for e in element.clauses)
    return f"({starts_at} < {high} AND {ends_at} > {low})"


@compiles(spans_overlap, "postgresql")
def _compare_ranges(element: spans_overlap, compiler: Any, **options: Any) -> str:
    starts_at, ends_at, low, high = (compiler.process(e, **options) for e in element.clauses)
    return f"(tstzrange({starts_at}, {ends_at}) && tstzrange({low}, {high}))"


class Ids(TypeDecorator[Sequence[int]]):
    """Many ids as one parameter: an array on PostgreSQL, JSON text on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(Integer))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class is_one_of(FunctionElement[bool]):  # noqa: N801 - reads as the SQL function it is
    """Whether a column holds one of many ids.

    One parameter whatever their number, so that the statement stays the same and the engine can
    keep it prepared.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(
        self, column: SQLColumnExpression[int | None], ids: Iterable[int] | BindParameter[Any]
    ) -> None:
        if not isinstance(ids, BindParameter):
            ids = literal(sorted(set(ids)), Ids())
        super().__init__(column, ids)


@compiles(is_one_of)
def _read_json(element: FunctionElement[bool], compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled, bound


@compiles(is_one_of, "postgresql")
def _in_array(element: is_one_of, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} = ANY ({ids})"


class is_among(is_one_of):  # noqa: N801 - reads as the SQL function it is
    """:func:`is_one_of` where hundreds of ids are held against thousands of rows: PostgreSQL puts
    them in a hash first, which it does not with an array in a plan that it keeps."""

    inherit_cache = True


@compiles(is_among, "postgresql")
def _in_hash(element: is_among, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in element.clauses)
    return f"{column} IN (SELECT unnest({ids}))"


class is_one_of_spanned(FunctionElement[bool]):  # noqa: N801 - reads as the SQL function it is
    """:func:`is_one_of` for a question that names a span too: on PostgreSQL in the words of the
    GiST index of the guard, which then serves both, however many other rows either one meets."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: SQLColumnExpression[int], ids: BindParameter[Any]) -> None:
        super().__init__(column, ids)


@compiles(is_one_of_spanned)
def _read_json_too(element: is_one_of_spanned, compiler: Any, **options: Any) -> str:
    return _read_json(element, compiler, **options)


@compiles(is_one_of_spanned, "postgresql")
def _in_multirange(element: is_one_of_spanned, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in element.clauses)
    each = f"unnest(({ids})::bigint[]) AS id"
    among = f"SELECT range_agg(int8range(id, id, '[]')) FROM {each}"  # noqa: S608 - compiled, bound
    return f"(int8range({column}::bigint, {column}::bigint, '[]') <@ ({among}))"


class _Gathered(UserDefinedType[Sequence[int]]):
    """Many whole numbers in one value: an array on PostgreSQL, JSON text on SQLite."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        # PostgreSQL's driver has read the numbers: thousands of them need no second look.
        return None if dialect.name == "postgresql" else _numbers_in


def _numbers_in(text: str | None) -> Sequence[int] | None:
    return None if text is None else json.loads(text)


class gathered(FunctionElement[Sequence[int]]):  # noqa: N801 - reads as the SQL function it is
    """All values of a whole-number column within a group, in one order for all columns of it."""

    inherit_cache = True
    type = _Gathered()


@compiles(gathered)
def _gather_json(element: gathered, compiler: Any, **options: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **options)})"


@compiles(gathered, "postgresql")
def _gather_array(element: gathered, compiler: Any, **options: Any) -> str:
    return f"array_agg(CAST({compiler.process(element.clauses, **options)} AS BIGINT))"


def ask(session: Session, question: Executable, **values: Any) -> Result[*tuple[Any, ...]]:
    """Ask a question that was put into SQL once, when its module was read.

    What every request asks is written over tables, not classes: building it and loading objects
    would cost more than the answer. What is pending in the session is written first.
    """
    session.flush()
    return session.connection().execute(question, values)


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to insert, with a value for every column that needs one."""

    table: Table
    values: Mapping[str, Any]


def write_together(session: Session, rows: Sequence[NewRow]) -> None:
    """Insert into several tables: on PostgreSQL in one statement, so in one round trip.

    The rows do not refer to one another.
    """
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        shape = tuple((row.table, tuple(row.values)) for row in rows)
        values = {
            _bound(n, name): value
            for n, row in enumerate(rows)
            for name, value in row.values.items()
        }
        connection.execute(_insert_together(shape), values)
    else:
        for row in rows:
            connection.execute(insert(row.table), row.values)


def write_many(session: Session, rows: Sequence[NewRow]) -> None:
    """Insert many rows, a statement per table whatever their number; rows of a table are alike.

    The rows do not refer to one another.
    """
    by_table: dict[Table, list[dict[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(row.table, []).append(dict(row.values))
    session.flush()
    for table, values in by_table.items():
        session.connection().execute(insert(table), values)


@lru_cache(maxsize=64)
def _insert_together(shape: tuple[tuple[Table, tuple[str, ...]], ...]) -> Insert:
    """Building it costs more than running it, and a deed always leaves traces of one shape."""
    *others, last = (
        insert(table).values(
            {name: bindparam(_bound(n, name), type_=table.c[name].type) for name in names}
        )
        for n, (table, names) in enumerate(shape)
    )
    return last.add_cte(*(each.cte(f"part_{n}") for n, each in enumerate(others)))


def _bound(n: int, name: str) -> str:
    return f"part_{n}_{name}"


class epoch_seconds(FunctionElement[int]):  # noqa: N801 - reads as the SQL function it is
    """An instant as whole seconds since 1970, UTC, made by the database; NULL stays NULL.

    For reading many rows: the engines do it several times faster than Python.
    """

    inherit_cache = True
    type = BigInteger()


@compiles(epoch_seconds)
def _seconds_in_sqlite(element: epoch_seconds, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(epoch_seconds, "postgresql")
def _seconds_in_postgresql(element: epoch_seconds, compiler: Any, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    # Not extract, whose exact decimals cost more than all else that is done with the row.
    return f"CAST(floor(date_part('epoch', {instant})) AS bigint)"
