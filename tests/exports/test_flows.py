"""From zone to zone: figures that hide both sides, and the same figures as a map."""

import csv
import io
import json
from collections import defaultdict

import pytest

from mutuali.agreements.rules import Dataset
from mutuali.core.places import ZONES, Point, borough_at
from mutuali.exports.service import Built, Withheld, build
from mutuali.exports.service.flows import as_map
from mutuali.exports.service.snapshot import seasons_of, zone_of
from tests.exports.networks import FIRST, network


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


@pytest.mark.parametrize(("organizations", "key"), [(60, "year"), (170, "half_year")])
def test_a_figure_from_zone_to_zone_hides_who_lends_and_who_borrows(
    organizations: int, key: str
) -> None:
    snapshot = network(Dataset.LENDING_FLOWS, organizations, loans=organizations * 100)
    built = build(snapshot, FIRST)
    assert isinstance(built, Built)
    (table,) = built.tables

    people: dict[tuple[str, ...], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for loan in snapshot.loans.to_pylist():
        for season in seasons_of(Dataset.LENDING_FLOWS, key, snapshot.now):
            span = season.period.start.timestamp(), season.period.end.timestamp()
            if loan["state"] == "closed" and span[0] <= loan["starts_at"] < span[1]:
                zones = [zone_of(snapshot.boroughs[loan[each]]) for each in ("lender", "borrower")]
                lenders, borrowers = people[*zones, season.name]
                lenders.append(loan["lender"])
                borrowers.append(loan["borrower"])
    published = 0
    for line in lines(table.data):
        lenders, borrowers = people[line["lender_zone"], line["borrower_zone"], line[key]]
        if line["loans_status"] == "published":
            published += 1
            assert abs(int(line["loans"]) - len(lenders)) <= 2
            for side in (lenders, borrowers):
                first, second, *_ = sorted((side.count(one) for one in set(side)), reverse=True)
                assert len(set(side)) >= 5
                assert 2 * first <= len(side)
                assert 10 * (len(side) - first - second) >= first
        assert (line["trips"], line["trips_status"]) == ("", "not_collected")
    assert published >= 8


def test_below_fifty_contributors_there_is_no_table_from_zone_to_zone() -> None:
    built = build(network(Dataset.LENDING_FLOWS, 49, loans=5000), FIRST)

    assert built == Withheld("privacy.too_few_contributors")


def test_the_map_says_what_the_table_says_and_stays_on_the_island() -> None:
    built = build(network(Dataset.LENDING_FLOWS, 60, loans=6000), FIRST)
    assert isinstance(built, Built)
    (table,) = built.tables
    found = json.loads(as_map(table))

    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == len(lines(table.data))
    for feature, line in zip(found["features"], lines(table.data), strict=True):
        told = {name: str(value or "") for name, value in feature["properties"].items()}
        assert told == line
        ends = {line["lender_zone"], line["borrower_zone"]}
        geometry = feature["geometry"]
        if not ends <= set(ZONES):
            assert geometry is None
            continue
        assert geometry["type"] == ("Point" if len(ends) == 1 else "LineString")
        points = geometry["coordinates"] if len(ends) == 2 else [geometry["coordinates"]]
        for lon, lat in points:
            assert borough_at(Point(lat, lon)) is not None
