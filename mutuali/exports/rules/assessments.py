"""The impact assessment of a dataset: five factors choose how much is asked, a date ends it.

P-39.1 s. 3.3: proportionate to the sensitivity of the information, the purpose, the quantity, the
distribution and the medium; s. 17: before data leaves Québec, the legal framework there and the
measures, contractual ones included, are assessed first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import Reason


class Factor(StrEnum):
    """What the law weighs (s. 3.3)."""

    SENSITIVITY = "sensitivity"
    PURPOSE = "purpose"
    QUANTITY = "quantity"
    DISTRIBUTION = "distribution"
    MEDIUM = "medium"


class Level(StrEnum):
    """How much a factor weighs."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class Form(StrEnum):
    """How much is asked."""

    SHORT = "short"
    LONG = "long"


class Opinion(StrEnum):
    """What the person in charge thinks of it."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"


@dataclass(frozen=True, slots=True)
class AssessmentDraft:
    """What a steward writes; ``place`` says where outside Québec, and is empty for Québec.

    ``answers`` hold the questions of its form by name.
    """

    dataset: Dataset
    place: str
    levels: Mapping[Factor, Level]
    answers: Mapping[str, str]

    @property
    def outside(self) -> bool:
        """Whether it is about data that leaves Québec."""
        return bool(self.place)

    @property
    def form(self) -> Form:
        """How much it has to answer."""
        return form_of(self.levels, outside=self.outside)


@dataclass(frozen=True, slots=True)
class OpinionDraft:
    """The opinion of the person in charge, by name, and until when the assessment holds."""

    opinion: Opinion
    text: str
    given_by: str
    given_on: date
    valid_until: date


_SHORT = ("purpose", "risks", "measures")
_LONG = ("flows", "alternatives", "residual")
_OUTSIDE = ("law_there", "contract")
#: All questions that an assessment can ask.
QUESTIONS = (*_SHORT, *_LONG, *_OUTSIDE)
#: The fewest and the most characters of an answer.
SHORTEST, LONGEST = 20, 3000
SHORTEST_OPINION = 10

#: How long an assessment may hold; what weighs more is looked at sooner.
HOLDS: Mapping[Form, timedelta] = {
    Form.SHORT: timedelta(days=730),
    Form.LONG: timedelta(days=365),
}


def form_of(levels: Mapping[Factor, Level], *, outside: bool) -> Form:
    """Long when a factor weighs much, two weigh something, or data leaves Québec; else short."""
    if outside or Level.HIGH in levels.values():
        return Form.LONG
    some = sum(level is Level.MIDDLE for level in levels.values())
    return Form.LONG if some >= 2 else Form.SHORT


def questions_of(form: Form, *, outside: bool) -> tuple[str, ...]:
    """The names of what is asked."""
    more = _LONG if form is Form.LONG else ()
    return (*_SHORT, *more, *(_OUTSIDE if outside else ()))


def objections(draft: AssessmentDraft) -> Iterator[Reason]:
    """A reason for each factor without a level and each question without a real answer."""
    for factor in Factor:
        if factor not in draft.levels:
            yield Reason("field.missing", {}, factor.value)
    for name in questions_of(draft.form, outside=draft.outside):
        length = len(draft.answers.get(name, "").strip())
        if length < SHORTEST:
            yield Reason("field.too_short", {"min": SHORTEST}, f"answer_{name}")
        elif length > LONGEST:
            yield Reason("field.too_long", {"max": LONGEST}, f"answer_{name}")


def opinion_objections(
    opinion: OpinionDraft, form: Form, written_on: date, today: date
) -> Iterator[Reason]:
    """Why an opinion cannot be kept: it comes before its text, after today, or holds too long."""
    if not opinion.given_by.strip():
        yield Reason("field.missing", {}, "given_by")
    if len(opinion.text.strip()) < SHORTEST_OPINION:
        yield Reason("field.too_short", {"min": SHORTEST_OPINION}, "text")
    if not written_on <= opinion.given_on <= today:
        yield Reason("assessment.opinion_date", {"first": written_on}, "given_on")
    latest = opinion.given_on + HOLDS[form]
    if not opinion.given_on < opinion.valid_until <= latest:
        yield Reason("assessment.holds_too_long", {"latest": latest}, "valid_until")


def holds(opinion: Opinion | None, valid_until: date | None, today: date) -> bool:
    """Whether an assessment with this opinion lets anything be built today."""
    return opinion is Opinion.FAVOURABLE and valid_until is not None and today < valid_until
