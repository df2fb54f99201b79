"""Mappings, times and the order in which loans get their units."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.bookings.rules import Hold
from mutuali.core.errors import Unreadable
from mutuali.core.period import NoSuchLocalTime, Period, TwoSuchLocalTimes
from mutuali.imports.rules.mapping import What, read_mapping
from mutuali.imports.rules.occupancy import fitting
from mutuali.imports.rules.times import Skipped, Times, Twice, read_length
from tests.imports.commands import MAPPINGS

START = datetime(2018, 8, 1, tzinfo=UTC)
PACIFIC = ZoneInfo("America/Los_Angeles")
MINIMAL = """
kind = "loans"
source = "s"
[columns]
listing = "l"
borrower = "b"
loaned_at = "x"
returned_at = "y"
"""


def hold(first: int, last: int, units: int = 1) -> Hold:
    day = timedelta(days=1)
    return Hold(units, Period(START + first * day, START + last * day))


def slow_fitting(claims: list[Hold], stored: list[Hold], units: int) -> list[bool]:
    """The obvious way: count every day anew for every claim."""
    kept, verdicts = list(stored), []
    for claim in claims:
        instant, fits = claim.period.start, True
        while instant < claim.period.end:
            out = sum(each.units for each in kept if each.period.contains(instant))
            fits = fits and out + claim.units <= units
            instant += timedelta(days=1)
        verdicts.append(fits)
        if fits:
            kept.append(claim)
    return verdicts


_holds = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(1, 2)).map(
        lambda t: hold(t[0], t[0] + t[1], t[2])
    ),
    max_size=25,
)


@given(claims=_holds, stored=_holds, units=st.integers(1, 4))
def test_the_sweep_keeps_what_counting_every_day_keeps(
    claims: list[Hold], stored: list[Hold], units: int
) -> None:
    claims.sort(key=lambda claim: claim.period.start)
    assert fitting(claims, stored, units) == slow_fitting(claims, stored, units)


def test_the_first_in_time_keep_the_units_and_touching_loans_fit() -> None:
    claims = [hold(0, 2), hold(1, 3), hold(2, 4)]
    assert fitting(claims, [], 1) == [True, False, True]
    assert fitting([hold(0, 5)], [hold(3, 4)], 1) == [False]
    with pytest.raises(ValueError, match="start"):
        fitting([hold(1, 2), hold(0, 2)], [], 1)


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_mapping_that_we_ship_is_read(path: Path) -> None:
    text = path.read_text("utf-8")
    what = next(what for what in What if f'kind = "{what.value}"' in text)
    mapping = read_mapping(text, what)
    assert mapping.source in {"mtl-orgs", "foodorgs-pittsburgh", "reed-library", "babs-2014"}


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("kind =", "import.mapping_not_toml", None),
        (MINIMAL.replace("loans", "listings"), "import.mapping_of_others", None),
        (MINIMAL + 'colour = "x"', "import.mapping_unknown", "columns.colour"),
        ("surprise = 1\n" + MINIMAL, "import.mapping_unknown", "surprise"),
        (MINIMAL.replace('borrower = "b"', ""), "import.mapping_lacks", "columns.borrower"),
        (MINIMAL + '[times]\nzone = "Mars/Olympus"', "import.mapping_value", "times.zone"),
        (MINIMAL + '[times]\ntwice = "both"', "import.mapping_value", "times.twice"),
        (MINIMAL + "[file]\ndelimiter = ';;'", "import.mapping_value", "file.delimiter"),
        (MINIMAL.replace('"s"', '""'), "import.mapping_value", "source"),
        (
            MINIMAL + "note = { constant = 'a', column = 'b' }",
            "import.mapping_value",
            "columns.note",
        ),
        (
            MINIMAL + "note = { column = 'b', cut = '(' }",
            "import.mapping_value",
            "columns.note.cut",
        ),
    ],
)
def test_a_mapping_says_what_is_wrong_with_it(text: str, code: str, key: str | None) -> None:
    with pytest.raises(Unreadable) as caught:
        read_mapping(text, What.LOANS)
    reason = caught.value.reasons[0]
    assert (reason.code, reason.params.get("key")) == (code, key)


def test_a_day_stands_for_all_of_itself_in_its_own_zone() -> None:
    times = Times(PACIFIC, dates_only=True)
    assert times.start("2018-09-10") == datetime(2018, 9, 10, 7, tzinfo=UTC)
    assert times.end("2018-09-10") == datetime(2018, 9, 11, 7, tzinfo=UTC)
    due = times.after("2018-11-03", timedelta(days=1))
    assert due == datetime(2018, 11, 5, 8, tzinfo=UTC), "the clocks went back that night"


def test_local_times_that_do_not_exist_or_exist_twice_follow_the_mapping() -> None:
    strict = Times(PACIFIC)
    with pytest.raises(NoSuchLocalTime):
        strict.instant("2014-03-09 02:30:00")
    with pytest.raises(TwoSuchLocalTimes):
        strict.instant("2014-11-02 01:30:00")
    later = Times(PACIFIC, skipped=Skipped.LATER, twice=Twice.SECOND)
    assert later.instant("2014-03-09 02:30:00") == datetime(2014, 3, 9, 10, tzinfo=UTC)
    assert later.instant("2014-11-02 01:30:00") == datetime(2014, 11, 2, 9, 30, tzinfo=UTC)
    first = Times(PACIFIC, twice=Twice.FIRST)
    assert first.instant("2014-11-02 01:30:00") == datetime(2014, 11, 2, 8, 30, tzinfo=UTC)
    utc = Times(ZoneInfo("UTC"))
    assert utc.instant("2014-03-09 02:30:00") == datetime(2014, 3, 9, 2, 30, tzinfo=UTC)


def test_an_offset_that_is_written_beats_the_zone_and_a_pattern_reads_other_dates() -> None:
    assert Times(PACIFIC).instant("2014-03-09T02:30:00+01:00").hour == 1
    paris = Times(ZoneInfo("Europe/Paris"), pattern="%d/%m/%Y %H:%M")
    assert paris.instant("09/07/2020 14:00") == datetime(2020, 7, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30 minutes", timedelta(minutes=30)),
        ("1 day", timedelta(days=1)),
        ("3 hours", timedelta(hours=3)),
        ("three days", None),
        ("3", None),
    ],
)
def test_a_length_is_a_number_and_a_unit(text: str, length: timedelta | None) -> None:
    assert read_length(text) == length
