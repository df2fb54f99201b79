"""Days and times: what holds what, and what a week cannot be held by."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.privacy.plans.dates import all_days, all_minutes, date_hierarchy, time_hierarchy
from mutuali.privacy.plans.problems import Misfit


def test_a_day_goes_up_the_calendar() -> None:
    days = all_days(datetime.date(2026, 1, 1), datetime.date(2026, 12, 31))
    chains = {
        c[0]: c for c in date_hierarchy(days, ["month", "quarter", "half-year", "year"]).chains
    }

    assert len(chains) == 365
    assert chains["2026-03-31"][1:] == ("2026-03", "2026-Q1", "2026-H1", "2026", "*")
    assert chains["2026-07-01"][1:] == ("2026-07", "2026-Q3", "2026-H2", "2026", "*")


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    chains = date_hierarchy(["2026-12-31", "2027-01-03", "2027-01-04"], ["week"]).chains

    assert [c[1] for c in chains] == ["2026-W53", "2026-W53", "2027-W01"]


@pytest.mark.parametrize("coarser", ["month", "quarter", "half-year", "year"])
def test_nothing_but_the_star_stands_above_a_week(coarser: str) -> None:
    with pytest.raises(Misfit) as refusal:
        date_hierarchy(["2026-01-01"], ["week", coarser])

    assert refusal.value.code == "week_crosses"
    assert refusal.value.details == {"coarser": coarser}


def test_days_with_times_become_days_first() -> None:
    chains = date_hierarchy(["2026-03-04T08:30:00", "2026-03-04 23:59"], ["day", "month"]).chains

    assert {c[1:] for c in chains} == {("2026-03-04", "2026-03", "*")}


def test_a_time_goes_up_the_day() -> None:
    minutes = all_minutes(datetime.time(0, 0), datetime.time(23, 59))
    chains = {c[0]: c for c in time_hierarchy(minutes, ["hour", "part of day", "half-day"]).chains}

    assert len(chains) == 24 * 60
    assert chains["08:30"][1:] == ("08:00-08:59", "06:00-11:59", "00:00-11:59", "*")
    assert chains["12:00"][1:] == ("12:00-12:59", "12:00-17:59", "12:00-23:59", "*")


@pytest.mark.parametrize(
    ("values", "units", "code"),
    [
        (["2026-01-01"], ["year", "month"], "units_out_of_order"),
        (["2026-01-01"], ["month", "month"], "units_out_of_order"),
        (["2026-01-01"], ["fortnight"], "unknown_unit"),
        (["2026-01-01"], [], "no_levels"),
        (["2026-01-01"], ["day", "month"], "day_is_the_value"),
        (["1 mars"], ["month"], "not_a_date"),
        ([], ["month"], "empty_domain"),
    ],
)
def test_what_is_no_calendar_is_refused(values: list[str], units: list[str], code: str) -> None:
    with pytest.raises(Misfit) as refusal:
        date_hierarchy(values, units)

    assert refusal.value.code == code


def test_a_value_without_a_time_of_day_is_refused() -> None:
    with pytest.raises(Misfit, match="not_a_time"):
        time_hierarchy(["midi"], ["hour"])


@given(st.lists(st.dates(datetime.date(1990, 1, 1)), min_size=1, max_size=30, unique=True))
def test_any_days_nest_in_the_whole_calendar(days: list[datetime.date]) -> None:
    texts = [day.isoformat() for day in days]

    hierarchy = date_hierarchy(texts, ["month", "quarter", "half-year", "year"])

    for chain in hierarchy.chains:
        day = datetime.date.fromisoformat(chain[0] or "")
        assert chain[2] == f"{day.year:04}-Q{-(-day.month // 3)}"
        assert chain[3] == f"{day.year:04}-H{1 if day.month < 7 else 2}"
