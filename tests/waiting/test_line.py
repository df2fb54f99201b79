"""A line for a listing and a span: first come first asked, nobody seen, nothing booked alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import Ask, Purpose, State
from mutuali.bookings.rules.recurrence import Frequency, Recurrence
from mutuali.bookings.rules.series import Take
from mutuali.bookings.service import series as serial
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from mutuali.jobs.models import Job
from mutuali.organizations.rules import DocumentKind, Need
from mutuali.waiting import jobs, service
from mutuali.waiting.models import WaitingEntry
from mutuali.waiting.rules import MOST_WAITING, WaitingState, asked_until
from mutuali.web.secrets import new_public_id
from tests.accounts.test_views import mails
from tests.factories import NOW, World, at, span
from tests.how_many import how_many


class Line:
    """One truck that somebody has on day two, and people who would like it."""

    def __init__(self, world: World, *, units: int = 1) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization()
        self.giver = world.member(self.lender[0])
        self.truck = world.listing(self.lender, units=units, approver=Approver.NOBODY)
        self.listing_id = equipment.listing_id_of(self.session, self.truck)
        self.has_it = world.booking(self.truck, span(2, 4), units=units)

    def member(self) -> Actor:
        return self.world.member(self.world.organization()[0])

    def join(
        self, actor: Actor | None = None, period: Period | None = None, units: int = 1
    ) -> Actor:
        actor = actor or self.member()
        draft = service.WaitDraft(units, period or span(2), Purpose.FOOD_DELIVERY)
        service.join(
            self.session,
            actor,
            actor.organization_id or 0,
            self.truck,
            draft,
            public_id=new_public_id(),
            now=self.world.now,
        )
        return actor

    def states(self) -> list[str]:
        query = sa.select(WaitingEntry.state).order_by(WaitingEntry.id)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))

    def cancel(self) -> None:
        bookings.cancel(self.session, self.giver, self.has_it.public_id, now=self.world.now)

    def ask(self, now: datetime = NOW) -> int:
        return service.ask_waiting(self.session, self.listing_id, now=now)

    def mine(self, actor: Actor, now: datetime = NOW) -> list[service.WaitingFacts]:
        return service.waiting(self.session, actor, now=now)


@pytest.fixture
def line(world: World) -> Line:
    return Line(world)


def test_the_first_in_line_is_asked_once_units_come_free_and_nobody_else(line: Line) -> None:
    first, second = line.join(), line.join()
    assert line.ask() == 0
    line.cancel()
    assert line.ask() == 1
    assert line.states() == ["asked", "waiting"]
    assert line.ask() == 0
    assert how_many(service.count_asked, line.session, first, NOW) == 1
    assert how_many(service.count_asked, line.session, second, NOW) == 0
    letters = line.session.scalars(sa.select(Job).where(Job.kind == "waiting.tell")).all()
    assert [job.arguments["entry"] for job in letters] == [line.mine(first)[0].id]
    assert line.session.scalar(sa.select(sa.func.count(Booking.id))) == 1


def test_who_has_their_turn_makes_the_ordinary_request_in_one_tap(line: Line) -> None:
    first = line.join()
    line.cancel()
    line.ask()
    entry = line.mine(first)[0]
    booking = service.request(
        line.session, first, entry.public_id, booking_public_id=new_public_id(), now=NOW
    )
    row = line.session.scalars(sa.select(Booking).where(Booking.public_id == booking)).one()
    assert (row.state, row.units, row.borrower_id) == (
        State.APPROVED,
        1,
        first.organization_id,
    )
    assert line.mine(first) == []
    names = line.session.scalars(
        sa.select(AuditEvent.name).where(AuditEvent.subject_kind == "waiting")
    ).all()
    assert names == ["waiting.joined", "waiting.asked", "waiting.requested"]


def test_a_turn_that_nobody_takes_passes_to_the_next(line: Line) -> None:
    first, second = line.join(), line.join()
    line.cancel()
    line.ask()
    later = NOW + timedelta(hours=24)
    assert service.end_turns(line.session, now=later - timedelta(minutes=1)) == 0
    assert service.end_turns(line.session, now=later) == 1
    assert line.ask(later) == 1
    assert line.states() == ["passed", "asked"]
    assert how_many(service.count_asked, line.session, second, later) == 1
    # Who let it pass may still ask while it is free, and may stand in line again, at the end.
    assert line.mine(first, later)[0].state is WaitingState.PASSED


def test_somebody_behind_is_asked_where_it_does_not_fit_those_before(world: World) -> None:
    line = Line(world, units=4)
    large, small, other = line.member(), line.member(), line.member()
    line.join(large, units=4)
    line.join(small, units=2)
    line.join(other, units=3)
    bookings.cancel(line.session, line.giver, line.has_it.public_id, now=NOW)
    world.booking(line.truck, span(2, 1), units=1)
    assert line.ask() == 1
    assert line.states() == ["waiting", "asked", "waiting"]


def brute_force(
    units: int, taken: Sequence[tuple[int, int, int]], asks: Sequence[tuple[int, int, int]]
) -> list[bool]:
    """Hour by hour: who fits, in order, each that does taking its units."""
    level = [0] * 30
    for count, start, length in taken:
        for hour in range(start, start + length):
            level[hour] += count
    found = []
    for count, start, length in asks:
        hours = range(start, start + length)
        fits = all(level[hour] + count <= units for hour in hours)
        for hour in hours if fits else ():
            level[hour] += count
        found.append(fits)
    return found


_WANTS = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 12), st.integers(1, 8)), min_size=1, max_size=6
)


def test_who_fits_is_what_counting_hour_by_hour_says(world: World) -> None:
    listing = world.listing(units=4, approver=Approver.NOBODY)
    listing_id = equipment.listing_id_of(world.session, listing)
    borrowers = [world.organization()[0] for _ in range(6)]

    def ask(n: int, want: tuple[int, int, int]) -> Ask:
        count, start, length = want
        return Ask(borrowers[n], count, span(3 + start / 24, length))

    @given(asked=_WANTS, waiting=_WANTS)
    def holds(asked: list[tuple[int, int, int]], waiting: list[tuple[int, int, int]]) -> None:
        before = [ask(n, each) for n, each in enumerate(asked)]
        asks = [ask(n, each) for n, each in enumerate(waiting)]
        found = bookings.possible(world.session, listing_id, asks, before, now=NOW)
        assert found == brute_force(4, asked, waiting)

    holds()


def test_one_waits_only_for_what_units_alone_are_missing_for(line: Line) -> None:
    with pytest.raises(Conflict, match=r"waiting\.free_now"):
        line.join(period=span(9))
    with pytest.raises(Refused, match="in_the_past"):
        line.join(period=span(-1))
    with pytest.raises(Refused, match="own_listing"):
        line.join(line.giver)
    with pytest.raises(Forbidden):
        service.join(
            line.session,
            line.giver,
            line.world.organization()[0],
            line.truck,
            service.WaitDraft(1, span(2), Purpose.OTHER),
            public_id=new_public_id(),
            now=NOW,
        )
    actor = line.join()
    with pytest.raises(Conflict, match=r"waiting\.already"):
        line.join(actor, span(2.05))


def test_an_organization_waits_for_so_many_moments_and_no_more(line: Line) -> None:
    actor = line.member()
    entries = [
        WaitingEntry(
            public_id=new_public_id(),
            listing_id=line.listing_id,
            borrower_id=actor.organization_id,
            units=1,
            starts_at=at(20 + n),
            ends_at=at(20 + n, 1),
            purpose="other",
            joined_at=NOW,
        )
        for n in range(MOST_WAITING)
    ]
    line.session.add_all(entries)
    line.session.flush()
    with pytest.raises(Refused, match=r"waiting\.too_many"):
        line.join(actor)


def test_everything_ends_with_the_span(line: Line) -> None:
    actor = line.join()
    service.end_turns(line.session, now=at(2, -0.5))
    assert len(line.mine(actor)) == 1
    service.end_turns(line.session, now=at(2))
    assert line.states() == []


@given(hours=st.integers(1, 100), lead=st.integers(0, 50))
def test_a_turn_lasts_a_day_or_as_long_as_one_can_still_ask(hours: int, lead: int) -> None:
    start = NOW + timedelta(hours=hours)
    until = asked_until(start, timedelta(hours=lead), NOW)
    able = [h for h in range(25) if NOW + timedelta(hours=h + lead) <= start]
    assert until == (NOW + timedelta(hours=able[-1]) if able else start - timedelta(hours=lead))


def test_leaving_is_one_tap_and_nobody_else_can(line: Line) -> None:
    actor, other = line.join(), line.member()
    entry = line.mine(actor)[0].public_id
    with pytest.raises(NotFound):
        service.leave(line.session, other, entry, now=NOW)
    with pytest.raises(NotFound):
        service.one(line.session, other, entry)
    service.leave(line.session, actor, entry, now=NOW)
    assert line.mine(actor) == []


def test_a_lender_sees_how_many_wait_and_a_stranger_nothing(line: Line) -> None:
    actor = line.join()
    line.join()
    facts = equipment.listing(line.session, line.giver, line.truck)
    assert service.count_waiting(line.session, line.giver, facts, now=NOW) == 2
    assert service.count_waiting(line.session, actor, facts, now=NOW) == 0
    assert len(line.mine(actor)) == 1


@pytest.mark.parametrize("step", ["cancel", "decline", "expire", "take_back", "part_back"])
def test_each_step_that_frees_units_asks_whoever_waits(line: Line, step: str) -> None:
    line.join()
    line.cancel()
    jobs.stepped(line.session, {"booking": line.has_it.id, "step": step}, NOW)
    assert line.states() == ["asked"]


def test_a_step_that_frees_nothing_asks_nobody(line: Line) -> None:
    line.join()
    line.cancel()
    jobs.stepped(line.session, {"booking": line.has_it.id, "step": "hand_over"}, NOW)
    assert line.states() == ["waiting"]


def test_who_asked_for_it_elsewhere_waits_no_more(line: Line) -> None:
    actor = line.join()
    line.cancel()
    made = line.world.booking(line.truck, span(2), borrower=actor)
    jobs.stepped(line.session, {"booking": made.id, "step": "request"}, NOW)
    assert line.states() == []


def test_more_units_and_an_outage_that_ends_are_found_by_looking_at_every_line(
    line: Line,
) -> None:
    line.join()
    jobs.tick(line.session, {}, NOW)
    assert line.states() == ["waiting"]
    facts = equipment.listing(line.session, line.giver, line.truck)
    more = replace(facts.draft, units=2)
    equipment.edit_listing(line.session, line.giver, facts.id, more, version=None, now=NOW)
    jobs.tick(line.session, {}, NOW)
    assert line.states() == ["asked"]


def test_only_the_asked_span_is_looked_at_where_one_is_given(line: Line) -> None:
    line.join()
    line.cancel()
    assert service.ask_waiting(line.session, line.listing_id, span(5), now=NOW) == 0
    assert service.ask_waiting(line.session, line.listing_id, span(2), now=NOW) == 1


def test_who_lacks_a_document_by_then_is_passed_over(line: Line) -> None:
    line.join()
    second = line.join()
    facts = equipment.listing(line.session, line.giver, line.truck)
    need = Need(DocumentKind.INSURANCE)
    strict = replace(facts.draft, demands=(need,))
    equipment.edit_listing(line.session, line.giver, facts.id, strict, version=None, now=NOW)
    line.world.document(second.organization_id or 0, need.kind)
    line.cancel()
    assert line.ask() == 1
    assert line.states() == ["waiting", "asked"]


def test_dates_left_out_of_a_series_join_in_one_tap(line: Line) -> None:
    actor = line.member()
    starts = local(at(2)).replace(tzinfo=None)
    draft = serial.SeriesDraft(
        line.truck,
        1,
        starts,
        starts + timedelta(hours=2),
        Recurrence(Frequency.DAILY, count=3),
        Purpose.FOOD_DELIVERY,
    )
    made = serial.request_series(
        line.session,
        actor,
        actor.organization_id or 0,
        draft,
        take=Take.FREE,
        new_public_id=new_public_id,
        now=NOW,
    )
    assert len(made.left_out) == 1

    def join() -> int:
        return service.join_left_out(
            line.session, actor, made.public_id, new_public_id=new_public_id, now=NOW
        )

    assert join() == 1
    assert [each.period for each in line.mine(actor)] == [span(2)]
    with pytest.raises(Conflict, match="none_of_series"):
        join()
    with pytest.raises(DomainError):
        service.join_left_out(
            line.session, line.giver, made.public_id, new_public_id=new_public_id, now=NOW
        )


def soon(world: World) -> Line:
    """A line in the real present, for pages."""
    world.now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    line = Line.__new__(Line)
    line.world, line.session = world, world.session
    line.lender = world.organization()
    line.giver = world.member(line.lender[0])
    line.truck = world.listing(line.lender, approver=Approver.NOBODY)
    line.listing_id = equipment.listing_id_of(world.session, line.truck)
    start = local(world.now + timedelta(days=2)).replace(hour=9)
    line.has_it = world.booking(line.truck, Period(start, start + timedelta(hours=3)))
    return line


def typed(line: Line) -> dict[str, str]:
    day = local(line.has_it.starts_at).date().isoformat()
    return {"day": day, "starts": "09:00", "ends": "11:00", "purpose": "food_delivery"}


def test_the_page_offers_to_wait_and_the_letter_leads_to_one_tap(
    app: Flask, world: World, client: FlaskClient, tmp_path: Path
) -> None:
    line = soon(world)
    actor = line.member()
    world.sign_in(client, actor)
    form = typed(line)
    refused = client.post(f"/annonces/{line.truck}/demander", data=form)
    assert refused.status_code == 409
    assert f'action="/annonces/{line.truck}/attendre"' in refused.text
    assert 'name="purpose" value="food_delivery"' in refused.text
    joined = client.post(f"/annonces/{line.truck}/attendre", data=form)
    assert joined.headers["Location"] == "/attente"
    shown = client.get("/attente").text
    assert "En attente" in shown
    assert "Demander maintenant" not in shown
    world.session.rollback()
    bookings.cancel(world.session, line.giver, line.has_it.public_id, now=world.now)
    world.session.commit()
    letters = [each for each in mails(app, tmp_path) if "C’est libre" in each[1]]
    assert len(letters) == 1
    assert "http://127.0.0.1/attente" in letters[0][2]
    assert "1 moment que vous attendiez est libre" in client.get("/a-faire").text
    shown = client.get("/attente").text
    assert "Demander maintenant" in shown
    world.session.expire_all()
    entry = world.session.scalars(sa.select(WaitingEntry.public_id)).one()
    world.session.rollback()
    asked = client.post(f"/attente/{entry}/demander")
    assert asked.headers["Location"].startswith("/reservations/")
    assert "Vous n’attendez rien" in client.get("/attente").text


def test_the_api_joins_reads_asks_and_leaves(
    world: World, client: FlaskClient, session: Session
) -> None:
    line = soon(world)
    headers = {"Authorization": f"Bearer {world.api_token(line.member())}"}
    said = {
        "starts_at": line.has_it.starts_at.isoformat(),
        "ends_at": (line.has_it.starts_at + timedelta(hours=2)).isoformat(),
        "purpose": "cooking",
    }
    world.session.rollback()
    address = f"/api/v1/listings/{line.truck}/waiting"
    made = client.post(address, json=said, headers=headers)
    assert made.status_code == 201, made.text
    assert client.post(address, json=said, headers=headers).status_code == 409
    (mine,) = client.get("/api/v1/waiting", headers=headers).get_json() or [{}]
    assert (mine["state"], mine["listing"], mine["units"]) == ("waiting", line.truck, 1)
    tried = client.post(f"/api/v1/waiting/{mine['id']}/request", headers=headers)
    assert tried.status_code == 409
    gone = client.delete(f"/api/v1/waiting/{mine['id']}", headers=headers)
    assert gone.status_code == 204
    assert client.get("/api/v1/waiting", headers=headers).get_json() == []


def _series_without_its_first(line: Line, actor: Actor) -> str:
    """The public id of a series of three days, whose first somebody has already."""
    starts = local(line.has_it.starts_at).replace(tzinfo=None)
    draft = serial.SeriesDraft(
        line.truck,
        1,
        starts,
        starts + timedelta(hours=2),
        Recurrence(Frequency.DAILY, count=3),
        Purpose.FOOD_DELIVERY,
    )
    made = serial.request_series(
        line.session,
        actor,
        actor.organization_id or 0,
        draft,
        take=Take.FREE,
        new_public_id=new_public_id,
        now=line.world.now,
    )
    return made.public_id


def test_a_program_waits_for_what_a_series_left_out(world: World, client: FlaskClient) -> None:
    line = soon(world)
    actor = line.member()
    series = _series_without_its_first(line, actor)
    as_giver, headers = (
        {"Authorization": f"Bearer {world.api_token(each)}"} for each in (line.giver, actor)
    )
    address = f"/api/v1/series/{series}/waiting"
    assert client.post(address, headers=as_giver).status_code == 403
    joined = client.post(address, headers=headers)
    assert (joined.status_code, joined.get_json()) == (201, {"joined": 1})
    (mine,) = client.get("/api/v1/waiting", headers=headers).get_json() or [{}]
    assert mine["listing"] == line.truck
    again = client.post(address, headers=headers)
    assert again.status_code == 409
    assert again.get_json()["reasons"][0]["code"] == "waiting.none_of_series"


def test_the_pages_of_a_listing_and_of_a_series_say_who_waits_and_offer_to(
    world: World, client: FlaskClient
) -> None:
    line = soon(world)
    actor = line.member()
    series = _series_without_its_first(line, actor)
    world.sign_in(client, actor)
    assert "1 date laissée de côté" in client.get(f"/series/{series}").text
    joined = client.post(f"/series/{series}/attendre")
    assert joined.headers["Location"] == "/attente"
    assert "Voir ce que vous attendez" in client.get(f"/annonces/{line.truck}").text
    entry = world.session.scalars(sa.select(WaitingEntry.public_id)).one()
    world.sign_in(client, line.giver)
    lender = client.get(f"/annonces/{line.truck}").text
    assert "1 demande attend un moment de cette annonce." in lender
    assert "Voir ce que vous attendez" not in lender
    assert client.post(f"/attente/{entry}/quitter").status_code == 404
    world.sign_in(client, actor)
    assert client.post(f"/attente/{entry}/quitter").headers["Location"] == "/attente"
    assert "Vous n’attendez rien" in client.get("/attente").text
