"""What people press on a card."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.checkin.rules import Choice, Kind
from mutuali.web.parsing import OneOf, Text


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was chosen on which card, for which organization by its public id."""

    organization: str
    key: tuple[Kind, str]
    choice: Choice


class OrganizationSchema(Schema):
    """For which organization."""

    organization = Text(longest=22, required=True)


class PressedSchema(OrganizationSchema):
    """A card by kind and subject, and what was chosen on it."""

    kind = OneOf(Kind, required=True)
    subject = Text(longest=60, required=True)
    choice = OneOf(Choice, required=True)

    @post_load
    def to_pressed(self, data: dict[str, Any], **_: object) -> Pressed:
        return Pressed(data["organization"], (data["kind"], data["subject"]), data["choice"])


class LettersSchema(OrganizationSchema):
    """Whether the letter of the month is wanted."""

    wanted = fields.Boolean(load_default=False)


class ButtonSchema(Schema):
    """The button of a letter's page: when it was shown, signed."""

    shown = Text(longest=200, load_default="")
