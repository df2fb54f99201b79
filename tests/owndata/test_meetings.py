"""Moments with somebody who helps: offered, taken once, cancelled, forgotten; and their letters."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.counts import counted
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.owndata import service
from mutuali.owndata.jobs import tick
from mutuali.owndata.models import HelpMeeting, HelpSlot
from mutuali.owndata.rules import MOST_A_DAY, MeetingDraft, OfferDraft, WhoCalls
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, at
from tests.owndata.made import CALLED, TOMORROW, helper, meet


@pytest.fixture
def manager(world: World) -> Actor:
    return world.member(world.organization("La Corbeille")[0])


def _count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def _offer(session: Session, actor: Actor, draft: OfferDraft = TOMORROW) -> int:
    ids = [new_public_id() for _slot in range(MOST_A_DAY)]
    return service.offer(session, actor, draft, public_ids=ids, now=NOW)


def test_moments_are_offered_once_and_come_back_when_offered_again(
    session: Session, world: World, manager: Actor
) -> None:
    steward = helper(world)
    assert _offer(session, steward) == 0
    first, second = service.free_slots(session, manager, now=NOW)
    assert first.period.start == at(1, 1)
    assert first.period.length == timedelta(minutes=20)
    assert second.period.start - first.period.start == timedelta(minutes=30)
    assert (first.helper, first.may_call) == ("Camille Aide", True)
    service.withdraw_slot(session, steward, first.public_id, now=NOW)
    assert service.free_slots(session, manager, now=NOW) == [second]
    assert _offer(session, steward) == 1
    assert len(service.free_slots(session, manager, now=NOW)) == 2
    assert _count(session, HelpSlot) == 2


def test_only_who_helps_offers_and_only_who_manages_takes(
    session: Session, world: World, manager: Actor
) -> None:
    coordinator = world.person(role=Role.COORDINATOR)
    assert _offer(session, coordinator) == 2
    with pytest.raises(Forbidden):
        _offer(session, manager)
    slot = service.free_slots(session, manager, now=NOW)[0].public_id
    with pytest.raises(NotFound):
        service.withdraw_slot(session, world.person(role=Role.STEWARD), slot, now=NOW)
    member = world.member(manager.organization_id or 0, Role.MEMBER)
    with pytest.raises(Forbidden):
        meet(session, member, slot)
    with pytest.raises(Forbidden):
        service.free_slots(session, member, now=NOW)


def test_a_moment_is_taken_by_one_and_the_next_is_told_what_is_free(
    session: Session, world: World, manager: Actor
) -> None:
    steward = helper(world)
    first, second = service.free_slots(session, manager, now=NOW)
    meet(session, manager, first.public_id)
    other = world.member(world.organization()[0])
    with pytest.raises(Conflict) as refused:
        meet(session, other, first.public_id)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == ("meeting.taken", "slot")
    assert reason.params == {"free": (second.period.start,)}
    meet(session, other, second.public_id)
    third = world.member(world.organization()[0])
    with pytest.raises(Conflict) as refused:
        meet(session, third, second.public_id)
    assert refused.value.reasons[0].code == "meeting.none_left"
    assert [each.meeting is not None for each in service.offered(session, steward, now=NOW)] == [
        True,
        True,
    ]
    assert counted(session, (service.count_meetings,), steward, NOW) == [2]
    assert counted(session, (service.count_meetings,), manager, NOW) == [0]
    assert counted(session, (service.count_meetings,), steward, at(2)) == [0]


def test_the_database_itself_lets_a_moment_be_taken_once(
    session: Session, world: World, manager: Actor
) -> None:
    helper(world)
    meet(session, manager, service.free_slots(session, manager, now=NOW)[0].public_id)
    row = session.scalars(sa.select(HelpMeeting)).one()
    twin = {
        "slot_id": row.slot_id,
        "organization_id": row.organization_id,
        "person_id": row.person_id,
        "topic": "",
        "created_at": NOW,
    }
    session.add(HelpMeeting(public_id=new_public_id(), cancelled_at=NOW, **twin))
    session.flush()
    session.add(HelpMeeting(public_id=new_public_id(), **twin))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_an_organization_has_one_meeting_to_come(
    session: Session, world: World, manager: Actor
) -> None:
    helper(world)
    first, second = service.free_slots(session, manager, now=NOW)
    meet(session, manager, first.public_id)
    with pytest.raises(Conflict) as refused:
        meet(session, manager, second.public_id)
    assert refused.value.reasons[0].code == "meeting.one_at_a_time"
    over = first.period.end
    assert service.meeting_of(session, manager, manager.organization_id or 0, now=over) is None


@pytest.mark.parametrize(
    ("changed", "call_at", "field"),
    [
        ({"topic": ""}, "1", "topic"),
        ({"phone": ""}, "1", "phone"),
        ({"who_calls": WhoCalls.US, "phone": ""}, "", "who_calls"),
    ],
)
def test_what_is_missing_is_said_and_the_moment_stays_free(
    session: Session,
    world: World,
    manager: Actor,
    changed: dict[str, object],
    call_at: str,
    field: str,
) -> None:
    helper(world, replace(TOMORROW, call_at=call_at))
    slot = service.free_slots(session, manager, now=NOW)[0].public_id
    draft: MeetingDraft = replace(CALLED, **changed)  # type: ignore[arg-type]
    with pytest.raises(Refused) as refused:
        meet(session, manager, slot, draft)
    assert [each.field for each in refused.value.reasons] == [field]
    assert len(service.free_slots(session, manager, now=NOW)) == 2


def test_either_may_cancel_until_it_begins_and_nobody_else(
    session: Session, world: World, manager: Actor
) -> None:
    steward = helper(world)
    slot = service.free_slots(session, manager, now=NOW)[0]
    for who in (manager, steward):
        made = meet(session, manager, slot.public_id)
        stranger = world.member(world.organization()[0])
        for other in (stranger, world.person(role=Role.STEWARD)):
            with pytest.raises(NotFound):
                service.cancel(session, other, made, now=NOW)
            with pytest.raises(NotFound):
                service.meeting(session, other, made)
        assert service.meeting(session, who, made).phone == CALLED.phone
        with pytest.raises(Conflict):
            service.cancel(session, who, made, now=slot.period.start)
        service.cancel(session, who, made, now=slot.period.start - timedelta(seconds=1))
        with pytest.raises(NotFound):
            service.cancel(session, who, made, now=NOW)
        assert slot in service.free_slots(session, manager, now=NOW)


def test_a_moment_that_is_withdrawn_takes_its_meeting_along(
    session: Session, world: World, manager: Actor
) -> None:
    steward = helper(world)
    slot = service.free_slots(session, manager, now=NOW)[0]
    meet(session, manager, slot.public_id)
    with pytest.raises(Conflict):
        service.withdraw_slot(session, steward, slot.public_id, now=slot.period.start)
    service.withdraw_slot(session, steward, slot.public_id, now=NOW)
    assert service.meeting_of(session, manager, manager.organization_id or 0, now=NOW) is None
    assert slot not in service.free_slots(session, manager, now=NOW)


def test_what_is_past_is_not_offered_and_ends_a_week_later(
    session: Session, world: World, manager: Actor
) -> None:
    helper(world)
    first, second = service.free_slots(session, manager, now=NOW)
    meet(session, manager, first.public_id)
    assert service.free_slots(session, manager, now=first.period.start) == [second]
    with pytest.raises(Conflict):
        meet(session, world.member(world.organization()[0]), second.public_id, now=at(2))
    week = timedelta(days=7)
    service.forget_meetings(session, now=first.period.start + week)
    assert _count(session, HelpMeeting) == 1
    service.forget_meetings(session, now=first.period.start + week + timedelta(seconds=1))
    assert (_count(session, HelpMeeting), _count(session, HelpSlot)) == (0, 1)


def test_whoever_is_erased_leaves_no_meeting(
    session: Session, world: World, manager: Actor
) -> None:
    steward = helper(world)
    first, second = service.free_slots(session, manager, now=NOW)
    meet(session, manager, first.public_id)
    other = world.member(world.organization()[0])
    meet(session, other, second.public_id)
    held = service.held_about_person(session, manager.person_id or 0)
    assert [row["phone"] for each in held for row in each.rows] == [CALLED.phone]
    told = service.held_about_organization(session, manager.organization_id or 0)
    assert [each.table for each in told if each.rows] == ["help_meeting"]
    service.forget_person(session, manager.person_id or 0)
    assert _count(session, HelpMeeting) == 1
    service.forget_person(session, steward.person_id or 0)
    assert (_count(session, HelpMeeting), _count(session, HelpSlot)) == (0, 0)


def _letters(app: Flask) -> Iterator[EmailMessage]:
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    folder = Path(app.config["SETTINGS"].mail_url.removeprefix("file:"))
    for file in sorted(folder.glob("*.eml")) if folder.exists() else ():
        yield message_from_bytes(file.read_bytes(), policy=policy.default)
        file.unlink()


def _agenda(letter: EmailMessage) -> tuple[str, str]:
    (part,) = letter.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_filename() == "mutuali.ics"
    (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
    return str(event["status"]), str(event["uid"])


def test_both_are_told_with_a_file_for_the_agenda_and_without_the_number(
    app: Flask, session: Session
) -> None:
    now = utc_now()
    world = World(session, now)
    manager = world.member(world.organization("La Corbeille")[0])
    day = date.fromordinal(now.date().toordinal() + 3)
    steward = helper(world, OfferDraft(day, time(9), time(10), "514 555-0142"), now=now)
    slot = service.free_slots(session, manager, now=now)[0]
    made = meet(session, manager, slot.public_id, now=now)
    session.commit()
    letters = list(_letters(app))
    assert len({letter["To"] for letter in letters}) == 2
    for letter in letters:
        body = letter.get_body().get_content()  # type: ignore[union-attr]
        assert CALLED.topic in body
        assert "514" not in body
        assert _agenda(letter) == ("CONFIRMED", f"{made}@mutuali")
    told = " ".join(letter.get_body().get_content() for letter in letters)  # type: ignore[union-attr]
    assert told.count("C’est vous qui appelez.") == told.count("On vous appelle.") == 1
    service.cancel(session, steward, made, now=now)
    session.commit()
    letters = list(_letters(app))
    assert [_agenda(letter)[0] for letter in letters] == ["CANCELLED", "CANCELLED"]
    assert all("annulée" in str(letter["Subject"]) for letter in letters)


def test_nobody_is_told_of_a_meeting_that_was_cancelled_meanwhile(
    app: Flask, session: Session
) -> None:
    now = utc_now()
    world = World(session, now)
    manager = world.member(world.organization()[0])
    day = date.fromordinal(now.date().toordinal() + 3)
    helper(world, OfferDraft(day, time(9), time(10)), now=now)
    slot = service.free_slots(session, manager, now=now)[0]
    service.cancel(session, manager, meet(session, manager, slot.public_id, now=now), now=now)
    session.commit()
    assert all("annulée" in str(letter["Subject"]) for letter in _letters(app))


def test_the_job_of_the_week_ends_what_is_past(app: Flask, session: Session, world: World) -> None:
    helper(world)
    session.commit()
    tick(session, {}, at(9))
    assert _count(session, HelpSlot) == 0
