"""What people type and programs send about what an organization holds, and about meetings."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.owndata.rules import (
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_TOPIC,
    LONGEST_WORDS,
    CameBy,
    CountedFrom,
    Ending,
    Everyday,
    KeptIn,
    MeetingDraft,
    OfferDraft,
    OfficerDraft,
    SeenBy,
    Sensitivity,
    Term,
    WhoCalls,
    Whom,
)
from mutuali.web.parsing import ClockTime, OneOf, Text, refuse_field


class InCharge(StrEnum):
    """By what right somebody is in charge."""

    HEAD = "head"
    DELEGATE = "delegate"


class TakeSchema(Schema):
    """Which everyday holding is taken."""

    template = OneOf(Everyday, required=True)


class HoldingTermsSchema(Schema):
    """What is held, by the API: what is not named stays as it is, or as the template says."""

    name_fr = Text(longest=LONGEST_NAME)
    name_en = Text(longest=LONGEST_NAME)
    what_fr = Text(longest=LONGEST_WORDS)
    what_en = Text(longest=LONGEST_WORDS)
    why_fr = Text(longest=LONGEST_WORDS)
    why_en = Text(longest=LONGEST_WORDS)
    about_whom = fields.List(OneOf(Whom))
    came_by = fields.List(OneOf(CameBy))
    kept_in = fields.List(OneOf(KeptIn))
    seen_by = fields.List(OneOf(SeenBy))
    term = OneOf(Term)
    counted_from = OneOf(CountedFrom)
    sensitivity = OneOf(Sensitivity)
    ending = OneOf(Ending)


class NewHoldingSchema(HoldingTermsSchema):
    """The same for something new, from a template or not."""

    template = OneOf(Everyday)


class HoldingAnswersSchema(Schema):
    """The five answers of a form, and the words where they are not those of the template."""

    name_fr = Text(longest=LONGEST_NAME, load_default="")
    name_en = Text(longest=LONGEST_NAME, load_default="")
    what_fr = Text(longest=LONGEST_WORDS, load_default="")
    what_en = Text(longest=LONGEST_WORDS, load_default="")
    why_fr = Text(longest=LONGEST_WORDS, load_default="")
    why_en = Text(longest=LONGEST_WORDS, load_default="")
    came_by = fields.List(OneOf(CameBy), load_default=list)
    kept_in = fields.List(OneOf(KeptIn), load_default=list)
    seen_by = fields.List(OneOf(SeenBy), load_default=list)
    term = OneOf(Term, required=True)
    ending = OneOf(Ending, required=True)


class HoldingFormSchema(HoldingAnswersSchema):
    """The same with what a template would have said."""

    about_whom = fields.List(OneOf(Whom), load_default=list)
    counted_from = OneOf(CountedFrom, required=True)
    sensitivity = OneOf(Sensitivity, required=True)


class OfficerSchema(Schema):
    """Who is in charge, and by what right."""

    name = Text(longest=120, load_default="")
    title = Text(longest=120, required=True)
    how_to_reach = Text(longest=200, required=True)
    in_charge = OneOf(InCharge, required=True)
    delegated_on = fields.Date(load_default=None)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> OfficerDraft:
        if data.pop("in_charge") is InCharge.HEAD:
            data["delegated_on"] = None
        elif data["delegated_on"] is None:
            raise refuse_field("delegated_on", "office.delegation_undated")
        return OfficerDraft(**data)


class OfferSchema(Schema):
    """Hours in which somebody can be met."""

    day = fields.Date(required=True)
    opens = ClockTime(required=True)
    closes = ClockTime(required=True)
    call_at = Text(longest=LONGEST_PHONE, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> OfferDraft:
        return OfferDraft(**data)


class MeetingSchema(Schema):
    """Which moment is taken, for what, and who calls."""

    slot = Text(longest=22, required=True)
    topic = Text(longest=LONGEST_TOPIC, required=True)
    who_calls = OneOf(WhoCalls, required=True)
    phone = Text(longest=LONGEST_PHONE, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> tuple[str, MeetingDraft]:
        # Who calls by themselves leaves no number, whatever they typed.
        phone = data["phone"] if data["who_calls"] is WhoCalls.HELPER else ""
        return data["slot"], MeetingDraft(data["topic"], data["who_calls"], phone)
