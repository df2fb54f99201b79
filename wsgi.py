"""What a WSGI server serves: ``granian --interface wsgi wsgi:app``."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

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


if _command(sys.argv) == "privacy":
    # The engine works on files alone: where nothing is set up, and without waiting for the rest.
    from mutuali.privacy.cli import privacy

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
