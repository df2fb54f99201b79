"""What a steward types to drop a question, or to ask it again."""

from typing import Any

from marshmallow import Schema, post_load

from mutuali.collecting.rules import Answers
from mutuali.inventory.rules import Keep, Seen
from mutuali.web.parsing import OneOf, Text

LONGEST_PURPOSE = 300


class LessSchema(Schema):
    """The word that confirms."""

    word = Text(longest=20, required=True)

    @post_load
    def as_word(self, data: dict[str, Any], **_options: Any) -> str:
        """The word, in small letters."""
        return str(data["word"]).lower()


class AgainSchema(Schema):
    """What for, how long, and who sees it."""

    purpose = Text(longest=LONGEST_PURPOSE, shortest=10, required=True)
    keep = OneOf(Keep, required=True)
    seen = OneOf(Seen, required=True)

    @post_load
    def as_answers(self, data: dict[str, Any], **_options: Any) -> Answers:
        """The three answers."""
        return Answers(data["purpose"], data["keep"], data["seen"])
