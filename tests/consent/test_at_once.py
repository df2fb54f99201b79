"""Two people at once: the second sees what the first did, on both engines."""

import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.models import Notice
from mutuali.consent.rules import Answer
from mutuali.core.errors import Conflict
from tests.consent.made import Table, answers, published, set_table
from tests.factories import NOW, World


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


def meanwhile(session: Session, engine_name: str, act: Callable[[Session], object]) -> list[str]:
    """Start ``act`` in a session of its own, wait until it waits for ``session``, commit that."""
    engine = session.connection().engine
    ended: list[str] = []

    def other() -> None:
        with Session(engine) as own:
            try:
                act(own)
                own.commit()
                ended.append("done")
            except Conflict as error:
                ended.append(error.reasons[0].code)

    thread = threading.Thread(target=other)
    thread.start()
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(100):
        time.sleep(0.05)
        if engine_name == "sqlite":
            break  # the other cannot even begin
        with engine.connect() as third:
            if third.scalar(waiting):
                break
    session.commit()
    thread.join(20)
    return ended


def test_two_stewards_do_not_both_publish_the_same_version(
    session: Session, table: Table, engine_name: str
) -> None:
    session.commit()
    published(session, table)
    ended = meanwhile(
        session, engine_name, lambda own: published(own, table, more="\n\nNouveau, new.")
    )
    versions = session.scalars(sa.select(Notice.version).order_by(Notice.version)).all()
    if engine_name == "postgresql":
        assert (ended, versions) == (["notice.just_published"], [1])
    else:
        assert (ended, versions) == (["done"], [1, 2])


def test_a_no_that_comes_with_a_yes_takes_it_back(
    session: Session, table: Table, world: World, engine_name: str
) -> None:
    notice = published(session, table)
    manager = world.member(world.organization()[0])
    second = world.member(manager.organization_id or 0)
    session.commit()
    id_ = manager.organization_id or 0
    service.answer(session, manager, id_, notice, Answer.GIVEN, now=NOW)
    ended = meanwhile(
        session,
        engine_name,
        lambda own: service.answer(own, second, id_, notice, Answer.REFUSED, now=NOW),
    )
    assert ended == ["done"]
    assert answers(session) == ["given", "withdrawn"]
