"""On a day that differs for a part, a kit is open only while the part is."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.bookings import service
from mutuali.bookings.rules import DayWord
from mutuali.core.errors import Refused
from mutuali.core.period import ClockSpan, Period, instant_at
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import OpenHours, OtherHours, Timetable, with_days_of_parts
from tests.bookings.test_kits import Market
from tests.factories import NOW, World


@pytest.fixture
def market(world: World) -> Market:
    return Market(world)


def test_a_kit_heeds_the_days_of_its_parts_that_differ_and_not_their_weekly_hours(
    market: Market,
) -> None:
    lender = market.giver.organization_id or 0

    def differ(listing: str | None, day: date, *spans: ClockSpan) -> None:
        scope = equipment.Scope(lender, market.id_of(listing) if listing else None)
        equipment.differ(market.session, market.giver, scope, OtherHours(day, spans), now=NOW)

    def opens(day: date, first: int, last: int) -> bool:
        """Whether the kit can be asked for, and is found, from one hour of a day to another."""
        period = Period(*(instant_at(day, time(hour)) for hour in (first, last)))
        saved = market.session.begin_nested()
        codes: set[str] = set()
        try:
            market.world.booking(market.kit, period)
        except Refused as error:
            codes = {each.code for each in error.reasons}
        saved.rollback()
        market.session.expire_all()
        assert codes <= {"booking.outside_hours", "booking.no_hours_that_day"}
        assert market.free(market.kit, period) == (0 if codes else 1)
        return not codes

    wednesday, thursday, friday = (date(2026, 3, day) for day in (4, 5, 6))
    part, week = market.id_of(market.tables), (OpenHours(2, 540, 600),)
    draft = equipment.listings(market.session, [part])[part].draft
    equipment.edit_listing(
        market.session, market.giver, part, replace(draft, hours=week), version=None, now=NOW
    )
    assert opens(wednesday, 13, 15)
    differ(market.tables, wednesday, ClockSpan(9 * 60, 12 * 60), ClockSpan(13 * 60, 17 * 60))
    differ(market.tent, wednesday, ClockSpan(10 * 60, 14 * 60))
    assert opens(wednesday, 10, 12)
    assert opens(wednesday, 13, 14)
    assert not opens(wednesday, 9, 11)
    assert not opens(wednesday, 13, 16)
    differ(market.crates, thursday)
    assert not opens(thursday, 10, 12)
    differ(market.kit, friday, ClockSpan(8 * 60, 10 * 60))
    differ(None, friday, ClockSpan(9 * 60, 17 * 60))
    assert opens(friday, 9, 10)
    assert not opens(friday, 8, 10)
    rows = service.month(market.session, market.giver, date(2026, 3, 1), now=NOW).rows
    words = next(each.words for each in rows if each.listing.id == market.id_of(market.kit))
    assert words[3:6] == (DayWord.FREE, DayWord.CLOSED, DayWord.FREE)


@given(
    st.lists(
        st.dictionaries(
            st.integers(0, 2),
            st.lists(st.tuples(st.integers(0, 11), st.integers(1, 12)), max_size=2),
        ),
        max_size=4,
    )
)
def test_a_kit_is_open_in_the_hours_that_all_with_a_day_that_differs_have_in_common(
    drawn: list[dict[int, list[tuple[int, int]]]],
) -> None:
    def other(day: int, spans: list[tuple[int, int]]) -> OtherHours:
        # Those that overlap could not be typed: the second comes half a day later.
        clocks = (
            ClockSpan((n * 12 + low) * 60, min(n * 12 + 12, n * 12 + low + length) * 60)
            for n, (low, length) in enumerate(spans)
        )
        return OtherHours(date(2026, 3, 2 + day), tuple(clocks))

    tables = [Timetable((), tuple(other(day, each[day]) for day in sorted(each))) for each in drawn]
    own, parts = Timetable((OpenHours(0, 480, 1020),)), tables
    kit = with_days_of_parts(own, parts)
    for n in range(4):
        day = date(2026, 3, 2 + n)
        for minute in range(0, 1440, 60):
            said = any(span.opens <= minute < span.closes for span in kit.on(day))
            each_open = [
                any(span.opens <= minute < span.closes for span in table.on(day))
                for table in (own, *parts)
                if table is own or day in {other.day for other in table.others}
            ]
            assert said == all(each_open)
