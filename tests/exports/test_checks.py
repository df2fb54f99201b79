"""Each check on a built file is passed by what is built, and failed by a copy broken one way."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.exports.rules.again import Reviewed, Worse, worse
from mutuali.exports.rules.checks import OutputCheck, all_passed
from mutuali.exports.service import Built, build
from mutuali.exports.service.checks import CHECKS, check_all
from mutuali.exports.service.measure import measure
from mutuali.exports.service.snapshot import Snapshot
from tests.exports.networks import FIRST, network

SETTINGS = ReleaseSettings()


@cache
def made(dataset: Dataset) -> tuple[Snapshot, Built]:
    snapshot = network(dataset, 60, loans=2500)
    built = build(snapshot, FIRST)
    assert isinstance(built, Built)
    return snapshot, built


def found(
    dataset: Dataset, data: bytes | None = None, settings: ReleaseSettings = SETTINGS
) -> dict[str, bool]:
    """Whether the first file passes each check, with other bytes or under other settings."""
    snapshot, built = made(dataset)
    first = built.tables[0]
    if data is not None:
        first = replace(first, data=data)
    one = Built((first,), built.report)
    findings = check_all(one, settings, snapshot)
    return {finding.check: finding.passed for finding in findings}


def bytes_of(dataset: Dataset) -> bytes:
    return made(dataset)[1].tables[0].data


@pytest.mark.parametrize(
    "dataset",
    [Dataset.EQUIPMENT_USE, Dataset.LENDING_FLOWS, Dataset.LOANS, Dataset.UNMET_DEMAND],
)
def test_what_is_built_passes_every_check_on_every_file(dataset: Dataset) -> None:
    snapshot, built = made(dataset)
    findings = check_all(built, SETTINGS, snapshot)
    assert all_passed(findings)
    made_of = {finding.check for finding in findings}
    lines = {OutputCheck.ENCODING, OutputCheck.ORDER, OutputCheck.CONTRIBUTORS}
    assert lines < made_of
    assert len(CHECKS) + 2 >= len(made_of)
    assert {finding.table for finding in findings} == {each.table.name for each in built.tables}


def swapped(data: bytes) -> bytes:
    first, second, *rest = data.split(b"\n")[0].split(b",")
    body = data.split(b"\n", 1)[1]
    return b",".join((second, first, *rest)) + b"\n" + body


def on_a_line(data: bytes, change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """The second published line of sums, with its cells changed."""
    lines = data.split(b"\n")
    at = next(n for n, line in enumerate(lines) if line.split(b",")[3:4] == [b"published"])
    lines[at] = b",".join(change(lines[at].split(b",")))
    return b"\n".join(lines)


def repeated(data: bytes) -> bytes:
    head, first, _second, rest = data.split(b"\n", 3)
    return b"\n".join((head, first, first, rest))


BROKEN: list[tuple[str, Dataset, Callable[[bytes], bytes]]] = [
    ("encoding", Dataset.LOANS, lambda data: b"\xef\xbb\xbf" + data),
    ("encoding", Dataset.LOANS, lambda data: data.replace(b"\n", b"\r\n")),
    ("encoding", Dataset.LOANS, lambda data: data + b"\xff\n"),
    ("encoding", Dataset.LOANS, lambda data: data.rstrip(b"\n")),
    ("encoding", Dataset.LOANS, lambda data: data + b"too,few\n"),
    ("columns", Dataset.LOANS, swapped),
    ("columns", Dataset.LOANS, lambda data: data + data.split(b"\n")[-2] + b"\n"),
    ("columns", Dataset.EQUIPMENT_USE, lambda data: data.replace(b"loans,", b"lender,", 1)),
    (
        "order",
        Dataset.LOANS,
        lambda data: b"\n".join((data.split(b"\n")[0], *data.split(b"\n")[-2:0:-1], b"")),
    ),
    ("order", Dataset.EQUIPMENT_USE, repeated),
    ("formulas", Dataset.LOANS, lambda data: data.replace(b"transport", b"=cmd()", 1)),
    ("free_text", Dataset.LOANS, lambda data: data.replace(b"transport", b"La Corbeille", 1)),
    (
        "free_text",
        Dataset.EQUIPMENT_USE,
        lambda data: on_a_line(data, lambda c: [*c[:2], b"4-5", *c[3:]]),
    ),
    (
        "rounding",
        Dataset.EQUIPMENT_USE,
        lambda data: on_a_line(data, lambda c: [*c[:2], str(int(c[2]) + 5).encode(), *c[3:]]),
    ),
    (
        "rounding",
        Dataset.EQUIPMENT_USE,
        lambda data: on_a_line(data, lambda c: [*c[:2], str(int(c[2]) + 1).encode(), *c[3:]]),
    ),
    (
        "hidden_alone",
        Dataset.EQUIPMENT_USE,
        lambda data: on_a_line(data, lambda c: [*c[:2], b"", b"suppressed", *c[4:]]),
    ),
    (
        "zeros",
        Dataset.EQUIPMENT_USE,
        lambda data: on_a_line(data, lambda c: [*c[:2], b"", b"zero", *c[4:]]),
    ),
]


@pytest.mark.parametrize(("check", "dataset", "harm"), BROKEN)
def test_a_copy_broken_one_way_fails_the_check_that_is_for_it(
    check: str, dataset: Dataset, harm: Callable[[bytes], bytes]
) -> None:
    whole = bytes_of(dataset)
    broken = harm(whole)
    assert broken != whole
    assert found(dataset)[check]
    assert not found(dataset, broken)[check]


@pytest.mark.parametrize(
    ("check", "settings"),
    [
        ("contributors", ReleaseSettings(k=30)),
        ("shares", ReleaseSettings(share_percent=5000)),
        ("rounding", ReleaseSettings(base=7)),
    ],
)
def test_the_clauses_of_the_agreement_are_what_a_file_is_held_against(
    check: str, settings: ReleaseSettings
) -> None:
    assert not found(Dataset.EQUIPMENT_USE, settings=settings)[check]


def test_a_hidden_figure_that_is_shown_after_all_fails_on_who_stands_behind_it() -> None:
    """Bytes that say what the engine hid: too few, or one with more than half."""
    data = bytes_of(Dataset.EQUIPMENT_USE)
    shown = data.replace(b",,suppressed", b",5,published")
    assert shown != data
    failed = {check for check, passed in found(Dataset.EQUIPMENT_USE, shown).items() if not passed}
    assert failed & {"contributors", "dominance", "shares"}


@pytest.mark.parametrize("dataset", [Dataset.EQUIPMENT_USE, Dataset.LOANS, Dataset.UNMET_DEMAND])
def test_the_review_measures_less_risk_after_than_before(dataset: Dataset) -> None:
    snapshot, built = made(dataset)
    review = measure(built, SETTINGS, snapshot, {})
    assert review["before"]["highest"] > review["after"]["highest"] == 0.2
    assert review["groups"]["single"] == 0
    assert set(review["criteria"]) == {"individualization", "correlation", "inference"}
    assert all(0 <= each["risk"] <= 1 for each in review["criteria"].values())
    assert review["neighbour"]
    assert all(each["fr"] and each["en"] for each in review["neighbour"])
    assert sum(each["disclosed"] for each in review["neighbour"]) == 0


def test_the_review_of_loans_plays_the_robot_that_reads_public_calendars() -> None:
    snapshot, built = made(Dataset.LOANS)
    review = measure(built, SETTINGS, snapshot, {})
    (robot,) = (each for each in review["neighbour"] if "calendriers publics" in each["fr"])
    assert robot["disclosed"] == 0


LAST = Reviewed(
    {
        "individualization": 0.2,
        "correlation": 0.1,
        "inference": 0.5,
        "highest": 0.2,
        "average": 0.1,
    },
    0,
    {"loans": ("family", "quarter")},
    "50-75%",
)


def test_the_same_again_is_in_nothing_worse_and_better_is_not_worse() -> None:
    assert worse(LAST, LAST, assessment_holds=True) == ()
    better = replace(LAST, risks=dict.fromkeys(LAST.risks, 0.0), coverage="95-100%")
    assert worse(LAST, better, assessment_holds=True) == ()


@pytest.mark.parametrize(
    ("now", "holds", "expected"),
    [
        *(
            (replace(LAST, risks={**LAST.risks, name: value + 0.01}), True, (Worse(name),))
            for name, value in LAST.risks.items()
        ),
        (replace(LAST, disclosed=1), True, (Worse.ATTACKS,)),
        (replace(LAST, columns={"loans": ("family", "month")}), True, (Worse.COLUMNS,)),
        (replace(LAST, columns={**LAST.columns, "more": ()}), True, (Worse.COLUMNS,)),
        (replace(LAST, coverage="25-50%"), True, (Worse.COVERAGE,)),
        (LAST, False, (Worse.ASSESSMENT,)),
    ],
)
def test_one_figure_that_got_worse_asks_for_the_full_review(
    now: Reviewed, holds: bool, expected: tuple[Worse, ...]
) -> None:
    assert worse(LAST, now, assessment_holds=holds) == expected


def test_without_an_earlier_release_there_is_nothing_to_be_like() -> None:
    assert worse(None, LAST, assessment_holds=True) == (Worse.NOTHING_BEFORE,)
