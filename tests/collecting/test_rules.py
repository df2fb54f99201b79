"""Each list is right where it says something, and says nothing where there is nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mutuali.agreements.rules import Dataset
from mutuali.collecting.rules import (
    ASKED,
    BY_LAW,
    PLACES,
    Answers,
    Filled,
    Question,
    hardly_filled,
    kept_past_use,
    names_in_code,
    names_in_template,
    objections,
    people_fill_in,
    readers,
    unread,
    wrong_answers,
)
from mutuali.imports.rules import loans, own
from mutuali.inventory.rules import HOLDINGS, LASTS, Keep, Origin, Seen, entry

NOTE = entry("booking", "note")


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("print(row.note)", True),
        ("row.note.strip()", True),
        ("getattr(row, 'note')", True),
        ("MADE_OF = ('booking.note',)", True),
        ("sql = f'SELECT note FROM {table}'", True),
        ("row.note = 'x'", False),
        ("Booking(note='x')", False),
        ('def f() -> None:\n    """Tells of a note."""', False),
        ("note = 3", False),
        ("notes = row.notes", False),
    ],
)
def test_code_reads_a_name_by_asking_for_it_and_not_by_writing_it(code: str, reads: bool) -> None:
    assert ("note" in names_in_code(code)) is reads
    assert unread([NOTE], [code], []) == (() if reads else (NOTE,))


@pytest.mark.parametrize(
    ("template", "reads"),
    [
        ("<p>{{ b.note }}</p>", True),
        ("{% if\n b.note %}x{% endif %}", True),
        ("<p>Une note</p>", False),
        ("<!-- b.note -->", False),
    ],
)
def test_a_template_reads_what_stands_between_its_braces(template: str, reads: bool) -> None:
    assert ("note" in names_in_template(template)) is reads
    assert unread([NOTE], [], [template]) == (() if reads else (NOTE,))


def test_what_the_software_makes_for_itself_is_not_called_unread_but_what_names_somebody_is() -> (
    None
):
    made = entry("booking", "occupied_until")
    named = entry("document", "checked_by")
    assert made.origin is not Origin.COLLECTED
    assert unread([made, named], [], []) == (named,)


@pytest.mark.parametrize(
    ("filled", "rows", "said"),
    [
        (0, 20, True),
        (3, 412, True),
        (0, 19, False),
        (8, 400, False),
        (7, 400, True),
        (1, 49, False),
        (400, 400, False),
    ],
)
def test_a_column_is_hardly_filled_under_two_percent_of_enough_rows(
    filled: int, rows: int, said: bool
) -> None:
    assert bool(hardly_filled([Filled("booking", "note", filled, rows)])) is said


def test_only_what_a_form_asks_and_no_law_does_is_looked_at() -> None:
    assert people_fill_in(NOTE)
    assert not people_fill_in(entry("incident", "measures"))
    assert not people_fill_in(entry("proposal", "answered_by"))
    assert not people_fill_in(entry("booking", "occupied_until"))
    assert set(BY_LAW) <= set(HOLDINGS)


def test_tables_of_loans_are_named_when_nothing_looks_back_as_far_as_they_are_kept() -> None:
    loans = {name: HOLDINGS[name] for name in ("booking", "loan_payment", "person", "login")}
    [found] = kept_past_use(loans, {})
    assert (found.table, found.kept, found.back) == (
        "booking",
        LASTS[Keep.LOAN],
        LASTS[Keep.CLAIM],
    )
    longer = LASTS[Keep.CLAIM] + timedelta(days=1)
    assert [each.back for each in kept_past_use(loans, {"booking": longer})] == [longer]
    assert list(kept_past_use(loans, {"booking": LASTS[Keep.LOAN]})) == []
    kept_less = {"booking": replace(HOLDINGS["booking"], keep=Keep.CLAIM)}
    assert list(kept_past_use(kept_less, {})) == []


def test_optional_questions_are_columns_that_people_fill_in_and_no_register_of_the_law() -> None:
    assert set(ASKED) == set(Question)
    for name in PLACES:
        assert people_fill_in(entry(*name.split(".")))
    assert len(PLACES) == sum(len(asked.places) for asked in ASKED.values())


def test_the_columns_of_files_answer_questions_that_there_are() -> None:
    named = {*loans.QUESTIONS, *(name for some in own.QUESTIONS.values() for name in some.values())}
    assert named <= set(Question)
    assert all(set(own.QUESTIONS[kind]) <= set(own.COLUMNS[kind]) for kind in own.QUESTIONS)


def test_a_question_stays_while_a_dataset_is_made_of_it_or_a_loan_counts_on_it() -> None:
    assert Dataset.LOANS in readers(Question.MEALS)
    assert readers(Question.NOTE) == ()
    assert list(objections((), 0)) == []
    codes = [each.code for each in objections((Dataset.LOANS,), 2)]
    assert codes == ["collecting.dataset_needs_it", "collecting.loans_need_it"]


@pytest.mark.parametrize(
    ("keep", "seen", "fields"),
    [
        (Keep.LOAN, Seen.PARTIES, []),
        (Keep.LOG, Seen.PARTIES, ["keep"]),
        (Keep.LOAN, Seen.NOBODY, ["seen"]),
        (Keep.WEEK, Seen.EVERYBODY, ["keep", "seen"]),
    ],
)
def test_answers_are_what_this_software_does(keep: Keep, seen: Seen, fields: list[str]) -> None:
    answers = Answers("Savoir quoi préparer.", keep, seen)
    assert [each.field for each in wrong_answers(ASKED[Question.NOTE], answers)] == fields
