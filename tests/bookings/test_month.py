"""A month of many listings: the word of each day, the page, the API, and what it costs."""

import gzip
import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import DayWord, Taken, month_words, open_days, seconds
from mutuali.core.errors import Forbidden
from mutuali.core.period import Period, instant_at, local, local_midnight
from mutuali.core.permissions import Actor, Role
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind, OpenHours, Timetable, is_open_at
from tests.counting import counted
from tests.factories import NOW, World, at

HALF_HOUR = timedelta(minutes=30)
MARCH = date(2026, 3, 1)
#: The clock jumps forward on 8 March and back on 1 November.
FIRST_DAYS = (date(2026, 3, 6), date(2026, 10, 30), date(2026, 6, 1))
#: Nobody opens or closes while the clock jumps.
DAYS = st.sampled_from([[(0, 1440)], [(0, 720)], [(480, 720), (780, 1050)], [(360, 1440)]])
HOURS = st.dictionaries(st.integers(0, 6), DAYS, max_size=7).map(
    lambda days: tuple(
        OpenHours(day, *span) for day, spans in sorted(days.items()) for span in spans
    )
)
SPANS = st.tuples(st.integers(-60, 260), st.integers(1, 120))


def days_from(first: date, count: int = 4) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def obvious_word(
    day: date,
    hours: tuple[OpenHours, ...],
    units: int,
    taken: list[tuple[int, datetime, datetime]],
    closures: list[Period],
    now: datetime,
) -> DayWord:
    """What one says after looking at every half hour of the day."""
    start, end = local_midnight(day), local_midnight(day + timedelta(days=1))
    if end <= now:
        return DayWord.OVER
    moments = [start + n * HALF_HOUR for n in range(int((end - start) / HALF_HOUR))]
    in_hours = [moment for moment in moments if is_open_at(Timetable(hours), moment)]
    if in_hours and all(moment < now for moment in in_hours):
        return DayWord.OVER
    opened = [
        moment
        for moment in in_hours
        if moment >= now and not any(closure.contains(moment) for closure in closures)
    ]
    if not opened:
        return DayWord.CLOSED
    free = [
        sum(count for count, begins, ends in taken if begins <= moment < ends) < units
        for moment in opened
    ]
    return DayWord.FREE if all(free) else DayWord.PARTLY if any(free) else DayWord.TAKEN


@settings(max_examples=300, deadline=None)
@given(
    first=st.sampled_from(FIRST_DAYS),
    hours=HOURS,
    units=st.integers(1, 3),
    taken=st.lists(st.tuples(st.integers(1, 3), SPANS), max_size=8),
    closed=st.lists(SPANS, max_size=2),
    elapsed=st.integers(-10, 200),
)
def test_a_days_word_is_what_one_says_after_looking_at_every_half_hour(
    first: date,
    hours: tuple[OpenHours, ...],
    units: int,
    taken: list[tuple[int, tuple[int, int]]],
    closed: list[tuple[int, int]],
    elapsed: int,
) -> None:
    days, midnight = days_from(first), local_midnight(first)

    def moment(half_hours: int) -> datetime:
        return midnight + half_hours * HALF_HOUR

    now = moment(elapsed)
    plain = [(count, moment(low), moment(low + length)) for count, (low, length) in taken]
    closures = [Period(moment(low), moment(low + length)) for low, length in closed]
    reckoned: list[Taken] = [(count, seconds(low), seconds(high)) for count, low, high in plain]
    words = month_words(open_days(Timetable(hours), days, now=now), units, reckoned, closures)
    assert words == [obvious_word(day, hours, units, plain, closures, now) for day in days]


def next_month() -> date:
    return (local(datetime.now(UTC)).date().replace(day=1) + timedelta(days=40)).replace(day=1)


def in_next_month(day: int, hour: int = 0) -> datetime:
    return instant_at(next_month().replace(day=day), time(hour))


@pytest.fixture
def today(session: Session) -> World:
    return World(session, datetime.now(UTC))


def month_of(session: Session, actor: Actor, first: date = MARCH) -> dict[str, str]:
    """Title -> the initials of its words; NOW is the third of that month, at eight.

    A page of all there is asks otherwise than pages of some: both say the same.
    """
    found = service.month(session, actor, first, now=NOW)
    pages = [
        service.month(session, actor, first, page=n + 1, per_page=1, now=NOW)
        for n in range(found.total)
    ]
    assert [row for some in pages for row in some.rows] == list(found.rows)
    return {
        row.listing.title_fr: "".join(word.value[0] for word in row.words) for row in found.rows
    }


def test_a_month_says_what_is_past_open_taken_in_part_and_closed(
    world: World, session: Session
) -> None:
    lender = world.organization()
    weekdays = tuple(OpenHours(day, 480, 1020) for day in range(5))
    truck = {"approver": Approver.NOBODY, "longest_minutes": 20_000, "turnaround_minutes": 0}
    world.listing(lender, title_fr="Libre", hours=weekdays, **truck)
    world.booking(world.listing(lender, title_fr="Pris", **truck), Period(at(1), at(3.5)))
    crates = world.listing(lender, title_fr="Bacs", units=2, **truck)
    world.booking(crates, Period(at(1), at(3.5)))
    shut = world.listing(lender, title_fr="Fermé", **truck)
    owner = world.member(lender[0])
    scope = equipment.Scope(lender[0], equipment.listing_id_of(session, shut))
    equipment.close(session, owner, scope, Period(at(0), at(2, 12)), now=NOW)
    words = month_of(session, owner)
    # The first two are over; the third, a Tuesday, begins.
    assert words["Libre"] == "ooffffccfffffccfffffccfffffccff"
    # From the fourth at eight to the sixth at twenty: part, all, part.
    assert words["Pris"] == "oofptp" + "f" * 25
    assert words["Bacs"] == "oo" + "f" * 29
    # Closed from the third at eight to the fifth at twenty.
    assert words["Fermé"] == "oocc" + "f" * 27


def test_an_unpublished_listing_is_in_no_month_and_outsiders_see_none(
    world: World, session: Session
) -> None:
    lender = world.organization()
    owner = world.member(lender[0])
    draft = equipment.ListingDraft(
        site_id=lender[1], kind=Kind.VEHICLE, units=1, title_fr="Brouillon"
    )
    equipment.create_listing(session, owner, lender[0], draft, public_id="brouillon", now=NOW)
    assert month_of(session, owner) == {}
    for stranger in (Actor(), world.person(), world.person(role=Role.ANALYST)):
        with pytest.raises(Forbidden):
            service.month(session, stranger, MARCH, now=NOW)


def test_lapsed_holds_are_free_and_overdue_loans_are_not(world: World, session: Session) -> None:
    lender = world.organization()
    owner = world.member(lender[0])
    held = world.listing(lender, title_fr="Bloqué", hold_minutes=60)
    world.booking(held, Period(at(3), at(4)))
    late = world.listing(lender, title_fr="En retard", approver=Approver.NOBODY)
    booked = world.booking(late, Period(at(0.1), at(0.2)))
    service.hand_over(session, owner, booked.public_id, now=at(0.1))
    found = service.month(session, owner, MARCH, now=at(4))
    words = {row.listing.title_fr: row.words for row in found.rows}
    assert set(words["Bloqué"][7:]) == {DayWord.FREE}
    assert words["En retard"][6:8] == [DayWord.TAKEN, DayWord.PARTLY]


def test_neither_listings_nor_bookings_add_a_query(world: World, session: Session) -> None:
    lender = world.organization()
    owner = world.member(lender[0])
    asked = []
    for count in (1, 12):
        for n in range(count):
            listing = world.listing(
                world.organization(),
                title_fr=f"{count}-{n}",
                approver=Approver.NOBODY,
                hours=tuple(OpenHours(day, 420, 960 + n) for day in range(7)),
            )
            world.booking(listing, Period(at(n + 1), at(n + 1, 1)))
        session.flush()
        session.expunge_all()
        with counted(session) as statements:
            found = service.month(session, owner, MARCH, now=NOW)
        asked.append(len(statements))
    assert found.total == 13
    assert asked[0] == asked[1] <= 6


def test_a_month_is_filtered_by_kind_and_borough_and_paged(world: World, session: Session) -> None:
    lender = world.organization()
    owner = world.member(lender[0])
    for n in range(5):
        world.listing(lender, title_fr=f"Camion {n}")
    world.listing(lender, title_fr="Four", kind="cooking")
    trucks = service.month(session, owner, MARCH, kind=Kind.VEHICLE, page=3, per_page=2, now=NOW)
    assert (trucks.total, trucks.page, trucks.pages) == (5, 3, 3)
    assert [row.listing.title_fr for row in trucks.rows] == ["Camion 4"]
    beyond = service.month(session, owner, MARCH, page=99, per_page=2, now=NOW)
    assert (beyond.page, beyond.pages) == (3, 3)
    elsewhere = service.month(session, owner, MARCH, borough="verdun", now=NOW)
    assert (elsewhere.total, elsewhere.rows) == (0, ())


CELL = re.compile(r"<td class=\w><i>([^<]+)</i>")


def test_the_page_says_each_day_in_words_in_both_languages(
    today: World, session: Session, client: FlaskClient
) -> None:
    lender = today.organization("La <Corbeille>")
    listing = today.listing(lender, title_fr="Camion & remorque", approver=Approver.NOBODY)
    today.booking(listing, Period(in_next_month(10, 8), in_next_month(10, 12)))
    today.sign_in(client, today.member(lender[0]))
    for lang, words in (("fr", ("en partie", "libre")), ("en", ("partly free", "free"))):
        text = client.get(f"/calendrier?mois={next_month():%Y-%m}&lang={lang}").text
        said = CELL.findall(text)
        assert said[9] == words[0]
        assert set(said[:9] + said[10:]) == {words[1]}
        assert "Camion &amp; remorque" in text
        assert "La &lt;Corbeille&gt;" in text
        assert f"/annonces/{listing}?semaine=" in text
    now = local(datetime.now(UTC))
    left = CELL.findall(client.get("/calendrier").text)
    assert len(left) == monthrange(now.year, now.month)[1] - now.day + 1
    before = client.get("/calendrier?mois=2020-02&lang=fr").text
    assert CELL.findall(before) == ["passé"] * 29


def test_the_page_keeps_its_filters_from_month_to_month(
    today: World, session: Session, client: FlaskClient
) -> None:
    today.sign_in(client, today.member(today.organization()[0]))
    today.listing(kind="cooking")
    session.commit()
    text = client.get("/calendrier?mois=2027-12&kind=cooking&page=1").text
    assert 'href="/calendrier?mois=2027-11&amp;kind=cooking"' in text
    assert 'href="/calendrier?mois=2028-01&amp;kind=cooking"' in text
    assert client.get("/calendrier?mois=2027-13").status_code == 422
    assert client.get("/calendrier?mois=9999-01").status_code == 422


def test_the_api_gives_the_same_month_as_letters(
    today: World, session: Session, client: FlaskClient
) -> None:
    lender = today.organization("La Corbeille")
    listing = today.listing(lender, approver=Approver.NOBODY)
    today.booking(listing, Period(in_next_month(10, 8), in_next_month(10, 12)))
    member = today.member(lender[0])
    token = {"Authorization": f"Bearer {today.api_token(member, 'availability.read')}"}
    answer = client.get(f"/api/v1/calendar?month={next_month():%Y-%m}", headers=token)
    assert answer.json is not None
    (row,) = answer.json["listings"]
    assert (row["id"], row["lender"], row["days"][8:11]) == (listing, "La Corbeille", "fpf")
    assert answer.json["letters"]["p"] == "partly"
    narrow = {"Authorization": f"Bearer {today.api_token(member, 'booking.read')}"}
    assert client.get("/api/v1/calendar", headers=narrow).status_code == 403
    assert client.get("/api/v1/calendar?month=2026-3-1", headers=token).status_code == 422


def test_two_hundred_listings_travel_in_less_than_100_kb(
    today: World, session: Session, client: FlaskClient, app: Flask
) -> None:
    lender = today.organization()
    for n in range(200):
        listing = today.listing(lender, title_fr=f"Camion {n}", approver=Approver.NOBODY)
        if n % 2:
            start = in_next_month(1 + n % 28, 8)
            today.booking(listing, Period(start, start + timedelta(hours=n % 20 + 1)))
    today.sign_in(client, today.member(lender[0]))
    address = f"/calendrier?mois={next_month():%Y-%m}"
    squeezed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert len(squeezed.data) < 100_000
    page = gzip.decompress(squeezed.data).decode()
    assert len(CELL.findall(page)) > 200 * 28
    lengths = {len(client.get(address, headers={"Accept-Encoding": "gzip"}).data) for _ in range(4)}
    assert len(lengths) > 1  # padded: its length tells nobody what is in it
