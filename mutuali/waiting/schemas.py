"""What people type and programs send to wait for units, and to keep a search."""

from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.bookings.rules import Purpose
from mutuali.equipment.rules import MOST_UNITS, Kind, Permit
from mutuali.waiting.rules import RADII, Pace, SearchDraft
from mutuali.waiting.service import WaitDraft
from mutuali.web.parsing import (
    ClockTime,
    Instant,
    LocalSpanSchema,
    OneOf,
    Text,
    Whole,
    period_of,
    refuse_field,
)


class WaitFormSchema(LocalSpanSchema):
    """The request form that was refused, handed on as it was typed."""

    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    purpose = OneOf(Purpose, required=True)
    meals = Whole(low=0, high=1_000_000, question="meals", load_default=None)
    borrower = Text(longest=22, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> tuple[str, WaitDraft]:
        draft = WaitDraft(data["units"], self.span(data), data["purpose"], data["meals"])
        return data["borrower"], draft


class WaitSchema(Schema):
    """The same by the API: instants in ISO 8601 with an offset."""

    units = Whole(low=1, high=MOST_UNITS, load_default=1, strict=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    purpose = OneOf(Purpose, required=True)
    meals = Whole(
        low=0, high=1_000_000, question="meals", load_default=None, allow_none=True, strict=True
    )
    borrower = Text(longest=22, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> tuple[str, WaitDraft]:
        period = period_of(data["starts_at"], data["ends_at"])
        return data["borrower"], WaitDraft(data["units"], period, data["purpose"], data["meals"])


class SearchFormSchema(LocalSpanSchema):
    """The search of a page, handed on as it was typed, with how to hear of what is new."""

    day = fields.Date(load_default=None)
    starts = ClockTime(load_default=None)
    ends = ClockTime(load_default=None)
    name = Text(longest=80, load_default="")
    whenever = fields.Boolean(load_default=False)
    kinds = fields.List(OneOf(Kind), load_default=list, data_key="kind")
    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    place = Text(longest=120, load_default="")
    radius_km = Whole(low=min(RADII), high=max(RADII), load_default=None)
    refrigerated = fields.Boolean(load_default=False)
    driver_included = fields.Boolean(load_default=False)
    free_of_charge = fields.Boolean(load_default=False)
    payload_kg = Whole(low=0, high=100_000, load_default=0)
    permits = fields.List(OneOf(Permit), load_default=list, data_key="permit")
    words = Text(longest=80, load_default="")
    pace = OneOf(Pace, load_default=Pace.DAILY)
    by_mail = fields.Boolean(load_default=False)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> SearchDraft:
        period = None
        if not data["whenever"]:
            for name in ("day", "starts", "ends"):
                if data[name] is None:
                    raise refuse_field(name, "field.missing")
            period = self.span(data)
        return _draft(data, period)


class SavedSearchSchema(Schema):
    """The same by the API; no instants mean whenever."""

    name = Text(longest=80, required=True)
    starts_at = Instant(load_default=None, allow_none=True)
    ends_at = Instant(load_default=None, allow_none=True)
    kinds = fields.List(OneOf(Kind), load_default=list)
    units = Whole(low=1, high=MOST_UNITS, load_default=1, strict=True)
    place = Text(longest=120, load_default="")
    radius_km = Whole(
        low=min(RADII), high=max(RADII), load_default=None, allow_none=True, strict=True
    )
    refrigerated = fields.Boolean(load_default=False)
    driver_included = fields.Boolean(load_default=False)
    free_of_charge = fields.Boolean(load_default=False)
    payload_kg = Whole(low=0, high=100_000, load_default=0, strict=True)
    permits = fields.List(OneOf(Permit), load_default=list)
    words = Text(longest=80, load_default="")
    pace = OneOf(Pace, load_default=Pace.DAILY)
    by_mail = fields.Boolean(load_default=True)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> SearchDraft:
        starts, ends = data["starts_at"], data["ends_at"]
        if (starts is None) != (ends is None):
            raise refuse_field("ends_at" if ends is None else "starts_at", "field.missing")
        return _draft(data, None if starts is None else period_of(starts, ends))


#: What the draft takes as it was said.
_SAID = (
    *("name", "units", "place", "radius_km", "refrigerated", "driver_included"),
    *("free_of_charge", "payload_kg", "words", "pace", "by_mail"),
)


def _draft(data: dict[str, Any], period: Any) -> SearchDraft:
    return SearchDraft(
        period=period,
        kinds=tuple(dict.fromkeys(data["kinds"])),
        permits=tuple(dict.fromkeys(data["permits"])),
        **{name: data[name] for name in _SAID},
    )
