"""What people type and programs send to write, read, report and judge messages."""

from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.messages.rules import LONGEST, Decision, Grounds
from mutuali.messages.service import MessageDraft, Which
from mutuali.web.parsing import OneOf, Text, Whole, refuse_field

_MOST = 2**31 - 1


class MessageSchema(Schema):
    """A message; ``anyway`` sends it although it tells how to reach somebody."""

    text = Text(longest=LONGEST, load_default="")
    anyway = fields.Boolean(load_default=False)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> MessageDraft:
        return MessageDraft(data["text"], anyway=data["anyway"])


class FirstMessageSchema(Schema):
    """A message about a listing or a booking, one of the two; by their ids."""

    listing = Text(longest=22, load_default="")
    booking = Text(longest=22, load_default="")
    text = Text(longest=LONGEST, required=True)
    anyway = fields.Boolean(load_default=False)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> tuple[str, str, MessageDraft]:
        if bool(data["listing"]) == bool(data["booking"]):
            raise refuse_field("listing", "message.about_one")
        return data["listing"], data["booking"], MessageDraft(data["text"], anyway=data["anyway"])


class ReadSchema(Schema):
    """Up to which message a thread was read."""

    number = Whole(low=1, high=_MOST, required=True)


class ReportSchema(Schema):
    """What is wrong with a message."""

    grounds = OneOf(Grounds, required=True)
    words = Text(longest=500, load_default="")


class DecisionSchema(Schema):
    """What the coordination does about a reported message."""

    decision = OneOf(Decision, required=True)
    words = Text(longest=500, load_default="")


class ThreadsSchema(Schema):
    """Which threads to list."""

    which = OneOf(Which, load_default=None)
    page = Whole(low=1, high=_MOST, load_default=1)


class EarlierSchema(Schema):
    """Which part of a thread to read: the messages before a number."""

    before = Whole(low=1, high=_MOST, load_default=None)
