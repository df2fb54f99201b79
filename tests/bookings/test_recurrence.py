"""What a rule means, held against dateutil; and what a wall clock shows, against every minute."""

import time as stopwatch
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mutuali.bookings.rules.recurrence import (
    MOST_DATES,
    Frequency,
    Recurrence,
    bounded_dates,
    dates_of,
    first_in,
    parse_rule,
    written_rule,
)
from mutuali.bookings.rules.series import Answer, occurrence, occurrences
from mutuali.core.errors import Reason, Refused
from mutuali.core.period import LOCAL_ZONE, Period, local

#: Five years with five changes of the clocks in each direction.
FIRST, LAST = date(2025, 1, 1), date(2029, 12, 31)
TUESDAY = datetime(2026, 3, 3, 8, 0)  # noqa: DTZ001 - a wall clock has no zone


def said(rule: str, starts: datetime = TUESDAY, last: date = LAST) -> list[str]:
    """The dates of a rule, shortly."""
    parsed = parse_rule(rule, starts)
    return [f"{each:%d.%m}" for each in bounded_dates(parsed, starts, last=last)]


def refusal(rule: str, starts: datetime = TUESDAY, last: date = LAST) -> tuple[str, object, object]:
    """(code, part, field) of the one reason against a rule."""
    with pytest.raises(Refused) as caught:
        bounded_dates(parse_rule(rule, starts), starts, last=last)
    (reason,) = caught.value.reasons
    return reason.code, reason.params.get("part"), reason.field


DAYS = st.dates(FIRST, LAST)
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
STARTS = st.builds(datetime.combine, DAYS, CLOCKS)


@st.composite
def recurrences(draw: st.DrawFn) -> tuple[Recurrence, datetime]:
    """A rule that can be asked for, and the start of a day that is in it."""
    frequency = draw(st.sampled_from(Frequency))
    monthly = frequency is Frequency.MONTHLY
    # Every Monday beside the first Tuesday means both; dateutil finds days that are both at once.
    counts = monthly and draw(st.booleans())
    nth = st.integers(-5, 5).filter(bool) if counts else st.just(0)
    weekdays = draw(st.lists(st.tuples(nth, st.integers(0, 6)), max_size=3, unique=True))
    numbers = st.integers(1, 31) | st.integers(-31, -1)
    month_days = (
        [] if frequency is Frequency.WEEKLY else draw(st.lists(numbers, max_size=2, unique=True))
    )
    starts = draw(STARTS)
    counted = draw(st.booleans())
    rule = Recurrence(
        frequency,
        draw(st.integers(1, 5)),
        tuple(weekdays),
        tuple(month_days),
        draw(st.integers(0, 6)),
        count=draw(st.integers(1, MOST_DATES)) if counted else None,
        last_day=None if counted else draw(st.dates(starts.date(), LAST)),
    )
    first = first_in(rule, starts, last=LAST)
    assume(first is not None)  # of a rule without any date, dateutil goes on to the year 9999
    return rule, first or starts


@settings(max_examples=400, deadline=None)
@given(recurrences())
def test_a_rule_means_the_days_that_others_read_in_it(ruled: tuple[Recurrence, datetime]) -> None:
    rule, starts = ruled
    ends = datetime.combine(rule.last_day or LAST, time(23, 59))
    text = written_rule(rule).split(";UNTIL")[0]
    if rule.count is not None:
        # dateutil looks for the rest up to the year 9999.
        text = text.replace(f";COUNT={rule.count}", "")
    theirs = rrulestr(f"{text};UNTIL={ends:%Y%m%dT%H%M%S}", dtstart=starts)
    assert dates_of(rule, starts, last=LAST) == list(theirs)[: rule.count]


@settings(max_examples=300, deadline=None)
@given(recurrences(), st.lists(STARTS, max_size=4), st.lists(STARTS, max_size=4))
def test_what_is_kept_of_a_rule_is_the_rule(
    ruled: tuple[Recurrence, datetime], extra: list[datetime], left_out: list[datetime]
) -> None:
    plain, starts = ruled
    rule = Recurrence(
        plain.frequency,
        plain.interval,
        plain.weekdays,
        plain.month_days,
        plain.week_start,
        plain.count,
        plain.last_day,
        tuple(sorted(set(extra))),
        tuple(sorted(set(left_out))),
    )
    assert parse_rule(written_rule(rule), starts) == rule


@cache
def showing(day: date) -> dict[time, list[datetime]]:
    """Every quarter of an hour at which a clock in Montréal shows ``day``, by what it shows."""
    found: dict[time, list[datetime]] = {}
    instant = datetime.combine(day, time(), UTC)
    for n in range(4 * 32):
        shown = (instant + timedelta(minutes=15 * n)).astimezone(LOCAL_ZONE)
        if shown.date() == day:
            found.setdefault(shown.time(), []).append(shown.astimezone(UTC))
    return found


CHANGES = [date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)]
NEAR_A_CHANGE = st.builds(
    lambda day, n: day + timedelta(days=n), st.sampled_from(CHANGES), st.integers(-2, 2)
)
NIGHT = st.builds(time, st.integers(0, 4), st.sampled_from([0, 15, 30, 45]))


@settings(max_examples=500, deadline=None)
@given(
    st.builds(datetime.combine, DAYS | NEAR_A_CHANGE, CLOCKS | NIGHT),
    st.integers(1, 200).map(lambda n: n * timedelta(minutes=15)),
)
@example(datetime(2026, 3, 8, 2, 15), timedelta(minutes=30))  # noqa: DTZ001
@example(datetime(2026, 11, 1, 1, 0), timedelta(minutes=45))  # noqa: DTZ001
def test_a_date_keeps_its_wall_clock_time_and_asks_where_there_is_none_or_two(
    starts: datetime, length: timedelta
) -> None:
    ends = starts + length
    begins, finishes = (showing(each.date()).get(each.time(), []) for each in (starts, ends))
    found = occurrence(starts, ends, None)
    if len(begins) == len(finishes) == 1:
        assert found.period == Period(begins[0], finishes[0])
        assert (found.asks, found.choices) == (None, ())
        return
    assert found.period is None
    lost = not begins or not finishes
    assert found.asks is not None
    assert found.asks.code == ("time.does_not_exist" if lost else "time.exists_twice")
    for answer, span in found.choices:
        assert occurrence(starts, ends, answer).period == span
        for shown, wall, instants in (
            (span.start, starts, begins),
            (span.end, ends, finishes),
        ):
            if instants:
                assert shown == instants[-1 if answer is Answer.SECOND else 0]
            else:
                # The first quarter of an hour that there is after one that there is not.
                later = wall
                while not showing(later.date()).get(later.time()):
                    later += timedelta(minutes=15)
                assert local(shown).replace(tzinfo=None) == later
    answers = [answer for answer, _span in found.choices]
    if len(begins) == 2 or len(finishes) == 2:
        assert answers == [Answer.FIRST, Answer.SECOND]
    else:
        # Nothing is left of a date that lies within the hour that is lost.
        nothing_left = not begins and ends.time() <= time(3) and starts.date() == ends.date()
        assert answers == ([] if nothing_left else [Answer.LATER])


def test_five_years_of_tuesdays_begin_at_eight_on_the_clock() -> None:
    rule = parse_rule("FREQ=WEEKLY;BYDAY=TU;UNTIL=20291231", TUESDAY)
    found = occurrences(dates_of(rule, TUESDAY, last=LAST), timedelta(hours=4), {})
    assert len(found) == 200
    shown = {
        (local(each.period.start).strftime("%a %H:%M"), local(each.period.end).strftime("%H:%M"))
        for each in found
        if each.period
    }
    assert shown == {("Tue 08:00", "12:00")}
    assert {each.period.start.hour for each in found if each.period} == {12, 13}


def test_the_sentences_that_people_say_are_rules() -> None:
    assert said("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=4") == ["03.03", "05.03", "10.03", "12.03"]
    assert said("FREQ=WEEKLY;INTERVAL=2;COUNT=3") == ["03.03", "17.03", "31.03"]
    assert said("FREQ=MONTHLY;BYDAY=1TU;COUNT=3") == ["03.03", "07.04", "05.05"]
    end_of_month = datetime(2026, 3, 31, 8, 0)  # noqa: DTZ001
    assert said("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", end_of_month) == ["31.03", "30.04", "31.05"]
    assert said("FREQ=MONTHLY;BYDAY=1TU,FR;COUNT=4") == ["03.03", "06.03", "13.03", "20.03"]
    # A month without that day has none of it.
    assert said("FREQ=MONTHLY;COUNT=3", end_of_month) == ["31.03", "31.05", "31.07"]
    assert said("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20260309T130000Z") == [
        *("03.03", "04.03", "05.03", "06.03", "09.03"),
    ]


def test_dates_can_be_left_out_and_added() -> None:
    lines = (
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "EXDATE;TZID=America/Toronto:20260310T080000",
        "RDATE;VALUE=DATE:20260312",
        "RDATE:20260313T1",
        " 30000",
    )
    assert said("\n".join(lines)) == ["03.03", "12.03", "13.03", "17.03"]
    # Nine in the morning of that day in winter, written in UTC.
    assert said("FREQ=WEEKLY;COUNT=2\nEXDATE:20260303T130000Z") == ["10.03"]


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("FREQ=YEARLY;COUNT=2", "FREQ=YEARLY"),
        ("FREQ=SECONDLY;COUNT=2", "FREQ=SECONDLY"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=2", "BYSETPOS"),
        ("FREQ=DAILY;BYHOUR=8;COUNT=2", "BYHOUR"),
        ("FREQ=DAILY;BYMONTH=3;COUNT=2", "BYMONTH"),
        ("FREQ=WEEKLY;BYDAY=2TU;COUNT=2", "BYDAY=2TU"),
        ("FREQ=WEEKLY;BYMONTHDAY=3;COUNT=2", "BYMONTHDAY"),
        ("FREQ=WEEKLY;COUNT=2\nEXRULE:FREQ=DAILY", "EXRULE"),
        ("DTSTART:20260303T080000\nRRULE:FREQ=WEEKLY;COUNT=2", "DTSTART"),
        ("FREQ=WEEKLY;COUNT=2;" + "X" * 500 + "=1", "X" * 40),
    ],
)
def test_what_is_not_taken_is_refused_by_its_name(rule: str, part: str) -> None:
    assert refusal(rule) == ("series.part_not_taken", part, "rule")


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("FREQ=WEEKLY;INTERVAL=0;COUNT=2", "INTERVAL=0"),
        ("FREQ=WEEKLY;INTERVAL=-1;COUNT=2", "INTERVAL=-1"),
        ("FREQ=WEEKLY;INTERVAL=99999999999999999999;COUNT=2", "INTERVAL=99999999999999999999"),
        ("FREQ=WEEKLY;COUNT=0", "COUNT=0"),
        ("FREQ=WEEKLY;COUNT=1e3", "COUNT=1E3"),
        ("FREQ=WEEKLY;FREQ=DAILY;COUNT=2", "FREQ=DAILY"),
        ("FREQ=WEEKLY;COUNT", "COUNT"),
        ("FREQ=WEEKLY;COUNT=2;;", ""),
        ("FREQ=MONTHLY;BYDAY=6MO;COUNT=2", "BYDAY=6MO"),
        ("FREQ=MONTHLY;BYMONTHDAY=0;COUNT=2", "BYMONTHDAY=0"),
        ("FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2", "BYMONTHDAY=32"),
        ("FREQ=WEEKLY;WKST=XX;COUNT=2", "WKST=XX"),
        ("FREQ=WEEKLY;UNTIL=20260230", "UNTIL=20260230"),
        ("FREQ=WEEKLY;UNTIL=20260330T990000", "UNTIL=20260330T990000"),
        (
            "FREQ=WEEKLY;COUNT=2\nRDATE;TZID=Asia/Tokyo:20260303T080000",
            "RDATE;TZID=ASIA/TOKYO:20260303T080000"[:40],
        ),
        ("RRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=DAILY;COUNT=2", "RRULE:FREQ=DAILY;COUNT=2"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(rule: str, part: str) -> None:
    code, named, field = refusal(rule)
    assert (code, str(named).upper(), field) == ("series.part_unreadable", part, "rule")


@pytest.mark.parametrize(
    ("rule", "code", "field"),
    [
        ("COUNT=2", "series.part_missing", "rule"),
        ("EXDATE:20260303T080000", "field.missing", "rule"),
        ("FREQ=WEEKLY", "series.end_once", "rule"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20260401", "series.end_once", "rule"),
        ("FREQ=WEEKLY;COUNT=201", "series.too_many", "rule"),
        ("FREQ=WEEKLY;COUNT=999999999999999999999999", "series.too_many", "rule"),
        ("FREQ=DAILY;UNTIL=20271231", "series.too_many", "rule"),
        ("FREQ=WEEKLY;UNTIL=20300101", "time.too_far", "rule"),
        ("FREQ=WEEKLY;UNTIL=99991231T235959Z", "time.too_far", "rule"),
        ("FREQ=WEEKLY;UNTIL=00010101T000000", "time.too_far", "rule"),
        ("FREQ=MONTHLY;COUNT=48", "time.too_far", "rule"),
        ("FREQ=WEEKLY;COUNT=2\nRDATE:20300101T080000", "time.too_far", "rule"),
        ("FREQ=WEEKLY;COUNT=1\nEXDATE:20260303T080000", "series.no_dates", "rule"),
        ("FREQ=WEEKLY;UNTIL=20260302", "series.no_dates", "rule"),
        ("FREQ=WEEKLY;BYDAY=WE;COUNT=2", "series.starts_outside", "starts"),
        # The fifth Monday is never the first of a month.
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1;COUNT=2", "series.no_dates", "rule"),
    ],
)
def test_a_rule_without_an_end_or_with_too_many_dates_is_refused(
    rule: str, code: str, field: str
) -> None:
    found, _part, where = refusal(rule, last=date(2029, 12, 31))
    assert (found, where) == (code, field)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="FREQ=WEKLYDAIMONTHBSU;,:\n0123456789-+TZ ", max_size=120) | st.text())
def test_whatever_is_written_is_read_or_refused(written: str) -> None:
    reasons: tuple[Reason, ...] = ()
    try:
        dates = bounded_dates(parse_rule(written, TUESDAY), TUESDAY, last=LAST)
    except Refused as refused:
        reasons, dates = refused.reasons, []
    assert 1 <= len(dates) <= MOST_DATES or reasons
    assert {reason.field for reason in reasons} <= {"rule", "starts"}


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1;COUNT=200",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=3;BYDAY=TU;COUNT=200",
        "FREQ=DAILY;INTERVAL=999;COUNT=200",
        "FREQ=WEEKLY;COUNT=" + "9" * 7000,
        "FREQ=WEEKLY;COUNT=2\nRDATE:" + ",".join(["20260303T080000"] * 490),
    ],
)
def test_no_rule_costs_time(rule: str) -> None:
    started = stopwatch.perf_counter()
    with suppress(Refused):
        bounded_dates(parse_rule(rule, TUESDAY), TUESDAY, last=date(2028, 3, 3))
    assert stopwatch.perf_counter() - started < 0.2
