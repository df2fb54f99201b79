"""JSON door of what the public asked and was answered; asking is done on the page."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.voices import service
from mutuali.voices.rules import Topic
from mutuali.voices.schemas import ReadSchema
from mutuali.web.api import ApiBlueprint
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC
from mutuali.web.mail import address

bp = ApiBlueprint("voices_api", "Questions du public et réponses")


class CountBandSchema(Schema):
    """A count that is not said, by its bounds; without an upper one ``most`` is null."""

    least = fields.Integer(required=True)
    most = fields.Integer(required=True, allow_none=True)


class TallySchema(Schema):
    """How many were received and answered, how fast, and how long the oldest waits, in days."""

    received = fields.Integer(required=True)
    answered_in_public = fields.Integer(required=True)
    answered_in_private = fields.Nested(CountBandSchema, required=True)
    waiting = fields.Nested(CountBandSchema, required=True)
    median_days = fields.Integer(required=True, allow_none=True)
    oldest_days = fields.Integer(required=True, allow_none=True)


class QuestionSchema(Schema):
    """A question as published; ``asked`` is its month, ``is_edited`` says that words were taken
    out."""

    words = fields.String(required=True)
    language = fields.String(required=True)
    is_edited = fields.Boolean(required=True)
    asked = fields.String(required=True)


class ChangedSchema(Schema):
    """What changed because of a question, and where it can be seen."""

    fr = fields.String(required=True)
    en = fields.String(required=True)
    link = fields.String(required=True, allow_none=True)


class PublicAnswerSchema(Schema):
    """An answer to one question or several; what is not said in a language is empty there."""

    id = fields.String(required=True)
    topic = fields.Enum(Topic, by_value=True, required=True)
    heading_fr = fields.String(required=True)
    heading_en = fields.String(required=True)
    answer_fr = fields.String(required=True)
    answer_en = fields.String(required=True)
    questions = fields.List(fields.Nested(QuestionSchema), required=True)
    changed = fields.Nested(ChangedSchema, required=True, allow_none=True)
    published_at = fields.AwareDateTime(required=True)


class VoicesSchema(Schema):
    """The numbers, and a page of answers, the latest first."""

    numbers = fields.Nested(TallySchema, required=True)
    count = fields.Integer(required=True)
    page = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    answers = fields.List(fields.Nested(PublicAnswerSchema), required=True)


@bp.operation(
    "GET",
    "/voices",
    PUBLIC,
    "Lire les questions du public et leurs réponses",
    asks=ReadSchema,
    gives=VoicesSchema,
)
def voices(session: Session, actor: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    """Published questions and answers, fifty to a page, of one subject or of all; and how many
    were received, answered and wait."""
    found = service.answers(session, asked["topic"], page=asked["page"])
    tally = service.tally(session, now=utc_now())
    return {
        "numbers": {
            "received": tally.received,
            "answered_in_public": tally.published,
            "answered_in_private": _band(tally.in_private),
            "waiting": _band(tally.waiting),
            "median_days": tally.median_days,
            "oldest_days": tally.oldest_days,
        },
        "count": found.count,
        "page": found.page,
        "pages": found.pages,
        "answers": [_answer(each) for each in found.answers],
    }


def _band(bounds: tuple[int, int | None]) -> dict[str, int | None]:
    return {"least": bounds[0], "most": bounds[1]}


def _answer(found: service.AnswerFacts) -> dict[str, Any]:
    said = found.draft
    link = said.changed_link
    return {
        "id": found.public_id,
        "topic": found.topic,
        "heading_fr": said.heading_fr,
        "heading_en": said.heading_en,
        "answer_fr": said.words_fr,
        "answer_en": said.words_en,
        "questions": [
            {
                "words": each.words,
                "language": each.language,
                "is_edited": each.is_edited,
                "asked": f"{each.asked:%Y-%m}",
            }
            for each in found.questions
        ],
        "changed": {
            "fr": said.changed_fr,
            "en": said.changed_en,
            "link": address(link) if link else None,
        }
        if said.changed_fr or said.changed_en
        else None,
        "published_at": found.published_at,
    }
