"""Both engines for every test that stores; and a line at the end that says how many ran on each."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from mutuali.app import create_app
from mutuali.config import Settings
from mutuali.extensions import db, limiter
from mutuali.transactions import own_the_begin, try_rested_connections
from tests.engines import Postgres, start_postgres
from tests.factories import World

ENGINES = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "error")
    config.addinivalue_line(
        "filterwarnings", "ignore:Using the in-memory storage for tracking rate limits"
    )


def settings(database_url: str, mail: Path) -> Settings:
    """Settings of a test instance on one database."""
    return Settings(
        mode="test",
        secret_key="only-for-tests-only-for-tests-only",
        signing_key="b25seSBmb3IgdGVzdHMsIG9ubHkgZm9yIHRlc3RzISE=",
        former_keys=(),
        database_url=database_url,
        mail_url=f"file:{mail}",
        mail_from="MutuAli <essai@mutuali.example>",
        files_url=f"file:{mail.parent / 'files'}",
        base_url="http://127.0.0.1",
        limiter_url="memory://",
        operator_name="Réseau d’essai",
        operator_contact="vie-privee@mutuali.example",
        outside_quebec=False,
        proxies=0,
    )


def _migrated(url: str, mail: Path, **config: Any) -> Flask:
    app = create_app(
        settings(url, mail), TESTING=True, ARGON2_COST={"time_cost": 1, "memory_cost": 64}, **config
    )
    with app.app_context():
        upgrade()
    return app


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server to test on: the one named by MUTUALI_TEST_POSTGRES_URL, else one from pip."""
    with start_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def templates(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """A migrated, empty database of each engine, to copy for each test."""
    folder = tmp_path_factory.mktemp("templates")
    sqlite = folder / "template.sqlite"
    app = _migrated(f"sqlite:///{sqlite}", folder)
    with app.app_context():
        db.engine.dispose()
    with sa.create_engine(f"sqlite:///{sqlite}").connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    name = postgres.create("template")
    app = _migrated(postgres.url(name), folder)
    with app.app_context():
        db.engine.dispose()
    yield {"sqlite": str(sqlite), "postgresql": name}
    postgres.drop(name)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine this test runs on."""
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, postgres: Postgres, templates: dict[str, str]) -> Iterator[str]:
    """A fresh database, migrated, empty."""
    if engine_name == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="mutuali-test-"))
        shutil.copy(templates["sqlite"], folder / "test.sqlite")
        yield f"sqlite:///{folder / 'test.sqlite'}"
        shutil.rmtree(folder)
    else:
        name = postgres.create("test", template=templates["postgresql"])
        yield postgres.url(name)
        postgres.drop(name)


@pytest.fixture(scope="session")
def built() -> dict[str, Flask]:
    """The application of each engine, once built: to draw its doors takes most of a test's time."""
    return {}


@pytest.fixture
def app(
    built: dict[str, Flask], engine_name: str, database_url: str, tmp_path: Path
) -> Iterator[Flask]:
    """The application on that database; CSRF is off except where a test is about it."""
    own = settings(database_url, tmp_path / "mail")
    if engine_name not in built:
        built[engine_name] = create_app(
            own,
            TESTING=True,
            WTF_CSRF_ENABLED=False,
            ARGON2_COST={"time_cost": 1, "memory_cost": 64},
        )
    app = built[engine_name]
    before = dict(app.config)
    # One for all applications of a process: another test may have asked for its limits.
    limiter.enabled = False
    app.config.update(SETTINGS=own, SQLALCHEMY_DATABASE_URI=database_url)
    with app.app_context():
        db.engine.dispose()
        db.engines[None] = _engine(database_url, app)  # type: ignore[index]
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.config.clear()
    app.config.update(before)


def _engine(database_url: str, app: Flask) -> sa.Engine:
    engine = sa.create_engine(database_url, **app.config["SQLALCHEMY_ENGINE_OPTIONS"])
    own_the_begin(engine)
    try_rested_connections(engine)
    return engine


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session of its own, for services; what it does is rolled back unless committed."""
    with app.app_context():
        engine = db.engine
    # Outside the context: requests inside one would share its ``g``, so one signed-in person.
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def world(session: Session) -> World:
    """Makes people, organizations and listings with valid values; tests override what matters."""
    return World(session)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


_ran: dict[str, int] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and not report.skipped:
        for engine in ENGINES:
            if f"[{engine}" in report.nodeid or f"-{engine}" in report.nodeid:
                _ran[engine] = _ran.get(engine, 0) + 1


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for engine in ENGINES:
        terminalreporter.write_line(f"ran on {engine}: {_ran.get(engine, 0)}")
    if "MUTUALI_REAL_DATA" not in os.environ:
        terminalreporter.write_line(
            "MUTUALI_REAL_DATA is unset: look-alikes stood in for real files"
        )
