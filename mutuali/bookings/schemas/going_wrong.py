"""What people type and programs send when something goes wrong: what is broken, what instead."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.bookings.service import DefectDraft
from mutuali.core.period import Period, local_midnight
from mutuali.equipment.rules import MOST_UNITS
from mutuali.web.parsing import Instant, Text, Whole, period_of


class InsteadSchema(Schema):
    """What is taken in place of a booking, for as many units: instants with an offset."""

    listing = Text(longest=22, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)

    @post_load
    def to_wanted(self, data: dict[str, Any], **_: object) -> tuple[str, Period]:
        return data["listing"], period_of(data["starts_at"], data["ends_at"])


class DefectSchema(Schema):
    """What is broken by the API; no end: until it works again. ``listing``: which part of a kit."""

    units = Whole(low=1, high=MOST_UNITS, load_default=1, strict=True)
    unit = Text(longest=22, load_default="")
    listing = Text(longest=22, load_default="")
    ends_at = Instant(load_default=None, allow_none=True)
    words = Text(longest=300, required=True)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> DefectDraft:
        return DefectDraft(
            data["units"],
            data["unit"] or None,
            data["ends_at"],
            data["words"],
            data["listing"] or None,
        )


class DefectFormSchema(Schema):
    """The same on a page: until the end of a day, or until further notice."""

    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    unit = Text(longest=22, load_default="")
    listing = Text(longest=22, load_default="")
    until = fields.Date(load_default=None)
    words = Text(longest=300, required=True)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> DefectDraft:
        until = None
        if data["until"] is not None:
            until = local_midnight(data["until"] + timedelta(days=1))
        return DefectDraft(
            data["units"], data["unit"] or None, until, data["words"], data["listing"] or None
        )
