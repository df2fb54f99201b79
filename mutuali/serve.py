"""``python -m mutuali.serve``: everything in one go, on one machine; what ``make run`` starts.

Brings the database up to date, fills the demo once, carries out jobs in a thread of this process
and serves the pages from granian in a process of its own. Jobs run in exactly one process, and
granian keeps its own signals. A demo that was open before is served while this process loads: each
of the two takes seconds to load the application, so neither waits for the other.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from mutuali.config import ROOT, BadSettings, Settings, read_settings

if TYPE_CHECKING:
    from flask import Flask

_REFUSED = 2


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; the exit status: 2 when this instance may not be served."""
    try:
        settings = read_settings(os.environ)
    except BadSettings as error:
        return _refuse(f"MutuAli cannot start: {error}.")
    host, port = _listens_on(settings)
    if _is_taken(host, port):
        return _refuse(f"Port {port} is taken: stop what listens there, or set MUTUALI_BASE_URL.")
    (ROOT / "var").mkdir(exist_ok=True)
    server = _start_server(settings, host, port) if was_open_before(settings) else None
    try:
        app = _made_ready(settings)
    except BaseException:
        if server is not None:
            server.terminate()
        raise
    if app is None:
        return _refuse("MutuAli cannot start: accounts of the demo exist in this database.")
    from mutuali.jobs.jobs import Consumer

    consumer = Consumer(app)
    server = server or _start_server(settings, host, port)
    with _step("Tâches de fond et serveur"):
        consumer.start()
        _wait_for(f"http://{host}:{port}/", server)
    if server.poll() is None:
        _say_where(settings)
    server.wait()
    consumer.stop()
    print("MutuAli est arrêté.", flush=True)
    return 0 if server.returncode in {0, -signal.SIGTERM} else 1


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return _REFUSED


def _listens_on(settings: Settings) -> tuple[str, int]:
    """This machine only; the port of the base address unless a proxy stands in front."""
    url = urlsplit(settings.base_url)
    return "127.0.0.1", (url.port if url.scheme == "http" else None) or 8000


def _is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def was_open_before(settings: Settings) -> bool:
    """Whether this is a demo whose database the newest migration made: it can be served at once.

    Production is looked through before it is served (:func:`_made_ready`).
    """
    if not settings.is_demo:
        return False
    newest = max(path.stem for path in (ROOT / "migrations" / "versions").glob("*.py"))
    engine = create_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return connection.scalar(text("SELECT version_num FROM alembic_version")) == newest
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()


def _made_ready(settings: Settings) -> "Flask | None":
    """The application on a database that is up to date; None when it may not be served."""
    from flask_migrate import upgrade

    from mutuali.accounts import service as accounts
    from mutuali.app import create_app
    from mutuali.demo.cli import fill_when_empty
    from mutuali.web.doors import transaction

    app = create_app(settings)
    with _step("Mise à jour de la base de données"), app.app_context():
        upgrade()
    if settings.mode == "production":
        with app.app_context(), transaction(reads=True) as session:
            if accounts.has_demo_people(session):
                return None
    if settings.is_demo:
        with _step("Réseau de démonstration (une seule fois, moins d’une minute)"):
            filled = fill_when_empty(app)
        if filled is not None:
            print(
                f"  {filled.organizations} organismes, {filled.listings} annonces, "
                f"{filled.bookings} réservations"
            )
    return app


@contextmanager
def _step(what: str) -> Iterator[None]:
    """Say what is done and how long it took."""
    print(f"{what}… ", end="", flush=True)
    start = time.monotonic()
    yield
    took = f"{time.monotonic() - start:.1f}".replace(".", ",")
    print(f"{took} s", flush=True)


def _start_server(settings: Settings, host: str, port: int) -> subprocess.Popen[bytes]:
    """Granian as a child with its own session, so that Ctrl-C reaches it through us, once."""
    workers = "2" if settings.database_url.startswith("postgresql") else "1"
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "wsgi:app"),
        *("--host", host, "--port", str(port), "--workers", workers),
        *("--blocking-threads", "8", "--backlog", "512", "--no-ws", "--log-level", "error"),
    ]
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=True)  # noqa: S603 - our words
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: server.terminate())
    return server


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Until the first page is answered, whatever the answer; at most half a minute."""
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own address
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            if server.poll() is not None:
                return
            time.sleep(0.05)


def _say_where(settings: Settings) -> None:
    print(f"\nMutuAli est ouvert: {settings.base_url}  (Ctrl-C pour arrêter)")
    if settings.is_demo:
        from mutuali.demo.cli import PASSWORD
        from mutuali.demo.rules.names import DOMAIN
        from mutuali.demo.service import ACCOUNTS

        print(f"Mot de passe de tous les comptes de démonstration: {PASSWORD}")
        for part, _, role in ACCOUNTS:
            print(f"  {f'{part}@{DOMAIN}':<42} {role}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
