"""The tutorial as a script: its files, its commands, and what it says they print."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from mutuali.privacy.cli import privacy

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial-adult.md"

_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_CALL = "flask --app wsgi privacy "


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what else stands on its first line, and what is in it."""

    language: str
    about: str
    body: str


def blocks(text: str) -> Iterator[Block]:
    """All fenced blocks in their order."""
    for found in _FENCE.finditer(text):
        yield Block(found[1], found[2].strip(), found[3])


def write(block: Block) -> None:
    """Write the plan that a block holds, or that it makes from another: its tables take the place
    of those of the same name, and so do the keys above them."""
    path, _, base = block.about.partition(" from ")
    text = block.body
    if base:
        parts = _parts(Path(base).read_text(encoding="utf-8"))
        new = _parts(block.body)
        keys = _keys(parts.pop("")) | _keys(new.pop(""))
        text = "".join([*keys.values(), *(parts | new).values()])
    tomllib.loads(text)
    Path(path).write_text(text, encoding="utf-8")


def run(block: Block) -> tuple[int, str]:
    """Exit status and output of the command in a block; what it refuses is said on the other."""
    (line,) = block.body.splitlines()
    assert line.startswith(_CALL)
    words = shlex.split(line.removeprefix(_CALL))
    result = CliRunner().invoke(privacy, words, catch_exceptions=False)
    return result.exit_code, result.stderr if result.exit_code == 2 else result.stdout


def _parts(text: str) -> dict[str, str]:
    """The text by its tables; what stands above them all has no name. Models go together."""
    parts = {"": ""}
    name = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            name = line.strip()
        parts[name] = parts.get(name, "") + line
    return parts


def _keys(text: str) -> dict[str, str]:
    return {line.split("=")[0].strip(): line for line in text.splitlines(keepends=True)}
