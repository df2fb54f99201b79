"""What arrives at the doors of exports."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.exports.rules.answers import BOUNDS, Answers
from mutuali.exports.rules.assessments import (
    LONGEST,
    QUESTIONS,
    AssessmentDraft,
    Factor,
    Level,
    Opinion,
    OpinionDraft,
)
from mutuali.exports.rules.recalls import Answer
from mutuali.exports.service import Attestation, DataRequest
from mutuali.web.parsing import OneOf, Text


def _answer(name: str) -> Text:
    least, most = BOUNDS[name]
    if least == 0:
        return Text(longest=most, load_default="")
    return Text(longest=most, shortest=least, required=True)


class AnswersSchema(Schema):
    """What the law's written request asks (P-39.1 s. 21.0.1)."""

    activities = _answer("activities")
    need = _answer("need")
    others_asked = _answer("others_asked")
    ethics = _answer("ethics")
    people = _answer("people")
    technologies = _answer("technologies")
    place = _answer("place")
    detail = _answer("detail")
    outputs = _answer("outputs")

    @post_load
    def to_answers(self, data: dict[str, Any], **_: object) -> Any:
        return Answers(**data)


class DataRequestSchema(AnswersSchema):
    """A data request: under which agreement, for what, and its written answers."""

    agreement_id = Text(required=True, longest=22, metadata={"description": "Public id."})
    dataset = OneOf(Dataset, required=True)
    purpose = OneOf(Purpose, required=True)
    question = Text(
        required=True,
        longest=1000,
        metadata={"description": "What you want to find out; stewards read it."},
    )

    promotes = Text(
        load_default="",
        longest=22,
        metadata={"description": "Public id of the release that is to be open for everybody."},
    )

    @post_load
    def to_answers(self, data: dict[str, Any], **_: object) -> Any:
        answers = Answers(**{name: data.pop(name) for name in BOUNDS})
        promotes = data.pop("promotes") or None
        return DataRequest(**data, answers=answers, promotes=promotes)


class DecisionSchema(Schema):
    """Why a request is declined, or a built bundle returned."""

    note = Text(longest=1000, load_default="")


class ExportSignatureSchema(Schema):
    """That the remarks on areas and words were read, where there are any."""

    remarks_read = fields.Boolean(load_default=False)


class LevelsSchema(Schema):
    """What an assessment is about, and how much each of the five factors weighs."""

    dataset = OneOf(Dataset, required=True)
    place = Text(
        longest=200,
        load_default="",
        metadata={"description": "Where outside Québec; empty for Québec."},
    )
    sensitivity = OneOf(Level, required=True)
    purpose = OneOf(Level, required=True)
    quantity = OneOf(Level, required=True)
    distribution = OneOf(Level, required=True)
    medium = OneOf(Level, required=True)


class AssessmentSchema(LevelsSchema):
    """An impact assessment: the factors, and an answer to each question of its form."""

    answer_purpose = Text(longest=LONGEST, load_default="")
    answer_risks = Text(longest=LONGEST, load_default="")
    answer_measures = Text(longest=LONGEST, load_default="")
    answer_flows = Text(longest=LONGEST, load_default="")
    answer_alternatives = Text(longest=LONGEST, load_default="")
    answer_residual = Text(longest=LONGEST, load_default="")
    answer_law_there = Text(longest=LONGEST, load_default="")
    answer_contract = Text(longest=LONGEST, load_default="")

    @post_load
    def to_draft(self, data: Mapping[str, Any], **_: object) -> AssessmentDraft:
        answers = {name: data[f"answer_{name}"] for name in QUESTIONS}
        return AssessmentDraft(
            data["dataset"],
            data["place"],
            {factor: data[factor.value] for factor in Factor},
            {name: words for name, words in answers.items() if words},
        )


class OpinionSchema(Schema):
    """What the person in charge thinks of an assessment, and until when it holds."""

    opinion = OneOf(Opinion, required=True)
    text = Text(required=True, longest=2000)
    given_by = Text(required=True, longest=200)
    given_on = fields.Date(required=True)
    valid_until = fields.Date(required=True)

    @post_load
    def to_draft(self, data: Mapping[str, Any], **_: object) -> OpinionDraft:
        return OpinionDraft(**data)


class AttestationSchema(Schema):
    """What became of one's copies, and under which name one says so."""

    answer = OneOf(Answer, required=True)
    name = Text(required=True, longest=100)

    @post_load
    def to_attestation(self, data: Mapping[str, Any], **_: object) -> Attestation:
        return Attestation(**data)
