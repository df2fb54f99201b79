"""The tutorial is true: each of its commands runs and prints what the page shows."""

import csv
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from mutuali.privacy.cli import privacy
from tests.privacy import adult
from tests.privacy.tutorial import TUTORIAL, Block, blocks, run, write

#: How many values a column of the look-alike has, and in what groups they are coarser.
_SHAPES = {
    "race": (5,),
    "marital-status": (7, 3),
    "education": (16, 8, 4),
    "native-country": (41, 6),
    "workclass": (7, 3),
    "occupation": (14, 3),
}


def look_alike(folder: Path) -> None:
    """A made table of the same columns, with hierarchies of the same heights."""
    rng = np.random.default_rng(5)
    chains = {
        "sex": [["Male", "*"], ["Female", "*"]],
        "salary-class": [["<=50K", "*"], [">50K", "*"]],
        "age": [
            [str(age), *(f"{age // w * w}-{age // w * w + w - 1}" for w in (5, 10, 20)), "*"]
            for age in range(17, 91)
        ],
    }
    for name, (width, *groups) in _SHAPES.items():
        chains[name] = [
            [f"{name} {n}", *(f"{name} {count}.{n * count // width}" for count in groups), "*"]
            for n in range(width)
        ]
    for name, lines in chains.items():
        with (folder / f"adult_hierarchy_{name}.csv").open("w", newline="") as file:
            csv.writer(file, delimiter=";").writerows(lines)
    columns = [
        [
            chains[name][min(int(value), len(chains[name]) - 1)][0]
            for value in rng.exponential(3, 3000)
        ]
        for name in adult.QUASI_IDENTIFIERS
    ]
    with (folder / "adult.csv").open("w", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([adult.QUASI_IDENTIFIERS, *zip(*columns, strict=True)])


def steps() -> list[tuple[list[Block], Block, Block | None]]:
    """The files written before each command, the command, and the output shown, if any."""
    found: list[tuple[list[Block], Block, Block | None]] = []
    files: list[Block] = []
    for block in blocks(TUTORIAL.read_text(encoding="utf-8")):
        if block.language == "toml":
            files.append(block)
        elif block.language == "sh":
            found.append((files, block, None))
            files = []
        else:
            found[-1] = (*found[-1][:2], block)
    return found


STEPS = steps()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tutorial")
    if "MUTUALI_REAL_DATA" in os.environ:
        shutil.copytree(adult.folder(), folder / "adult")
    else:
        (folder / "adult").mkdir()
        look_alike(folder / "adult")
    return folder


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_a_command_of_the_tutorial_prints_what_the_page_shows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.chdir(folder)
    for files, _, _ in STEPS[: number + 1]:
        for block in files:
            write(block)
    _, command, shown = STEPS[number]

    status, said = run(command)

    expected = 2 if command.about else 1 if " check " in command.body else 0
    assert status == expected, said
    if shown is not None and ("MUTUALI_REAL_DATA" in os.environ or expected == 2):
        assert said == shown.body


def test_the_tutorial_goes_through_every_command() -> None:
    spoken = {command.body.split()[4] for _, command, _ in STEPS}

    assert spoken == set(privacy.commands)
