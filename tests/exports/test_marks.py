"""The mark of a copy, however the file travels."""

import csv
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.exports.rules.marks import ROW, is_of, marked, number_of, trace, unmarked

OURS, OTHER, NEVER = b"1" * 32, b"2" * 32, b"3" * 32
HEADER = b"family,quarter,outcome\r\n"
ROWS = [b"vehicle,2026-Q%d,on_time\r\n" % (n % 4 + 1) for n in range(400)]
KEYS = {1: OURS, 2: OTHER}


def text_of(lines: list[bytes]) -> str:
    return b"".join(lines).decode()


def test_a_column_is_added_and_nothing_else_changes() -> None:
    plain = [HEADER, *ROWS]
    copy = list(marked(plain, OURS))
    assert copy[0] == b"family,quarter,outcome,row\r\n"
    assert list(unmarked(copy)) == plain
    numbers = [line.strip().rpartition(b",")[2].decode() for line in copy[1:]]
    assert len(set(numbers)) == len(ROWS), "equal rows get numbers of their own"
    assert all(is_of(OURS, number) for number in numbers)
    assert sorted(numbers) != numbers, "the numbers do not tell the order"
    assert list(marked(plain, OURS)) == copy, "the same inputs give the same bytes"
    assert list(marked(plain, OTHER)) != copy


def test_a_shuffled_sample_is_still_this_copy_s() -> None:
    copy = list(marked([HEADER, *ROWS], OURS))
    sample = random.Random(1).sample(copy[1:], 7)
    for leaked in ([copy[0], *sample], sample):
        found = trace(text_of(leaked), KEYS)
        assert found.found == {1: 7}


def test_columns_may_move_be_renamed_left_out_or_changed() -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(list(marked([HEADER, *ROWS], OURS))))))
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";")
    sheet.writerow(["no", "famille"])
    for each in rows[:50]:
        sheet.writerow([f" {each[ROW].upper()} ", "camion"])
    assert trace(out.getvalue(), KEYS).found == {1: 50}


def test_two_copies_in_one_file_are_both_named() -> None:
    ours, others = (list(marked([HEADER, *ROWS], key)) for key in (OURS, OTHER))
    assert trace(text_of([*ours[:11], *others[1:6]]), KEYS).found == {1: 10, 2: 5}


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a,b\n1,2\n", text_of([HEADER, *ROWS]), "row\n" + "0" * 24 + "\n", "é" * 24],
)
def test_what_was_never_released_matches_nothing(text: str) -> None:
    assert trace(text, KEYS).found == {}


def test_the_copy_of_a_key_we_do_not_know_matches_nothing() -> None:
    assert trace(text_of(list(marked([HEADER, *ROWS], NEVER))), KEYS).found == {}


def test_numbers_cut_off_are_gone_which_we_say() -> None:
    copy = list(marked([HEADER, *ROWS], OURS))
    assert trace(text_of(list(unmarked(copy))), KEYS).found == {}


@given(st.integers(0, 10**7), st.integers(0, 95))
def test_a_number_changed_in_one_bit_is_nobody_s(place: int, bit: int) -> None:
    number = number_of(OURS, place)
    assert is_of(OURS, number)
    assert not is_of(OURS, f"{int(number, 16) ^ (1 << bit):024x}")
    assert not is_of(OTHER, number)


@given(st.lists(st.lists(st.sampled_from("abc01-"), max_size=4).map("".join), max_size=8))
def test_marking_is_undone_by_unmarking(cells: list[str]) -> None:
    lines = [f"{cell},x\n".encode() for cell in cells]
    assert list(unmarked(marked(lines, OURS))) == lines
