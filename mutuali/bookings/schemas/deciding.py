"""What whoever decides types, and programs send, to answer."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, post_load
from marshmallow.validate import Length

from mutuali.bookings.service import MOST_AT_ONCE
from mutuali.web.parsing import OneOf, Text


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
