"""A real server on a real database, for races and journeys: granian in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    database_url: str, mail: Path, *, workers: int, host: str = "127.0.0.1"
) -> Iterator[str]:
    """The application served on ``database_url``; gives its address, under the name ``host``."""
    port = free_port()
    environment = {
        **os.environ,
        "MUTUALI_MODE": "test",
        "MUTUALI_DATABASE_URL": database_url,
        "MUTUALI_MAIL_URL": f"file:{mail}",
        "MUTUALI_FILES_URL": f"file:{mail / 'files'}",
        "MUTUALI_BASE_URL": f"http://{host}:{port}",
        "MUTUALI_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "MUTUALI_SIGNING_KEY": "b25seSBmb3IgdGVzdHMsIG9ubHkgZm9yIHRlc3RzISE=",
    }
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "wsgi:app"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "8", "--backlog", "512", "--no-ws"),
        # A client that waits for the others of its round on a busy machine is not hung up on.
        *("--http1-header-read-timeout", "60000"),
    ]
    server = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/openapi.json", server)
        yield f"http://{host}:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            if server.poll() is not None:
                raise RuntimeError("the server did not start") from None
        time.sleep(0.1)
    raise RuntimeError("the server did not answer")
