"""Spans of time as people type them: a day, from when to when, on the clock of Montréal."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from marshmallow import Schema, ValidationError, fields

from mutuali.core.period import Period
from mutuali.web.parsing import Whole, local_instant, refuse_field


class ClockTime(fields.Field[time]):
    """``08:30``; ``24:00`` is not a time."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> time:
        try:
            return time.fromisoformat(str(value)).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            raise ValidationError([{"code": "field.not_a_time", "params": {}}]) from None


class LocalSpanSchema(Schema):
    """A span on the clock of Montréal: days, times, and which of two equal times if need be."""

    day = fields.Date(required=True)
    starts = ClockTime(required=True)
    end_day = fields.Date(load_default=None)
    ends = ClockTime(required=True)
    start_fold = Whole(low=0, high=1, load_default=None)
    end_fold = Whole(low=0, high=1, load_default=None)

    def span(self, data: Mapping[str, Any]) -> Period:
        """The period that the fields describe."""
        start = local_instant(data["day"], data["starts"], "starts", data["start_fold"])
        last_day = data["end_day"] or data["day"]
        end = local_instant(last_day, data["ends"], "ends", data["end_fold"])
        if end <= start:
            raise refuse_field("ends", "time.end_before_start")
        return Period(start, end)


#: The fields by which a form hands a span on.
SPAN_FIELDS = ("day", "starts", "end_day", "ends", "start_fold", "end_fold")
