"""Runs the import commands as an operator does, and reads what they say."""

import csv
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "docs" / "mappings"


@dataclass(frozen=True, slots=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    report: str
    progress: str

    @property
    def refused(self) -> list[str]:
        """The lines of the report that refuse a row."""
        lines = self.report.splitlines()
        return [line for line in lines if line.startswith("line ") and ": kept. " not in line]

    @property
    def noticed(self) -> list[str]:
        """The lines of the report about rows that are kept but worth a look."""
        return [line for line in self.report.splitlines() if ": kept. " in line]

    @property
    def counts(self) -> dict[str, int]:
        """``read``, ``good``, ``refused``... from the summary; objections by their code."""
        summary = re.search(r"^(\d+) rows read.*$", self.report, re.MULTILINE)
        assert summary, self.report + self.progress
        words = {"rows read": "read", "good": "good", "of them history": "history"}
        words |= {"repeat others": "folded", "imported before": "known", "refused": "refused"}
        found = {
            words[name]: int(number)
            for number, name in re.findall(r"(\d+) ([a-z ]+?)(?:,|\.$)", summary[0])
        }
        codes = re.findall(r"^  (\d+) x (\S+)$", self.report, re.MULTILINE)
        return found | {code: int(number) for number, code in codes}


def run_import(
    app: Flask, what: str, file: Path, *options: str, mapping: Path | None = None
) -> Said:
    """``flask import WHAT FILE ...``"""
    arguments = ["import", what, str(file), *options]
    if mapping is not None:
        arguments += ["--mapping", str(mapping)]
    result = app.test_cli_runner().invoke(args=arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """A CSV file as spreadsheets write them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def real_file(name: str) -> Path | None:
    """A file of the folder that MUTUALI_REAL_DATA names; None where look-alikes must do.

    A folder that is named but lacks the file fails the test instead of shrinking it.
    """
    folder = os.environ.get("MUTUALI_REAL_DATA")
    if folder is None:
        return None
    path = Path(folder) / name
    assert path.exists(), f"{name} is not in MUTUALI_REAL_DATA"
    return path
