"""What people choose and programs send about a card."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, post_load

from mutuali.learning.rules import Moment
from mutuali.web.parsing import OneOf, Text, Whole


@dataclass(frozen=True, slots=True)
class Opened:
    """What was chosen, and from which page of the service the card was opened: ``subject`` is the
    public id of what that page is about."""

    choice: int | None
    moment: Moment | None
    subject: str


class CardAnswerSchema(Schema):
    """The place of the choice, from 1."""

    choice = Whole(low=1, high=3, required=True)


class OpenedSchema(Schema):
    """A card with what was chosen, if anything was, and whence it was opened."""

    choice = Whole(low=1, high=3, load_default=None)
    moment = OneOf(Moment, load_default=None)
    subject = Text(longest=22, load_default="")

    @post_load
    def to_opened(self, data: dict[str, Any], **_: object) -> Opened:
        return Opened(data["choice"], data["moment"], data["subject"])


class AnsweredSchema(OpenedSchema):
    """The same once the question is answered."""

    choice = Whole(low=1, high=3, required=True)
