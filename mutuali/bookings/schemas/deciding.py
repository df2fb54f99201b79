"""What is typed, and what programs send, to decide, to propose and to change an end."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Length

from mutuali.bookings.service import MOST_AT_ONCE, ProposalDraft
from mutuali.equipment.rules import MOST_UNITS
from mutuali.web.parsing import (
    ClockTime,
    Instant,
    LocalSpanSchema,
    OneOf,
    Text,
    Whole,
    local_instant,
    period_of,
)


class Verdict(StrEnum):
    """What is answered to several requests at once."""

    ACCEPT = "accept"
    DECLINE = "decline"


class BulkSchema(Schema):
    """Several requests by their ids, one answer, one reason when it is a no."""

    bookings = fields.List(Text(longest=22), required=True, validate=Length(max=MOST_AT_ONCE))
    answer = OneOf(Verdict, required=True)
    reason = Text(longest=1000, load_default="")

    @post_load
    def to_answer(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**data, "accept": data["answer"] is Verdict.ACCEPT}


class BulkFormSchema(BulkSchema):
    """The same as the ticks of the inbox say it."""

    bookings = fields.List(Text(longest=22), load_default=list, data_key="booking")


class ProposalFormSchema(LocalSpanSchema):
    """What is proposed instead, on the clock of Montréal."""

    listing = Text(longest=22, required=True)
    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    word = Text(longest=1000, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> Any:
        return ProposalDraft(data["listing"], data["units"], self.span(data), data["word"])


class ProposalDraftSchema(Schema):
    """What is proposed instead by the API: instants in ISO 8601 with an offset."""

    listing = Text(longest=22, required=True)
    units = Whole(low=1, high=MOST_UNITS, load_default=1, strict=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    word = Text(longest=1000, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> Any:
        period = period_of(data["starts_at"], data["ends_at"])
        return ProposalDraft(data["listing"], data["units"], period, data["word"])


class EndFormSchema(Schema):
    """When a booking is to end instead, on the clock of Montréal."""

    end_day = fields.Date(required=True)
    ends = ClockTime(required=True)
    end_fold = Whole(low=0, high=1, load_default=None)
    word = Text(longest=1000, load_default="")

    @post_load
    def to_end(self, data: dict[str, Any], **_: object) -> tuple[datetime, str]:
        instant = local_instant(data["end_day"], data["ends"], "ends", data["end_fold"])
        return instant, data["word"]


class EndSchema(Schema):
    """When a booking is to end instead, by the API."""

    ends_at = Instant(required=True)
    word = Text(longest=1000, load_default="")

    @post_load
    def to_end(self, data: dict[str, Any], **_: object) -> tuple[datetime, str]:
        return data["ends_at"], data["word"]


class WordSchema(Schema):
    """A word, if one likes."""

    word = Text(longest=1000, load_default="")
