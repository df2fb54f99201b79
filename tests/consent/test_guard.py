"""The database keeps what was shown and what was answered, on both engines."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.guard import APPEND_ONLY, STATEMENTS
from mutuali.consent.models import ConsentEvent
from mutuali.consent.rules import Answer
from tests.consent.made import published, set_table
from tests.factories import NOW, World, at


@pytest.fixture
def answered(session: Session, world: World) -> None:
    """One notice and one yes."""
    notice = published(session, set_table(world))
    manager = world.member(world.organization()[0])
    service.answer(session, manager, manager.organization_id or 0, notice, Answer.GIVEN, now=NOW)


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consent_event SET event = 'refused', until = NULL",
        "DELETE FROM consent_event",
        "UPDATE notice SET text_fr = 'autre chose'",
        "DELETE FROM notice",
    ],
)
def test_what_was_shown_and_answered_is_neither_changed_nor_deleted(
    session: Session, statement: str
) -> None:
    with pytest.raises(IntegrityError, match=APPEND_ONLY):
        session.execute(sa.text(statement))


@pytest.mark.usefixtures("answered")
def test_answers_are_not_emptied_at_once(session: Session, engine_name: str) -> None:
    deed = "TRUNCATE" if engine_name == "postgresql" else "DELETE FROM"
    with pytest.raises(IntegrityError, match=APPEND_ONLY):
        session.execute(sa.text(f"{deed} consent_event"))


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(
    ("event", "until"), [("given", None), ("refused", at(1)), ("asked", at(1)), ("perhaps", None)]
)
def test_a_yes_has_an_end_and_nothing_else_has(session: Session, event: str, until: object) -> None:
    first = session.scalars(sa.select(ConsentEvent).limit(1)).one()
    session.add(
        ConsentEvent(
            organization_id=first.organization_id,
            notice_id=first.notice_id,
            event=event,
            at=NOW,
            until=until,
        )
    )
    with pytest.raises(IntegrityError, match="ck_consent_event"):
        session.flush()


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("both", [True, False])
def test_an_event_is_about_an_organization_or_a_person_never_both(
    session: Session, both: bool
) -> None:
    first = session.scalars(sa.select(ConsentEvent).limit(1)).one()
    session.add(
        ConsentEvent(
            organization_id=first.organization_id if both else None,
            person_id=1 if both else None,
            notice_id=first.notice_id,
            event="refused",
            at=NOW,
        )
    )
    with pytest.raises(IntegrityError, match="ck_consent_event_subject"):
        session.flush()


def test_the_database_holds_exactly_these_guards(session: Session, engine_name: str) -> None:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if engine_name == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    stored = {
        name
        for name in session.scalars(sa.text(query))
        if name.startswith(("notice_", "consent_event_"))
    }
    written = {
        statement.split()[2]
        for statement in STATEMENTS[engine_name]
        if statement.startswith("CREATE TRIGGER")
    }
    assert stored == written
