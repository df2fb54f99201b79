"""A consumer of jobs as a process of its own, as `flask --app wsgi jobs` runs it: to be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from flask import Flask

from tests.serving import ROOT

_CONSUMER = """
from mutuali.app import create_app
from mutuali.jobs.jobs import work_through
app = create_app()
{first}
work_through(app)
"""


def consumer(app: Flask, database_url: str, first: str = "") -> "subprocess.Popen[bytes]":
    """One that ends when nothing is due; ``first`` is run in it before, and knows ``app``."""
    settings = app.config["SETTINGS"]
    environment = {
        **os.environ,
        "MUTUALI_MODE": "test",
        "MUTUALI_DATABASE_URL": database_url,
        "MUTUALI_MAIL_URL": settings.mail_url,
        "MUTUALI_FILES_URL": settings.files_url,
        "MUTUALI_SECRET_KEY": settings.secret_key,
        "MUTUALI_SIGNING_KEY": settings.signing_key,
    }
    code = _CONSUMER.format(first=first)
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)


def wait_for(come: Callable[[], bool], *, within: float = 90.0) -> None:
    """Wait until something is so. Raises AssertionError: it never was."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if come():
            return
        time.sleep(0.01)
    raise AssertionError("that moment never came")
