"""A program that hears webhooks: a real server on this machine, reached through the guard."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flask import Flask

from mutuali.jobs.jobs import HANDLERS_KEY, Staged
from mutuali.web import outside
from mutuali.webhooks import jobs as webhook_jobs

#: An address of the world at large.
PUBLIC = "93.184.215.14"
ADDRESS = "https://logiciel.example/mutuali"


@dataclass
class Heard:
    """One request as it came in."""

    headers: dict[str, str]
    body: bytes


@dataclass
class Program:
    """Answers with ``statuses`` in turn, then 204; None: leaves the request open until ``let_go``,
    and then 204. ``addresses`` are what its name resolves to."""

    port: int
    statuses: list[int | None] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)
    heard: list[Heard] = field(default_factory=list)
    addresses: list[list[str]] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def resolve(self, _host: str, _seconds: float) -> list[str]:
        return self.addresses.pop(0) if self.addresses else [PUBLIC]

    def open(self, address: str, _host: str, seconds: float) -> socket.socket:
        self.opened.append(address)
        return socket.create_connection(("127.0.0.1", self.port), seconds)

    @property
    def post(self) -> webhook_jobs.Post:
        return partial(outside.post, resolve=self.resolve, opens=self.open)

    @property
    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.heard]


def send_to(app: Flask, program: Program) -> None:
    """Let the jobs of ``app`` send to a program."""
    app.extensions[HANDLERS_KEY]["webhooks.send"] = Staged(
        webhook_jobs.to_send,
        lambda found: webhook_jobs.send(found, program.post),
        webhook_jobs.record,
    )


@contextmanager
def listening(app: Flask) -> Iterator[Program]:
    """A program, to which the jobs of ``app`` send."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            program.heard.append(Heard(headers, body))
            status = program.statuses.pop(0) if program.statuses else 204
            if status is None:
                program.let_go.wait(60)
            with suppress(ConnectionError):  # whoever asked may be dead
                self.send_response(status or 204)
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    program = Program(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handlers = app.extensions[HANDLERS_KEY]
    before = handlers["webhooks.send"]
    send_to(app, program)
    try:
        yield program
    finally:
        handlers["webhooks.send"] = before
        program.let_go.set()
        server.shutdown()
        server.server_close()


def documented() -> Any:
    """The function that docs/webhooks.md gives to organizations, run as it stands there."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "webhooks.md").read_text("utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - what the page says is what is tested
    return names["is_from_mutuali"]
