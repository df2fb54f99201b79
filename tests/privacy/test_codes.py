"""Prefixes and masks of codes; places that lie in several areas."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.privacy.plans.codes import mask_hierarchy, prefix_hierarchy
from mutuali.privacy.plans.cover_sets import Step, cover_hierarchy, read_shares
from mutuali.privacy.plans.dialect import read_lines
from mutuali.privacy.plans.problems import Misfit

FSA_TO_BOROUGH = {
    "H2R": {"Villeray": 1.0},
    "H2S": {"Villeray": 0.4, "Rosemont": 0.6},
    "H1X": {"Rosemont": 0.99, "Anjou": 0.01},
}
BOROUGH_TO_ZONE = {"Villeray": {"Nord": 1.0}, "Rosemont": {"Centre": 1.0}, "Anjou": {"Est": 1.0}}


def test_a_postal_code_loses_its_last_characters_first() -> None:
    chains = prefix_hierarchy(["H2X 1Y4", "H2"], [4, 3, 2, 1]).chains

    assert chains == (("H2", "H2", "H2", "H2", "H", "*"), ("H2X 1Y4", "H2X", "H2X", "H2", "H", "*"))


def test_a_mask_shows_how_long_the_code_was() -> None:
    assert mask_hierarchy(["H2X1Y4"], [3, 1]).chains == (("H2X1Y4", "H2X***", "H*****", "*"),)
    assert mask_hierarchy(["H2X1Y4"], [3], "#").chains[0][1] == "H2X###"


@pytest.mark.parametrize("lengths", [[], [1, 3], [3, 3], [3, 0]])
def test_lengths_that_do_not_descend_are_refused(lengths: list[int]) -> None:
    with pytest.raises(Misfit, match="lengths_do_not_descend"):
        prefix_hierarchy(["H2X"], lengths)


@given(st.lists(st.text("AB1", min_size=1, max_size=6), min_size=1, max_size=20, unique=True))
def test_codes_share_a_label_exactly_when_they_begin_alike(codes: list[str]) -> None:
    for build, fill in ((prefix_hierarchy, ""), (mask_hierarchy, "*")):
        chains = {chain[0]: chain for chain in build(codes, [4, 2, 1]).chains}
        for code in codes:
            for level, length in ((1, 4), (2, 2), (3, 1)):
                alike = {
                    other
                    for other in codes
                    if other[:length] == code[:length] and (not fill or len(other) == len(code))
                }
                found = {o for o in codes if chains[o][level] == chains[code][level]}
                assert found == alike


def test_a_place_is_labelled_by_all_the_areas_it_touches() -> None:
    steps = [Step("boroughs", FSA_TO_BOROUGH, least=0.05), Step("zones", BOROUGH_TO_ZONE)]

    chains = cover_hierarchy(steps, "fsa").chains

    assert chains == (
        ("H1X", "Rosemont", "Centre", "*"),
        ("H2R", "Villeray", "Nord", "*"),
        ("H2S", "Rosemont|Villeray", "Centre|Nord", "*"),
    )


def test_a_sliver_counts_when_the_plan_says_so() -> None:
    chains = cover_hierarchy([Step("boroughs", FSA_TO_BOROUGH)]).chains

    assert chains[0] == ("H1X", "Anjou|Rosemont", "*")


def test_a_place_in_no_area_needs_a_name_for_it() -> None:
    nowhere = {"H0H": dict[str, float]()}

    with pytest.raises(Misfit, match="place_nowhere"):
        cover_hierarchy([Step("boroughs", nowhere)])
    steps = [
        Step("boroughs", nowhere, elsewhere="Ailleurs"),
        Step("zones", {}, elsewhere="Ailleurs"),
    ]
    assert cover_hierarchy(steps).chains == (("H0H", "Ailleurs", "Ailleurs", "*"),)


def test_an_area_that_the_next_step_does_not_name_is_refused() -> None:
    steps = [Step("boroughs", FSA_TO_BOROUGH), Step("zones", {"Villeray": {"Nord": 1.0}})]

    with pytest.raises(Misfit, match="unknown_place"):
        cover_hierarchy(steps)


def test_a_name_with_a_bar_would_read_as_two_areas() -> None:
    with pytest.raises(Misfit, match="bar_in_name"):
        cover_hierarchy([Step("boroughs", {"H1X": {"A|B": 1.0}})])


def test_shares_are_read_from_lists_and_from_lines() -> None:
    listed = read_lines(b"fsa,all\nH2S,Villeray=0.4;Rosemont=0.6\nH2R,Villeray\n")
    by_line = read_lines(b"fsa,all\nH2S,Villeray\nH2S,Rosemont\n")

    assert read_shares(listed, "fsa", "all") == {
        "H2S": {"Villeray": 0.4, "Rosemont": 0.6},
        "H2R": {"Villeray": 1.0},
    }
    assert read_shares(by_line, "fsa", "all")["H2S"] == {"Villeray": 1.0, "Rosemont": 1.0}
    with pytest.raises(Misfit, match="no_such_file_column"):
        read_shares(listed, "fsa", "borough")
    with pytest.raises(Misfit, match="not_a_number"):
        read_shares(read_lines(b"fsa,all\nH2S,Villeray=much\n"), "fsa", "all")


@pytest.mark.skipif("MUTUALI_REAL_DATA" not in os.environ, reason="needs MUTUALI_REAL_DATA")
def test_the_real_prefixes_of_the_island_nest_in_sets_of_boroughs() -> None:
    path = Path(os.environ["MUTUALI_REAL_DATA"]) / "mtl-fsa/fsa_to_borough_crosswalk.derived.csv"
    shares = read_shares(read_lines(path.read_bytes()), "fsa", "all_overlaps")

    hierarchy = cover_hierarchy([Step("boroughs", shares, 0.05, "Ailleurs")], "fsa")

    assert len(hierarchy.chains) == 123
    labels = {chain[0]: chain[1] for chain in hierarchy.chains}
    assert labels["H1B"] == "Montréal-Est|Rivière-des-Prairies-Pointe-aux-Trembles"
    assert labels["H0H"] == "Ailleurs"
    assert sum("|" in (label or "") for label in labels.values()) > 30
