"""What people type to say something, and to answer it."""

from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.voices.rules import (
    LONGEST,
    LONGEST_ANSWER,
    LONGEST_CHANGE,
    LONGEST_HEADING,
    LONGEST_PATH,
    SHORTEST,
    Draft,
    Junk,
    Leave,
    Topic,
)
from mutuali.web.parsing import Email, OneOf, Text, Whole


class SaySchema(Schema):
    """What somebody says, with the form's token and the field that nobody sees."""

    topic = OneOf(Topic, required=True)
    words = Text(longest=LONGEST, shortest=SHORTEST, required=True)
    email = Email(load_default="")
    leave = OneOf(Leave, load_default=Leave.NO)
    page = fields.String(load_default="")
    token = fields.String(load_default="")
    website = fields.String(load_default="")


class DraftSchema(Schema):
    """A public answer, and what changed because of it."""

    heading_fr = Text(longest=LONGEST_HEADING, load_default="")
    words_fr = Text(longest=LONGEST_ANSWER, load_default="")
    heading_en = Text(longest=LONGEST_HEADING, load_default="")
    words_en = Text(longest=LONGEST_ANSWER, load_default="")
    changed_fr = Text(longest=LONGEST_CHANGE, load_default="")
    changed_en = Text(longest=LONGEST_CHANGE, load_default="")
    changed_link = Text(longest=LONGEST_PATH, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> object:
        return Draft(**data)


class PublishSchema(DraftSchema):
    """The words of the question as they will be read, and a new answer or one that stands."""

    shown = Text(longest=LONGEST, load_default="")
    under = fields.String(load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> object:
        return data.pop("shown"), data.pop("under"), Draft(**data)


class PrivateSchema(Schema):
    """An answer to one person, or a public one to point them to."""

    words = Text(longest=LONGEST_ANSWER, load_default="")
    under = fields.String(load_default="")


class JunkSchema(Schema):
    """Why it is set aside."""

    junk = OneOf(Junk, required=True)


class TakeOffSchema(Schema):
    """Which question leaves the public page."""

    question = Whole(low=1, high=2147483647, required=True)


class ReadSchema(Schema):
    """Which public answers are read."""

    topic = OneOf(Topic, load_default=None)
    page = Whole(low=1, high=1_000_000, load_default=1)
