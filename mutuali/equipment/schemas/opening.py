"""What people type about when a thing is open or closed."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from mutuali.core.period import ClockSpan, Period
from mutuali.equipment.rules import MINUTES_PER_DAY, MOST_SPANS, OpenHours, OtherHours
from mutuali.web.parsing import (
    FIRST_YEAR,
    LAST_YEAR,
    Instant,
    Whole,
    local_instant,
    period_of,
    refuse_field,
)

#: Two spans a day fit the form: a place may close at noon.
SPANS = ("", "b")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:h]([0-9]{2})?)?")


class ClockMinute(fields.Field[int]):
    """``08:30`` or ``8 h 30`` as minutes since midnight; ``24:00`` is the end of the day."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            metadata={"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}, **options
        )

    def _serialize(self, value: Any, attr: str | None, obj: object, **options: Any) -> str:
        return f"{value // 60:02}:{value % 60:02}"

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> int:
        found = _CLOCK.fullmatch(re.sub(r"\s", "", str(value)).lower())
        minute = int(found[1]) * 60 + int(found[2] or 0) if found else MINUTES_PER_DAY + 1
        if minute > MINUTES_PER_DAY or (found and int(found[2] or 0) > 59):
            raise ValidationError([{"code": "field.not_a_time", "params": {}}])
        return minute


class OpenHoursSchema(Schema):
    """One span of one weekday, Monday 0; ``24:00`` closes at the end of the day."""

    weekday = Whole(low=0, high=6, required=True, strict=True)
    opens = ClockMinute(required=True)
    closes = ClockMinute(required=True)

    @post_load
    def to_hours(self, data: dict[str, Any], **_: object) -> OpenHours:
        if data["opens"] >= data["closes"]:
            raise refuse_field("closes", "hours.reversed")
        return OpenHours(**data)


class SpanSchema(Schema):
    """A span of time by the API: instants in ISO 8601 with an offset."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)

    @post_load
    def to_period(self, data: dict[str, Any], **_: object) -> Period:
        return period_of(data["starts_at"], data["ends_at"])


class ClosureSchema(Schema):
    """A closure on Montréal's clock; the folds say which of two equal times is meant."""

    day = fields.Date(required=True)
    starts = ClockMinute(required=True)
    end_day = fields.Date(load_default=None)
    ends = ClockMinute(required=True)
    starts_fold = Whole(low=0, high=1, load_default=None)
    ends_fold = Whole(low=0, high=1, load_default=None)

    @post_load
    def to_period(self, data: dict[str, Any], **_: object) -> Period:
        end_day = data["end_day"] or data["day"]
        start = _edge(data, data["day"], "day", "starts")
        end = _edge(data, end_day, "end_day", "ends")
        if end <= start:
            raise refuse_field("ends", "time.end_before_start")
        return Period(start, end)


class OtherHoursFormSchema(Schema):
    """A day that differs: closed all day, or up to two spans."""

    on_day = fields.Date(required=True)
    all_day = fields.Boolean(load_default=False)
    opens = ClockMinute(load_default=None)
    closes = ClockMinute(load_default=None)
    opensb = ClockMinute(load_default=None)
    closesb = ClockMinute(load_default=None)

    @post_load
    def to_hours(self, data: dict[str, Any], **_: object) -> OtherHours:
        if data["all_day"]:
            return OtherHours(_day(data["on_day"], "on_day"))
        typed = {span: (data[f"opens{span}"], data[f"closes{span}"]) for span in SPANS}
        if all(edge is None for span in typed.values() for edge in span):
            raise refuse_field("opens", "hours.none_that_day")
        spans = []
        for span, (opens, closes) in typed.items():
            if opens is None and closes is None:
                continue
            if opens is None or closes is None:
                raise refuse_field(
                    f"{'opens' if opens is None else 'closes'}{span}", "field.missing"
                )
            spans.append(ClockSpan(opens, closes or MINUTES_PER_DAY))
        return OtherHours(_day(data["on_day"], "on_day"), tuple(spans))


class ClockSpanSchema(Schema):
    """From one time of Montréal's clock to another; ``24:00`` is the end of the day."""

    opens = ClockMinute(required=True)
    closes = ClockMinute(required=True)

    @post_load
    def to_span(self, data: dict[str, Any], **_: object) -> ClockSpan:
        return ClockSpan(**data)


class OtherHoursSchema(Schema):
    """A day that differs from the weekly hours, by the API; no spans: nothing changes hands."""

    day = fields.Date(required=True)
    spans = fields.List(
        fields.Nested(ClockSpanSchema), required=True, validate=validate.Length(max=MOST_SPANS)
    )

    @post_load
    def to_hours(self, data: dict[str, Any], **_: object) -> OtherHours:
        return OtherHours(_day(data["day"], "day"), tuple(data["spans"]))


def _day(day: date, field: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refuse_field(field, "time.too_far")
    return day


def _edge(data: Mapping[str, Any], day: date, day_field: str, name: str) -> datetime:
    _day(day, day_field)
    return instant_of(day, data[name], name, data[f"{name}_fold"])


def instant_of(day: date, minute: int, field: str, fold: int | None) -> datetime:
    """When the clock shows ``minute`` (up to the end) of a day typed into ``field``.

    Raises:
        ValidationError: too far, or no such time, or two of them.
    """
    _day(day, field)
    later, minute = divmod(minute, MINUTES_PER_DAY)
    clock = time(minute // 60, minute % 60)
    return local_instant(day + timedelta(days=later), clock, field, fold)
