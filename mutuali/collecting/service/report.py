"""Whether what is kept is needed: what nothing reads, what stays empty, what outlives its use."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, Column, ColumnElement, String, Table, func, select
from sqlalchemy.orm import Session

from mutuali.agreements.rules import BOUNDS
from mutuali.collecting.rules import Filled, Unused, hardly_filled, kept_past_use, people_fill_in
from mutuali.core.permissions import Actor, Permission, require
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.governance import service as governance
from mutuali.governance.rules import Rule
from mutuali.inventory.rules import HOLDINGS, Entry, entries
from mutuali.storage import Base

#: A dataset is about complete quarters: the one that is not over yet comes on top of its years.
_LONGEST_WINDOW = timedelta(days=BOUNDS["years"][1] * 365 + 92)


@dataclass(frozen=True, slots=True)
class DueRule:
    """A rule of retention that has something to end now, and how much."""

    rule: Rule
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """The three lists."""

    unread: tuple[Entry, ...]
    empty: tuple[Filled, ...]
    due: tuple[DueRule, ...]
    unused: tuple[Unused, ...]


def report(session: Session, actor: Actor, unread: tuple[Entry, ...], *, now: datetime) -> Report:
    """The three lists; ``unread`` is the first, which does not depend on what is stored.

    Counts with one question per table that has an optional column, and those of the rules of
    retention: for a page that is opened once a month.

    Raises:
        Forbidden: the actor keeps no registers.
    """
    require(actor, Permission.REGISTER_KEEP)
    due = governance.count_due(session, actor, now=now)
    return Report(
        unread,
        hardly_filled(counted_filled(session)),
        tuple(DueRule(rule, count) for rule, count in due.items() if count),
        tuple(kept_past_use(HOLDINGS, looks_back())),
    )


def looks_back() -> dict[str, timedelta]:
    """How far back the datasets that are made of a table may look: the longest an agreement may
    say."""
    return {
        stored.partition(".")[0]: _LONGEST_WINDOW
        for dataset in CATALOGUE.values()
        for table in dataset.tables
        for column in table.columns
        for stored in column.made_of
    }


def counted_filled(session: Session) -> Iterator[Filled]:
    """How many rows hold something in each optional column that people fill in; one question per
    table."""
    collected: dict[str, list[str]] = {}
    for each in entries():
        if people_fill_in(each) and _is_optional(_column(each.table, each.column)):
            collected.setdefault(each.table, []).append(each.column)
    for name, columns in collected.items():
        table = Base.metadata.tables[name]
        rows, *filled = session.execute(
            select(func.count(), *(_holds(table, each) for each in columns)).select_from(table)
        ).one()
        yield from (
            Filled(name, each, count, rows) for each, count in zip(columns, filled, strict=True)
        )


def _column(table: str, column: str) -> Column[object]:
    return Base.metadata.tables[table].c[column]


def _is_optional(column: Column[object]) -> bool:
    """Whether a row may hold nothing there. What is a list or a form of its own is not judged."""
    if isinstance(column.type, JSON):
        return False
    return bool(column.nullable) or (
        isinstance(column.type, String) and getattr(column.default, "arg", None) == ""
    )


def _holds(table: Table, column: str) -> ColumnElement[int]:
    found = table.c[column]
    return func.count(func.nullif(found, "") if isinstance(found.type, String) else found)
