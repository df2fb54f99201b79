"""What a card is: a text to read in two minutes, and one question with an answer to each choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutuali.core.charter import Principle

#: What reading a card and answering its question takes.
MINUTES = 2


class Picture(StrEnum):
    """What is drawn beside a card; several cards share one, and none is needed to understand."""

    #: Five dots, of which one stands out.
    DOTS = "dots"
    #: A list behind a lock.
    LOCK = "lock"
    #: People in a row, one of whom is only an outline.
    MISSING = "missing"
    #: Two doors of the same size.
    DOORS = "doors"
    #: A form with a line struck out.
    FORM = "form"
    #: Small bars that add up to a large one.
    SUM = "sum"
    #: A sheet that goes from one to another, and comes back.
    LOOP = "loop"
    #: Two pieces that fit.
    PIECES = "pieces"
    #: Two people who talk.
    TALK = "talk"
    #: A road with a truck on it.
    ROAD = "road"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen, and what is said to whoever chose it."""

    text: str
    feedback: str


@dataclass(frozen=True, slots=True)
class CardText:
    """A card in one language."""

    title: str
    paragraphs: tuple[str, ...]
    example: str
    question: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A card in both languages; ``right`` is the place of the right choice, from 1."""

    code: str
    principle: Principle
    right: int
    picture: Picture | None
    texts: Mapping[str, CardText]
