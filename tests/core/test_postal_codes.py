"""Postal codes: read however they are typed, placed by their prefix, in one borough or several."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mutuali.core.places import (
    borough_at,
    locate,
    normalize_postal_code,
    postal_boroughs,
    postal_point,
)

PREFIXES = Path(__file__).parents[2] / "mutuali" / "core" / "places_data" / "postal_prefixes.json"


def prefixes() -> list[str]:
    """Every prefix that the product knows."""
    table = json.loads(PREFIXES.read_text(encoding="utf-8"))
    return [each["prefix"] for each in table["prefixes"]]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("h2x1y4", "H2X 1Y4"),
        (" H2X 1Y4 ", "H2X 1Y4"),
        ("H2X-1Y4", "H2X 1Y4"),
        ("H2X\u00a01y4", "H2X 1Y4"),
        ("h2x", "H2X"),
        ("H2X1", None),
        ("H2X 1Y", None),
        ("2HX 1Y4", None),
        ("D2X 1Y4", None),
        ("H2O 1Y4", None),
        ("H٢X 1Y4", None),
        ("H2X 1Y4 H2X 1Y4", None),
        ("", None),
    ],
)
def test_a_postal_code_is_read_however_it_is_typed(typed: str, meant: str | None) -> None:
    assert normalize_postal_code(typed) == meant


@given(st.text() | st.from_regex(r"[a-zA-Z][0-9][a-zA-Z]( ?[0-9][a-zA-Z][0-9])?", fullmatch=True))
@settings(derandomize=True, deadline=None)
def test_a_postal_code_that_was_read_reads_the_same_again(text: str) -> None:
    code = normalize_postal_code(text)
    assume(code)
    assert code is not None
    assert normalize_postal_code(code) == code
    assert normalize_postal_code(code.lower().replace(" ", "")) == code


def test_a_code_is_placed_by_its_prefix() -> None:
    assert postal_point("h2x 1y4") == postal_point("H2X") is not None
    assert postal_boroughs("h2x1y4") == postal_boroughs("H2X")


@pytest.mark.parametrize("off", ["H0H 0H0", "H0M", "H7N 1A1", "G1R 2B5", "K1A", "nowhere", ""])
def test_codes_off_the_island_and_reserved_ones_have_no_place(off: str) -> None:
    assert postal_point(off) is None
    assert postal_boroughs(off) == ()
    assert locate(off) is None


def test_every_prefix_names_its_boroughs_largest_first_and_its_middle_lies_in_one() -> None:
    for prefix in prefixes():
        shares = postal_boroughs(prefix)
        middle = postal_point(prefix)
        assert middle is not None
        around = borough_at(middle)
        assert around is not None
        assert around.slug in dict(shares)
        assert sum(share for _, share in shares) == pytest.approx(1, abs=0.005)
        assert [share for _, share in shares] == sorted((s for _, s in shares), reverse=True)


def test_a_prefix_may_lie_in_several_boroughs() -> None:
    assert dict(postal_boroughs("H4N")).keys() == {"saint-laurent", "ahuntsic-cartierville"}
    split = [prefix for prefix in prefixes() if postal_boroughs(prefix)[0][1] < 0.95]
    assert len(split) > 30
