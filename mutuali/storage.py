"""How rows are stored: ORM base, constraint names, instants, how a transaction begins."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    SQLColumnExpression,
    String,
    bindparam,
    event,
    func,
    literal,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine

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


class spans_overlap(ColumnElement[bool]):  # noqa: N801 - reads as the SQL function it is
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
        start: datetime,
        end: datetime,
    ) -> None:
        kind = UtcDateTime()
        low, high = literal(start, kind), literal(end, kind)
        self.ranges = func.tstzrange(starts_at, ends_at).op("&&")(func.tstzrange(low, high))
        self.comparisons = (starts_at < high) & (ends_at > low)

    def get_children(self, **_: Any) -> Any:
        return (self.ranges, self.comparisons)


@compiles(spans_overlap)
def _compare_bounds(element: spans_overlap, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.comparisons, **options))


@compiles(spans_overlap, "postgresql")
def _compare_ranges(element: spans_overlap, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.ranges, **options))


class _Ids(TypeDecorator[Sequence[int]]):
    """Many ids as one parameter: an array on PostgreSQL, JSON text on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(Integer))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return list(value or ()) if dialect.name == "postgresql" else json.dumps(list(value or ()))


class is_one_of(ColumnElement[bool]):  # noqa: N801 - reads as the SQL function it is
    """Whether a column holds one of many ids.

    One parameter whatever their number, so that the statement stays the same and the engine can
    keep it prepared.
    """

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: SQLColumnExpression[int], ids: Iterable[int]) -> None:
        kind = _Ids()
        self.column, self.ids = column, bindparam("ids", sorted(set(ids)), kind, unique=True)

    def get_children(self, **_: Any) -> Any:
        return (self.column, self.ids)


@compiles(is_one_of)
def _read_json(element: is_one_of, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in (element.column, element.ids))
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled, bound


@compiles(is_one_of, "postgresql")
def _in_array(element: is_one_of, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(each, **options) for each in (element.column, element.ids))
    return f"{column} = ANY ({ids})"


#: Execution option that a reading transaction carries, so that SQLite does not queue it.
READS_ONLY = "mutuali_reads_only"


def own_the_begin(engine: Engine) -> None:
    """Make SQLite transactions start when we say and, when they write, take their turn first.

    A deferred BEGIN that reads and then writes fails with "database is locked" as soon as another
    writer came between (302 of 800 in a measured race); BEGIN IMMEDIATE queues instead.
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "busy_timeout=20000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reads_only = connection.get_execution_options().get(READS_ONLY, False)
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
