"""The attack command: what it plays follows from what is known, and it says what was found."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from mutuali.privacy.cli import privacy
from mutuali.privacy.engine import deidentify
from mutuali.privacy.plan import RecodingModel
from mutuali.privacy.plans.problems import Misfit
from mutuali.privacy.plans.reading import read_plan
from mutuali.privacy.release_file import find_witness, read_release, withdrawn
from mutuali.privacy.text import to_csv

HEAD = """
version = "1"
suppression_limit = 0.5
[columns.kind]
role = "quasi-identifier"
hierarchy = "kinds.csv"
[columns.state]
role = "sensitive"
[columns.lender]
role = "contributor"
[[models]]
model = "k-anonymity"
k = 2
"""
PLAN = f'{HEAD}[[models]]\nmodel = "diversity"\ncolumn = "state"\nmost = 1.0\n'
FILES = {"kinds.csv": b"fridge;cold;*\nfreezer;cold;*\ntruck;wheels;*\nvan;wheels;*\n"}

Run = Callable[..., Result]


def loans(count: int = 40) -> pa.Table:
    kinds, states = ("fridge", "freezer", "truck", "van"), ("good", "worn", "=lost")
    return pa.table(
        {
            "kind": [kinds[number % 4] for number in range(count)],
            "state": [states[number % 3] for number in range(count)],
            "lender": [f"org{number % 7}" for number in range(count)],
        }
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("plan.toml").write_text(PLAN, encoding="utf-8")
    Path("kinds.csv").write_bytes(FILES["kinds.csv"])
    Path("loans.csv").write_bytes(to_csv(loans()))

    def run(command: str, file: str, *more: str, lang: str = "en") -> Result:
        words = [command, file, "--plan", "plan.toml", "--lang", lang, *more]
        return CliRunner().invoke(privacy, words, catch_exceptions=False)

    return run


def test_nothing_is_found_out_from_a_release_that_keeps_its_plan(run: Run) -> None:
    run("anonymize", "loans.csv", "--to", "out.csv")

    result = run("attack", "out.csv", "--raw", "loans.csv")

    assert result.exit_code == 0, result.output
    assert "1 attack played; 0 found something out for sure." in result.stdout
    assert "A neighbour" in result.stdout
    assert "member: No member was named." in result.stdout


def test_a_class_of_one_value_is_found_and_told_by_the_status(run: Run) -> None:
    rows = loans().to_pylist()
    for row in rows:
        row["state"] = "worn" if row["kind"] == "van" else row["state"]
    Path("loans.csv").write_bytes(to_csv(pa.Table.from_pylist(rows)))
    # Nobody protects the states here: the table goes out as it is, in its order.
    lines = Path("loans.csv").read_text().splitlines()
    Path("out.csv").write_text("\n".join(line.rsplit(",", 1)[0] for line in lines) + "\n")

    result = run("attack", "out.csv", "--raw", "loans.csv", lang="fr")

    assert result.exit_code == 1, result.output
    assert "1 attaque jouée; 1 ont appris quelque chose" in result.stdout
    assert "10 ont réussi" in result.stdout


def test_what_attackers_know_decides_what_is_played(run: Run) -> None:
    run("anonymize", "loans.csv", "--to", "out.csv")
    Path("directory.csv").write_text("lender,kind\norg1,truck\norg2,fridge\n", encoding="utf-8")
    known = ["--rules-out", "1", "--register", "--earlier", "out.csv"]
    known += ["--directory", "directory.csv", "lender", "--member", "lender", "org1"]

    result = run("attack", "out.csv", "--raw", "loans.csv", *known)

    assert result.exit_code in (0, 1)
    assert "7 attacks played" in result.stdout


def test_a_withdrawn_row_is_looked_for_between_two_releases(run: Run) -> None:
    run("anonymize", "loans.csv", "--to", "before.csv")
    Path("fewer.csv").write_bytes(to_csv(loans().slice(1)))
    run("anonymize", "fewer.csv", "--to", "after.csv")

    known = ["--before", "before.csv", "loans.csv"]
    result = run("attack", "after.csv", "--raw", "fewer.csv", *known)

    assert result.exit_code == 1
    assert "Of 1 try, 1 succeeded" in result.stdout


def test_a_release_of_another_table_is_refused_with_its_row(run: Run) -> None:
    run("anonymize", "loans.csv", "--to", "out.csv")
    Path("other.csv").write_bytes(to_csv(loans(20)))

    result = run("attack", "out.csv", "--raw", "other.csv")

    assert result.exit_code == 2
    assert "cannot have come from the raw table" in result.stderr
    for more in (["--member", "nobody", "x"], ["--directory", "kinds.csv", "lender"]):
        assert run("attack", "out.csv", "--raw", "loans.csv", *more).exit_code == 2
    Path("out.csv").write_text("kind,state\noven,good\n", encoding="utf-8")
    assert "labels that are of no level" in run("attack", "out.csv", "--raw", "loans.csv").stderr


@pytest.mark.parametrize("recoding", [RecodingModel.FULL_DOMAIN, RecodingModel.LOCAL])
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_witness_is_found_for_every_row(
    tmp_path: Path, recoding: RecodingModel, ending: str
) -> None:
    plan = read_plan(
        PLAN.replace("[columns.kind]", f'recoding = "{recoding}"\n[columns.kind]'), FILES
    ).plan
    raw = loans()
    release = deidentify(raw, plan)
    path = tmp_path / f"out.{ending}"
    if ending == "csv":
        path.write_bytes(to_csv(release.table))
    else:
        pq.write_table(release.table, path)

    released = read_release(path, plan, raw)
    witness = find_witness(released, raw, plan)

    assert released.to_pylist() == release.table.to_pylist()
    assert len(set(witness.tolist())) == released.num_rows
    chains = {chain[0]: chain for chain in plan.columns[0].generalization.chains}
    for cells, row in zip(
        released.to_pylist(), raw.take(pa.array(witness)).to_pylist(), strict=True
    ):
        assert cells["kind"] in chains[row["kind"]]
        assert cells["state"] == row["state"]


def test_local_recoding_of_another_table_is_not_taken_for_its_own() -> None:
    plan = read_plan(
        PLAN.replace("[columns.kind]", 'recoding = "local"\n[columns.kind]'), FILES
    ).plan

    with pytest.raises(Misfit, match="not_of_this_table"):
        find_witness(deidentify(loans(), plan).table, loans(30), plan)


def test_rows_that_are_gone_are_known_by_what_they_said() -> None:
    plan = read_plan(PLAN, FILES).plan
    table = loans()

    assert withdrawn(table, table.take(pa.array([*range(3), *range(5, 40)])), plan) == [3, 4]
    assert withdrawn(table, table.take(pa.array(list(range(39, -1, -1)))), plan) == []
