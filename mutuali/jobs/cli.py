"""``flask --app wsgi jobs``: the consumer as a process of its own."""

import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from mutuali.jobs.jobs import Consumer


@click.command("jobs")
@with_appcontext
def run_jobs() -> None:
    """Carry out jobs until SIGTERM or Ctrl-C."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    asked_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked_to_stop.set())
    consumer = Consumer(app)
    consumer.start()
    click.echo("Carrying out jobs; Ctrl-C stops.")
    asked_to_stop.wait()
    consumer.stop()
    click.echo("Stopped.")
