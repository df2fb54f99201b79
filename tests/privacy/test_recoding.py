"""What is read back from a released table is what was done to it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from mutuali.privacy.errors import Disagreement, UnknownValue
from mutuali.privacy.measures.recoding import checked_witness, read_recoding
from mutuali.privacy.plan import Column, Hierarchy, Role
from tests.privacy.recoded import Recoded, recoded

CITY = Column(
    "city",
    Role.QUASI_IDENTIFIER,
    Hierarchy.table([("a", "a", "*"), ("b", "bc", "*"), ("c", "bc", "*")]),
)


@settings(max_examples=40, deadline=None)
@given(recoded())
def test_levels_and_suppression_are_read_cell_by_cell(case: Recoded) -> None:
    found = read_recoding(case.raw, case.released, np.array(case.witness, np.int64), case.columns)

    assert found.suppressed.tolist() == case.suppressed
    for place, column in enumerate(found.columns):
        expected = [case.level(row, place) for row in range(len(case.levels))]
        assert column.levels.tolist() == expected
        kept = {level for row, level in enumerate(expected) if not case.suppressed[row]}
        if len(kept) == 1:
            assert column.common == kept.pop()
        elif kept:
            assert column.common == max(kept - {column.top})


def test_a_label_of_two_levels_is_read_on_the_level_of_its_column() -> None:
    raw = pa.table({"city": ["a", "b", "c"]})
    rows = np.arange(3)

    whole = read_recoding(raw, pa.table({"city": ["a", "bc", "bc"]}), rows, [CITY]).columns[0]
    mixed = read_recoding(raw, pa.table({"city": ["a", "b", "bc"]}), rows, [CITY]).columns[0]

    assert (whole.levels.tolist(), whole.common) == ([1, 1, 1], 1)
    assert (mixed.levels.tolist(), mixed.common) == ([0, 0, 1], 1)


def test_what_the_raw_rows_do_not_bear_out_is_refused() -> None:
    raw = pa.table({"city": ["a", "b"]})
    rows = np.arange(2)

    with pytest.raises(Disagreement, match="'city', released row 1: the label does not cover"):
        read_recoding(raw, pa.table({"city": ["a", "a"]}), rows, [CITY])
    with pytest.raises(UnknownValue, match="'city', row 1: value 'd'"):
        read_recoding(pa.table({"city": ["a", "d"]}), raw, rows, [CITY])


@pytest.mark.parametrize("witness", [[0], [0, 0], [0, 2], [-1, 0]])
def test_a_witness_names_each_raw_row_at_most_once(witness: list[int]) -> None:
    table = pa.table({"city": ["a", "b"]})

    with pytest.raises(Disagreement, match="witness"):
        checked_witness(witness, table, table)
