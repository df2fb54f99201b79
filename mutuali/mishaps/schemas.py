"""What people type and programs send about what went wrong."""

from datetime import time
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from mutuali.mishaps.rules import LONGEST, Kind, Severity
from mutuali.mishaps.service import MishapDraft
from mutuali.web.parsing import OneOf, Text, local_instant


class MishapSchema(Schema):
    """What happened, by the API: an instant with an offset."""

    kind = OneOf(Kind, required=True)
    severity = OneOf(Severity, required=True)
    happened_at = fields.AwareDateTime(required=True)
    words = Text(longest=LONGEST, required=True)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> MishapDraft:
        return MishapDraft(**data)


class MishapFormSchema(Schema):
    """The same on Montréal's clock."""

    kind = OneOf(Kind, required=True)
    severity = OneOf(Severity, required=True)
    day = fields.Date(required=True)
    time = fields.String(required=True, validate=validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d"))
    words = Text(longest=LONGEST, required=True)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> MishapDraft:
        # Of a time that comes twice, the first will do: nobody books by it.
        happened_at = local_instant(data["day"], time.fromisoformat(data["time"]), "time", 0)
        return MishapDraft(data["kind"], data["severity"], happened_at, data["words"])


class WordsSchema(Schema):
    """What is added, or why nothing more is to do."""

    words = Text(longest=LONGEST, required=True)


class RegisterSchema(Schema):
    """Which mishaps of the register are shown."""

    kind = OneOf(Kind, load_default=None)
    only_open = fields.Boolean(load_default=False)
