"""The ladder and the declarations: which tables there are, and whose yes each column needs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.agreements.rules import ALLOWED, Dataset
from mutuali.exports.rules.catalogue import BOTH, CATALOGUE, ColumnRole, Rows
from mutuali.exports.rules.ladder import (
    FROM,
    ON_THE_LADDER,
    Rung,
    rung_for,
    tables_at,
)
from mutuali.web.words import WORDS

WIDER = {
    "quarter": "half_year",
    "half_year": "year",
    "asked_quarter": "asked_half_year",
    "asked_half_year": "asked_year",
    "category": "family",
}


@pytest.mark.parametrize(
    ("contributors", "rung"),
    [
        *((0, Rung.FEW), (14, Rung.FEW), (15, Rung.SOME), (49, Rung.SOME)),
        *((50, Rung.MANY), (149, Rung.MANY), (150, Rung.MOST), (4000, Rung.MOST)),
    ],
)
def test_the_step_follows_the_number_of_consenting_contributors(
    contributors: int, rung: Rung
) -> None:
    assert rung_for(contributors) is rung


@given(st.integers(0, 500), st.integers(0, 500))
def test_more_contributors_never_step_down(a: int, b: int) -> None:
    steps = list(Rung)
    assert (a <= b) <= (steps.index(rung_for(a)) <= steps.index(rung_for(b)))
    assert [FROM[rung] for rung in steps] == sorted(FROM.values())


def test_the_tables_of_each_step_are_those_of_the_published_ladder() -> None:
    use = {rung: [table.keys for table in tables_at(Dataset.EQUIPMENT_USE, rung)] for rung in Rung}
    flows = {rung: [t.keys for t in tables_at(Dataset.LENDING_FLOWS, rung)] for rung in Rung}

    assert use == {
        Rung.FEW: [("year",)],
        Rung.SOME: [("family", "half_year"), ("borrower_zone", "year")],
        Rung.MANY: [("family", "quarter"), ("family", "borrower_zone", "half_year")],
        Rung.MOST: [("category", "quarter"), ("family", "borrower_zone", "quarter")],
    }
    assert flows == {
        Rung.FEW: [],
        Rung.SOME: [],
        Rung.MANY: [("lender_zone", "borrower_zone", "year")],
        Rung.MOST: [("lender_zone", "borrower_zone", "half_year")],
    }


def test_under_fifteen_nothing_is_crossed_and_no_step_takes_back_detail() -> None:
    for dataset in ON_THE_LADDER:
        steps = [tables_at(dataset, rung) for rung in Rung]
        assert all(len(table.keys) == 1 for table in steps[0])
        for lower, higher in pairwise(steps):
            for table in lower:
                assert any(
                    all(key in other.keys or finer_of(key, other.keys) for key in table.keys)
                    for other in higher
                ), table.name


def finer_of(key: str, keys: tuple[str, ...]) -> bool:
    return any(key in (WIDER.get(k), WIDER.get(WIDER.get(k, ""))) for k in keys)


def test_each_table_of_the_ladder_is_declared_in_its_dataset() -> None:
    for dataset in ON_THE_LADDER & set(CATALOGUE):
        on_it = {table.name for rung in Rung for table in tables_at(dataset, rung)}
        assert on_it == {table.name for table in CATALOGUE[dataset].tables}


def test_where_one_side_alone_said_yes_no_column_tells_of_the_other() -> None:
    """Two-sided consent squares: what a lender alone agreed to stands beside no borrower."""
    for dataset in CATALOGUE.values():
        for table in dataset.tables:
            for column in table.columns:
                assert column.about <= column.needs, (table.name, column.name)
                for other in table.columns if column.needs != BOTH else ():
                    if other.role is not ColumnRole.FIGURE and other.role is not ColumnRole.STATUS:
                        assert other.about <= column.needs, (table.name, column.name, other.name)


def test_every_dataset_table_and_column_has_its_words_in_the_dictionary() -> None:
    for dataset in CATALOGUE.values():
        for kind in ("dataset", "answers", "audience", "window", "calendar", "revision"):
            assert dataset.name.value in WORDS[f"exports.{kind}"]
        assert dataset.data_class.value in WORDS["exports.class"]
        assert dataset.rows.value in WORDS["exports.rows"]
        assert ALLOWED[dataset.name]
        for table in dataset.tables:
            assert table.name in WORDS["exports.table"]
            for column in table.columns:
                assert column.name.removesuffix("_status") in WORDS["exports.column"]


def test_only_a_dataset_that_is_declared_to_may_name_organizations() -> None:
    for dataset in CATALOGUE.values():
        names = {
            column.name
            for table in dataset.tables
            for column in table.columns
            if column.role is ColumnRole.NAME or "organization.name" in column.made_of
        }
        assert bool(names) == dataset.names_organizations
        assert dataset.names_organizations <= (dataset.rows is Rows.ORGANIZATION)
