"""What is to be learned is another feature's: tests of check-ins bring it or go without."""

from collections.abc import Iterator

import pytest
from flask import Flask

from mutuali.checkin.rules import Kind
from mutuali.checkin.service import CARDS_KEY


@pytest.fixture(autouse=True)
def nothing_to_learn(request: pytest.FixtureRequest) -> Iterator[None]:
    """The application's own cards but for those; tests without an application are left alone."""
    if "app" not in request.fixturenames:
        yield
        return
    app: Flask = request.getfixturevalue("app")
    before = app.extensions[CARDS_KEY]
    app.extensions[CARDS_KEY] = tuple(each for each in before if Kind.LEARNING not in each.kinds)
    yield
    app.extensions[CARDS_KEY] = before
