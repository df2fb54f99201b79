"""What arrives at the doors of exports."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, post_load

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.exports.service import DataRequest
from mutuali.web.parsing import OneOf, Text


class DataRequestSchema(Schema):
    """A data request: under which agreement, for what."""

    agreement_id = Text(required=True, longest=22, metadata={"description": "Public id."})
    dataset = OneOf(Dataset, required=True)
    purpose = OneOf(Purpose, required=True)
    question = Text(
        required=True,
        longest=1000,
        metadata={"description": "What you want to find out; stewards read it."},
    )

    @post_load
    def to_request(self, data: Mapping[str, Any], **_: object) -> DataRequest:
        return DataRequest(**data)


class DecisionSchema(Schema):
    """Why a request is declined, or a built bundle returned."""

    note = Text(longest=1000, load_default="")
