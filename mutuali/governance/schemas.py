"""What people type about requests, incidents and ends."""

from datetime import date
from typing import Any, NamedTuple

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema

from mutuali.governance.rules import (
    Answer,
    Field,
    Identity,
    IncidentDraft,
    Level,
    Notices,
    RequestKind,
    Rule,
)
from mutuali.web.parsing import Email, OneOf, Text, Whole, refuse_field

#: More people than live in Québec is a slip of the finger.
_MOST_PEOPLE = 10_000_000


class Noted(NamedTuple):
    """A request that came by another way."""

    kind: RequestKind
    reference: str
    words: str
    received_on: date


class Answered(NamedTuple):
    """An answer to a request; ``provision`` of law where it is a refusal."""

    identity: Identity
    answer: Answer
    words: str
    provision: str


class Correction(NamedTuple):
    """What to correct, to what, and what proves it."""

    field: Field
    value: str
    proof: str


class Asked(NamedTuple):
    """What a program asks for its person."""

    kind: RequestKind
    words: str
    field: Field | None
    value: str


class AskSchema(Schema):
    """What a person asks about what is kept of them."""

    kind = OneOf(RequestKind, required=True)
    words = Text(longest=2000, load_default="")

    @post_load
    def to_pair(self, data: dict[str, Any], **_: object) -> tuple[RequestKind, str]:
        return data["kind"], data["words"]


def check_value(field: Field, value: str) -> None:
    """Whether a field can hold a value. Raises ValidationError."""
    kinds = {
        Field.EMAIL: Email(required=True),
        Field.PHONE: Text(longest=30, shortest=7, required=True),
    }
    try:
        kinds[field].deserialize(value)
    except ValidationError as error:
        raise ValidationError({"value": error.messages}) from None


class CorrectionSchema(Schema):
    """A correction of one field."""

    field = OneOf(Field, required=True)
    value = Text(longest=254, required=True)
    proof = Text(longest=2000, required=True)

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        check_value(data["field"], data["value"])

    @post_load
    def to_correction(self, data: dict[str, Any], **_: object) -> Correction:
        return Correction(**data)


class AskedSchema(Schema):
    """A request; where it names a field, as :class:`CorrectionSchema` asks."""

    kind = OneOf(RequestKind, required=True)
    words = Text(longest=2000, load_default="")
    field = OneOf(Field, load_default=None)
    value = Text(longest=254, load_default="")

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        if data["field"] is None:
            return
        if data["kind"] is not RequestKind.RECTIFICATION:
            raise refuse_field("field", "request.field_without_correction")
        check_value(data["field"], data["value"])

    @post_load
    def to_asked(self, data: dict[str, Any], **_: object) -> Asked:
        return Asked(**data)


class TakenAlongSchema(Schema):
    """How much to take along."""

    everything = fields.Boolean(load_default=False)

    @post_load
    def to_choice(self, data: dict[str, Any], **_: object) -> bool:
        return bool(data["everything"])


class NotedSchema(Schema):
    """A request that came by letter or by phone; the reference is of a file, never a name."""

    kind = OneOf(RequestKind, required=True)
    reference = Text(longest=60, required=True)
    words = Text(longest=2000, load_default="")
    received_on = fields.Date(required=True)

    @post_load
    def to_noted(self, data: dict[str, Any], **_: object) -> Noted:
        return Noted(**data)


class AnsweredSchema(Schema):
    """How identity was checked, what is answered, in which words."""

    identity = OneOf(Identity, required=True)
    answer = OneOf(Answer, required=True)
    answer_words = Text(longest=4000, load_default="")
    provision = Text(longest=120, load_default="")

    @post_load
    def to_answered(self, data: dict[str, Any], **_: object) -> Answered:
        return Answered(data["identity"], data["answer"], data["answer_words"], data["provision"])


class RuleSchema(Schema):
    """Which rule to apply."""

    rule = OneOf(Rule, required=True)

    @post_load
    def to_rule(self, data: dict[str, Any], **_: object) -> Rule:
        rule: Rule = data["rule"]
        return rule


class IncidentSchema(Schema):
    """The eight fields of r. 3.1, s. 7, but for the notices."""

    information = Text(longest=4000, load_default="")
    unknown_because = Text(longest=1000, load_default="")
    circumstances = Text(longest=4000, required=True)
    started_on = fields.Date(required=True)
    ended_on = fields.Date(load_default=None)
    aware_on = fields.Date(required=True)
    persons = Whole(low=0, high=_MOST_PEOPLE, load_default=None)
    in_quebec = Whole(low=0, high=_MOST_PEOPLE, load_default=None)
    sensitivity = OneOf(Level, required=True)
    consequences = OneOf(Level, required=True)
    likelihood = OneOf(Level, required=True)
    serious = fields.String(required=True)
    elements = Text(longest=4000, load_default="")
    consulted_on = fields.Date(load_default=None)
    measures = Text(longest=4000, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> IncidentDraft:
        return IncidentDraft(**{**data, "serious": data["serious"] == "yes"})


class NoticesSchema(Schema):
    """When the Commission and the persons were told."""

    commission_on = fields.Date(load_default=None)
    persons_on = fields.Date(load_default=None)
    public_notice = fields.Boolean(load_default=False)
    public_because = Text(longest=1000, load_default="")

    @post_load
    def to_notices(self, data: dict[str, Any], **_: object) -> Notices:
        return Notices(**data)
