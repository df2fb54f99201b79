"""The files, read back in a few plain lines that share no code with the engine."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from mutuali.agreements.rules import Dataset
from mutuali.bookings.rules import State
from mutuali.exports.rules import bands
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.seasons import complete_quarters, season_finder
from mutuali.exports.service import Built, Withheld, build
from mutuali.exports.service.loans import eligible, plan, release
from mutuali.exports.service.use import tables
from tests.exports.networks import FIRST, NOW, network


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_no_line_of_loans_stands_out_from_five_lenders_and_five_borrowers() -> None:
    snapshot = network(Dataset.LOANS, 60, loans=3000)
    rule = plan(snapshot)
    made = release(snapshot, rule, FIRST)

    groups: dict[tuple[str, ...], list[tuple[int, int, str]]] = defaultdict(list)
    for lender, borrower, line in zip(
        made.witness.sides["lender"],
        made.witness.sides["borrower"],
        lines(made.data),
        strict=True,
    ):
        *quasi, outcome = line.values()
        groups[tuple(quasi)].append((lender, borrower, outcome))
    for members in groups.values():
        assert len({lender for lender, _, _ in members}) >= 5
        assert len({borrower for _, borrower, _ in members}) >= 5
        assert len({outcome for _, _, outcome in members}) >= 2
    assert made.report.rows_out >= 0.9 * made.report.rows_in
    assert made.report.columns_below_top >= 2


def test_a_published_figure_hides_every_lender_and_borrower_behind_it() -> None:
    snapshot = network(Dataset.EQUIPMENT_USE, 60, loans=2500)
    (by_family, *_), _ = tables(snapshot)

    people: dict[tuple[str, str], tuple[dict[int, int], dict[int, int]]] = defaultdict(
        lambda: (defaultdict(int), defaultdict(int))
    )
    quarter_of = quarter_finder()
    for loan in snapshot.loans.to_pylist():
        if loan["state"] == "closed" and (quarter := quarter_of(loan["starts_at"])):
            lenders, borrowers = people[snapshot.families[loan["listing"]], quarter]
            lenders[loan["lender"]] += 1
            borrowers[loan["borrower"]] += 1
    published = 0
    witnesses = by_family.built.witness
    assert isinstance(witnesses, tuple)
    for line, witness in zip(lines(by_family.built.data), witnesses, strict=True):
        lenders, borrowers = people[line["family"], line["quarter"]]
        assert witness.keys == (line["family"], line["quarter"])
        if line["loans_status"] == "published":
            published += 1
            total = sum(lenders.values())
            for side in (lenders, borrowers):
                assert len(side) >= 5
                assert max(side.values()) * 2 <= total
            assert abs(int(line["loans"]) - total) <= 2
            assert witness.sides["borrower"] == borrowers.keys()
            assert witness.sides["lender"] >= lenders.keys()
        else:
            assert line["loans"] == ""
            assert not witness.sides.get("borrower")
    assert published > 4


def quarter_finder() -> Callable[[int], str | None]:
    there = NOW.astimezone(ZoneInfo("America/Toronto"))
    current = (there.year, (there.month + 2) // 3)

    def quarter_of(second: int) -> str | None:
        local = datetime.fromtimestamp(second, UTC).astimezone(ZoneInfo("America/Toronto"))
        quarter = (local.year, (local.month + 2) // 3)
        return f"{quarter[0]}-Q{quarter[1]}" if quarter < current else None

    return quarter_of


@pytest.mark.parametrize("organizations", [30, 100, 234])
@pytest.mark.parametrize("consenting", [1.0, 0.6])
def test_a_network_of_any_size_gets_tables_or_a_plain_no(
    organizations: int, consenting: float
) -> None:
    snapshot = network(
        Dataset.EQUIPMENT_USE, organizations, loans=organizations * 25, consenting=consenting
    )

    built = build(snapshot, FIRST)

    if isinstance(built, Withheld):
        assert built.code == "privacy.all_suppressed"
    else:
        assert all(table["published"] > 0 for table in built.report["tables"])
        kept = max(table["share_kept"] for table in built.report["tables"])
        assert kept > 0.4


def test_a_table_of_which_nothing_may_be_said_is_withheld_and_named() -> None:
    snapshot = network(Dataset.EQUIPMENT_USE, 30, loans=700)
    two = sorted(set(snapshot.loans.column("lender").to_pylist()))[:2]
    few = replace(
        snapshot,
        loans=snapshot.loans.filter(pc.is_in(snapshot.loans.column("lender"), pa.array(two))),
    )

    built = build(few, FIRST)

    assert isinstance(built, Built)
    assert built.report["withheld_tables"] == ["use-by-zone-and-year"]
    assert [each.table.name for each in built.tables] == ["use-by-family-and-half-year"]


@pytest.mark.parametrize("dataset", list(CATALOGUE))
def test_nobody_said_yes_and_nothing_leaves(dataset: Dataset) -> None:
    built = build(network(dataset, 30, loans=500, consenting=0.0), FIRST)

    assert isinstance(built, Withheld)
    assert built.code == {
        Dataset.LOANS: "privacy.empty_table",
        Dataset.LENDING_FLOWS: "privacy.too_few_contributors",
        Dataset.ORGANIZATIONS_CAPACITY: "privacy.empty_table",
    }.get(dataset, "privacy.all_suppressed")


def test_too_few_said_yes_and_no_loans_leave() -> None:
    built = build(network(Dataset.LOANS, 30, loans=2000, consenting=0.14), FIRST)

    assert isinstance(built, Withheld)
    assert built.code == "privacy.too_few_contributors"


@pytest.mark.parametrize("dataset", list(CATALOGUE))
def test_the_same_snapshot_builds_the_same_bytes(dataset: Dataset) -> None:
    first, second = (build(network(dataset, 60, loans=2000), FIRST) for _ in range(2))

    assert isinstance(first, Built)
    assert isinstance(second, Built)
    assert [t.data for t in first.tables] == [t.data for t in second.tables]


@pytest.mark.parametrize("dataset", list(CATALOGUE))
def test_what_is_built_knows_everybody_in_it(dataset: Dataset) -> None:
    snapshot = network(dataset, 60, loans=2000)
    built = build(snapshot, FIRST)

    assert isinstance(built, Built)
    for table in built.tables:
        people = table.contributors()
        lenders_alone = dataset is Dataset.ORGANIZATIONS_CAPACITY
        assert set(people) == ({"lender"} if lenders_alone else {"lender", "borrower"})
        for side, some in people.items():
            assert 5 <= len(some) <= 60
            assert some <= set(snapshot.contributors.values()), side


def test_bands_made_at_once_are_those_of_the_rules_one_by_one() -> None:
    """Every column of the rows that leave, against the plain rule for a single loan."""
    snapshot = network(Dataset.LOANS, 40, loans=1500)
    season_at = season_finder(complete_quarters(snapshot.now, 12))
    now = snapshot.now.timestamp()
    expected = []
    for loan in snapshot.loans.to_pylist():
        start, end, back = loan["starts_at"], loan["ends_at"], loan["returned_at"]
        ended = bands.outcome(State(loan["state"]), end, back, now)
        quarter = season_at(start)
        if ended is None or quarter is None:
            continue
        expected.append(
            {
                "booking": loan["booking"],
                "person": loan["person"],
                "lender": str(loan["lender"]),
                "borrower": str(loan["borrower"]),
                "family": snapshot.families[loan["listing"]],
                "quarter": quarter,
                "duration_band": bands.duration_band((back or end) - start),
                "lead_band": bands.lead_band(start - loan["created_at"]),
                "units_band": bands.units_band(loan["units"]),
                "meals_band": bands.meals_band(loan["meals"]),
                "borrower_area": snapshot.boroughs[loan["borrower"]],
                "outcome": ended.value,
            }
        )
    assert len(expected) > 1000
    assert eligible(snapshot).to_pylist() == expected
