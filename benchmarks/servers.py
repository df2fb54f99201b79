"""Granian with the workers, threads and flags of the product, around the product or the floor."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.serving import free_port

ROOT = Path(__file__).resolve().parent.parent
WORKERS, THREADS = 2, 8
SECRET_KEY = "only-for-benchmarks-only-for-benchmarks"  # noqa: S105 - guards made-up people
SIGNING_KEY = "b25seSBmb3IgYmVuY2htYXJrcywgbWFkZSB1cCEhISE="


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, its main process, and its database as psycopg names it."""

    host: str
    pid: int
    dsn: str


def product_environment(database_url: str, folder: Path) -> dict[str, str]:
    """The product as in production, on this machine."""
    return {
        "MUTUALI_MODE": "production",
        "MUTUALI_DATABASE_URL": database_url,
        "MUTUALI_SECRET_KEY": SECRET_KEY,
        "MUTUALI_SIGNING_KEY": SIGNING_KEY,
        "MUTUALI_MAIL_URL": f"file:{folder / 'mail'}",
        "MUTUALI_FILES_URL": f"file:{folder / 'files'}",
        "MUTUALI_BASE_URL": "http://127.0.0.1",
        "MUTUALI_OPERATOR_NAME": "Réseau d’essai",
        "MUTUALI_OPERATOR_CONTACT": "vie-privee@mutuali.example",
    }


@contextmanager
def served(target: str, environment: Mapping[str, str], database_url: str) -> Iterator[Server]:
    """``target`` (module:app) behind granian, answering."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", target),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS)),
        *("--blocking-threads", str(THREADS), "--backlog", "512", "--no-ws"),
        *("--log-level", "error"),
    ]
    process = subprocess.Popen(  # noqa: S603 - our words
        command, cwd=ROOT, env={**os.environ, **environment}, start_new_session=True
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/", process)
        dsn = database_url.replace("postgresql+psycopg", "postgresql")
        yield Server(f"127.0.0.1:{port}", process.pid, dsn)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own server
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")
