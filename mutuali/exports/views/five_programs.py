"""The five questions as programs to take home: a notebook and a single file, both made of the very
source that the page runs; and the same in R."""

import ast
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import ModuleType

from mutuali.config import ROOT
from mutuali.core.canonical import sha256
from mutuali.exports.rules.five import answers, intervals, meals, program, words

#: In the order in which one needs the other.
_PARTS: tuple[ModuleType, ...] = (intervals, words, meals, answers, program)

_USAGE = """Cinq questions, lues dans les fichiers reçus / five questions, from released files.

    python3 five_questions.py [--numbers] DOSSIER [FICHIER.zip ...]

Python 3.11 suffit, sans réseau. On donne des ZIP reçus, des dossiers où ils ont été ouverts, ou un
dossier qui en contient; de chaque jeu de données, le fichier le plus récent est lu.

Python 3.11 is enough, without a network. Give it ZIP files as received, folders into which they
were opened, or a folder that holds some; of each dataset the latest file is read.
"""

_INTRODUCTION = """# Cinq questions, lues dans les fichiers reçus seulement

Mettez ce carnet à côté des ZIP reçus, ou des dossiers où vous les avez ouverts. Puis exécutez tout.
Python 3.11 suffit, sans réseau. De chaque jeu de données, le fichier le plus récent est lu.

# Five questions, from released files alone

Put this notebook beside the ZIP files that you received, or the folders into which you opened them.
Then run everything. Python 3.11 is enough, without a network. Of each dataset the latest is read.
"""


class FiveProgram(StrEnum):
    """What is offered, by file name."""

    NOTEBOOK = "cinq-questions.ipynb"
    R = "five_questions.R"
    PYTHON = "five_questions.py"


@dataclass(frozen=True, slots=True)
class Made:
    """A program as it is offered: its bytes, their SHA-256 in hex, and its media type."""

    content: bytes
    sha256: str
    media_type: str


@cache
def made(name: FiveProgram) -> Made:
    """The program of a name; the same source gives the same bytes."""
    content, media_type = {
        FiveProgram.NOTEBOOK: (_notebook, "application/x-ipynb+json"),
        FiveProgram.R: (_r_script, "text/x-r-source"),
        FiveProgram.PYTHON: (_single_file, "text/x-python"),
    }[name]
    data = content().encode()
    return Made(data, sha256(data), media_type)


def _r_script() -> str:
    return (ROOT / "scripts" / FiveProgram.R.value).read_text(encoding="utf-8")


def _single_file() -> str:
    parts = "".join(f"\n# %% {_title(part)}\n\n{_body(part)}" for part in _PARTS)
    last = 'if __name__ == "__main__":\n    raise SystemExit(main(sys.argv[1:]))\n'
    return f'#!/usr/bin/env python3\n"""{_USAGE}"""\n\n{_imports()}\n{parts}\n\n{last}'


def _notebook() -> str:
    cells = [_markdown(_INTRODUCTION), _code(_imports())]
    for part in _PARTS:
        rest = (part.__doc__ or "").partition("\n")[2]
        cells += [_markdown(f"## {_title(part)}\n{rest}"), _code(_body(part))]
    cells += [
        _markdown("## Lire les fichiers / read the files"),
        _code('FOLDER = "."\nfound = answers_in(FOLDER)'),
    ]
    for n, (french, english) in enumerate(words.QUESTIONS):
        cells += [
            _markdown(f"## {n + 1}. {french}\n\n{english}"),
            _code(f"print(in_words(found[{n}]))"),
        ]
    content = {
        "cells": [{"id": f"cell-{n:02}", **cell} for n, cell in enumerate(cells, 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _title(part: ModuleType) -> str:
    return (part.__doc__ or "").partition("\n")[0].rstrip(".")


def _markdown(text: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": _lines(text)}


def _code(text: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": _lines(text),
    }


def _lines(text: str) -> list[str]:
    return text.strip("\n").splitlines(keepends=True)


def _imports() -> str:
    """Everything that the parts import of the standard library, each once."""
    whole: set[str] = set()
    named: dict[str, set[str]] = {}
    for part in _PARTS:
        for node in _import_nodes(part):
            if isinstance(node, ast.Import):
                whole |= {each.name for each in node.names}
            elif not (node.module or "").startswith("mutuali"):
                named.setdefault(node.module or "", set()).update(each.name for each in node.names)
    lines = [f"import {name}" for name in sorted(whole)]
    lines += [
        f"from {name} import {', '.join(sorted(some))}" for name, some in sorted(named.items())
    ]
    return "\n".join(lines) + "\n"


def _body(part: ModuleType) -> str:
    """The source of a part after its words and its imports."""
    last = max(node.end_lineno or 0 for node in _import_nodes(part))
    return "".join(inspect.getsource(part).splitlines(keepends=True)[last:]).lstrip("\n")


def _import_nodes(part: ModuleType) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.parse(inspect.getsource(part)).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
