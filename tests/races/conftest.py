"""The world that clients race in, and the server they race on."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.factories import World
from tests.serving import served


@pytest.fixture
def race_world(session: Session) -> World:
    return World(session, datetime.now(UTC))


@pytest.fixture
def server(
    app: Flask, database_url: str, engine_name: str, tmp_path: Path
) -> Iterator[Callable[[], str]]:
    """Starts the server when called: after the test has written its world."""
    stack = []

    def start() -> str:
        context = served(database_url, tmp_path, workers=2 if engine_name == "postgresql" else 1)
        stack.append(context)
        return context.__enter__()

    yield start
    for context in stack:
        context.__exit__(None, None, None)
