"""An employer learns nothing of what a member answered: not from any page, answer or count."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.bookings.rules import State
from mutuali.consent import service
from mutuali.consent.rules import Answer, Purpose, Subject
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.organizations import service as organizations
from tests.consent.made import Table, published, set_table
from tests.factories import World, span

#: What differs between two readings of the same page: tokens against forgery and double clicks.
#: A new secret at each look, and files that hold when they were made (their pages are read too).
_NEW_EACH_TIME = re.compile(r"/compte/deuxieme-etape/.*|.*\.(zip|pdf)")
#: And the time that a form proposes, or a feed was read: now. And how long the check-in was looked
#: at, which is counted while these pages are read.
_ONCE = re.compile(
    r'"(?:made|seen)_at": ?"[^"]*"|"last_updated": ?"[^"]*"|"seconds": ?\d+|'
    r'name="(?:_once|csrf_token|token)" value="[^"]*"|<input[^>]* type="time"[^>]*>'
)


def read(client: FlaskClient, headers: dict[str, str], known: list[str]) -> dict[str, str]:
    """Every address that may be read, with each id that a manager could know in each place."""
    found = {}
    for rule in client.application.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        path = re.sub(r"<int:[^>]+>", "1", rule.rule)
        if _NEW_EACH_TIME.fullmatch(path):
            continue
        for id_ in known if "<" in path else [""]:
            address = re.sub(r"<[^>]+>", id_, path)
            answer = client.get(address, headers=headers if address.startswith("/api/") else {})
            found[address] = f"{answer.status_code} {_ONCE.sub('', answer.data.decode('latin-1'))}"
    return found


@pytest.mark.parametrize("answer", [Answer.GIVEN, Answer.REFUSED])
def test_nothing_that_a_manager_reads_changes_when_a_member_answers(
    app: Flask, client: FlaskClient, session: Session, answer: Answer
) -> None:
    world = World(session, datetime.now(UTC))
    table: Table = set_table(world)
    organization = world.organization("La Corbeille")[0]
    manager = world.member(organization)
    member = world.member(organization, Role.MEMBER)
    others = [world.member(organization, Role.MEMBER) for _ in range(4)]
    notices = [
        published(session, table, Purpose.SHARING_STUDY, subject=subject, now=world.now)
        for subject in Subject
    ]
    for other in others:  # The next yes is the fifth: a band would turn.
        service.answer_own(session, other, notices[1], Answer.GIVEN, now=world.now)
    listing = world.listing(units=3)
    soon = Period(world.now + timedelta(days=2), world.now + timedelta(days=2, hours=2))
    booking = world.booking(listing, soon, borrower=member)
    known = [
        *(*notices, listing, booking.public_id),
        session.scalars(select(Person.public_id).where(Person.id == member.person_id)).one(),
        organizations.organization(session, organization).public_id,
    ]
    world.sign_in(client, manager)
    headers = {"Authorization": f"Bearer {world.api_token(manager)}"}
    # The first look of a month begins its check-in, which then waits under À faire.
    read(client, headers, known)
    before = read(client, headers, known)
    service.answer_own(session, member, notices[1], answer, now=datetime.now(UTC))
    session.commit()
    after = read(client, headers, known)
    assert len(before) > 150
    assert sum(text.startswith("200") for text in before.values()) > 30
    assert {address for address in before if before[address] != after[address]} == set()
    world.sign_in(client, member)
    assert read(client, {}, known[:2])["/compte/consentements"] != before["/compte/consentements"]


@pytest.mark.parametrize("answer", [None, *Answer])
def test_no_loan_hangs_on_an_answer(session: Session, world: World, answer: Answer | None) -> None:
    table = set_table(world)
    person: Actor = world.member(world.organization()[0], Role.MEMBER)
    notice = published(session, table, subject=Subject.PERSON)
    if answer is Answer.WITHDRAWN:
        service.answer_own(session, person, notice, Answer.GIVEN, now=world.now)
    if answer is not None:
        service.answer_own(session, person, notice, answer, now=world.now)
    booking = world.booking(world.listing(), span(2), borrower=person)
    assert booking.state == State.REQUESTED
