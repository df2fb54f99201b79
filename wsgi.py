"""What a WSGI server serves: ``granian --interface wsgi wsgi:app``."""

import gc
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

from flask import Flask


def _command(arguments: Sequence[str]) -> str:
    """The command of ``flask --app wsgi COMMAND ...``; empty where flask was not called."""
    program, *words = arguments
    if Path(program).stem != "flask" and Path(program).parent.name != "flask":
        return ""
    with_value = {"--app", "-A", "--env-file", "-e"}
    pairs = zip(["", *words], words, strict=False)
    said = (word for before, word in pairs if before not in with_value)
    return next((word for word in said if not word.startswith("-")), "")


class _WithoutPandas(MetaPathFinder):
    """Says that pandas is not installed.

    PyArrow loads it with the first array it makes, in case that came from there. Nothing here does,
    and it would take a third of the time of the command and a quarter of its memory.
    """

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> None:
        """Refuse pandas; leave all else to the finders after this one."""
        if name == "pandas":
            raise ModuleNotFoundError("No module named 'pandas'", name=name)


if _command(sys.argv) == "privacy":
    # The engine works on files alone: where nothing is set up, and without waiting for the rest.
    from mutuali.privacy.cli import privacy

    sys.meta_path.insert(0, _WithoutPandas())
    app = Flask("mutuali")
    app.cli.add_command(privacy)
else:
    from mutuali.app import create_app

    app = create_app()

# What is loaded by now lives as long as the process: looking through it again and again for
# garbage took a fifth of the time of a long page. Requests leave little; look less often.
gc.collect()
gc.freeze()
gc.set_threshold(5_000, 20, 50)
