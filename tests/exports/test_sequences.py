"""Releases one after the other, with withdrawals and joins in between: what everything that was
ever let out tells of one contributor."""

from collections import Counter
from functools import cache

import pytest

from tests.exports.sequences import MEASURES, SETTINGS, Attacker, Story, network, play

SEEDS = range(50)
#: What the lines of the tables are crossed by.
KEYS = frozenset({"family", "borrower_zone", "half_year", "year", "quarter", "category"})
#: When files are simply built again, the same attacker succeeds in so many of the first 14.
UNCHECKED, FALLEN = 14, 8


@cache
def checked(seed: int) -> Story:
    """The story of a seed, played once, under the rules."""
    return play(network(seed), checked=True)


def known_too_closely(story: Story) -> bool:
    return any(
        True for measure in MEASURES for _ in Attacker(story, measure).known(SETTINGS.share_percent)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_sequence_of_releases_bounds_anybody_more_tightly_than_agreed(seed: int) -> None:
    story = checked(seed)

    assert story.releases
    for measure in MEASURES:
        assert list(Attacker(story, measure).known(SETTINGS.share_percent)) == []


def test_with_the_check_switched_off_the_same_attacker_succeeds() -> None:
    fallen = sum(
        known_too_closely(play(network(seed), checked=False)) for seed in SEEDS[:UNCHECKED]
    )

    assert fallen == FALLEN


def test_the_sequences_copy_build_replace_and_leave_out() -> None:
    what = Counter[str]()
    for seed in (0, 5, 6):
        what.update(checked(seed).follows)

    assert what.keys() >= {"copy", "build", "replace", "leave_out"}


def test_every_figure_hidden_for_an_earlier_release_is_named_and_none_is_in_the_file() -> None:
    stories = [checked(seed) for seed in (12, 23, 29)]
    named = 0
    for story in stories:
        for release, report in zip(story.releases, story.reports, strict=True):
            assert bool(report["held_back"]) == bool(report["findings"])
            for each in report["held_back"]:
                lines = [
                    line
                    for table in release.tables.values()
                    for line in table
                    if line.items() >= each["cell"].items()
                    and {name for name in line if name in KEYS} == each["cell"].keys()
                ]
                assert {line[f"{each['measure']}_status"] for line in lines} <= {"suppressed"}
                named += len(lines)

    assert named > 0


def test_the_share_that_is_told_is_that_of_the_lines_that_leave() -> None:
    """Less than was built where numbers of loans are hidden for an earlier release."""
    less = 0
    for seed in (12, 23, 29):
        story = play(network(seed), checked=True)
        for alone, report in zip(story.alone, story.reports, strict=True):
            built = {each["name"]: each for each in alone["tables"]}
            for each in report["tables"]:
                less += each["share_kept"] < built[each["name"]]["share_kept"]
    assert less > 0
