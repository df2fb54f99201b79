"""What a refusal offers instead, and every rule of time, held against looking at each minute."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings.rules import Ask, Hold, free_around, nearest_spans, refusals, shortage
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import ClockSpan, Period, instant_at, local, local_midnight
from mutuali.equipment.rules import (
    GRANULARITIES,
    Approver,
    Offer,
    OpenHours,
    OtherHours,
    Timetable,
    raster_after,
    raster_before,
    raster_of,
    stands_on,
)
from tests.bookings.test_rules import OFFER
from tests.factories import NOW, World, at, span

#: Clocks change on these Sundays.
CHANGES = (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7))
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)


def clock_of(instant: datetime) -> int:
    return local(instant).hour * 60 + local(instant).minute


@pytest.mark.parametrize("minutes", GRANULARITIES)
@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_the_raster_is_every_minute_at_which_the_clock_shows_a_multiple(
    change: date, minutes: int
) -> None:
    start, end = local_midnight(change), local_midnight(change + timedelta(days=1))
    passed = [start + n * MINUTE for n in range((end - start) // MINUTE)]
    stands = tuple(each for each in passed if clock_of(each) % minutes == 0)
    assert raster_of(change, minutes) == stands
    assert [each for each in passed if stands_on(each, minutes)] == list(stands)
    beyond = (*stands, local_midnight(change + timedelta(days=1)))
    for each in passed[::7]:
        assert raster_before(each, minutes) == max(s for s in stands if s <= each)
        assert raster_after(each, minutes) == min(s for s in beyond if s >= each)


def test_a_second_past_the_hour_does_not_stand_on_it() -> None:
    hour = instant_at(date(2026, 6, 1), time(8))
    assert stands_on(hour, 60)
    assert not stands_on(hour + timedelta(seconds=1), 60)
    assert not stands_on(hour + timedelta(microseconds=1), 15)


def quarters(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Offer, list[Hold], datetime, datetime]:
    """An offer around a change of the clock, what is taken of it, now, and a start to ask for; all
    on quarters of an hour."""
    change = draw(st.sampled_from(CHANGES))
    midnight = local_midnight(change - timedelta(days=1))

    def moment(n: int) -> datetime:
        return midnight + n * QUARTER

    day_spans = st.lists(
        st.tuples(quarters(0, 90), quarters(4, 60)).map(
            lambda pair: ClockSpan(pair[0] * 15, min(pair[0] + pair[1], 96) * 15)
        ),
        min_size=1,
        max_size=1,
    )
    weekly = draw(st.none() | day_spans)
    hours = tuple(
        OpenHours(day, each.opens, each.closes) for day in range(7) for each in weekly or ()
    )
    others = tuple(
        OtherHours(change + timedelta(days=n), tuple(draw(st.just([]) | day_spans)))
        for n in sorted(draw(st.sets(st.integers(-1, 2), max_size=2)))
    )
    spans = st.tuples(quarters(0, 500), quarters(1, 100)).map(
        lambda pair: Period(moment(pair[0]), moment(pair[0] + pair[1]))
    )
    holds = [Hold(draw(st.integers(1, 3)), period) for period in draw(st.lists(spans, max_size=5))]
    raster = draw(st.none() | st.sampled_from(GRANULARITIES))
    offer = replace(
        OFFER,
        timetable=Timetable(hours, others),
        closures=tuple(draw(st.lists(spans, max_size=2))),
        granularity=raster,
        lead=draw(quarters(0, 20)) * QUARTER,
        turnaround=draw(quarters(0, 4)) * QUARTER,
    )
    return offer, holds, moment(draw(quarters(-20, 100))), moment(draw(quarters(100, 300)))


def obviously_passes(
    offer: Offer, holds: list[Hold], units: int, period: Period, now: datetime
) -> bool:
    """What one says after looking at each quarter of an hour."""
    if period.start < now + offer.lead or not offer.shortest <= period.length <= offer.longest:
        return False
    raster = offer.granularity
    if raster and any(clock_of(each) % raster for each in (period.start, period.end)):
        return False
    if not in_hours(offer.timetable, period.start) or not (
        in_hours(offer.timetable, period.end) or in_hours(offer.timetable, period.end - MINUTE)
    ):
        return False
    moments = [period.start + n * QUARTER for n in range(period.length // QUARTER)]
    if any(closure.contains(each) for closure in offer.closures for each in moments):
        return False
    ready = [period.end + n * QUARTER for n in range(offer.turnaround // QUARTER)]
    return all(
        units + sum(hold.units for hold in holds if hold.period.contains(each)) <= offer.units
        for each in (*moments, *ready)
    )


def in_hours(timetable: Timetable, instant: datetime) -> bool:
    """From the first quarter that shows the opening or later to the first that shows the closing
    or later."""
    day = local(instant).date()
    midnight, beyond = local_midnight(day), local_midnight(day + timedelta(days=1))
    passed = [midnight + n * QUARTER for n in range((beyond - midnight) // QUARTER)]

    def first_from(minute: int) -> datetime:
        return min((at for at in passed if clock_of(at) >= minute), default=beyond)

    return any(
        first_from(each.opens) <= instant < first_from(each.closes) for each in timetable.on(day)
    )


@settings(max_examples=150, deadline=None)
@given(world=worlds(), units=st.integers(1, 3), length=quarters(4, 40))
def test_what_the_rules_say_is_what_one_says_after_looking_at_every_quarter_of_an_hour(
    world: tuple[Offer, list[Hold], datetime, datetime], units: int, length: int
) -> None:
    offer, holds, now, start = world
    for n in range(0, 96, 5):
        period = Period(start + n * QUARTER, start + (n + length) * QUARTER)
        said = refusals(Ask(2, units, period), offer, holds, now=now)
        assert (said == ()) is obviously_passes(offer, holds, units, period, now)


@settings(max_examples=60, deadline=None)
@given(world=worlds(), units=st.integers(1, 3), length=quarters(4, 40))
def test_nothing_nearer_than_what_is_offered_would_pass(
    world: tuple[Offer, list[Hold], datetime, datetime], units: int, length: int
) -> None:
    offer, holds, now, start = world
    ask = Ask(2, units, Period(start, start + length * QUARTER))
    within = timedelta(days=1)
    found = nearest_spans(ask, offer, holds, now=now, within=within)
    for period in found:
        assert obviously_passes(offer, holds, units, period, now)
    distances = [abs(period.start - start) for period in found]
    assert distances == sorted(distances)
    tried = [start + n * QUARTER for n in range(-96, 97)]
    passing = [
        abs(each - start)
        for each in tried
        if obviously_passes(offer, holds, units, Period(each, each + ask.period.length), now)
    ]
    if passing:
        assert distances
        assert distances[0] <= min(passing)


def test_a_length_that_the_rules_exclude_is_offered_as_near_to_it_as_they_let() -> None:
    offer = replace(OFFER, shortest=timedelta(hours=4), longest=timedelta(hours=8))
    for asked, offered in ((1, 4), (30, 8), (6, 6)):
        [period, *_] = nearest_spans(Ask(2, 1, span(1, asked)), offer, [], now=NOW)
        assert period == span(1, offered)
    hourly = replace(offer, granularity=60)
    odd = Period(at(1, 0.25), at(1, 5.5))
    [period, *_] = nearest_spans(Ask(2, 1, odd), hourly, [], now=NOW)
    assert period == Period(at(1), at(1, 5))


def test_no_moment_is_offered_where_none_helps() -> None:
    for hopeless, borrower, units in (
        (replace(OFFER, published=False), 2, 1),
        (OFFER, OFFER.lender_id, 1),
        (OFFER, 2, OFFER.units + 1),
    ):
        assert nearest_spans(Ask(borrower, units, span(1)), hopeless, [], now=NOW) == []


def test_a_shortage_says_when_others_have_the_units_within_what_was_asked() -> None:
    taken = [
        Hold(2, Period(at(1, -1), at(1, 2))),
        Hold(1, Period(at(1, 1), at(1, 3))),
        Hold(3, Period(at(1, 5), at(1, 9))),
    ]
    ask = Ask(2, 1, Period(at(1), at(1, 6)))
    found = shortage(ask, OFFER, taken)
    assert found is not None
    assert found.params == {
        "free": 0,
        "units": 3,
        "taken": (Period(at(1, 1), at(1, 2)), Period(at(1, 5), at(1, 6))),
    }
    assert shortage(replace(ask, period=Period(at(1, 2), at(1, 5))), OFFER, taken) is None


def test_the_free_time_around_what_is_offered_ends_where_others_or_the_hours_begin() -> None:
    day = local(at(1)).date()

    def hours(low: float, high: float) -> Period:
        return Period(
            instant_at(day, time(int(low), int(low % 1 * 60))),
            instant_at(day, time(int(high), int(high % 1 * 60))),
        )

    offer = replace(
        OFFER,
        units=1,
        turnaround=timedelta(minutes=30),
        timetable=Timetable((OpenHours(day.weekday(), 480, 1020),)),
    )
    ask = Ask(2, 1, hours(9, 11))
    taken = [Hold(1, hours(9, 11)), Hold(1, hours(15.5, 17.5))]
    assert free_around(ask, offer, taken, hours(11, 13)) == hours(11, 15)
    assert free_around(ask, offer, taken[:1], hours(12, 13)) == hours(11, 17)
    assert free_around(ask, offer, [], hours(12, 13)) == hours(8, 17)
    shut = replace(offer, closures=(hours(14, 15),))
    assert free_around(ask, shut, taken, hours(11, 13)) == hours(11, 14)


def test_a_refused_request_carries_the_nearest_spans_that_would_pass(
    world: World, session: Session
) -> None:
    truck = world.listing(approver=Approver.NOBODY, granularity_minutes=60)
    world.booking(truck, Period(at(1), at(1, 2)))
    with pytest.raises(Conflict) as rival:
        world.booking(truck, Period(at(1, 1), at(1, 3)))
    assert rival.value.nearest[0] == Period(at(1, 2), at(1, 4))
    with pytest.raises(Refused) as odd:
        world.booking(truck, Period(at(2, 0.25), at(2, 2.25)))
    assert [reason.code for reason in odd.value.reasons] == ["booking.off_raster"] * 2
    for n, refusal in enumerate((rival.value, odd.value)):
        world.booking(truck, refusal.nearest[n])


def test_programs_and_people_read_what_would_pass_instead(
    today: World, client: FlaskClient
) -> None:
    truck = today.listing(approver=Approver.NOBODY)
    day = local(today.now).date() + timedelta(days=3)
    taken = Period(instant_at(day, time(9)), instant_at(day, time(11)))
    today.booking(truck, taken)
    taker = today.member(today.organization()[0])
    headers = {"Authorization": f"Bearer {today.api_token(taker)}"}
    body = {
        "listing": truck,
        "starts_at": taken.start.isoformat(),
        "ends_at": taken.end.isoformat(),
        "purpose": "event",
    }
    refused = client.post("/api/v1/bookings", json=body, headers=headers)
    assert refused.status_code == 409
    problem = refused.get_json()
    assert "de 9\u00a0h à 11\u00a0h" in problem["detail"]
    ends = [datetime.fromisoformat(each["ends_at"]) for each in problem["nearest"]]
    starts = [datetime.fromisoformat(each["starts_at"]) for each in problem["nearest"]]
    assert (starts[0], ends[0]) in {
        (taken.start - timedelta(hours=2), taken.start),
        (taken.end, taken.end + timedelta(hours=2)),
    }
    instead = body | {"starts_at": starts[0].isoformat(), "ends_at": ends[0].isoformat()}
    assert client.post("/api/v1/bookings", json=instead, headers=headers).status_code == 201
    today.sign_in(client, taker)
    form = {"day": str(day), "starts": "09:00", "ends": "11:00", "purpose": "event"}
    for lang, words in (("fr", "Moments libres les plus proches"), ("en", "Nearest free times")):
        shown = client.post(f"/annonces/{truck}/demander?lang={lang}", data=form)
        assert shown.status_code == 409
        assert words in shown.text


@pytest.fixture
def today(session: Session) -> World:
    from datetime import UTC

    return World(session, datetime.now(UTC))
