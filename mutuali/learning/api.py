"""JSON doors of learning: the cards, one card, answering its question."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.charter import Principle
from mutuali.core.permissions import Actor, Permission
from mutuali.learning import service
from mutuali.learning.rules import CARDS, MINUTES, Card, Outcome, Picture
from mutuali.learning.schemas import CardAnswerSchema
from mutuali.web.api import ApiBlueprint
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC

bp = ApiBlueprint("learning_api", "Apprendre")


class CardLineSchema(Schema):
    """A card in the list; ``outcome`` is yours, null while you have not answered it."""

    code = fields.String(required=True)
    principle = fields.Enum(Principle, by_value=True, required=True)
    title_fr = fields.String(required=True)
    title_en = fields.String(required=True)
    minutes = fields.Integer(required=True)
    outcome = fields.Enum(Outcome, by_value=True, required=True, allow_none=True)


class CardsSchema(Schema):
    """Every card in the order of the Charter, and how many you answered; ``next`` is the code of
    the one to read next."""

    answered = fields.Integer(required=True)
    total = fields.Integer(required=True)
    next = fields.String(required=True, allow_none=True)
    cards = fields.List(fields.Nested(CardLineSchema), required=True)


class CardTextSchema(Schema):
    """A card in one language; choices in their order, the first is 1."""

    title = fields.String(required=True)
    paragraphs = fields.List(fields.String(), required=True)
    example = fields.String(required=True)
    question = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)


class CardSchema(CardLineSchema):
    """A whole card in both languages; ``picture`` names what is drawn beside it."""

    picture = fields.Enum(Picture, by_value=True, required=True, allow_none=True)
    fr = fields.Nested(CardTextSchema, required=True)
    en = fields.Nested(CardTextSchema, required=True)


class AnsweredCardSchema(Schema):
    """What an answer came to, and what is said to it."""

    is_right = fields.Boolean(required=True)
    right_choice = fields.Integer(required=True)
    feedback_fr = fields.String(required=True)
    feedback_en = fields.String(required=True)


@bp.operation("GET", "/learning", PUBLIC, "Lire la liste des cartes", gives=CardsSchema)
def cards(session: Session, actor: Actor) -> dict[str, Any]:
    """Every card; with a token that lets a program read what is kept about you, how far you are."""
    progress = service.progress(session, actor)
    following = service.next_card(session, actor)
    return {
        "answered": len(progress.answered),
        "total": progress.total,
        "next": following.code if following else None,
        "cards": [_line(each, progress) for each in CARDS.values()],
    }


@bp.operation("GET", "/learning/<code>", PUBLIC, "Lire une carte", gives=CardSchema)
def card(session: Session, actor: Actor, code: str) -> dict[str, Any]:
    """One card with its question, in French and in English."""
    found = service.card(code)
    return {
        **_line(found, service.progress(session, actor)),
        "picture": found.picture,
        **{language: _text(found, language) for language in found.texts},
    }


@bp.operation(
    "POST",
    "/learning/<code>/answer",
    Permission.DATA_OWN,
    "Répondre à la question d’une carte",
    takes=CardAnswerSchema,
    gives=AnsweredCardSchema,
)
def answer(session: Session, actor: Actor, form: dict[str, int], code: str) -> dict[str, Any]:
    """Answer a card’s question; answering again takes the place of what you answered before. Only
    whether it was right is kept."""
    said = service.answer(session, actor, code, form["choice"], now=utc_now())
    told = {
        language: service.chosen(said.card, said.choice, language).feedback
        for language in said.card.texts
    }
    return {
        "is_right": said.outcome is Outcome.RIGHT,
        "right_choice": said.card.right,
        "feedback_fr": told["fr"],
        "feedback_en": told["en"],
    }


def _line(found: Card, progress: service.Progress) -> dict[str, Any]:
    return {
        "code": found.code,
        "principle": found.principle,
        "title_fr": found.texts["fr"].title,
        "title_en": found.texts["en"].title,
        "minutes": MINUTES,
        "outcome": progress.outcomes.get(found.code),
    }


def _text(found: Card, language: str) -> dict[str, Any]:
    text = found.texts[language]
    return {
        "title": text.title,
        "paragraphs": text.paragraphs,
        "example": text.example,
        "question": text.question,
        "choices": [choice.text for choice in text.choices],
    }
