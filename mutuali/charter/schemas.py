"""What people type and programs send about actions."""

from typing import Any

from marshmallow import Schema, post_load

from mutuali.charter.rules import LONGEST_SENTENCE, Answer, Said, Size
from mutuali.web.parsing import OneOf, Text

#: Two hundred actions in two languages are half of it.
MOST_BYTES = 400_000


class ActionSaidSchema(Schema):
    """What an organization says of an action."""

    answer = OneOf(Answer, required=True)
    sentence = Text(longest=LONGEST_SENTENCE, load_default="")

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> Said:
        return Said(**data)


class CharterSizeSchema(Schema):
    """How many people work or volunteer there."""

    size = OneOf(Size, required=True)


class ListFormSchema(Schema):
    """A list of actions to bring in; its file comes beside."""

    name = Text(longest=120, required=True)
    source = Text(longest=200, required=True)
