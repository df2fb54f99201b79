"""What stays empty, and what is kept longer than anything looks back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from mutuali.inventory.rules import LASTS, Entry, Holding, Keep, Origin

#: Below this share of the rows, hardly anybody answers.
SMALL_SHARE = 0.02
#: Fewer rows than this say nothing of a question yet.
FEWEST_ROWS = 20


#: Registers and mandates that the law asks for, and their answers: empty is an answer there.
BY_LAW = frozenset(
    {
        *("person_request", "incident", "anonymization_entry", "consent_event", "assessment"),
        *("participation", "signatory", "office_holder", "agreement", "recall_notice"),
    }
)
#: What is written as work goes on, who did it and when: nobody is asked for it.
_NOTED = ("_id", "_by", "_at")
#: What the law has one keep longer than one may claim: books and their papers, six years after the
#: last year they are about (Tax Administration Act, CQLR, c. A-6.002, s. 35.1).
_BOOKS = {"loan_payment": timedelta(days=7 * 365)}


def people_fill_in(entry: Entry) -> bool:
    """Whether a form asks people for a column, and no law does."""
    return (
        entry.origin is Origin.COLLECTED
        and entry.table not in BY_LAW
        and not entry.column.endswith(_NOTED)
    )


@dataclass(frozen=True, slots=True)
class Filled:
    """How many of the rows of a table hold something in an optional column."""

    table: str
    column: str
    filled: int
    rows: int


def hardly_filled(counted: Iterable[Filled]) -> tuple[Filled, ...]:
    """The columns in which no row, or hardly any, holds something; the fullest tables first."""
    few = (
        each
        for each in counted
        if each.rows >= FEWEST_ROWS and each.filled < SMALL_SHARE * each.rows
    )
    return tuple(sorted(few, key=lambda each: (-each.rows, each.table, each.column)))


@dataclass(frozen=True, slots=True)
class Unused:
    """A table of loans that is ``kept`` after them for longer than anything looks ``back``."""

    table: str
    kept: timedelta
    back: timedelta


def kept_past_use(
    holdings: Mapping[str, Holding], looks_back: Mapping[str, timedelta]
) -> Iterator[Unused]:
    """Of the tables that are kept after a loan, those that are kept longer than they are used.

    Counted as a use: the longest window of a dataset that is made of the table (``looks_back``, by
    table), the time in which one may claim for a loan, and that for which books are kept. Tables
    of accounts and of people count from another day than the loan: nothing is said of them.
    """
    for table, holding in holdings.items():
        no_time = timedelta()
        back = max(LASTS[Keep.CLAIM], looks_back.get(table, no_time), _BOOKS.get(table, no_time))
        if holding.keep is Keep.LOAN and back < LASTS[Keep.LOAN]:
            yield Unused(table, LASTS[Keep.LOAN], back)
