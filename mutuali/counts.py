"""What waits for people, and what is amiss with an organization: put into SQL once, and asked
in one go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.visitors import iterate

from mutuali.core.permissions import Actor
from mutuali.storage import UtcDateTime

#: An instant, or what stands for it in a question that is asked often.
When = datetime | BindParameter[datetime]


def ago(span: timedelta) -> BindParameter[datetime]:
    """The instant that is so many whole seconds before the one of asking."""
    return bindparam(f"ago_{span // timedelta(seconds=1)}", type_=UtcDateTime())


#: The instant of asking.
NOW = ago(timedelta())


#: The organization that :data:`Amiss` is asked of.
ORGANIZATION: BindParameter[int] = bindparam("organization", type_=Integer())
#: How many are amiss with :data:`ORGANIZATION` at :data:`NOW`; none of what could be: NULL.
Amiss = Select[int | None]


def amiss_among(wrong: ColumnElement[bool], *own: ColumnElement[bool]) -> Amiss:
    """How many rows of ``own`` are ``wrong``; NULL when there are none at all."""
    return select(func.sum(case((wrong, 1), else_=0))).where(*own)


def missing_unless(*there: ColumnElement[bool]) -> Amiss:
    """One is amiss unless a row is ``there``."""
    return select(case((func.count() > 0, 0), else_=1)).where(*there)


def asked_of(
    session: Session, questions: Sequence[Amiss], organization_id: int, now: datetime
) -> list[int | None]:
    """The answers to ``questions``, in their order: one round trip, or none where none is asked."""
    if not questions:
        return []
    question = _together(tuple(questions))
    values = {
        each.key: now - timedelta(seconds=int(each.key.removeprefix("ago_")))
        for each in iterate(question)
        if isinstance(each, BindParameter) and each.key.startswith("ago_")
    }
    row = session.execute(question, {**values, ORGANIZATION.key: organization_id}).one()
    return [None if each is None else int(each) for each in row]


@lru_cache(maxsize=8)
def _together(questions: tuple[Amiss, ...]) -> Select[Any]:
    return select(*(each.scalar_subquery() for each in questions))


@dataclass(frozen=True, slots=True)
class AtMost:
    """How many at most, and how many in truth: the second, dear, is worked out only where the first
    is not zero."""

    most: Select[int]
    count: Callable[[Session, Actor, datetime], int]


#: The question how many there are, asked at :data:`NOW`; None when there can be none.
Count = Select[int] | AtMost | None
#: What it asks on behalf of somebody depends on them alone.
Counter = Callable[[Actor], Count]


def counted(
    session: Session, counters: tuple[Counter, ...], actor: Actor, now: datetime
) -> list[int]:
    """What each of ``counters`` counts, in their order."""
    plan = _planned(counters, actor)
    if plan.question is None:
        return [0] * len(counters)
    if session.get_bind().dialect.name == "postgresql":
        # Planning twenty questions anew takes ten times what answering them does, and the engine
        # would: it takes their common plan for a little dearer than those for each person.
        session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    values = {name: now - span for name, span in plan.spans.items()}
    answers = iter(session.execute(plan.question, values).one())
    found = [0 if count is None else int(next(answers) or 0) for count in plan.counts]
    return [
        count.count(session, actor, now) if number and isinstance(count, AtMost) else number
        for count, number in zip(plan.counts, found, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Every question that is not None as a column of one, and how long before it its instants."""

    counts: tuple[Count, ...]
    question: Select[Any] | None
    spans: Mapping[str, timedelta]


@lru_cache(maxsize=32)
def _planned(counters: tuple[Counter, ...], actor: Actor) -> _Plan:
    """Building the question costs several times what its answer does, and 0.8 MB: it is kept for
    those who are turning pages."""
    counts = tuple(count(actor) for count in counters)
    asked = [each.most if isinstance(each, AtMost) else each for each in counts]
    columns = [each.scalar_subquery() for each in asked if each is not None]
    if not columns:
        return _Plan(counts, None, {})
    question = select(*columns)
    names = {
        each.key for each in iterate(question) if isinstance(each, BindParameter) and each.required
    }
    spans = {name: timedelta(seconds=int(name.removeprefix("ago_"))) for name in names}
    return _Plan(counts, question, spans)
