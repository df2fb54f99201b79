"""What the network says of itself, for pages, letters and papers; the environment where it says
nothing.

A page is drawn from what this process read at most ten seconds ago, before the request began, so
that no page asks the database once more. What is written for good is written from :func:`said`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Flask, after_this_request, current_app, has_request_context, request
from flask import Response as Answer
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from mutuali.config import Settings
from mutuali.core.network import NOTHING_SAID, Network
from mutuali.extensions import db
from mutuali.transactions import begin, end

_KEY = "mutuali_network"
#: How old what this process knows may be, in seconds.
_FRESH = 10.0


@dataclass(slots=True)
class _Known:
    """What this process read last, from which database, and when."""

    find: Callable[[Session], Network]
    network: Network = NOTHING_SAID
    database: str = ""
    read_at: float = float("-inf")


def init_network(app: Flask, find: Callable[[Session], Network]) -> None:
    """Hand in how the network is found; ``app.py`` knows the feature, nothing here does."""
    app.extensions[_KEY] = _Known(find)

    @app.before_request
    def read_ahead() -> None:
        # Before anything is locked or a connection taken: it takes one of its own, and gives it
        # back.
        if not request.path.startswith("/static/"):
            _known()


def network() -> Network:
    """The network as this process knows it; within a request, as it was when that began."""
    known: _Known = current_app.extensions[_KEY]
    if not has_request_context() or known.database != _database():
        known = _known()
    return _filled(known.network)


def said(session: Session) -> Network:
    """The network as it is in this very transaction, for what is written for good."""
    known: _Known = current_app.extensions[_KEY]
    return _filled(known.find(session))


def read_again() -> None:
    """Once this request is answered, forget what was known: it has just been changed."""

    @after_this_request
    def forget(answer: Answer) -> Answer:
        known: _Known = current_app.extensions[_KEY]
        known.read_at = float("-inf")
        return answer


def _known() -> _Known:
    known: _Known = current_app.extensions[_KEY]
    database = _database()
    if database == known.database and time.monotonic() < known.read_at + _FRESH:
        return known
    try:
        with Session(db.engine) as session:
            begin(session, reads=True)
            known.network = known.find(session)
            end(session, reads=True)
    except SQLAlchemyError:
        # The request meets the same database and says what is wrong with it.
        current_app.logger.warning("what the network says of itself could not be read")
        if database != known.database:
            known.network = NOTHING_SAID
    known.database, known.read_at = database, time.monotonic()
    return known


def _database() -> str:
    return str(current_app.config["SQLALCHEMY_DATABASE_URI"])


def _filled(found: Network) -> Network:
    settings: Settings = current_app.config["SETTINGS"]
    return replace(
        found,
        operator_name=found.operator_name or settings.operator_name,
        operator_contact=found.operator_contact or settings.operator_contact,
    )
