"""What people type and programs send about webhooks."""

from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.web.parsing import OneOf, Text
from mutuali.webhooks.rules import About


class HookEventsSchema(Schema):
    """What a hook is told of."""

    events = fields.List(OneOf(About), load_default=list)

    @post_load
    def to_events(self, data: dict[str, Any], **_: object) -> Any:
        return frozenset(data["events"])


class HookSchema(Schema):
    """A hook to be made: an https address and what it is told of."""

    address = Text(longest=2000, required=True)
    events = fields.List(OneOf(About), load_default=list)
