"""What an analyst takes home answers the five questions as our page does: on the demo's bundles."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mutuali.agreements.rules import Dataset
from mutuali.app import create_app
from mutuali.demo.cli import fill_when_empty
from mutuali.exports.rules.five.program import answers_in, in_words, numbers
from mutuali.exports.rules.five.words import QUESTIONS
from mutuali.exports.views.five_programs import FiveProgram, made
from mutuali.extensions import db
from tests.conftest import settings
from tests.exports.test_five import entries_of


@pytest.fixture
def engine_name() -> str:
    """A program does not know which engine stored the rows of a bundle."""
    return "sqlite"


@pytest.fixture(scope="module")
def bundles(templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundles that our own services built of the demo network."""
    folder = tmp_path_factory.mktemp("five")
    shutil.copy(templates["sqlite"], folder / "five.sqlite")
    app = create_app(settings(f"sqlite:///{folder / 'five.sqlite'}", folder / "mail"), TESTING=True)
    fill_when_empty(app)
    with app.app_context():
        db.engine.dispose()
    return folder / "files" / "exports"


@pytest.fixture(scope="module")
def ours(bundles: Path) -> str:
    """The numbers as the code of the page gives them."""
    return "\n".join(numbers(answers_in(str(bundles)))) + "\n"


def ran(command: list[str], *, where: Path) -> str:
    """What a program prints that is run in a folder, in a process of its own."""
    done = subprocess.run(command, cwd=where, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def saved(name: FiveProgram, folder: Path) -> Path:
    path = folder / name.value
    path.write_bytes(made(name).content)
    return path


def test_the_demo_has_bundles_that_answer(bundles: Path) -> None:
    found = answers_in(str(bundles))
    # A network below fifty yeses has no table from zone to zone.
    assert all(found[n].interval for n in (0, 1, 3, 4))


def test_the_notebook_prints_the_five_answers_beside_the_bundles(
    bundles: Path, tmp_path: Path
) -> None:
    """Its code cells, in their order, in one fresh process: that is all a kernel does with them."""
    notebook = json.loads(saved(FiveProgram.NOTEBOOK, tmp_path).read_text())
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert all(set(cell) >= {"cell_type", "metadata", "source"} for cell in cells)
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    whole = tmp_path / "cells.py"
    whole.write_text("\n\n".join("".join(cell["source"]) for cell in code))
    printed = ran([sys.executable, "-I", str(whole)], where=bundles)

    assert printed == "".join(f"{in_words(each)}\n" for each in answers_in(str(bundles)))
    for french, english in QUESTIONS:
        assert printed.count(french) == printed.count(english) == 1


def test_the_single_file_gives_our_numbers(bundles: Path, tmp_path: Path, ours: str) -> None:
    program = saved(FiveProgram.PYTHON, tmp_path)
    command = [sys.executable, "-I", "-W", "error", str(program)]
    assert ran([*command, "--numbers", str(bundles)], where=tmp_path) == ours
    assert QUESTIONS[4][0] in ran([*command, str(bundles)], where=tmp_path)
    unzipped = tmp_path / "ouverts"
    for each in bundles.glob("*.zip"):
        shutil.unpack_archive(each, unzipped / each.stem)
    assert ran([*command, "--numbers", str(unzipped)], where=tmp_path) == ours
    one = sorted(bundles.glob("*.zip"))
    assert ran([*command, "--numbers", *map(str, one)], where=tmp_path) == ours


def test_the_program_says_how_it_is_used(tmp_path: Path) -> None:
    program = saved(FiveProgram.PYTHON, tmp_path)
    for arguments in ([], [str(tmp_path / "nulle-part")]):
        command = [sys.executable, "-I", str(program), *arguments]
        done = subprocess.run(command, capture_output=True, check=False)
        assert (done.returncode, b"five_questions.py" in done.stderr) == (2, True)


def test_r_gives_our_numbers(bundles: Path, tmp_path: Path, ours: str) -> None:
    rscript = shutil.which("Rscript")
    assert rscript, "Rscript is not there: install r-base-core to compare the R script's numbers"
    program = saved(FiveProgram.R, tmp_path)
    command = [rscript, "--vanilla", str(program)]
    theirs = ran([*command, "--numbers", str(bundles)], where=tmp_path)
    assert sorted(theirs.splitlines()) == sorted(ours.splitlines())
    printed = ran([*command, str(bundles)], where=tmp_path)
    for french, english in QUESTIONS:
        assert f"{french} / {english}" in printed
    assert (tmp_path / "cinq-questions.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("size", [10, 20, 60, 160])
def test_r_gives_our_numbers_on_every_step_of_the_ladder(size: int, tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    assert rscript, "Rscript is not there: install r-base-core to compare the R script's numbers"
    datasets = {Dataset.EQUIPMENT_USE, Dataset.UNMET_DEMAND, Dataset.LOANS}
    for dataset in datasets | ({Dataset.LENDING_FLOWS} if size >= 60 else set()):
        if dataset is Dataset.LOANS and size < 60:
            continue
        folder = tmp_path / "jeux" / dataset.value
        folder.mkdir(parents=True)
        for name, data in entries_of(dataset, size)[1].items():
            (folder / name).write_bytes(data)
    found = answers_in(str(tmp_path / "jeux"))
    assert sum(answer.interval is not None for answer in found) == {10: 1, 20: 3}.get(size, 5)
    program = saved(FiveProgram.R, tmp_path)
    command = [rscript, "--vanilla", str(program), "--numbers", str(tmp_path / "jeux")]
    theirs = ran(command, where=tmp_path)
    assert sorted(theirs.splitlines()) == sorted(numbers(found))


def test_r_says_what_is_missing_and_that_this_is_no_zero(bundles: Path, tmp_path: Path) -> None:
    rscript = shutil.which("Rscript")
    assert rscript, "Rscript is not there: install r-base-core to compare the R script's numbers"
    program = saved(FiveProgram.R, tmp_path)
    loans = next(
        each for each in bundles.glob("*.zip") if answers_in(str(each))[4].interval is not None
    )
    printed = ran([rscript, "--vanilla", str(program), str(loans)], where=tmp_path)
    assert printed.count("That is not a zero.") == 4


def test_anybody_may_take_the_programs_and_they_hold_no_data(client: FlaskClient) -> None:
    for each in FiveProgram:
        answer = client.get(f"/jeux-de-donnees/cinq-questions/{each.value}")
        assert answer.status_code == 200
        assert answer.data == made(each).content
        assert f'filename="{each.value}"' in answer.headers["Content-Disposition"]
    assert client.get("/jeux-de-donnees/cinq-questions/autre.py").status_code == 404


def test_the_same_source_gives_the_same_bytes(app: Flask) -> None:
    before = {each: made(each).sha256 for each in FiveProgram}
    made.cache_clear()
    assert {each: made(each).sha256 for each in FiveProgram} == before
