"""Answers are removed with a certificate, and none is stored any more, whatever writes it."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings.models import Booking
from mutuali.collecting import service
from mutuali.collecting.guard import STATEMENTS
from mutuali.collecting.models import CollectionChoice
from mutuali.collecting.rules import ASKED, Answers, Place, Question
from mutuali.core.canonical import canonical
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.models import Listing, Unit
from mutuali.inventory.rules import Keep, Seen
from mutuali.storage import Base
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at, span
from tests.guards import missing_guards

ANSWERS = Answers("Dire au prêteur quoi préparer.", Keep.LOAN, Seen.PARTIES)


def fake_sign(data: bytes) -> service.Signed:
    return service.Signed("0" * 16, str(len(data)))


def less(session: Session, actor: Actor, question: Question) -> service.ChoiceFacts:
    return service.ask_less(
        session, actor, question, sign=fake_sign, public_id=new_public_id(), now=NOW
    )


def again(session: Session, actor: Actor, question: Question, answers: Answers) -> Any:
    return service.ask_again(
        session, actor, question, answers, public_id=new_public_id(), now=at(1)
    )


@pytest.fixture
def steward(world: World) -> Actor:
    return world.person(role=Role.STEWARD)


def past_loan(session: Session, world: World, note: str = "Demandez Zoé") -> Booking:
    row = world.booking(world.listing(), span(1))
    row.note, row.state = note, "closed"
    session.flush()
    return row


def units(session: Session, world: World, count: int = 3) -> list[Unit]:
    listing = session.scalars(
        sa.select(Listing.id).where(Listing.public_id == world.listing())
    ).one()
    made = [
        Unit(
            public_id=new_public_id(),
            listing_id=listing,
            code=f"C-{n}",
            note=f"mot {n}",
            created_at=NOW,
        )
        for n in range(count)
    ]
    session.add_all(made)
    session.flush()
    return made


def test_the_effect_is_told_before_and_changes_nothing(
    session: Session, world: World, steward: Actor
) -> None:
    past_loan(session, world)
    past_loan(session, world, note="")
    effect = service.effect_of(session, steward, Question.NOTE)
    told = [(each.table, each.filled, each.rows, each.owners) for each in effect.columns]
    assert told == [("booking_series", 0, 0, 0), ("booking", 1, 2, 1)]
    assert effect.filled == 1
    assert effect.objections == ()
    assert session.scalar(sa.select(sa.func.count()).where(Booking.note != "")) == 1


def test_every_answer_goes_and_the_certificate_says_how_many(
    session: Session, world: World, steward: Actor
) -> None:
    row = past_loan(session, world)
    before = row.meals
    done = less(session, steward, Question.NOTE)
    session.expire_all()
    assert (row.note, row.meals) == ("", before)
    certificate = done.certificate or {}
    assert certificate["removed"] == [
        {"table": "booking_series", "column": "note", "values": 0, "rows": 0},
        {"table": "booking", "column": "note", "values": 1, "rows": 1},
    ]
    assert done.signature is not None
    assert done.signature.value == str(len(canonical(certificate)))
    assert service.choice(session, steward, done.public_id) == done
    [event] = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "collecting.less"))
    assert event.facts == {"question": "note", "values": 1}
    assert Question.NOTE in service.uncollected(session)
    with pytest.raises(Conflict):
        less(session, steward, Question.NOTE)


@pytest.mark.parametrize(
    ("place", "asked"),
    [(place, asked) for asked in ASKED.values() for place in asked.places],
    ids=lambda each: each.name if isinstance(each, Place) else "",
)
def test_each_declared_column_has_its_guard_and_an_id(
    session: Session, engine_name: str, place: Place, asked: object
) -> None:
    table = Base.metadata.tables[place.table]
    assert {"id", place.column, place.by} <= set(table.columns.keys())
    assert any(
        f"uncollected_{place.table}_{place.column}" in each for each in STATEMENTS[engine_name]
    )


def test_the_guards_stand_in_the_database(session: Session, engine_name: str) -> None:
    assert missing_guards(session, engine_name, STATEMENTS) == []


def test_objects_bulk_writes_and_plain_sql_store_nothing_afterwards(
    session: Session, world: World, steward: Actor
) -> None:
    [kept, other, third] = units(session, world)
    less(session, steward, Question.UNIT_NOTE)
    kept.note = "par l’objet"
    session.flush()
    session.execute(sa.update(Unit).where(Unit.id == other.id).values(note="par une mise à jour"))
    session.execute(sa.text("UPDATE unit SET note = 'en SQL' WHERE id = :id"), {"id": third.id})
    session.execute(
        sa.insert(Unit),
        [
            {
                "public_id": new_public_id(),
                "listing_id": kept.listing_id,
                "code": f"D-{n}",
                "note": "en masse",
                "created_at": NOW,
            }
            for n in range(3)
        ],
    )
    assert set(session.scalars(sa.text("SELECT note FROM unit"))) == {""}
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 6


def test_other_columns_of_the_row_are_written_as_before(
    session: Session, world: World, steward: Actor
) -> None:
    [row, *_] = units(session, world, 1)
    less(session, steward, Question.UNIT_NOTE)
    session.execute(sa.update(Unit).values(code="Z-9", note="rien"))
    session.expire_all()
    assert (row.code, row.note) == ("Z-9", "")


def test_a_dataset_or_a_loan_under_way_keeps_a_question(
    session: Session, world: World, steward: Actor
) -> None:
    with pytest.raises(Refused, match="dataset_needs_it"):
        less(session, steward, Question.MEALS)
    running = world.booking(world.listing(), span(1))
    running.note = "Demandez Zoé"
    session.flush()
    with pytest.raises(Refused, match="loans_need_it"):
        less(session, steward, Question.NOTE)
    session.refresh(running)
    assert running.note == "Demandez Zoé"
    assert service.uncollected(session) == frozenset()
    running.note = ""
    session.flush()
    assert less(session, steward, Question.NOTE).collects is False


def test_a_question_is_asked_again_with_its_three_answers(
    session: Session, world: World, steward: Actor
) -> None:
    with pytest.raises(Conflict):
        again(session, steward, Question.NOTE, ANSWERS)
    row = past_loan(session, world)
    less(session, steward, Question.NOTE)
    wrong = Answers(ANSWERS.purpose, Keep.LOG, Seen.EVERYBODY)
    with pytest.raises(Refused) as refused:
        again(session, steward, Question.NOTE, wrong)
    assert [reason.field for reason in refused.value.reasons] == ["keep", "seen"]
    told = again(session, steward, Question.NOTE, ANSWERS)
    assert told.answers == ANSWERS
    assert service.uncollected(session) == frozenset()
    row.note = "De nouveau"
    session.flush()
    session.refresh(row)
    assert row.note == "De nouveau"
    assert [each.collects for each in service.choices(session, steward)] == [True, False]
    names = sa.select(AuditEvent.name).where(AuditEvent.subject_kind == "collection_choice")
    assert set(session.scalars(names)) == {"collecting.less", "collecting.again"}


def test_decisions_are_only_added_to(session: Session, world: World, steward: Actor) -> None:
    less(session, steward, Question.TRIP_NOTE)
    session.commit()
    for deed in (sa.delete(CollectionChoice), sa.update(CollectionChoice).values(collects=True)):
        with pytest.raises(DatabaseError, match="append_only"):
            session.execute(deed)
        session.rollback()


def test_only_who_keeps_registers_may(session: Session, world: World, steward: Actor) -> None:
    coordinator = world.person(role=Role.COORDINATOR)
    for deed in (
        lambda: less(session, coordinator, Question.TRIP_NOTE),
        lambda: again(session, coordinator, Question.TRIP_NOTE, ANSWERS),
        lambda: service.effect_of(session, coordinator, Question.NOTE),
        lambda: service.questions(session, coordinator),
        lambda: service.question_facts(session, coordinator, Question.NOTE),
        lambda: service.choices(session, coordinator),
        lambda: service.choice(session, coordinator, "x"),
        lambda: service.report(session, coordinator, (), now=NOW),
    ):
        with pytest.raises(Forbidden):
            deed()
    with pytest.raises(NotFound):
        service.choice(session, steward, "x")


def test_the_report_counts_what_people_leave_empty(
    session: Session, world: World, steward: Actor
) -> None:
    made = units(session, world, 60)
    for row in made[1:]:
        row.note = ""
    session.flush()
    found = service.report(session, steward, (), now=NOW)
    told = {(each.table, each.column): (each.filled, each.rows) for each in found.empty}
    assert told[("unit", "note")] == (1, 60)
    for row in made[1:3]:
        row.note = "rayée"
    session.flush()
    found = service.report(session, steward, (), now=NOW)
    assert ("unit", "note") not in {(each.table, each.column) for each in found.empty}
    assert {each.table for each in found.unused} > {"booking", "trip"}
    assert "loan_payment" not in {each.table for each in found.unused}
