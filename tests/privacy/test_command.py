"""The command on files alone: what it writes, what it says, and what it never leaves behind."""

import csv
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from mutuali.privacy.cli import privacy

ROOT = Path(__file__).resolve().parents[2]

PLAN = """
version = "loans-1"
suppression_limit = 0.2
sides = ["lender"]

[columns.lender]
role = "contributor"

[columns.kind]
role = "quasi-identifier"
hierarchy = "kinds.csv"

[columns.age]
role = "quasi-identifier"
intervals = { widths = [10, 50] }
domain = { from = 0, to = 99 }

[columns.units]
role = "plain"

[[models]]
model = "k-anonymity"
k = 2

[questions]
counts = ["kind"]
means = [{ of = "units", by = "kind" }]
"""

KINDS = "fridge;cold;*\nfreezer;cold;*\ntruck;wheels;*\n"

Cells = list[list[str]]

Run = Callable[..., Result]


def loans() -> Cells:
    """A header and forty loans of seven lenders."""
    rows = [
        [
            f"org{number % 7}",
            ("fridge", "freezer", "truck")[number % 3],
            str(number % 40 + 20),
            str(number % 5),
            f"note {number}",
        ]
        for number in range(40)
    ]
    return [["lender", "kind", "age", "units", "note"], *rows]


def as_csv(cells: Cells, delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(cells)
    return text.getvalue()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text(PLAN, encoding="utf-8")
    Path("kinds.csv").write_text(KINDS, encoding="utf-8")
    Path("loans.csv").write_text(as_csv(loans()), encoding="utf-8")

    def run(command: str, *arguments: str, file: str = "loans.csv", lang: str = "en") -> Result:
        words = [command, file, "--plan", "plan.toml", "--lang", lang, *arguments]
        return CliRunner().invoke(privacy, words, catch_exceptions=False)

    return run


def released() -> Cells:
    return list(csv.reader(io.StringIO(Path("out.csv").read_text(encoding="utf-8"))))


def left_behind() -> set[str]:
    """Files that were not there before."""
    return {path.name for path in Path().iterdir()} - {"plan.toml", "kinds.csv", "loans.csv"}


def test_a_release_holds_what_the_plan_lets_out_and_nothing_else(run: Run) -> None:
    result = run("anonymize", "--to", "out.csv")

    assert result.exit_code == 0
    assert "Read back from the written file and counted again: confirmed." in result.stdout
    assert "Each row hides among at least" in result.stdout
    header, *rows = released()
    assert header == ["kind", "age", "units"]
    assert rows == sorted(rows)
    assert 32 <= len(rows) <= 40
    assert left_behind() == {"out.csv"}


def test_the_same_file_gives_the_same_bytes_in_any_layout(run: Run) -> None:
    run("anonymize", "--to", "out.csv")
    expected = Path("out.csv").read_bytes()
    variants = {
        "semicolons.csv": as_csv(loans(), ";").encode(),
        "tabs.csv": as_csv(loans(), "\t").encode(),
        "bom.csv": b"\xef\xbb\xbf" + as_csv(loans()).encode(),
        "crlf.csv": as_csv(loans()).replace("\n", "\r\n").encode(),
        "quoted.csv": re.sub(r"[^,\n]+", r'"\g<0>"', as_csv(loans())).encode(),
        "inches.csv": as_csv(loans()).replace("note 3\n", 'a 5" pipe\n').encode(),
    }
    for name, data in variants.items():
        Path(name).write_bytes(data)
        assert run("anonymize", "--to", "out.csv", file=name).exit_code == 0, name
        assert Path("out.csv").read_bytes() == expected, name


def test_parquet_goes_in_and_comes_out(run: Run) -> None:
    header, *rows = loans()
    columns: dict[str, list[object]] = dict(
        zip(header, map(list, zip(*rows, strict=True)), strict=True)
    )
    columns["age"] = [int(str(age)) for age in columns["age"]]
    pq.write_table(pa.table(columns), "loans.parquet")

    assert run("anonymize", "--to", "out.parquet", file="loans.parquet").exit_code == 0
    assert run("anonymize", "--to", "out.csv").exit_code == 0

    table = pq.read_table("out.parquet")
    assert table.column_names == ["kind", "age", "units"]
    assert [list(row.values()) for row in table.to_pylist()] == [
        [cell or None for cell in row] for row in released()[1:]
    ]


def test_when_time_is_up_the_best_so_far_leaves_with_what_was_proved(run: Run) -> None:
    names = [f"q{n}" for n in range(12)]
    rule = 'role = "quasi-identifier"\nintervals = { widths = [2, 4, 8] }\n'
    columns = [f"[columns.{name}]\n{rule}domain = {{ from = 0, to = 15 }}\n" for name in names]
    model = '[[models]]\nmodel = "k-anonymity"\nk = 5\n'
    head = 'version = "1"\nsuppression_limit = 0.2\n'
    Path("plan.toml").write_text("\n".join([head, *columns, model]), encoding="utf-8")
    rows = [[str((row * (n + 3) + row // 7) % 16) for n in range(12)] for row in range(200)]
    Path("loans.csv").write_text(as_csv([names, *rows]), encoding="utf-8")

    result = run("anonymize", "--to", "out.csv", "--report", "out.json", "--seconds", "0.2")

    assert result.exit_code == 0, result.output
    report = json.loads(Path("out.json").read_text(encoding="utf-8"))["report"]
    assert 0 <= report["least_loss"] <= report["loss"] <= 1
    assert len(released()) == report["rows_out"] + 1


def test_reports_are_written_with_the_release(run: Run) -> None:
    result = run("anonymize", "--to", "out.csv", "--report", "r.json", "--report", "r.html")

    assert result.exit_code == 0
    content = json.loads(Path("r.json").read_text(encoding="utf-8"))
    assert content["report"]["rows_out"] == len(released()) - 1
    assert content["measures"]["answers"][1]["question"]["of"] == "units"
    assert content["report"]["plan_hash"] in Path("r.html").read_text(encoding="utf-8")
    assert left_behind() == {"out.csv", "r.json", "r.html"}


def test_formula_cells_leave_harmless(run: Run) -> None:
    cells = loans()
    for row in cells[1:]:
        row[3] = "=1+1"
    Path("loans.csv").write_text(as_csv(cells), encoding="utf-8")
    Path("plan.toml").write_text(PLAN.partition("[questions]")[0], encoding="utf-8")

    assert run("anonymize", "--to", "out.csv").exit_code == 0

    assert {row[2] for row in released()[1:]} == {"'=1+1"}


def test_check_says_what_columns_are_and_objects_by_its_status(run: Run) -> None:
    result = run("check")

    assert result.exit_code == 1
    assert "lender: contributor: counted, never leaves" in result.stdout
    assert "does not keep the plan" in result.stdout
    assert 'Smallest group: 1 contributor on side "lender"; promised: 2.' in result.stdout
    cells = loans()
    for row in cells[1:]:
        row[1:3] = ["truck", "20"]
    Path("loans.csv").write_text(as_csv(cells), encoding="utf-8")
    result = run("check")
    assert (result.exit_code, "As it is, this file keeps the plan." in result.stdout) == (0, True)


def test_french_is_spoken_unless_asked_otherwise(run: Run) -> None:
    result = run("anonymize", "--to", "out.csv", lang="fr")

    assert "Relu depuis le fichier écrit et recompté\u00a0: conforme." in result.stdout


def test_names_of_one_lender_count_as_one(run: Run) -> None:
    _rows(lambda cells: [row.__setitem__(0, f"name {n}") for n, row in enumerate(cells[1:])])
    names = "".join(f"name {number},Moisson\n" for number in range(40))
    Path("aliases.csv").write_text(f"alias,name\n{names}", encoding="utf-8")
    assert run("anonymize", "--to", "out.csv", "--report", "r.json").exit_code == 0
    Path("plan.toml").write_text(f'aliases = "aliases.csv"\n{PLAN}', encoding="utf-8")

    for command in (["check"], ["anonymize", "--to", "out.csv", "--report", "r.json"]):
        result = run(*command)
        assert result.exit_code in (1, 2)
        assert "contributor" in result.output
    assert "1 contributors cannot hide each among 2" in result.stderr


def test_a_population_is_read_where_a_model_asks_for_one(run: Run) -> None:
    model = '[[models]]\nmodel = "k-map"\nk = 12\n[questions]'
    _plan("[questions]", model)
    assert "none was given" in run("check").stderr
    text = Path("plan.toml").read_text(encoding="utf-8")
    Path("plan.toml").write_text(f'population = "people.csv"\n{text}', encoding="utf-8")
    assert '"people.csv" cannot be read' in run("check").stderr
    header, *rows = loans()
    Path("people.csv").write_text(as_csv([header, *rows, *rows, *rows]), encoding="utf-8")

    result = run("check")
    assert "Members of the population behind each group, at least: 12 promised, 3" in result.stdout
    for ending in ("csv", "parquet"):
        result = run("anonymize", "--to", f"out.{ending}", "--report", "r.html")
        assert result.exit_code == 0, result.output
        assert "confirmed" in result.stdout
    assert Path("r.html").read_text(encoding="utf-8").count("Members of the population") == 1


def test_a_fixed_scheme_takes_its_levels_from_the_plan(run: Run) -> None:
    fixed = PLAN.replace('version = "loans-1"', 'version = "1"\nrecoding = "fixed"')
    fixed = fixed.replace('"kinds.csv"', '"kinds.csv"\nlevel = "1"')
    fixed = fixed.replace("[columns.units]", 'level = "50"\n[columns.units]')
    Path("plan.toml").write_text(fixed, encoding="utf-8")

    assert run("anonymize", "--to", "out.csv").exit_code == 0
    assert {tuple(row[:2]) for row in released()[1:]} <= set(
        itertools.product(("cold", "wheels"), ("0-49", "50-99"))
    )


def _plan(old: str, new: str, change: Callable[[Cells], object] = len) -> None:
    assert old in PLAN
    _rows(change)
    Path("plan.toml").write_text(PLAN.replace(old, new), encoding="utf-8")


def _rows(change: Callable[[Cells], object]) -> None:
    cells = loans()
    change(cells)
    Path("loans.csv").write_text(as_csv(cells), encoding="utf-8")


def _bytes(change: Callable[[bytes], bytes]) -> None:
    Path("loans.csv").write_bytes(change(as_csv(loans()).encode()))


def _put(row: int, column: int, cell: str) -> Callable[[Cells], object]:
    return lambda cells: cells[row].__setitem__(column, cell)


BAD: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "unknown value": (
        lambda: _rows(_put(5, 1, "oven")),
        ('column "kind", row 5', '"oven"'),
    ),
    "value outside the domain": (lambda: _rows(_put(7, 2, "100")), ('column "age", row 7', "100")),
    "hierarchy not nested": (
        lambda: Path("kinds.csv").write_text("a;x;1;*\nb;x;2;*\n", encoding="utf-8"),
        ("line 11", "columns.kind.hierarchy", "kinds.csv, line 2", "not nested"),
    ),
    "k above the contributors": (lambda: _plan("k = 2", "k = 8"), ("7 contributors", "8")),
    "empty table": (lambda: _rows(lambda cells: cells.__delitem__(slice(1, None))), ("no rows",)),
    "empty file": (lambda: _bytes(lambda _: b""), ("the file is empty",)),
    "column without a value": (
        lambda: _rows(lambda cells: [row.__setitem__(2, "") for row in cells[1:]]),
        ('column "age" has no value',),
    ),
    "row without its contributor": (
        lambda: _rows(_put(9, 0, "")),
        ('column "lender", row 9',),
    ),
    "missing columns": (
        lambda: _plan("[columns.units]", "[columns.weight]\nrole = 'plain'\n[columns.unit]"),
        ('line 18, columns.weight: the table has no column "weight"', "line 20, columns.unit: the"),
    ),
    "quote never closed": (
        lambda: _bytes(lambda data: data.replace(b"note 3\n", b'"note 3\n')),
        ("line 5", "never closed"),
    ),
    "text after a quote": (
        lambda: _bytes(lambda data: data.replace(b"note 3\n", b'"a" b"\n')),
        ("line 5", "quote"),
    ),
    "NUL byte": (
        lambda: _bytes(lambda data: data.replace(b"note 3\n", b"no\0te\n")),
        ("line 5", "NUL"),
    ),
    "short line": (
        lambda: _rows(lambda cells: cells[4].pop()),
        ("line 5", "4 cells instead of 5"),
    ),
    "long line": (
        lambda: _rows(lambda cells: cells[4].append("more")),
        ("line 5", "6 cells instead of 5"),
    ),
    "10 MB cell": (lambda: _rows(_put(4, 4, "x" * 10_000_000)), ("line 5", "131072")),
    "long cell": (lambda: _rows(_put(4, 1, "x" * 140_000)), ('column "kind", row 4', "xxx…")),
    "not UTF-8": (
        lambda: _bytes(lambda data: data.replace(b"org3,fridge", b"org3,\xe9t\xe9", 1)),
        ('column "kind", row 4', "UTF-8"),
    ),
    "header twice": (lambda: _rows(_put(0, 4, "kind")), ("line 1", '"kind"', "twice")),
    "number asked of words": (lambda: _rows(_put(2, 3, "many")), ('column "units"', '"many"')),
    "plan not TOML": (lambda: _plan("k = 2", "k ="), ("not TOML", "at line")),
    "formula in a column name": (
        lambda: _plan("[columns.units]", '[columns."=units"]', _put(0, 3, "=units")),
        ("columns.=units", "line 18", "not a column name"),
    ),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_its_place_and_leaves_no_file(
    run: Run, name: str, lang: str
) -> None:
    spoil, expected = BAD[name]
    spoil()

    reports = ("--report", "r.json", "--report", "r.html")
    result = run("anonymize", "--to", "out.csv", *reports, lang=lang)

    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    if lang == "en":
        assert [part for part in expected if part not in result.stderr] == []
    assert left_behind() == set()


def test_rows_that_a_footer_only_announces_are_refused(run: Run) -> None:
    data = parquet()
    footer = int.from_bytes(data[-8:-4], "little")
    body, meta = data[: -8 - footer], data[-8 - footer : -8]
    # Thrift's compact protocol: a zigzag varint, and after it the list of row groups.
    told = b"\x16" + _varint(2 * 1000) + b"\x19"
    meta = meta.replace(told, b"\x16" + _varint(2 * 2**31) + b"\x19", 1)
    forged = body + meta + len(meta).to_bytes(4, "little") + b"PAR1"
    Path("loans.csv").write_bytes(forged)
    assert pq.read_metadata("loans.csv").num_rows == 2**31

    result = run("anonymize", "--to", "out.csv")

    assert result.exit_code == 2
    assert "2147483648 rows" in result.stderr
    assert left_behind() == set()


def _varint(value: int) -> bytes:
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


def parquet() -> bytes:
    """A file of a thousand rows."""
    file = io.BytesIO()
    pq.write_table(pa.table({"x": ["a"] * 1000}), file)
    return file.getvalue()


def test_a_parquet_file_cut_short_is_refused(run: Run) -> None:
    Path("loans.csv").write_bytes(parquet()[:-3])

    result = run("anonymize", "--to", "out.csv")

    assert (result.exit_code, "Parquet" in result.stderr) == (2, True)
    assert left_behind() == set()


def test_nothing_is_written_over_what_is_read_or_under_a_wrong_name(run: Run) -> None:
    before = Path("loans.csv").read_bytes()

    for name in ("loans.csv", "plan.toml", "out.xlsx"):
        assert run("anonymize", "--to", name).exit_code == 2
    assert run("anonymize", "--to", "out.csv", "--report", "r.pdf").exit_code == 2
    assert run("anonymize", "--to", "nowhere/out.csv").exit_code == 2
    assert Path("loans.csv").read_bytes() == before
    assert left_behind() == set()


def test_an_older_release_stays_when_the_new_one_is_refused(run: Run) -> None:
    run("anonymize", "--to", "out.csv")
    before = Path("out.csv").read_bytes()
    _plan("k = 2", "k = 8")

    assert run("anonymize", "--to", "out.csv").exit_code == 2
    assert Path("out.csv").read_bytes() == before


@pytest.mark.parametrize(
    "moment",
    [
        "mutuali.privacy.recode.apply.decide",
        "mutuali.privacy.check.stream.recount",
        "mutuali.privacy.measures.tables.measure_before_and_after",
    ],
)
def test_stopping_leaves_no_file(run: Run, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(moment, stop)

    result = run("anonymize", "--to", "out.csv", "--report", "r.json")

    assert result.exit_code == 130
    assert "Stopped. Nothing was written." in result.stderr
    assert left_behind() == set()


def test_being_ended_leaves_no_file_either(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("mutuali.privacy.check.stream.recount", end)
    before = signal.getsignal(signal.SIGTERM)

    assert run("anonymize", "--to", "out.csv").exit_code == 130
    assert left_behind() == set()
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_release_that_the_second_look_refuses_is_not_kept(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mutuali.privacy.engines.sink import CsvSink

    honest = CsvSink.close

    def close(sink: CsvSink) -> None:
        honest(sink)
        made = Path(sink._file.name)
        made.write_text("".join(made.read_text().splitlines(keepends=True)[:20]))

    monkeypatch.setattr(CsvSink, "close", close)

    result = run("anonymize", "--to", "out.csv")

    assert result.exit_code == 2
    assert "nothing was kept" in result.stderr
    assert left_behind() == set()


def test_flask_runs_it_in_a_folder_where_nothing_is_set_up(run: Run) -> None:
    words = [sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"), "privacy", "anonymize"]
    words += ["loans.csv", "--plan", "plan.toml", "--to", "out.csv"]
    bare = {"PATH": os.environ["PATH"]}

    done = subprocess.run(words, env=bare, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, done.stderr)
    assert "conforme" in done.stdout
    assert left_behind() == {"out.csv"}
