"""When things are open: days that differ, closures of all, both held against the clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import Forbidden, NotFound, Refused
from mutuali.core.period import ClockSpan, Period, instant_at, local, local_midnight
from mutuali.equipment import service
from mutuali.equipment.rules import (
    Approver,
    OpenHours,
    OtherHours,
    Timetable,
    is_open_at,
    open_spans,
)
from mutuali.equipment.service.opening import openings
from mutuali.organizations import service as organizations
from tests.counting import counted
from tests.factories import NOW, World, at

MINUTE = timedelta(minutes=1)
#: Clocks change on these Sundays.
CHANGES = (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7))
#: Most of them in the hours that are skipped or come twice.
MINUTES = st.one_of(st.integers(0, 1440), st.integers(55, 185))
#: One or two spans that do not overlap, or none.
SPANS = st.lists(MINUTES, max_size=4, unique=True).map(
    lambda drawn: tuple(ClockSpan(*pair) for pair in zip(*[iter(sorted(drawn))] * 2, strict=False))
)
NOON_TO_FIVE = (ClockSpan(720, 1020),)


@cache
def minutes_of(day: date) -> tuple[tuple[datetime, int], ...]:
    """Every minute that passes on a day, 1380, 1440 or 1500 of them, with what the clock shows."""
    start, end = local_midnight(day), local_midnight(day + timedelta(days=1))
    passed = (start + n * MINUTE for n in range((end - start) // MINUTE))
    return tuple((each, local(each).hour * 60 + local(each).minute) for each in passed)


def obviously_open(spans: tuple[ClockSpan, ...], day: date) -> set[datetime]:
    """The minutes from the first at which the clock shows the opening or later, to the first at
    which it shows the closing or later."""
    beyond = local_midnight(day + timedelta(days=1))

    def first_from(minute: int) -> datetime:
        return min((at for at, shown in minutes_of(day) if shown >= minute), default=beyond)

    bounds = [(first_from(span.opens), first_from(span.closes)) for span in spans]
    return {at for low, high in bounds for at, _ in minutes_of(day) if low <= at < high}


@settings(max_examples=60, deadline=None)
@given(
    change=st.sampled_from(CHANGES),
    weekly=SPANS,
    other=st.none() | SPANS,
    besides=st.sampled_from([-1, 1]),
)
def test_minute_by_minute_it_is_open_as_the_clock_on_the_wall_says_when_clocks_change(
    change: date, weekly: tuple[ClockSpan, ...], other: tuple[ClockSpan, ...] | None, besides: int
) -> None:
    days = [change + timedelta(days=n) for n in (-1, 0, 1)]
    hours = tuple(OpenHours(d.weekday(), s.opens, s.closes) for d in days for s in weekly)
    elsewhere = OtherHours(change + timedelta(days=besides), NOON_TO_FIVE)
    others = (elsewhere,) if other is None else (OtherHours(change, other), elsewhere)
    timetable = Timetable((*hours, OpenHours(3, 0, 1)), others)
    said = dict.fromkeys(days, weekly) | {each.day: each.spans for each in others}
    for day in days:
        expected = obviously_open(said[day], day)
        assert {at for at, _ in minutes_of(day) if is_open_at(timetable, at)} == expected
        ends = open_spans(timetable, day)
        assert sum((end - start for start, end in ends), timedelta()) == len(expected) * MINUTE
        for _start, end in ends:
            assert is_open_at(timetable, end, ending=True)


def test_a_day_that_differs_goes_before_the_week_and_a_closed_one_opens_at_no_minute() -> None:
    weekly = tuple(OpenHours(day, 480, 1020) for day in range(7))
    closed, short = date(2026, 6, 24), date(2026, 6, 27)
    timetable = Timetable(weekly, (OtherHours(closed), OtherHours(short, (ClockSpan(540, 720),))))
    assert not any(is_open_at(timetable, at, ending=True) for at, _ in minutes_of(closed))
    assert is_open_at(timetable, instant_at(short, time(9)))
    assert not is_open_at(timetable, instant_at(short, time(8, 59)))
    assert not is_open_at(timetable, instant_at(short, time(12)))
    assert is_open_at(timetable, instant_at(date(2026, 6, 28), time(16)))


def test_without_weekly_hours_a_day_that_differs_is_the_only_one_with_hours() -> None:
    day = date(2026, 6, 27)
    timetable = Timetable((), (OtherHours(day, (ClockSpan(540, 720),)),))
    assert not is_open_at(timetable, instant_at(day, time(13)))
    assert is_open_at(timetable, instant_at(date(2026, 6, 28), time(3)))
    # What was out all night comes back at midnight, when the day that differs has not begun.
    assert is_open_at(timetable, local_midnight(day), ending=True)
    assert not is_open_at(timetable, local_midnight(day))


#: The day after NOW, a Wednesday.
TOMORROW = local(NOW).date() + timedelta(days=1)


def told(session: Session, *ids: int) -> tuple[list[Timetable], list[tuple[Period, ...]]]:
    found = openings(session, ids, Period(NOW, at(5)))
    return [found.timetables[id_] for id_ in ids], [found.closures[id_] for id_ in ids]


def ids_of(session: Session, *listings: str) -> list[int]:
    return [service.listing_id_of(session, each) for each in listings]


def test_what_holds_for_all_is_one_row_that_present_and_future_listings_see(
    world: World, session: Session
) -> None:
    lender, other = world.organization(), world.organization()
    owner = world.member(lender[0])
    first, foreign = world.listing(lender), world.listing(other)
    holidays = Period(at(1), at(3))
    scope = service.Scope(lender[0])
    service.close(session, owner, scope, holidays, now=NOW)
    service.differ(session, owner, scope, OtherHours(TOMORROW), now=NOW)
    later = world.listing(lender)
    timetables, closed = told(session, *ids_of(session, first, later, foreign))
    assert closed == [(holidays,), (holidays,), ()]
    shut = Timetable((), (OtherHours(TOMORROW),))
    assert timetables == [shut, shut, Timetable()]


def test_what_a_listing_says_of_a_day_goes_before_what_its_lender_says_of_it(
    world: World, session: Session
) -> None:
    lender = world.organization()
    owner = world.member(lender[0])
    mine, plain = ids_of(session, world.listing(lender), world.listing(lender))
    whole, one = service.Scope(lender[0]), service.Scope(lender[0], mine)
    short = OtherHours(TOMORROW, (ClockSpan(540, 720),))
    for scope, other in ((one, short), (whole, OtherHours(TOMORROW))):
        service.differ(session, owner, scope, OtherHours(TOMORROW, NOON_TO_FIVE), now=NOW)
        service.differ(session, owner, scope, other, now=NOW)
    timetables, _closed = told(session, mine, plain)
    assert [each.others for each in timetables] == [(short,), (OtherHours(TOMORROW),)]
    [(id_, _)] = service.differing_days(session, one, after=NOW)
    assert service.as_usual(session, owner, id_, now=NOW) == one
    timetables, _closed = told(session, mine, plain)
    assert [each.others for each in timetables] == [(OtherHours(TOMORROW),)] * 2


def test_one_question_tells_all_that_closes_many_listings(world: World, session: Session) -> None:
    lender = world.organization()
    owner = world.member(lender[0])
    ids = ids_of(session, *(world.listing(lender) for _ in range(3)))
    for scope in (service.Scope(lender[0]), service.Scope(lender[0], ids[0])):
        service.close(session, owner, scope, Period(at(1), at(2)), now=NOW)
        service.differ(session, owner, scope, OtherHours(TOMORROW), now=NOW)
    session.flush()
    with counted(session) as statements:
        _timetables, closed = told(session, *ids)
    assert [len(each) for each in closed] == [2, 1, 1]
    assert len(statements) == 1


def test_bookings_search_week_and_month_all_heed_a_closed_day_and_a_closure_of_all(
    world: World, session: Session
) -> None:
    lender = world.organization()
    owner, taker = world.member(lender[0]), world.member(world.organization()[0])
    truck = world.listing(lender, approver=Approver.NOBODY)
    [truck_id] = ids_of(session, truck)
    scope = service.Scope(lender[0])
    service.differ(session, owner, scope, OtherHours(TOMORROW), now=NOW)
    service.close(
        session, owner, scope, Period(local_midnight(day(3)), local_midnight(day(4))), now=NOW
    )
    for shut, code in ((1, "no_hours_that_day"), (3, "booking.closed")):
        span = Period(instant_at(day(shut), time(9)), instant_at(day(shut), time(11)))
        with pytest.raises(Refused, match=code):
            world.booking(truck, span, borrower=taker)
        found = bookings.search(session, bookings.Wish(span), now=NOW)
        assert found.total == 0
        [nearly] = found.nearly
        assert all(local(each.start).date() not in {day(1), day(3)} for each in nearly.other_spans)
    parts = [Period(instant_at(day(n), time(6)), instant_at(day(n), time(12))) for n in range(1, 5)]
    words = bookings.availability_week(session, truck_id, parts, now=NOW)
    assert words == ["closed", "free", "closed", "free"]
    month = bookings.month(session, owner, date(2026, 3, 1), now=NOW)
    assert [word.value for word in month.rows[0].words[2:7]] == [
        *("free", "closed", "free", "closed", "free"),
    ]
    # A loan may run through a day on which nobody opens, never through a closure.
    world.booking(truck, Period(at(0, 1), at(2)), borrower=taker)


def day(after: int) -> date:
    return local(NOW).date() + timedelta(days=after)


def test_only_the_lender_closes_and_outsiders_do_not_learn_what_there_is(
    world: World, session: Session
) -> None:
    lender = world.organization()
    owner, stranger = world.member(lender[0]), world.member(world.organization()[0])
    [listing_id] = ids_of(session, world.listing(lender))
    whole, one = service.Scope(lender[0]), service.Scope(lender[0], listing_id)
    span, shut = Period(at(1), at(2)), OtherHours(TOMORROW)
    with pytest.raises(Forbidden):
        service.close(session, stranger, whole, span, now=NOW)
    with pytest.raises(NotFound):
        service.differ(session, stranger, one, shut, now=NOW)
    with pytest.raises(NotFound):
        service.close(
            session,
            stranger,
            service.Scope(stranger.organization_id or 0, listing_id),
            span,
            now=NOW,
        )
    service.close(session, owner, whole, span, now=NOW)
    service.differ(session, owner, whole, shut, now=NOW)
    [(closure, _)] = service.closures(session, whole, after=NOW)
    [(exception, _)] = service.differing_days(session, whole, after=NOW)
    with pytest.raises(NotFound):
        service.reopen(session, stranger, closure, now=NOW)
    with pytest.raises(NotFound):
        service.as_usual(session, stranger, exception, now=NOW)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (OtherHours(date(2026, 3, 2)), "hours.day_is_past"),
        (OtherHours(TOMORROW, (ClockSpan(600, 600),)), "hours.reversed"),
        (OtherHours(TOMORROW, (ClockSpan(600, 700), ClockSpan(650, 800))), "hours.overlap"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hours_of_a_day_that_make_no_sense_are_refused(
    world: World, session: Session, other: OtherHours, code: str
) -> None:
    lender = world.organization()
    with pytest.raises(Refused, match=code):
        service.differ(session, world.member(lender[0]), service.Scope(lender[0]), other, now=NOW)


@pytest.fixture
def today(session: Session) -> World:
    return World(session, datetime.now(UTC))


def next_week() -> str:
    return str(local(datetime.now(UTC)).date() + timedelta(days=7))


def test_a_manager_closes_all_and_gives_a_day_other_hours_on_one_page(
    today: World, client: FlaskClient
) -> None:
    lender = today.organization()
    listing = today.listing(lender)
    today.sign_in(client, today.member(lender[0]))
    page, when = "/organisme/fermetures", next_week()
    shut = {"day": when, "starts": "00:00", "ends": "24:00"}
    assert client.post(page, data=shut).status_code == 303
    wrong = {"on_day": when, "opens": "09:00"}
    refused = client.post("/organisme/horaires", data=wrong)
    assert refused.status_code == 422
    assert "champ-closes-erreur" in refused.text
    assert 'value="09:00"' in refused.text
    hours = {**wrong, "closes": "12:00", "opensb": "13:00", "closesb": "00:00"}
    assert client.post("/organisme/horaires", data=hours).status_code == 303
    for lang, words in (
        ("fr", "9\u00a0h à 12\u00a0h, 13\u00a0h à minuit"),
        ("en", "9:00\u00a0am to 12:00\u00a0pm, 1:00\u00a0pm to midnight"),
    ):
        assert words in client.get(f"{page}?lang={lang}").text
    # The page of a listing tells what holds for all.
    assert "9:00\u00a0am" in client.get(f"/annonces/{listing}/indisponibilites").text
    closed = {"on_day": when, "all_day": "1"}
    client.post(f"/annonces/{listing}/horaires", data=closed)
    shown = client.get(f"/annonces/{listing}/indisponibilites?lang=fr").text
    assert "fermé toute la journée" in shown
    for kind in ("indisponibilites", "horaires"):
        assert client.post(f"/annonces/{kind}/1/retirer").headers["Location"] == page


def test_programs_close_all_and_read_what_is_closed(today: World, client: FlaskClient) -> None:
    lender = today.organization()
    listing = today.listing(lender)
    owner = today.member(lender[0])
    public_id = organizations.organization(today.session, lender[0]).public_id
    headers = {"Authorization": f"Bearer {today.api_token(owner)}"}
    when = next_week()
    spans: list[dict[str, Any]] = [{"opens": "09:00", "closes": "12:00"}]
    for base in (f"/api/v1/organizations/{public_id}", f"/api/v1/listings/{listing}"):
        body = {"day": when, "spans": spans}
        made = client.post(f"{base}/other-hours", json=body, headers=headers)
        assert made.status_code == 204
        [found] = client.get(f"{base}/other-hours", headers=headers).get_json()
        assert {"day": found["day"], "spans": found["spans"]} == body
        address = f"/api/v1/other-hours/{found['id']}"
        assert client.delete(address, headers=headers).status_code == 204
        assert client.get(f"{base}/other-hours", headers=headers).json == []
    base = f"/api/v1/organizations/{public_id}/closures"
    closed = {"starts_at": f"{when}T00:00:00-05:00", "ends_at": f"{when}T12:00:00-05:00"}
    assert client.post(base, json=closed, headers=headers).status_code == 204
    [found] = client.get(base, headers=headers).get_json()
    assert client.delete(f"/api/v1/closures/{found['id']}", headers=headers).status_code == 204


def test_the_page_of_a_listing_tells_its_days_that_differ(
    today: World, session: Session, client: FlaskClient
) -> None:
    lender = today.organization()
    listing = today.listing(lender)
    owner = today.member(lender[0])
    soon = local(datetime.now(UTC)).date() + timedelta(days=7)
    other = OtherHours(soon, (ClockSpan(540, 720),))
    service.differ(session, owner, service.Scope(lender[0]), other, now=today.now)
    session.commit()
    for lang, words in (("fr", "9\u00a0h à 12\u00a0h"), ("en", "9:00\u00a0am to 12:00\u00a0pm")):
        assert words in client.get(f"/annonces/{listing}?lang={lang}").text
