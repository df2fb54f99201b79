"""The five questions: whatever is true lies in the interval that is said of it."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.agreements.rules import Dataset
from mutuali.core.period import local
from mutuali.core.places import ZONES as PLACES
from mutuali.equipment.rules import FAMILY, Family, Kind
from mutuali.exports import service
from mutuali.exports.rules.bands import MEALS_LADDER
from mutuali.exports.rules.five.answers import answers
from mutuali.exports.rules.five.intervals import (
    ALIKE,
    FAMILY_OF,
    Bundle,
    Interval,
    as_interval,
    bundle_from,
    cells_of,
    latest,
    minus,
    percent,
    plus,
)
from mutuali.exports.rules.five.meals import LENT, MEALS
from mutuali.exports.rules.five.words import FAMILIES, ZONES, Answer, Table, as_said, period_name
from mutuali.exports.rules.seasons import half_of
from mutuali.exports.service.snapshot import Snapshot, zone_of
from mutuali.exports.service.use import loans_lent
from tests.exports.networks import FIRST, network

BASES = st.integers(1, 25)
QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


def holds(interval: Interval, true: float) -> bool:
    low, high = interval
    return low <= true and (high is None or true <= high)


@given(st.integers(1, 10_000), BASES)
def test_what_was_rounded_lies_in_the_interval_of_what_it_was_rounded_to(
    true: int, base: int
) -> None:
    rounded = (true + base // 2) // base * base
    low, high = as_interval(str(rounded), "published", base)
    assert high is not None
    assert low <= true <= high
    # and nothing wider: its edges would be rounded to it as well
    assert {(edge + base // 2) // base * base for edge in (low, high)} == {rounded}


def test_zero_is_nothing_and_what_is_hidden_is_open() -> None:
    assert as_interval("", "zero", 5) == (0, 0)
    assert as_interval("", "suppressed", 5) == as_interval("", "not_collected", 5) == (0, None)


SOME = st.tuples(st.integers(0, 40), st.integers(0, 40), st.booleans())


def _around(some: tuple[int, int, bool]) -> tuple[int, Interval]:
    """A number and an interval that holds it."""
    true, wide, is_open = some
    return true, (max(0, true - wide), None if is_open else true + wide)


@given(SOME, SOME)
def test_sums_differences_and_shares_hold_what_is_true(
    one: tuple[int, int, bool], other: tuple[int, int, bool]
) -> None:
    (a, around_a), (b, around_b) = _around(one), _around(other)
    assert holds(plus((around_a, around_b)), a + b)
    assert holds(minus(around_a, around_b), max(0, a - b))
    if a + b:
        assert holds(percent(around_a, around_b), 100 * a / (a + b))


@st.composite
def two_tables(draw: st.DrawFn) -> tuple[Bundle, dict[tuple[str, ...], int]]:
    """One year of rows summed by family and quarter and by family, zone and half-year; each sum
    rounded or hidden at random; and every true sum."""
    base = draw(BASES)
    rows = {
        (family, zone, quarter): draw(st.integers(0, 60))
        for family in ("transport", "kitchen")
        for zone in ("est", "nord", "elsewhere")
        for quarter in QUARTERS
    }
    true: Counter[tuple[str, ...]] = Counter()
    for (family, zone, quarter), value in rows.items():
        true[family, quarter] += value
        true[family, zone, half_of(quarter)] += value
    tables: dict[str, list[dict[str, str]]] = defaultdict(list)
    for key, value in true.items():
        hidden = value > 0 and draw(st.booleans())
        status = "suppressed" if hidden else "published" if value else "zero"
        line = {"loans": "", "loans_status": status}
        if status == "published":
            line["loans"] = str((value + base // 2) // base * base)
        if len(key) == 2:
            tables["narrow"].append({"family": key[0], "quarter": key[1], **line})
        else:
            named = {"family": key[0], "borrower_zone": key[1], "half_year": key[2]}
            tables["wide"].append({**named, **line})
    periods = [
        {"table": name, "period": row[time], "follow": "build"}
        for name, time in (("narrow", "quarter"), ("wide", "half_year"))
        for row in tables[name]
    ]
    report = {"base": base, "periods": periods}
    return Bundle("equipment-use", "", report, tables, {}), dict(true)


@settings(max_examples=150, deadline=None)
@given(two_tables())
def test_tables_that_bound_each_other_never_lose_what_is_true(
    made: tuple[Bundle, dict[tuple[str, ...], int]],
) -> None:
    bundle, true = made
    for cell in cells_of(bundle):
        at = (*(cell.keys[key] for key in sorted(cell.keys, reverse=False)), cell.period)
        key = (cell.keys["family"], *([cell.keys["borrower_zone"]] if len(at) == 3 else []))
        assert holds(cell.interval, true[(*key, cell.period)]), cell


def _two(follow: str) -> Bundle:
    """A hidden cell beside one of 20, and their sum, 30, in another table; rounded to 5."""
    row = {"loans": "30", "loans_status": "published"}
    tables = {
        "year": [{"year": "2025", **row}],
        "zones": [
            {"borrower_zone": "est", "year": "2025", **row, "loans": "20"},
            {"borrower_zone": "nord", "year": "2025", "loans": "", "loans_status": "suppressed"},
        ],
    }
    periods = [{"table": name, "period": "2025", "follow": follow} for name in tables]
    return Bundle("equipment-use", "", {"base": 5, "periods": periods}, tables, {})


def test_a_hidden_cell_is_bounded_by_the_other_table() -> None:
    hidden = next(cell for cell in cells_of(_two("build")) if cell.status == "suppressed")
    assert hidden.interval == (28 - 22, 32 - 18)


def test_a_period_copied_from_an_earlier_file_bounds_nothing_and_may_be_rounded_more() -> None:
    cells = cells_of(_two("copy"))
    assert next(cell for cell in cells if cell.status == "suppressed").interval == (0, None)
    # 30 is a multiple of 15 too, and 20 of 20: earlier files may have been rounded to those.
    assert [cell.interval for cell in cells if cell.status == "published"] == [(23, 37), (10, 29)]


# Real builds of made-up networks, against a slow and obvious computation


@pytest.fixture(scope="module")
def engine_name() -> str:
    """Nothing is stored here."""
    return "sqlite"


SIZES = (10, 20, 60, 160)


def entries_of(dataset: Dataset, organizations: int) -> tuple[Snapshot, dict[str, bytes]]:
    """A made-up network, and the entries of its bundle that are read."""
    snapshot = network(dataset, organizations, loans=organizations * 25)
    found = service.build(snapshot, FIRST)
    assert isinstance(found, service.Built), found
    entries = {f"{each.table.name}.csv": each.data for each in found.tables}
    report = {
        **found.report,
        "dataset": dataset.value,
        "periods": [
            {"table": each.table.name, "period": row[time], "follow": "build"}
            for each in found.tables
            for row in csv.DictReader(io.StringIO(each.data.decode()))
            for time in row
            if time.removeprefix("asked_") in ("quarter", "half_year", "year")
        ],
    }
    return snapshot, {**entries, "report.json": service.as_json(report)}


def built(dataset: Dataset, organizations: int) -> tuple[Snapshot, Bundle]:
    snapshot, entries = entries_of(dataset, organizations)
    return snapshot, bundle_from(entries)


@pytest.fixture(scope="module")
def networks() -> dict[tuple[Dataset, int], tuple[Snapshot, Bundle]]:
    sums = (Dataset.EQUIPMENT_USE, Dataset.UNMET_DEMAND)
    found = {(dataset, size): built(dataset, size) for dataset in sums for size in SIZES}
    found |= {
        (Dataset.LENDING_FLOWS, size): built(Dataset.LENDING_FLOWS, size) for size in (60, 160)
    }
    found[Dataset.LOANS, 60] = built(Dataset.LOANS, 60)
    return found


@cache
def quarter(hour: int) -> str:
    """The quarter, in Montréal, of an hour since 1970."""
    there = local(datetime.fromtimestamp(hour * 3600, UTC))
    return f"{there.year}-Q{(there.month + 2) // 3}"


def in_period(second: int, period: str) -> bool:
    name = quarter(second // 3600)
    return period in (name, half_of(name), name[:4])


def family_of(snapshot: Snapshot, listing: int) -> str:
    return FAMILY[Kind(snapshot.kinds[listing])].value


def loans_in(snapshot: Snapshot, period: str, family: str, zone: str = "") -> list[dict[str, Any]]:
    return [
        loan
        for loan in loans_lent(snapshot).to_pylist()
        if in_period(loan["starts_at"], period)
        and family_of(snapshot, loan["listing"]) == family
        and zone in ("", zone_of(snapshot.boroughs.get(loan["borrower_id"])))
    ]


def vain_in(snapshot: Snapshot, period: str, family: str = "", zone: str = "") -> int:
    """Searches and requests that came to nothing."""
    found = sum(
        row["searches"]
        for row in snapshot.searches.to_pylist()
        if family in ("", row["family"])
        and zone in ("", row["zone"])
        and period in (row["quarter"], half_of(row["quarter"]), row["quarter"][:4])
    )
    return found + sum(
        row["state"] in ("declined", "expired")
        and in_period(row["created_at"], period)
        and family in ("", family_of(snapshot, row["listing"]))
        and zone in ("", zone_of(snapshot.boroughs.get(row["borrower"])))
        for row in snapshot.loans.to_pylist()
    )


def lines(table: Table) -> dict[str, tuple[Interval, ...]]:
    return {line.code: line.intervals for line in table.lines}


@pytest.mark.parametrize("size", SIZES)
def test_shortage_and_unused_time_hold_what_is_true(
    networks: dict[tuple[Dataset, int], tuple[Snapshot, Bundle]], size: int
) -> None:
    use, use_bundle = networks[Dataset.EQUIPMENT_USE, size]
    demand, demand_bundle = networks[Dataset.UNMET_DEMAND, size]
    short, unused, *_ = answers(latest([use_bundle, demand_bundle]))
    if size == 10:  # the step has no families
        assert short.interval is unused.interval is None
        assert "Ce n’est pas un zéro" in short.finding[0]
        return
    when, *where = short.tables
    assert bool(where) == (size > 20)
    wanted = taken = 0
    for period, (share, vain, loans, _) in lines(when).items():
        true_vain = vain_in(demand, period, "transport")
        true_loans = len(loans_in(use, period, "transport"))
        assert holds(vain, true_vain)
        assert holds(loans, true_loans)
        assert holds(share, 100 * true_vain / (true_vain + true_loans))
        wanted, taken = wanted + true_vain, taken + true_loans
    assert short.interval is not None
    assert holds(short.interval, 100 * wanted / (wanted + taken))
    for code, (_, vain, loans) in (lines(where[0]) if where else {}).items():
        zone, period = code.split(" ")
        assert holds(vain, vain_in(demand, period, "transport", zone)), code
        assert holds(loans, len(loans_in(use, period, "transport", zone))), code
    left = 0
    for period, (not_lent, offered, lent) in lines(unused.tables[0]).items():
        true_lent = sum(loan["unit_hours_lent"] for loan in loans_in(use, period, "kitchen"))
        true_offered = _offered(use, period)
        assert holds(lent, true_lent)
        assert holds(offered, true_offered)
        assert holds(not_lent, true_offered - true_lent)
        left += true_offered - true_lent
    assert unused.interval is not None
    assert holds(unused.interval, left)


def _offered(snapshot: Snapshot, period: str) -> int:
    """Hours of a period in which kitchens were on offer, counted one by one."""
    first = min(listing["published_at"] for listing in snapshot.offered.to_pylist()) // 3600
    here = [
        hour
        for hour in range(first, int(snapshot.now.timestamp()) // 3600)
        if in_period(hour * 3600, period)
    ]
    return sum(
        listing["units"] * sum(listing["published_at"] <= hour * 3600 for hour in here)
        for listing in snapshot.offered.to_pylist()
        if family_of(snapshot, listing["listing"]) == "kitchen"
    )


@pytest.mark.parametrize("size", [60, 160])
def test_flows_hold_what_is_true(
    networks: dict[tuple[Dataset, int], tuple[Snapshot, Bundle]], size: int
) -> None:
    snapshot, bundle = networks[Dataset.LENDING_FLOWS, size]
    answer = answers(latest([bundle]))[2]
    periods = {row[next(k for k in row if k in ("year", "half_year"))] for row in _rows(bundle)}
    away, own = Counter[str](), Counter[str]()
    for loan in loans_lent(snapshot).to_pylist():
        if any(in_period(loan["starts_at"], period) for period in periods):
            ends = [zone_of(snapshot.boroughs.get(loan[f"{s}_id"])) for s in ("lender", "borrower")]
            (own if ends[0] == ends[1] else away)[ends[0]] += 1
    for zone, (to_another, within, share) in lines(answer.tables[0]).items():
        assert holds(to_another, away[zone])
        assert holds(within, own[zone])
        assert holds(share, 100 * away[zone] / (away[zone] + own[zone]))
    assert answer.interval is not None
    assert holds(answer.interval, away.total())


def _rows(bundle: Bundle) -> Sequence[Mapping[str, str]]:
    (rows,) = bundle.tables.values()
    return rows


@pytest.mark.parametrize("size", SIZES)
def test_unmet_demand_holds_what_is_true(
    networks: dict[tuple[Dataset, int], tuple[Snapshot, Bundle]], size: int
) -> None:
    snapshot, bundle = networks[Dataset.UNMET_DEMAND, size]
    answer = answers(latest([bundle]))[3]
    by: dict[str, Callable[[str, str], int]] = {
        "Par sorte": lambda code, period: vain_in(snapshot, period, family=code),
        "Par secteur": lambda code, period: vain_in(snapshot, period, zone=code),
    }
    *others, last = answer.tables
    true = {period: vain_in(snapshot, period) for period in lines(last)}
    assert all(holds(each[0], true[period]) for period, each in lines(last).items())
    assert answer.interval is not None
    assert holds(answer.interval, sum(true.values()))
    # On the second step the table by zone may be withheld as empty.
    assert len(others) in {10: (0,), 20: (1, 2)}.get(size, (2,))
    for table in others:
        periods = _periods_behind(bundle, table.title[1])
        for code, each in lines(table).items():
            assert holds(each[0], sum(by[table.title[0]](code, p) for p in periods)), code


def _periods_behind(bundle: Bundle, title: str) -> set[str]:
    """The periods of the table that a table of the answer was summed from."""
    key = "family" if title == "By kind" else "borrower_zone"
    few = min((len(rows[0]), name) for name, rows in bundle.tables.items() if key in rows[0])[1]
    return {row[time] for row in bundle.tables[few] for time in row if time.startswith("asked_")}


def test_meals_hold_what_was_written_down_and_one_group_is_said_to_weigh(
    networks: dict[tuple[Dataset, int], tuple[Snapshot, Bundle]],
) -> None:
    _, bundle = networks[Dataset.LOANS, 60]
    answer = answers(latest([bundle]))[4]
    low = lent = 0
    largest: Counter[tuple[str, ...]] = Counter()
    for alike, count in bundle.lines.items():
        for _ in range(count):
            named = dict(zip(ALIKE, alike, strict=True))
            if named["outcome"] in LENT:
                lent += 1
                low += MEALS[named["meals_band"]][0]
                largest[alike[:-1]] += MEALS[named["meals_band"]][0]
    assert answer.interval == (low, None)
    assert sum(line.intervals[1][0] for line in answer.tables[0].lines) == lent
    share = f"{100 * max(largest.values()) // low}%"
    assert share in answer.caveats[0][1]
    for table in answer.tables:
        assert plus(line.intervals[0] for line in table.lines) == answer.interval


def test_a_file_that_is_not_there_is_said_in_words_and_is_no_zero() -> None:
    for answer in answers({}):
        assert answer.interval is None
        assert answer.tables == ()
        assert "Ce n’est pas un zéro." in answer.finding[0]
        assert "That is not a zero." in answer.finding[1]


def test_of_two_files_of_a_dataset_the_latest_is_read() -> None:
    old, new = (Bundle("loans", at, {"as_of": at}, {}, {}) for at in ("a", "b"))
    assert latest([new, old])["loans"].sha256 == "b"


def test_names_and_bands_are_those_of_the_catalogue() -> None:
    assert {kind.value: family.value for kind, family in FAMILY.items()} == FAMILY_OF
    assert set(FAMILIES) == {*(each.value for each in Family), "any", "*"}
    assert set(MEALS) == {band for level in MEALS_LADDER for band in level}
    named = {slug: (zone.name_fr, zone.name_en) for slug, zone in PLACES.items()}
    assert {slug: said for slug, said in ZONES.items() if slug != "elsewhere"} == named


def test_intervals_and_periods_are_said_as_people_say_them() -> None:
    assert as_said((1200, 3400)) == ("de 1\u00a0200 à 3\u00a0400", "1,200 to 3,400")
    assert as_said((12, None)) == ("au moins 12", "at least 12")
    assert as_said((0, None)) == ("inconnu", "unknown")
    assert as_said((7, 7)) == ("7", "7")
    assert period_name("2026-Q3") == ("juill. à sept. 2026", "Jul to Sep 2026")
    assert period_name("2026") == ("2026", "2026")


def test_french_of_the_answers_keeps_the_typography_of_quebec(
    networks: dict[tuple[Dataset, int], tuple[Snapshot, Bundle]],
) -> None:
    found: list[Answer] = [
        *answers(latest(each for (_, size), (_, each) in networks.items() if size == 60)),
        *answers({}),
        *answers(latest(each for (_, size), (_, each) in networks.items() if size == 10)),
    ]
    for answer in found:
        for french, _ in (answer.question, answer.finding, *answer.caveats):
            before = [french[n - 1] for n, sign in enumerate(french) if sign in ":%»"]
            assert set(before) <= {"\u00a0"}, french
            assert not any(sign in french for sign in (" ;", " ?", " !", "'")), french
