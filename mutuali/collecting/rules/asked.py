"""The optional questions of the forms, and when one of them may be asked no more.

A question that is not here is needed for the service to work, or for a register that the law asks
for; a test holds the list against those registers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mutuali.agreements.rules import Dataset
from mutuali.bookings.rules import State
from mutuali.core.errors import Reason, Word
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.inventory.rules import Keep, Seen, entry


class Question(StrEnum):
    """An optional question of a form."""

    MEALS = "meals"
    #: The word of a borrower to a lender.
    NOTE = "note"
    ODOMETER = "odometer"
    PAYMENT_NOTE = "payment_note"
    TRIP_NOTE = "trip_note"
    #: A word to the coordination, beside a review.
    PRIVATE_WORD = "private_word"
    UNIT_NOTE = "unit_note"


class Owner(StrEnum):
    """Whose a value is."""

    ORGANIZATION = "organization"
    PERSON = "person"
    LISTING = "listing"


@dataclass(frozen=True, slots=True)
class Place:
    """A column in which the answers are stored.

    ``by`` is the column that says whose an answer is; ``loan`` the one that says of which booking
    it is, where a loan that is under way needs it.
    """

    table: str
    column: str
    owner: Owner
    by: str
    loan: str | None = None

    @property
    def name(self) -> str:
        """``table.column``."""
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the answers to a question are, in the order in which they are written, and what stands
    there for none: None, or an empty text."""

    places: tuple[Place, ...]
    nothing: str | None = ""

    @property
    def keeps(self) -> frozenset[Keep]:
        """How long the tables are kept: what this software carries out."""
        return frozenset(entry(each.table, each.column).keep for each in self.places)

    @property
    def seen(self) -> frozenset[Seen]:
        """Who is shown the answers."""
        return frozenset(entry(each.table, each.column).seen for each in self.places)


_ORGANIZATION, _PERSON = Owner.ORGANIZATION, Owner.PERSON

ASKED: Mapping[Question, Asked] = {
    Question.MEALS: Asked(
        (
            Place("waiting_entry", "meals", _ORGANIZATION, "borrower_id"),
            Place("booking", "meals", _ORGANIZATION, "borrower_id"),
        ),
        nothing=None,
    ),
    Question.NOTE: Asked(
        (
            Place("booking_series", "note", _ORGANIZATION, "borrower_id"),
            Place("booking", "note", _ORGANIZATION, "borrower_id", loan="id"),
        )
    ),
    Question.ODOMETER: Asked(
        (Place("condition_report", "odometer_km", _PERSON, "person_id", loan="booking_id"),),
        nothing=None,
    ),
    Question.PAYMENT_NOTE: Asked((Place("loan_payment", "note", _PERSON, "noted_by"),)),
    Question.TRIP_NOTE: Asked(
        (
            Place("trip", "note", _ORGANIZATION, "organization_id"),
            Place("trip_place", "note", _ORGANIZATION, "organization_id"),
        )
    ),
    Question.PRIVATE_WORD: Asked(
        (Place("loan_review", "private_word", _ORGANIZATION, "author_id"),)
    ),
    Question.UNIT_NOTE: Asked((Place("unit", "note", Owner.LISTING, "listing_id"),)),
}

#: The question that each stored column answers, by ``table.column``.
PLACES: Mapping[str, Question] = {
    place.name: question for question, asked in ASKED.items() for place in asked.places
}

#: The states of a loan that is under way: who lends or borrows still counts on what was said.
RUNNING = (State.REQUESTED, State.HELD, State.APPROVED, State.ON_LOAN, State.RETURNED)


def readers(question: Question) -> tuple[Dataset, ...]:
    """The datasets that are made of the answers."""
    places = {each.name for each in ASKED[question].places}
    return tuple(name for name in CATALOGUE if places & _made_of(name))


def _made_of(name: Dataset) -> frozenset[str]:
    return frozenset(
        stored
        for table in CATALOGUE[name].tables
        for column in table.columns
        for stored in column.made_of
    )


def objections(datasets: Iterable[Dataset], running: int) -> Iterator[Reason]:
    """Why a question cannot be dropped: ``datasets`` are made of its answers, or so many loans
    that are ``running`` hold one."""
    for each in datasets:
        yield Reason(
            "collecting.dataset_needs_it", {"dataset": Word("exports.dataset", each.value)}
        )
    if running:
        yield Reason("collecting.loans_need_it", {"count": running})


@dataclass(frozen=True, slots=True)
class Answers:
    """What is said before something is asked (again): what for, how long, who sees it."""

    purpose: str
    keep: Keep
    seen: Seen


def wrong_answers(asked: Asked, answers: Answers) -> Iterator[Reason]:
    """What this software would not do as answered: it keeps and shows as the inventory says."""
    if answers.keep not in asked.keeps:
        yield Reason("collecting.kept_otherwise", field="keep")
    if answers.seen not in asked.seen:
        yield Reason("collecting.seen_otherwise", field="seen")
