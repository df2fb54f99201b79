"""What is in a bundle: the same for the same inputs, readable by the tools of others, signed."""

import csv
import hashlib
import io
import json
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from flask import Flask
from flask.testing import FlaskClient
from frictionless import Package
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE, ColumnRole, DeclaredColumn, DeclaredTable
from mutuali.exports.rules.values import values_of
from mutuali.exports.service import write_parquet
from mutuali.exports.service.pack import Pack
from mutuali.web.programs import Program, source
from scripts import verify_bundle
from tests.exports.bundled import Files, bundle_of, files_of, work_and_tables
from tests.factories import NOW

PROGRAM = Path(verify_bundle.__file__)
ALL = pytest.mark.parametrize("dataset", list(CATALOGUE))


@pytest.fixture
def engine_name() -> str:
    """A bundle does not know which engine stored its rows; the tests of the build ask both."""
    return "sqlite"


@pytest.fixture(scope="module")
def kept() -> dict[Dataset, tuple[bytes, bytes]]:
    """Bundles by dataset, each made twice."""
    return {}


@pytest.fixture(scope="module")
def works() -> dict[Dataset, service.Work]:
    """What the build of each read."""
    return {}


@pytest.fixture
def twice(
    request: pytest.FixtureRequest,
    kept: dict[Dataset, tuple[bytes, bytes]],
    works: dict[Dataset, service.Work],
    dataset: Dataset,
) -> tuple[bytes, bytes]:
    """The bundle of a dataset, made twice from what was read once."""
    if dataset not in kept:
        app: Flask = request.getfixturevalue("app")
        session: Session = request.getfixturevalue("session")
        work, built = work_and_tables(app, session, dataset, now=NOW)
        works[dataset] = work
        kept[dataset] = bundle_of(app, work, built), bundle_of(app, work, built)
    return kept[dataset]


@pytest.fixture
def files(twice: tuple[bytes, bytes]) -> Files:
    return files_of(twice[0])


@ALL
def test_the_same_inputs_give_the_same_bytes(twice: tuple[bytes, bytes]) -> None:
    first, second = twice
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()


@ALL
def test_frictionless_accepts_the_package_and_not_a_broken_copy(
    files: Files, tmp_path: Path
) -> None:
    package = files.folder(tmp_path / "whole") / "datapackage.json"
    report = Package(str(package)).validate()
    assert report.valid, report.flatten(["message"])
    described = files.json("datapackage.json")
    first = described["resources"][0]
    assert first["hash"] == f"sha256:{hashlib.sha256(files.entries[first['path']]).hexdigest()}"
    longer = files.entries[first["path"]] + files.entries[first["path"]].splitlines()[-1] + b"\n"
    changed = Files({**files.entries, first["path"]: longer}).folder(tmp_path / "broken")
    report = Package(str(changed / "datapackage.json")).validate()
    assert "hash-count" in {kind for (kind,) in report.flatten(["type"])}


@ALL
def test_csv_and_parquet_hold_the_same_values_under_declared_types(files: Files) -> None:
    for resource in files.json("datapackage.json")["resources"]:
        rows = list(csv.DictReader(io.StringIO(files.entries[resource["path"]].decode())))
        (other,) = resource["alternatives"]
        written = files.entries[other["path"]]
        assert other["hash"] == f"sha256:{hashlib.sha256(written).hexdigest()}"
        table = pq.read_table(io.BytesIO(written))
        types = {field["name"]: field["type"] for field in resource["schema"]["fields"]}
        assert table.column_names == list(types) == list(rows[0])
        kinds = {"integer": pa.int64(), "string": pa.string()}
        assert [field.type for field in table.schema] == [kinds[each] for each in types.values()]
        assert not table.schema.metadata
        for row, line in zip(table.to_pylist(), rows, strict=True):
            assert {
                name: "" if value is None else str(value) for name, value in row.items()
            } == line


@ALL
def test_every_value_is_one_of_those_the_description_lists(files: Files) -> None:
    listed = 0
    for resource in files.json("datapackage.json")["resources"]:
        rows = list(csv.DictReader(io.StringIO(files.entries[resource["path"]].decode())))
        for field in resource["schema"]["fields"]:
            if "categories" in field:
                listed += 1
                assert {row[field["name"]] for row in rows} <= {*field["categories"], ""}
    assert listed


def test_a_column_without_a_short_list_of_values_has_none() -> None:
    columns = [
        column for each in CATALOGUE.values() for table in each.tables for column in table.columns
    ]
    without = {column.role for column in columns if values_of(column) is None}
    assert without.isdisjoint({ColumnRole.STATUS, ColumnRole.SENSITIVE})
    assert ColumnRole.FIGURE in without


@ALL
def test_consents_are_said_in_bands_and_nobody_is_counted_under_five(files: Files) -> None:
    consents = files.json("consents.json")
    assert consents["texts"]
    for text in consents["texts"]:
        assert set(text["said_yes"]) == {"fr", "en"}
        assert text["said_yes"]["fr"].startswith(("moins de 5", "de ", "50 et plus"))
        assert len(text["sha256"]) == 64


@ALL
def test_the_day_of_destruction_is_the_same_everywhere(files: Files, dataset: Dataset) -> None:
    """What is open to all has none."""
    day = files.json("expiry.json")["destroy_by"]
    if CATALOGUE[dataset].is_open:
        assert day is None
    else:
        assert date.fromisoformat(day) > NOW.date()
    assert day == files.json("MANIFEST.json")["signed"]["destroy_by"]
    assert (
        day == files.json("report.json")["destroy_by"] == files.json("register.json")["destroy_by"]
    )
    assert files.json("expiry.json")["withdrawals"].startswith("http")


@ALL
def test_every_entry_has_its_line_in_both_lists(files: Files) -> None:
    signed = files.json("MANIFEST.json")["signed"]["files"]
    lines = files.entries["SHA256SUMS"].decode().splitlines()
    summed = {name: hashed for hashed, name in (line.split("  ") for line in lines)}
    assert set(signed) == set(files.entries) - {"MANIFEST.json"}
    assert set(summed) == set(signed) - {"SHA256SUMS"}
    for name, hashed in {**signed, **summed}.items():
        assert hashlib.sha256(files.entries[name]).hexdigest() == hashed


@ALL
def test_both_readmes_name_every_entry_and_no_other(files: Files) -> None:
    for language in ("fr", "en"):
        readme = files.entries[f"README.{language}.md"].decode()
        named = set(re.findall(r"`([^` ]+\.[a-z]+)`", readme)) - {"journal.json"}
        assert set(files.entries) - {"README.fr.md", "README.en.md", "SHA256SUMS"} == named
        assert "`SHA256SUMS`" in readme


@ALL
def test_the_register_entry_says_what_the_register_asks_for(files: Files) -> None:
    entry = files.json("register.json")
    for name in ("description", "purposes", "techniques", "measures"):
        assert all(entry[name][language] for language in ("fr", "en")), name
    assert date.fromisoformat(entry["analysed_on"])
    assert entry["columns"]


def test_parquet_is_written_group_by_group() -> None:
    """A group fills at 100,000 rows; what is left over makes the last one."""
    table = DeclaredTable(
        "t",
        (
            DeclaredColumn("a", ColumnRole.FIGURE, frozenset(), ()),
            DeclaredColumn("b", ColumnRole.STATUS, frozenset(), ()),
        ),
    )
    lines = b"".join(b"%d,x\n" % n if n % 3 else b',"a,b"\n' for n in range(250_000))
    out = io.BytesIO()
    write_parquet(table, b"a,b\n" + lines, out)
    read = pq.ParquetFile(io.BytesIO(out.getvalue()))
    assert read.metadata.num_rows == 250_000
    assert read.metadata.num_row_groups >= 3
    assert read.read().column("a").null_count == 83_334
    with pytest.raises(pa.ArrowInvalid):
        write_parquet(table, b"a,b\nmany,x\n", io.BytesIO())


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[subprocess.Popen[str]]:
    """Another process, which builds what it is told to."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.exports.bundled"],
        env={"PYTHONHASHSEED": "1", "PATH": ""},
        cwd=PROGRAM.parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


@ALL
def test_the_same_inputs_give_the_same_bytes_in_another_process(
    app: Flask,
    elsewhere: subprocess.Popen[str],
    twice: tuple[bytes, bytes],
    works: dict[Dataset, service.Work],
    dataset: Dataset,
    tmp_path: Path,
) -> None:
    """Built anew from what was read, under another seed: nothing follows the order of a set."""
    kept = tmp_path / "work.pickle"
    kept.write_bytes(pickle.dumps((app.config["SETTINGS"], works[dataset])))
    assert elsewhere.stdin
    assert elsewhere.stdout
    print(kept, file=elsewhere.stdin, flush=True)
    assert elsewhere.stdout.readline().strip() == hashlib.sha256(twice[0]).hexdigest()


def test_an_entry_is_hashed_while_it_is_written() -> None:
    out = io.BytesIO()
    pack = Pack(out)
    with pack.entry("big.bin", squeezed=False) as entry:
        for _ in range(3):
            entry.write(b"x" * 1000)
    pack.close()
    assert pack.sizes == {"big.bin": 3000}
    assert pack.hashes == {"big.bin": hashlib.sha256(b"x" * 3000).hexdigest()}
    assert files_of(out.getvalue()).entries == {"big.bin": b"x" * 3000}


# The recipient's verifier.

TODAY = date(2026, 3, 4)


@pytest.fixture
def journal(client: FlaskClient) -> dict[str, object]:
    found: dict[str, object] = client.get("/transparence/journal.json").get_json()
    return found


def said_bad(files: Files, path: Path, journal: Mapping[str, object] | None = None) -> list[str]:
    verdict = verify_bundle.check(verify_bundle.Zip(files.zip(path)), journal, TODAY)
    return [english for _french, english in verdict.bad]


LOANS = pytest.mark.parametrize("dataset", [Dataset.LOANS])


@LOANS
def test_a_whole_bundle_holds_with_python_alone(
    twice: tuple[bytes, bytes], client: FlaskClient, tmp_path: Path
) -> None:
    bundle, journal = tmp_path / "bundle.zip", tmp_path / "journal.json"
    bundle.write_bytes(twice[0])
    journal.write_bytes(client.get("/transparence/journal.json").data)
    folder = files_of(twice[0]).folder(tmp_path / "opened")
    for path in (bundle, folder):
        ran = subprocess.run(
            [sys.executable, "-I", "-S", str(PROGRAM), str(path), str(journal)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode in (0, 1), ran.stderr
        # The clock of whoever runs this test may be past the day; nothing else may be wrong.
        bad = [line for line in ran.stdout.splitlines() if line.startswith("NO: ")]
        assert all("had to be destroyed" in line for line in bad), bad
        day = files_of(twice[0]).json("expiry.json")["destroy_by"]
        assert (day or "to be destroyed by no date") in ran.stdout


@LOANS
def test_a_whole_bundle_holds_and_says_what_to_do(
    files: Files, journal: dict[str, object], tmp_path: Path
) -> None:
    verdict = verify_bundle.check(verify_bundle.Zip(files.zip(tmp_path / "b.zip")), journal, TODAY)
    assert verdict.bad == []
    told = " ".join(english for _french, english in verdict.told)
    assert files.json("expiry.json")["destroy_by"] in told
    assert files.json("expiry.json")["withdrawals"] in told


@LOANS
def test_what_was_changed_added_or_taken_out_is_named(
    files: Files, journal: dict[str, object], tmp_path: Path
) -> None:
    changed = files.with_changed(loans__csv=files.entries["loans.csv"].replace(b"-", b"_", 1))
    assert said_bad(changed, tmp_path / "a") == ["loans.csv: changed"]
    assert said_bad(files.with_changed(loans__csv=None), tmp_path / "b") == ["loans.csv: missing"]
    assert said_bad(files.with_changed(virus__exe=b"!"), tmp_path / "c") == ["virus.exe: added"]
    signed = files.json("MANIFEST.json")
    signed["signed"]["destroy_by"] = "2099-01-01"
    forged = files.with_changed(MANIFEST__json=json.dumps(signed).encode())
    assert said_bad(forged, tmp_path / "d") == ["The signature does not hold"]
    assert "is not a key of the instance" in said_bad(files, tmp_path / "e", {"keys": {}})[0]
    assert said_bad(files, tmp_path / "f", journal) == []


@LOANS
def test_a_copy_that_had_to_be_destroyed_is_said(files: Files, tmp_path: Path) -> None:
    until = date.fromisoformat(files.json("expiry.json")["destroy_by"])
    bundle = verify_bundle.Zip(files.zip(tmp_path / "b.zip"))
    assert verify_bundle.check(bundle, None, until).bad == []
    late = verify_bundle.check(bundle, None, until + timedelta(days=1))
    assert ["had to be destroyed" in english for _, english in late.bad] == [True]


def test_what_is_no_bundle_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nothing = tmp_path / "nothing.zip"
    nothing.write_bytes(b"no")
    empty = Files({"a": b"b"}).zip(tmp_path / "empty.zip")
    other = Files({"MANIFEST.json": b"[]"}).zip(tmp_path / "other.zip")
    for path in (nothing, empty, other, tmp_path / "nowhere"):
        assert verify_bundle.main([str(path)], TODAY) == 2
        assert "Cannot be read" in capsys.readouterr().out
    assert verify_bundle.main([], TODAY) == 2


def test_the_verifiers_check_signatures_with_the_same_lines() -> None:
    """One file each, on purpose; so what one was tested for holds for the other."""
    start, end = "# Ed25519 (RFC 8032", "_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)"
    texts = [(PROGRAM.parent / name).read_text() for name in ("verify_log.py", "verify_bundle.py")]
    first, second = (
        text[text.index(start) : text.index("\n\n\n#", text.index(end))] for text in texts
    )
    assert first == second


def test_the_verifier_of_bundles_is_published(client: FlaskClient) -> None:
    answer = client.get("/transparence/verify_bundle.py")
    assert answer.data == PROGRAM.read_bytes() == source(Program.VERIFY_BUNDLE).content
