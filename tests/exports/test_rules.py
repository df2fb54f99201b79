"""Bands, seasons and the life of an export, against slower and more obvious ways."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.agreements.rules import Dataset
from mutuali.bookings.rules import State
from mutuali.core.errors import Conflict
from mutuali.core.period import LOCAL_ZONE
from mutuali.exports.rules import bands
from mutuali.exports.rules.bands import Outcome
from mutuali.exports.rules.catalogue import (
    BOTH,
    CATALOGUE,
    ColumnRole,
    DeclaredColumn,
    DeclaredTable,
    not_releasable,
)
from mutuali.exports.rules.life import ExportState, ExportStep, advance
from mutuali.exports.rules.seasons import (
    complete_halves,
    complete_quarters,
    quarter_ladder,
    season_finder,
)

MOMENTS = st.datetimes(
    datetime(2013, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(MOMENTS)
def test_the_last_quarters_are_over_and_follow_one_another(now: datetime) -> None:
    quarters = complete_quarters(now, 12)

    assert all(a.period.end == b.period.start for a, b in pairwise(quarters))
    assert quarters[-1].period.end <= now < quarters[-1].period.end + timedelta(days=93)
    for quarter in quarters:
        start = quarter.period.start.astimezone(LOCAL_ZONE)
        assert (start.day, start.hour, start.minute) == (1, 0, 0)
        assert quarter.name == f"{start.year}-Q{(start.month + 2) // 3}"


@given(MOMENTS)
def test_each_half_year_is_two_quarters(now: datetime) -> None:
    (half,) = complete_halves(now, 1)
    within = [q for q in complete_quarters(now, 12) if half.period.contains(q.period.start)]

    assert len(within) == 2
    assert (within[0].period.start, within[1].period.end) == (half.period.start, half.period.end)
    assert {row[1] for row in quarter_ladder(within)} == {half.name}


@given(MOMENTS, MOMENTS)
def test_a_moment_falls_into_the_quarter_of_montreals_calendar(
    now: datetime, moment: datetime
) -> None:
    quarters = complete_quarters(now, 8)
    there = moment.astimezone(LOCAL_ZONE)
    name = f"{there.year}-Q{(there.month + 2) // 3}"
    expected = name if name in {each.name for each in quarters} else None

    assert season_finder(quarters)(moment.timestamp()) == expected


@pytest.mark.parametrize(
    ("state", "ends_at", "returned_at", "expected"),
    [
        (State.CLOSED, 100, 90, Outcome.ON_TIME),
        (State.CLOSED, 100, 100, Outcome.ON_TIME),
        (State.RETURNED, 100, 101, Outcome.LATE),
        (State.CLOSED, 100, None, Outcome.ON_TIME),
        (State.ON_LOAN, 100, None, Outcome.NOT_RETURNED),
        (State.ON_LOAN, 1000, None, None),
        (State.CANCELLED, 100, None, Outcome.CANCELLED),
        (State.DECLINED, 100, None, Outcome.DECLINED),
        (State.EXPIRED, 100, None, Outcome.EXPIRED),
        (State.REQUESTED, 100, None, None),
        (State.HELD, 100, None, None),
        (State.APPROVED, 100, None, None),
    ],
)
def test_only_a_story_that_is_over_has_an_outcome(
    state: State, ends_at: float, returned_at: float | None, expected: Outcome | None
) -> None:
    assert bands.outcome(state, ends_at, returned_at, now=500) == expected


@pytest.mark.parametrize(
    ("band", "ladder", "values"),
    [
        (bands.duration_band, bands.DURATION_LADDER, range(0, 9 * bands.DAY, 600)),
        (bands.lead_band, bands.LEAD_LADDER, range(-bands.DAY, 9 * bands.DAY, 600)),
        (bands.units_band, bands.UNITS_LADDER, range(1, 60)),
        (bands.meals_band, bands.MEALS_LADDER, range(600)),
    ],
)
def test_every_value_has_a_rung_and_every_rung_a_value(band, ladder, values) -> None:  # type: ignore[no-untyped-def]
    assert {band(value) for value in values} == {rung[0] for rung in ladder}


def test_bands_begin_where_they_say() -> None:
    assert [bands.duration_band(h * bands.HOUR) for h in (0.9, 1, 3.9, 4, 24, 72, 168)] == [
        *("0-1h", "1-4h", "1-4h", "4-8h", "1-3d", "3-7d", "7d+")
    ]
    assert [bands.units_band(n) for n in (1, 2, 5, 6, 20, 21)] == [
        *("1", "2-5", "2-5", "6-20", "6-20", "21+")
    ]
    assert [bands.meals_band(n) for n in (None, 0, 1, 50, 51, 200, 201)] == [
        *("not_recorded", "not_recorded", "1-50", "1-50", "51-200", "51-200", "201+")
    ]
    assert [bands.coverage_band(n, 100) for n in (0, 24, 25, 74, 75, 94, 95, 100)] == [
        *("0-25%", "0-25%", "25-50%", "50-75%", "75-95%", "75-95%", "95-100%", "95-100%")
    ]


def test_a_row_about_both_parties_needs_both_yeses() -> None:
    """Only what a lender alone offers rests on the lender's yes alone."""
    alone = {
        column.name
        for dataset in map(
            CATALOGUE.get, (Dataset.EQUIPMENT_USE, Dataset.LOANS, Dataset.LENDING_FLOWS)
        )
        if dataset is not None
        for table in dataset.tables
        for column in table.columns
        if column.needs != BOTH
    }
    assert alone == {"unit_hours_offered", "unit_hours_offered_status"}


def test_no_column_of_the_catalogue_names_anybody() -> None:
    for dataset in CATALOGUE.values():
        for table in dataset.tables:
            assert {"lender", "borrower"}.isdisjoint(table.column_names)
            assert all(column.role in ColumnRole for column in table.columns)


def test_an_export_cannot_skip_its_decision() -> None:
    with pytest.raises(Conflict):
        advance(ExportState.REQUESTED, ExportStep.SIGN)
    with pytest.raises(Conflict):
        advance(ExportState.WITHHELD, ExportStep.SIGN)
    with pytest.raises(Conflict):
        advance(ExportState.EXPIRED, ExportStep.PREPARE)


def test_everything_that_leaves_is_made_of_columns_of_the_inventory_that_name_nobody() -> None:
    for dataset in CATALOGUE.values():
        assert not_releasable(dataset) == ()
        for table in dataset.tables:
            for column in table.columns:
                # The mark of a copy is made of no data at all.
                assert bool(column.made_of) == (column.role is not ColumnRole.MARK), column.name


@pytest.mark.parametrize("stored", ["booking.note", "organization.name", "booking.colour"])
def test_a_column_that_names_somebody_or_that_nobody_described_cannot_leave(stored: str) -> None:
    column = DeclaredColumn("new", ColumnRole.QUASI_IDENTIFIER, BOTH, ("booking.units", stored))
    table = DeclaredTable("new", (column,))

    assert not_releasable(replace(CATALOGUE[Dataset.LOANS], tables=(table,))) == (stored,)
