"""``loans`` over the real files: seconds and memory of a build, each in a process of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.measure import peak_megabytes
from mutuali.agreements.rules import Dataset
from mutuali.exports.service import Before, Withheld, build
from tests.exports.networks import network
from tests.exports.real import K, everybody_says_yes, fewest_behind_a_group, released, snapshot_of
from tests.imports.parties import populated

#: Goals: seconds from the first query to the measured file, per real file; megabytes of memory.
SECONDS = {"reed": 3.0, "trips": 10.0}
MEGABYTES = 700
ROUNDS = 3


def report(folder: Path) -> bool:
    """Print what networks keep, and what a build of each file takes; whether its goals are met."""
    _say_what_networks_keep()
    if "MUTUALI_REAL_DATA" not in os.environ:
        print("MUTUALI_REAL_DATA is unset: no build of real loans was measured")
        return True
    print("Build of `loans`, k = 5, from the first query to the measured file; a new process each")
    met = [_measured(kind, folder) for kind in SECONDS]
    return all(met)


def _say_what_networks_keep() -> None:
    """The share of loans in published cells, per table, as networks and consent shrink."""
    print("`equipment-use`, share of loans kept (by family and quarter / by zone and half-year)")
    for organizations in (30, 100, 234):
        for consenting in (1.0, 0.6):
            loans = organizations * 25
            snapshot = network(
                Dataset.EQUIPMENT_USE, organizations, loans=loans, consenting=consenting
            )
            built = build(snapshot, Before(bytes(32)))
            if isinstance(built, Withheld):
                said = f"withheld: {built.code}"
            else:
                tables = built.report["tables"]
                said = " / ".join(f"{table['share_kept']:.2f}" for table in tables)
            print(f"  {organizations:3} organizations, {consenting:4.0%} consenting: {said}")


def _measured(kind: str, folder: Path) -> bool:
    file = folder / f"{kind}.sqlite"
    inside = folder / kind
    inside.mkdir()
    with populated(kind, f"sqlite:///{file}", inside) as engine, Session(engine) as session:
        recipient = everybody_says_yes(session)
        session.commit()
    runs = [_in_a_process(kind, file, recipient) for _ in range(ROUNDS)]
    seconds = sorted(run["seconds"] for run in runs)
    megabytes = max(run["megabytes"] for run in runs)
    last = runs[-1]
    met = (
        seconds[1] < SECONDS[kind]
        and megabytes < MEGABYTES
        and last["kept"] >= 0.9
        and last["below_top"] >= 2
        and min(last["fewest"].values()) >= K
    )
    print(
        f"  {kind:6} {last['eligible']} eligible rows, {last['kept']:.1%} kept, "
        f"loss {last['loss']:.3f}; {seconds[1]:.1f} ({seconds[0]:.1f}..{seconds[2]:.1f}) s, "
        f"{megabytes:.0f} MB; goal {SECONDS[kind]:.0f} s, {MEGABYTES} MB: "
        f"{'met' if met else 'short'}"
    )
    print(f"         levels {last['levels']}; fewest contributors in a group {last['fewest']}")
    return met


def _in_a_process(kind: str, file: Path, recipient: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.exports", kind, str(file), str(recipient)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    return json.loads(ran.stdout)


def _build(kind: str, file: str, recipient: int) -> None:
    """What the process does: print its own figures as JSON."""
    start = time.monotonic()
    with Session(sa.create_engine(f"sqlite:///{file}")) as session:
        snapshot = snapshot_of(session, kind, recipient)
    made = released(snapshot, kind)
    seconds = time.monotonic() - start
    print(
        json.dumps(
            {
                "seconds": seconds,
                "megabytes": peak_megabytes(),
                "eligible": made.rows_eligible,
                "kept": made.share_kept,
                "loss": made.loss,
                "levels": made.levels,
                "below_top": made.below_top,
                "fewest": fewest_behind_a_group(snapshot, kind, made.data),
            }
        )
    )


if __name__ == "__main__":
    _build(sys.argv[1], sys.argv[2], int(sys.argv[3]))
