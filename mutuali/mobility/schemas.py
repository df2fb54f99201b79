"""What arrives at the doors of the public feed of vehicles."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, post_load

from mutuali.mobility.rules import (
    LONGEST_RANGE,
    SHORTEST_RANGE,
    Description,
    Propulsion,
    Shape,
)
from mutuali.web.parsing import OneOf, Whole


class DescriptionSchema(Schema):
    """What a lender says of a vehicle: what it is, what moves it, how far it goes."""

    shape = OneOf(Shape, required=True)
    propulsion = OneOf(Propulsion, required=True)
    range_km = Whole(low=SHORTEST_RANGE, high=LONGEST_RANGE, load_default=None, allow_none=True)

    @post_load
    def to_description(self, data: Mapping[str, Any], **_: object) -> Description:
        return Description(**data)
