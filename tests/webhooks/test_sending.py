"""What is told to whom, in which order, how often, and never to an address inside."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.equipment import service as equipment
from mutuali.jobs.jobs import HANDLERS_KEY, Staged, run_once, work_through
from mutuali.jobs.models import Job
from mutuali.web.secrets import new_public_id, sealed
from mutuali.webhooks import service
from mutuali.webhooks.models import Webhook, WebhookDelivery
from mutuali.webhooks.rules import (
    MOST_HOOKS,
    WAITS,
    About,
    PausedBecause,
    address_seal,
    new_secret,
    secret_seal,
)
from tests.factories import World
from tests.trips.made import Shared, joiner, shared
from tests.webhooks.made import ADDRESS, Program, documented, listening

SECRET, NEWER = new_secret(b"a" * 32), new_secret(b"b" * 32)
ALL = frozenset(About)


@pytest.fixture
def truck(world: World) -> Shared:
    """A booked truck, by the clock of the jobs."""
    world.now = datetime.now(UTC) - timedelta(minutes=1)
    made = shared(world)
    world.session.execute(sa.delete(Job))
    return made


@pytest.fixture
def program(app: Flask) -> Iterator[Program]:
    with listening(app) as program:
        yield program


def add(
    app: Flask, session: Session, who: Actor, events: frozenset[About] = ALL, host: str = ""
) -> str:
    public_id = new_public_id()
    address = f"https://{host}/x" if host else ADDRESS
    with app.app_context():
        draft = service.HookDraft(
            host or "logiciel.example",
            events,
            sealed(address, address_seal(public_id)),
            sealed(SECRET, secret_seal(public_id)),
        )
    service.add_hook(
        session,
        who,
        who.organization_id or 0,
        draft,
        public_id=public_id,
        now=datetime.now(UTC),
    )
    session.commit()
    return public_id


def try_out(session: Session, who: Actor, hook: str, times: int = 1) -> list[str]:
    """Have so many tests told; their ids, in order."""
    ids = []
    for _ in range(times):
        ids.append(new_public_id())
        service.send_test(
            session,
            who,
            who.organization_id or 0,
            hook,
            message_id=ids[-1],
            now=datetime.now(UTC),
        )
    session.commit()
    return ids


def sent(session: Session, who: Actor, hook: str) -> list[service.DeliveryFacts]:
    session.expire_all()
    found = service.deliveries_of(session, who, who.organization_id or 0, hook)
    session.commit()
    return list(reversed(found))


def seen(session: Session, who: Actor, hook: str) -> service.HookFacts:
    session.expire_all()
    found = service.hook(session, who, who.organization_id or 0, hook)
    session.commit()
    return found


def make_due(session: Session) -> None:
    """The wait is over: what is planned for later is due now."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    session.execute(sa.update(WebhookDelivery).values(due_at=past))
    session.execute(sa.update(Job).where(Job.state == "waiting").values(due_at=past))
    session.commit()


def test_a_step_is_told_to_both_parties_in_ids_and_states_and_to_nobody_else(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    world = truck.world
    for who in (truck.giver, truck.taker, joiner(world)):
        add(app, session, who)
    add(app, session, truck.giver, frozenset({About.OUTAGE}))
    bookings.cancel(
        session, truck.taker, truck.booking.public_id, reason="Zoé-canari", now=datetime.now(UTC)
    )
    session.commit()
    work_through(app)
    told = [json.loads(each.body) for each in program.heard]
    assert {each["type"] for each in told} == {"booking.cancel"}
    assert sorted(each["data"]["as"] for each in told) == ["borrower", "lender"]
    data = told[0]["data"]
    assert set(data) == {"as", "booking", "listing", "step", "state"}
    assert (data["booking"], data["state"]) == (truck.booking.public_id, "cancelled")
    everything = b" ".join(each.body for each in program.heard).decode()
    for name in ("canari", "La Corbeille", "Moisson Nord", "rue", "exemple.org"):
        assert name not in everything
    verify = documented()
    assert all(verify(SECRET, each.headers, each.body) for each in program.heard)


def test_trips_outages_and_reports_are_told_as_they_happen(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    who = joiner(truck.world)
    add(app, session, truck.taker, frozenset({About.TRIP}))
    add(app, session, truck.giver, frozenset({About.OUTAGE}))
    now = datetime.now(UTC)
    truck.offer(now=now)
    place, _ = truck.ask(who, note="mot-canari", now=now)
    truck.accept(place, now=now)
    listing = truck.booking.listing_id
    outage = new_public_id()
    draft = equipment.OutageDraft(1, now, reason="panne-canari")
    equipment.take_out(session, truck.giver, listing, draft, public_id=outage, now=now)
    equipment.put_back(session, truck.giver, outage, now=now + timedelta(seconds=1))
    session.commit()
    make_due(session)
    work_through(app)
    told = {json.loads(each.body)["type"]: json.loads(each.body)["data"] for each in program.heard}
    assert sorted(told) == [
        "outage.began",
        "outage.ended",
        "trip.offered",
        "trip.place_accepted",
        "trip.place_asked",
    ]
    assert told["trip.place_accepted"] == {
        "trip": truck.id,
        "state": "open",
        "place": place,
        "place_state": "accepted",
    }
    assert "canari" not in b" ".join(each.body for each in program.heard).decode()


def test_what_does_not_arrive_is_tried_again_and_the_others_wait_behind_it(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    program.statuses = [500, 302]
    ids = try_out(session, truck.giver, hook, times=3)
    work_through(app)
    assert program.ids == ids[:1]
    first, *others = sent(session, truck.giver, hook)
    assert (first.status, first.attempts, first.state.value) == (500, 1, "waiting")
    assert first.tried_at is not None
    assert first.due_at - first.tried_at == WAITS[0]
    assert {each.attempts for each in others} == {0}
    make_due(session)
    work_through(app)
    assert program.ids == [ids[0], ids[0]]
    make_due(session)
    work_through(app)
    assert program.ids == [ids[0], ids[0], *ids]
    assert {each.state.value for each in sent(session, truck.giver, hook)} == {"delivered"}
    assert seen(session, truck.giver, hook).waiting == 0


def test_after_the_last_attempt_the_hook_is_paused_its_managers_told_and_nothing_is_lost(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    truck.world.member(truck.giver.organization_id or 0, Role.MEMBER)
    hook = add(app, session, truck.giver)
    program.statuses = [503] * (len(WAITS) + 1)
    ids = try_out(session, truck.giver, hook, times=2)
    for n in range(len(WAITS) + 1):
        assert seen(session, truck.giver, hook).paused_at is None, n
        make_due(session)
        work_through(app)
    assert program.ids == [ids[0]] * (len(WAITS) + 1)
    found = seen(session, truck.giver, hook)
    assert (found.paused_because, found.waiting) == (PausedBecause.FAILING, 1)
    assert [each.state.value for each in sent(session, truck.giver, hook)] == ["failed", "waiting"]
    readers = session.scalars(sa.select(Job.arguments).where(Job.kind == "webhooks.tell")).all()
    assert [each["reader"] for each in readers if "reader" in each] == [truck.giver.person_id]
    session.commit()
    with pytest.raises(Conflict):
        try_out(session, truck.giver, hook)
    session.rollback()
    organization = truck.giver.organization_id or 0
    service.resume(session, truck.giver, organization, hook, now=datetime.now(UTC))
    session.commit()
    work_through(app)
    assert program.ids[-1] == ids[1]
    service.send_again(session, truck.giver, organization, hook, ids[0], now=datetime.now(UTC))
    session.commit()
    work_through(app)
    assert program.ids[-1] == ids[0]
    assert {each.state.value for each in sent(session, truck.giver, hook)} == {"delivered"}


def test_an_address_that_is_gone_is_asked_once(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    program.statuses = [410]
    try_out(session, truck.giver, hook)
    work_through(app)
    assert len(program.heard) == 1
    assert seen(session, truck.giver, hook).paused_because is PausedBecause.GONE


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["192.168.1.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
    ],
)
def test_no_address_inside_is_ever_called(
    app: Flask, session: Session, program: Program, truck: Shared, addresses: list[str]
) -> None:
    hook = add(app, session, truck.giver)
    program.addresses = [addresses]
    try_out(session, truck.giver, hook)
    work_through(app)
    assert (program.opened, program.heard) == ([], [])
    (found,) = sent(session, truck.giver, hook)
    assert found.problem is not None
    assert (found.problem.code, found.state.value) == ("outside.internal", "waiting")


def test_a_name_that_changes_its_mind_between_two_attempts_leads_nowhere_inside(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    program.addresses = [["93.184.215.14"], ["127.0.0.1"]]
    program.statuses = [500]
    try_out(session, truck.giver, hook)
    work_through(app)
    make_due(session)
    work_through(app)
    assert program.opened == ["93.184.215.14"]
    (found,) = sent(session, truck.giver, hook)
    assert found.problem is not None
    assert (found.attempts, found.problem.code) == (2, "outside.internal")


def test_a_consumer_killed_after_sending_sends_again_under_the_same_id(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    (id_,) = try_out(session, truck.giver, hook)
    handlers = app.extensions[HANDLERS_KEY]
    whole = handlers["webhooks.send"]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    handlers["webhooks.send"] = Staged(whole.read, whole.compute, killed)
    session.execute(sa.delete(Job).where(Job.kind != "webhooks.send"))
    session.commit()
    with pytest.raises(KeyboardInterrupt):
        run_once(app, handlers)
    handlers["webhooks.send"] = whole
    assert program.ids == [id_]
    work_through(app)
    assert program.ids == [id_]  # its lease still runs
    session.execute(
        sa.update(Job)
        .where(Job.state == "running")
        .values(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    )
    session.commit()
    work_through(app)
    assert program.ids == [id_, id_]
    assert [e.state.value for e in sent(session, truck.giver, hook)] == ["delivered"]


def test_a_new_secret_signs_at_once_and_the_one_before_for_a_day(
    app: Flask, session: Session, program: Program, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    organization = truck.giver.organization_id or 0
    with app.app_context():
        newer = sealed(NEWER, secret_seal(hook))
    service.change_secret(session, truck.giver, organization, hook, newer, now=datetime.now(UTC))
    try_out(session, truck.giver, hook)
    work_through(app)
    session.execute(sa.update(Webhook).values(former_until=datetime.now(UTC)))
    try_out(session, truck.giver, hook)
    work_through(app)
    verify = documented()
    first, second = program.heard
    assert verify(SECRET, first.headers, first.body)
    assert verify(NEWER, first.headers, first.body)
    assert not verify(SECRET, second.headers, second.body)
    assert verify(NEWER, second.headers, second.body)
    session.expire_all()
    assert session.scalars(sa.select(Webhook.former_secret)).one() is None


def test_only_managers_keep_hooks_and_only_their_own(
    app: Flask, session: Session, truck: Shared
) -> None:
    hook = add(app, session, truck.giver)
    organization = truck.giver.organization_id or 0
    member = truck.world.member(organization, Role.MEMBER)
    with pytest.raises(Forbidden):
        service.hooks_of(session, member, organization)
    with pytest.raises(Forbidden):
        service.hook(session, truck.taker, organization, hook)
    with pytest.raises(NotFound):
        service.hook(session, truck.taker, truck.taker.organization_id or 0, hook)
    with pytest.raises(Refused) as refused:
        add(app, session, truck.giver, frozenset())
    assert refused.value.reasons[0].code == "webhook.no_event"
    for _ in range(MOST_HOOKS - 1):
        add(app, session, truck.giver)
    with pytest.raises(Refused) as refused:
        add(app, session, truck.giver)
    assert refused.value.reasons[0].code == "webhook.too_many"
    service.remove_hook(session, truck.giver, organization, hook, now=truck.world.now)
    assert len(service.hooks_of(session, truck.giver, organization)) == MOST_HOOKS - 1
