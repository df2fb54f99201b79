"""What people answer, and what a steward writes in a notice."""

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, post_load

from mutuali.consent.rules import LONGEST_TEXT, MONTHS, MOST_MONTHS, Answer, Purpose, Subject
from mutuali.web.parsing import OneOf, Text, Whole, refuse_field

#: What the buttons of a question say; "later" is no answer.
_BUTTONS = {"yes": Answer.GIVEN, "no": Answer.REFUSED, "later": None}


@dataclass(frozen=True, slots=True)
class Answered:
    """For which organization, empty for oneself, and what; None for "later"."""

    organization: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer by the API; ``organization`` is empty for the one the caller acts for."""

    organization: str
    notice: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Chosen:
    """The question that a notice is to ask: whom, why, and who would receive."""

    subject: Subject
    purpose: Purpose
    recipient: str


@dataclass(frozen=True, slots=True)
class Written:
    """A notice as the form holds it."""

    chosen: Chosen
    lasts_months: int
    text_fr: str
    text_en: str


class OrganizationFormSchema(Schema):
    """The organization that a page was shown for."""

    organization = Text(longest=22, required=True)


class OwnAnswerFormSchema(Schema):
    """One of the buttons of a question about oneself."""

    answer = Text(longest=10, required=True)

    @post_load
    def to_answer(self, data: dict[str, Any], **_: object) -> Answered:
        if data["answer"] not in _BUTTONS:
            raise refuse_field("answer", "field.not_a_choice")
        return Answered(data.get("organization", ""), _BUTTONS[data["answer"]])


class AnswerFormSchema(OwnAnswerFormSchema, OrganizationFormSchema):
    """One of the buttons of a question to an organization."""


class CallFormSchema(Schema):
    """Where to call somebody who wants an explanation."""

    phone = Text(longest=30, shortest=7, required=True)


class VerifyFormSchema(Schema):
    """A receipt that somebody pasted; a file comes beside the form."""

    receipt = Text(longest=50_000, load_default="")


class OwnAnswerSchema(Schema):
    """One's own answer as JSON."""

    notice = Text(longest=22, required=True)
    answer = OneOf(Answer, required=True)

    @post_load
    def to_sent(self, data: dict[str, Any], **_: object) -> Sent:
        return Sent(**{"organization": "", **data})


class AnswerSchema(OwnAnswerSchema):
    """An organization's answer as JSON."""

    organization = Text(longest=22, load_default="")


class ChoiceSchema(Schema):
    """Which notice to write."""

    subject = OneOf(Subject, load_default=Subject.ORGANIZATION)
    purpose = OneOf(Purpose, required=True)
    recipient = Text(longest=22, required=True)

    @post_load
    def to_chosen(self, data: dict[str, Any], **_: object) -> Chosen:
        return Chosen(**data)


class NoticeFormSchema(Schema):
    """A notice to publish."""

    subject = OneOf(Subject, load_default=Subject.ORGANIZATION)
    purpose = OneOf(Purpose, required=True)
    recipient = Text(longest=22, required=True)
    lasts_months = Whole(low=1, high=MOST_MONTHS, load_default=MONTHS)
    text_fr = Text(longest=LONGEST_TEXT, required=True)
    text_en = Text(longest=LONGEST_TEXT, required=True)

    @post_load
    def to_written(self, data: dict[str, Any], **_: object) -> Written:
        chosen = Chosen(data.pop("subject"), data.pop("purpose"), data.pop("recipient"))
        return Written(chosen, **data)
