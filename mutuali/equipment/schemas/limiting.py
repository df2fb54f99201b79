"""What people type and programs send about how much each borrower may have."""

from typing import Any

from marshmallow import Schema, post_load

from mutuali.equipment.rules import MOST_QUOTA, Counts, Per, Quota
from mutuali.web.parsing import OneOf, Whole


class QuotaFormSchema(Schema):
    """A quota, as a form sends it."""

    per = OneOf(Per, required=True)
    counts = OneOf(Counts, required=True)
    most = Whole(low=1, high=MOST_QUOTA, required=True)

    @post_load
    def to_quota(self, data: dict[str, Any], **_: object) -> Quota:
        return Quota(**data)


class QuotaSchema(QuotaFormSchema):
    """At most so many bookings, or hours times units, for each borrower within a calendar week
    (from Monday) or month of Montréal; a booking counts whole where it starts."""

    most = Whole(low=1, high=MOST_QUOTA, required=True, strict=True)
