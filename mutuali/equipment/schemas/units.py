"""What people type and programs send about units, kits and outages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.equipment.rules import MOST_UNITS, UnitCondition
from mutuali.equipment.schemas.opening import ClockMinute, instant_of
from mutuali.equipment.service import OutageDraft, UnitDraft
from mutuali.web.parsing import Instant, OneOf, Text, Whole, refuse_field


class UnitSchema(Schema):
    """One thing of a listing: its code is what stands on its label."""

    code = Text(longest=20, required=True)
    condition = OneOf(UnitCondition, load_default=UnitCondition.GOOD)
    note = Text(longest=300, question="unit_note", load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> UnitDraft:
        return UnitDraft(**data)


class PartSchema(Schema):
    """So many units of a listing in each kit."""

    listing = Text(longest=22, required=True)
    units = Whole(low=1, high=MOST_UNITS, required=True)


class PartsSchema(Schema):
    """What a kit is made of; an empty list makes it an ordinary listing again."""

    parts = fields.List(fields.Nested(PartSchema), required=True)

    @post_load
    def to_parts(self, data: dict[str, Any], **_: object) -> list[tuple[str, int]]:
        return [(each["listing"], each["units"]) for each in data["parts"]]


@dataclass(frozen=True, slots=True)
class SentOutage:
    """An outage as it was sent; no start means at once."""

    units: int
    unit: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    reason: str

    def draft(self, now: datetime) -> OutageDraft:
        """What the use case takes, beginning ``now`` unless it says otherwise."""
        return OutageDraft(
            self.units, self.starts_at or now, self.ends_at, self.unit or None, self.reason
        )


class OutageSchema(Schema):
    """Units out of service by the API: instants with an offset; no end, until they work again."""

    units = Whole(low=1, high=MOST_UNITS, strict=True, load_default=1)
    unit = Text(longest=22, load_default=None, allow_none=True)
    starts_at = Instant(load_default=None, allow_none=True)
    ends_at = Instant(load_default=None, allow_none=True)
    reason = Text(longest=300, load_default="")

    @post_load
    def to_sent(self, data: dict[str, Any], **_: object) -> SentOutage:
        return SentOutage(**data)


class OutageFormSchema(Schema):
    """The same on Montréal's clock: from now on, until the end of a day or until further notice."""

    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    unit = Text(longest=22, load_default="")
    until = fields.Date(load_default=None)
    until_time = ClockMinute(load_default=None)
    reason = Text(longest=300, load_default="")

    @post_load
    def to_sent(self, data: dict[str, Any], **_: object) -> SentOutage:
        ends_at = None
        if data["until"] is not None:
            minute = 1440 if data["until_time"] is None else data["until_time"]
            ends_at = instant_of(data["until"], minute, "until", None)
        elif data["until_time"] is not None:
            raise refuse_field("until", "field.missing")
        return SentOutage(data["units"], data["unit"] or None, None, ends_at, data["reason"])
