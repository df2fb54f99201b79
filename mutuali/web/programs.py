"""The programs of one file with which anybody checks, without us, what this instance signed."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from flask import Response

from mutuali.config import ROOT
from mutuali.core.canonical import sha256


class Program(StrEnum):
    """What is offered, by file name."""

    VERIFY_LOG = "verify_log.py"
    VERIFY_BUNDLE = "verify_bundle.py"


@dataclass(frozen=True, slots=True)
class Source:
    """A program as it is offered, and the SHA-256 of that, hex."""

    content: bytes
    sha256: str


@cache
def source(program: Program) -> Source:
    """The text of a program."""
    content = (ROOT / "scripts" / program.value).read_bytes()
    return Source(content, sha256(content))


def as_download(program: Program) -> Response:
    """The program as a file."""
    answer = Response(source(program).content, mimetype="text/x-python")
    answer.headers["Content-Disposition"] = f'attachment; filename="{program.value}"'
    return answer
