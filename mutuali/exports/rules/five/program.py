"""Lire des fichiers et imprimer les réponses / read files and print the answers."""

import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from mutuali.exports.rules.five.answers import answers
from mutuali.exports.rules.five.intervals import Bundle, bundle_from, latest
from mutuali.exports.rules.five.words import Answer, Table, as_said

#: How wide a bar is when it is full, in letters.
WIDTH = 30


def opened(path: Path) -> Iterator[Bundle]:
    """The bundles at a path: a ZIP, a folder into which one was opened, or a folder of such."""
    if path.is_file():
        yield from unzipped(path.read_bytes())
    elif (path / "report.json").is_file():
        yield bundle_from({each.name: each.read_bytes() for each in path.iterdir()})
    else:
        for each in sorted(path.iterdir()):
            if each.suffix == ".zip" or (each / "report.json").is_file():
                yield from opened(each)


def unzipped(data: bytes) -> Iterator[Bundle]:
    """The bundle that the bytes of a ZIP are."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if _is_read(name)}
    yield bundle_from(entries, hashlib.sha256(data).hexdigest())


def _is_read(name: str) -> bool:
    return name.endswith(".csv") or name == "report.json"


def answers_in(*paths: str) -> tuple[Answer, ...]:
    """The five answers from what lies at some paths."""
    return answers(latest(each for path in paths for each in opened(Path(path))))


def in_words(answer: Answer) -> str:
    """An answer for people: in French, its charts and tables, its caveats; then in English."""
    said = []
    for n in (0, 1):
        mark = "Intervalle\u00a0: " if n == 0 else "Interval: "
        said += [answer.question[n], "", answer.finding[n]]
        said += [mark + as_said(answer.interval)[n]] if answer.interval else []
        said += [line for table in answer.tables for line in drawn(table, n)]
        said += ["", *(f"- {each[n]}" for each in answer.caveats), ""]
    return "\n".join(said)


def drawn(table: Table, n: int) -> Iterator[str]:
    """A table with a bar per line: full up to the lowest, lighter up to the highest."""
    first = [line.intervals[0] for line in table.lines]
    top = table.most or max(high or low for low, high in first) or 1
    yield f"\n{table.title[n]} ({table.measures[0][n]})"
    for line, (low, high) in zip(table.lines, first, strict=True):
        full = low * WIDTH // top
        lighter = WIDTH if high is None else high * WIDTH // top
        bar = "█" * full + "░" * (lighter - full) + ("…" if high is None else "")
        yield f"  {line.name[n]:<26} {bar:<{WIDTH + 1}} {as_said(line.intervals[0])[n]}"
    yield " · ".join((table.what[n], *(each[n] for each in table.measures)))
    for line in table.lines:
        yield " · ".join((line.name[n], *(as_said(each)[n] for each in line.intervals)))


def numbers(found: Sequence[Answer]) -> Iterator[str]:
    """Every number as CSV; an empty highest is an open one."""
    yield "question,table,line,measure,low,high"
    for question, answer in enumerate(found, 1):
        if answer.interval:
            yield f"{question},0,,0,{_bounds(answer.interval)}"
        for number, table in enumerate(answer.tables, 1):
            for line in table.lines:
                for measure, each in enumerate(line.intervals, 1):
                    yield f"{question},{number},{line.code},{measure},{_bounds(each)}"


def _bounds(interval: tuple[int, int | None]) -> str:
    low, high = interval
    return f"{low},{'' if high is None else high}"


def main(arguments: Sequence[str]) -> int:
    """Print the five answers, or with ``--numbers`` their numbers as CSV. 2: nothing to read."""
    paths = [each for each in arguments if each != "--numbers"]
    if not paths or not all(Path(each).exists() for each in paths):
        sys.stderr.write("python3 five_questions.py [--numbers] DOSSIER [FICHIER.zip ...]\n")
        return 2
    found = answers_in(*paths)
    lines = numbers(found) if "--numbers" in arguments else map(in_words, found)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
