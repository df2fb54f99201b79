"""What people type and programs send to ask for many dates at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from mutuali.bookings.rules import Purpose
from mutuali.bookings.rules.recurrence import (
    LONGEST_RULE,
    MOST_DATES,
    Frequency,
    Recurrence,
    first_in,
    parse_rule,
)
from mutuali.bookings.rules.series import Answer, Change, Deed, Scope, Take
from mutuali.bookings.service.series import SeriesDraft
from mutuali.equipment.rules import MOST_UNITS
from mutuali.web.parsing import (
    FIRST_YEAR,
    LAST_YEAR,
    ClockTime,
    OneOf,
    Text,
    Whole,
    refuse_field,
)


class LocalTime(fields.String):
    """``2026-03-03T08:00``: what a clock on the wall shows in Montréal, without an offset."""

    _WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}", re.ASCII)

    def __init__(self, **options: Any) -> None:
        pattern = {"pattern": f"^{self._WRITTEN.pattern}$", "example": "2026-03-03T08:00"}
        super().__init__(**options, metadata=pattern)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> Any:
        try:
            if not isinstance(value, str) or not self._WRITTEN.fullmatch(value):
                raise ValueError
            wall = datetime.fromisoformat(value)
        except ValueError:
            raise ValidationError([{"code": "field.not_a_local_time", "params": {}}]) from None
        if not FIRST_YEAR <= wall.year <= LAST_YEAR:
            raise ValidationError([{"code": "time.too_far", "params": {}}])
        return wall

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return f"{value:%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value


def _many(each: fields.Field[Any]) -> Any:
    return fields.List(each, load_default=list, validate=validate.Length(max=MOST_DATES))


class DateAnswerSchema(Schema):
    """What to do with a date: first, second or later as the clocks change; skip leaves it out."""

    date = LocalTime(required=True)
    answer = OneOf(Answer, required=True)


class SeriesDraftSchema(Schema):
    """Many dates by the API: the first on the clock of Montréal, and a rule of RFC 5545."""

    listing = Text(longest=22, required=True)
    borrower = Text(longest=22, load_default="")
    units = Whole(low=1, high=MOST_UNITS, load_default=1, strict=True)
    starts = LocalTime(required=True)
    ends = LocalTime(required=True)
    rule = Text(longest=LONGEST_RULE, required=True)
    purpose = OneOf(Purpose, required=True)
    meals = Whole(
        low=0, high=1_000_000, question="meals", load_default=None, allow_none=True, strict=True
    )
    note = Text(longest=1000, question="note", load_default="")
    answers = _many(fields.Nested(DateAnswerSchema))

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        if data["ends"] <= data["starts"]:
            raise refuse_field("ends", "time.end_before_start")
        draft = SeriesDraft(
            listing_public_id=data["listing"],
            units=data["units"],
            starts=data["starts"],
            ends=data["ends"],
            rule=parse_rule(data["rule"], data["starts"]),
            purpose=data["purpose"],
            meals=data["meals"],
            note=data["note"],
            answers={each["date"]: each["answer"] for each in data["answers"]},
        )
        return {**data, "draft": draft}


class SeriesRequestSchema(SeriesDraftSchema):
    """The same, to be asked for: all dates or those that are free; which were shown as free."""

    take = OneOf(Take, required=True)
    shown = fields.List(
        LocalTime(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_DATES)
    )


class Answered(fields.String):
    """``2026-03-08T02:30 later``: a date and what to do with it, as one choice of a list."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> Any:
        written, _, said = str(value).partition(" ")
        return LocalTime().deserialize(written), OneOf(Answer).deserialize(said)


#: A time of day on the clock of Montréal.
_CLOCK = {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "example": "08:00"}


class SeriesChangeSchema(Schema):
    """What is done to dates of a series, and to which: one, it and those that follow, or all."""

    deed = OneOf(Deed, required=True)
    scope = OneOf(Scope, required=True)
    date = LocalTime(load_default=None, allow_none=True)
    starts = ClockTime(load_default=None, allow_none=True, metadata=_CLOCK)
    ends = ClockTime(load_default=None, allow_none=True, metadata=_CLOCK)
    units = Whole(low=1, high=MOST_UNITS, load_default=None, allow_none=True)
    answers = _many(fields.Nested(DateAnswerSchema))

    @post_load
    def to_change(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        answers = {each["date"]: each["answer"] for each in data["answers"]}
        return {**data, "change": _change(data, answers)}


class SeriesChangeRequestSchema(SeriesChangeSchema):
    """The same, to be done: to all dates or to those that can; which were shown as such."""

    take = OneOf(Take, required=True)
    shown = fields.List(
        LocalTime(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_DATES)
    )
    reason = Text(longest=1000, load_default="")


class ChangeFormSchema(Schema):
    """The same as the page sends it: first to look at what it does, then to do it."""

    deed = OneOf(Deed, required=True)
    scope = OneOf(Scope, required=True)
    date = LocalTime(load_default=None)
    starts = ClockTime(load_default=None)
    ends = ClockTime(load_default=None)
    units = Whole(low=1, high=MOST_UNITS, load_default=None)
    reason = Text(longest=1000, load_default="")
    answers = _many(Answered())
    shown = _many(LocalTime())
    take = OneOf(Take, load_default=Take.ALL)

    @post_load
    def to_form(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        shown = frozenset(data["shown"]) or None
        return {**data, "shown": shown, "change": _change(data, dict(data["answers"]))}


def _change(data: Mapping[str, Any], answers: Mapping[datetime, Answer]) -> Change:
    """What was filled in, as far as the deed needs it."""
    deed, scope = data["deed"], data["scope"]
    needed = {"date"} if scope is not Scope.ALL else set()
    needed |= {Deed.MOVE: {"starts", "ends"}, Deed.UNITS: {"units"}}.get(deed, set())
    missing = {name: _MISSING for name in needed if data[name] is None}
    if missing:
        raise ValidationError(missing)
    return Change(
        deed,
        scope,
        data["date"],
        (data["starts"], data["ends"]) if deed is Deed.MOVE else None,
        data["units"] if deed is Deed.UNITS else None,
        answers,
    )


_MISSING = [{"code": "field.missing", "params": {}}]


class Repeat(StrEnum):
    """What the page offers; programs may ask for more."""

    DAILY = "daily"
    WEEKLY = "weekly"
    TWO_WEEKS = "two_weeks"
    FOUR_WEEKS = "four_weeks"
    NTH_WEEKDAY = "nth_weekday"
    MONTH_DAY = "month_day"


_WEEKS = {Repeat.WEEKLY: 1, Repeat.TWO_WEEKS: 2, Repeat.FOUR_WEEKS: 4}


@dataclass(frozen=True, slots=True)
class SeriesForm:
    """A series as the page sends it; ``shown`` is None when no dates were shown yet."""

    borrower: str
    units: int
    starts: datetime
    ends: datetime
    rule: Recurrence
    purpose: Purpose
    meals: int | None
    note: str
    answers: Mapping[datetime, Answer]
    shown: frozenset[datetime] | None
    take: Take

    def draft(self, listing_public_id: str) -> SeriesDraft:
        """What is asked of a listing."""
        return SeriesDraft(
            listing_public_id,
            self.units,
            self.starts,
            self.ends,
            self.rule,
            self.purpose,
            self.meals,
            self.note,
            self.answers,
        )


class SeriesFormSchema(Schema):
    """The request form of a listing's page with its part about repeating, and what was answered
    where its dates were shown."""

    day = fields.Date(required=True)
    starts = ClockTime(required=True)
    end_day = fields.Date(load_default=None)
    ends = ClockTime(required=True)
    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    purpose = OneOf(Purpose, required=True)
    meals = Whole(low=0, high=1_000_000, question="meals", load_default=None)
    note = Text(longest=1000, question="note", load_default="")
    borrower = Text(longest=22, load_default="")
    repeat = OneOf(Repeat, required=True)
    weekdays = fields.List(Whole(low=0, high=6), load_default=list, data_key="weekday")
    until = fields.Date(load_default=None)
    times = Whole(low=1, high=MOST_DATES, load_default=None)
    answers = _many(Answered())
    shown = _many(LocalTime())
    kept = _many(LocalTime())
    take = OneOf(Take, load_default=Take.ALL)

    @post_load
    def to_form(self, data: dict[str, Any], **_: object) -> SeriesForm:
        first, last = data["day"], data["end_day"] or data["day"]
        starts = datetime.combine(first, data["starts"])
        ends = datetime.combine(last, data["ends"])
        for name, day in (("day", first), ("end_day", last), ("until", data["until"] or first)):
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise refuse_field(name, "time.too_far")
        if ends <= starts:
            raise refuse_field("ends", "time.end_before_start")
        if (data["until"] is None) == (data["times"] is None):
            raise refuse_field("until", "series.end_once")
        rule = _recurrence(first, data)
        moved = first_in(rule, starts, last=data["until"] or date(LAST_YEAR, 12, 31)) or starts
        shown = frozenset(data["shown"])
        answers = dict.fromkeys(shown - set(data["kept"]), Answer.SKIP) | dict(data["answers"])
        return SeriesForm(
            borrower=data["borrower"],
            units=data["units"],
            starts=moved,
            ends=moved + (ends - starts),
            rule=rule,
            purpose=data["purpose"],
            meals=data["meals"],
            note=data["note"],
            answers=answers,
            shown=shown or None,
            take=data["take"],
        )


def _recurrence(first: date, data: Mapping[str, Any]) -> Recurrence:
    """What the page's choices mean; the day of the first date says which of the month."""
    repeat, ends = data["repeat"], {"count": data["times"], "last_day": data["until"]}
    if repeat is Repeat.DAILY:
        return Recurrence(Frequency.DAILY, **ends)
    if repeat in _WEEKS:
        weekdays = tuple((0, day) for day in sorted({*data["weekdays"]} or {first.weekday()}))
        return Recurrence(Frequency.WEEKLY, _WEEKS[repeat], weekdays, **ends)
    if repeat is Repeat.MONTH_DAY:
        return Recurrence(Frequency.MONTHLY, month_days=(_or_last(first.day, 31),), **ends)
    nth = _or_last((first.day - 1) // 7 + 1, 5)
    return Recurrence(Frequency.MONTHLY, weekdays=((nth, first.weekday()),), **ends)


def _or_last(n: int, not_in_each_month: int) -> int:
    """The 31st, and a fifth Tuesday, stand for the last one: not every month has them."""
    return -1 if n == not_in_each_month else n
