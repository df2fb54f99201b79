"""What agendas of others mean: held against another reader, and against all that can be broken."""

import itertools
import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mutuali.calendars.rules import busy_periods
from mutuali.calendars.rules.recurring import Account, parse_rule, starts_of
from mutuali.calendars.service import zone_of
from mutuali.core.errors import Refused
from mutuali.core.period import LOCAL_ZONE, Period
from mutuali.web.sentences import SENTENCES

START = datetime(2026, 3, 3, 5, tzinfo=UTC)
SPAN = Period(START, START + timedelta(days=731))


def ics(*events: Sequence[str]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//FR"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def busy(*events: Sequence[str]) -> list[str]:
    """When, on Montréal's clock, as ``03-05 09:00/10:00``; longer ones with their last day."""
    return [_said(each) for each in busy_periods(ics(*events), SPAN, zone_of)]


def _said(period: Period) -> str:
    start, end = (each.astimezone(LOCAL_ZONE) for each in (period.start, period.end))
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%m-%d %H:%M}/{last}"


AT_NINE = ("UID:a", "DTSTART;TZID=America/Toronto:20260305T090000")
AN_HOUR = (*AT_NINE, "DTEND;TZID=America/Toronto:20260305T100000")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (AN_HOUR, ["03-05 09:00/10:00"]),
        (("DTSTART:20260305T140000Z", "DURATION:PT90M"), ["03-05 09:00/10:30"]),
        (("DTSTART:20260305T090000", "DTEND:20260305T100000"), ["03-05 09:00/10:00"]),
        (
            ("DTSTART;TZID=Eastern Standard Time:20260305T090000", "DURATION:PT1H"),
            ["03-05 09:00/10:00"],
        ),
        (
            (
                "DTSTART;TZID=/mozilla.org/20050126_1/America/Vancouver:20260305T090000",
                "DURATION:PT1H",
            ),
            ["03-05 12:00/13:00"],
        ),
        (("DTSTART;VALUE=DATE:20260305",), ["03-05 00:00/03-06 00:00"]),
        (("DTSTART:20260305", "DTEND:20260308"), ["03-05 00:00/03-08 00:00"]),
        # The day the clock is set has 23 hours, and a day of the calendar is one all the same.
        (("DTSTART;VALUE=DATE:20260308",), ["03-08 00:00/03-09 00:00"]),
        (
            ("DTSTART;TZID=America/Toronto:20260307T120000", "DURATION:P1D"),
            ["03-07 12:00/03-08 12:00"],
        ),
        (
            ("DTSTART;TZID=America/Toronto:20260307T120000", "DURATION:PT24H"),
            ["03-07 12:00/03-08 13:00"],
        ),
        # What the clock jumps over is read with the offset before; what it shows twice, the first.
        (("DTSTART;TZID=America/Toronto:20260308T023000", "DURATION:PT1H"), ["03-08 03:30/04:30"]),
        (("DTSTART;TZID=America/Toronto:20261101T013000", "DURATION:PT30M"), ["11-01 01:30/01:00"]),
        ((*AN_HOUR, "TRANSP:TRANSPARENT"), []),
        ((*AN_HOUR, "STATUS:CANCELLED"), []),
        ((*AN_HOUR, "STATUS:TENTATIVE", "TRANSP:OPAQUE"), ["03-05 09:00/10:00"]),
        (AT_NINE, []),
        (("UID:abcdefghijklmnopqrstuv@mutuali", *AN_HOUR[1:]), []),
        (
            (*AN_HOUR, "RRULE:FREQ=WEEKLY;COUNT=3"),
            ["03-05 09:00/10:00", "03-12 09:00/10:00", "03-19 09:00/10:00"],
        ),
        (
            (*AN_HOUR, "RRULE:FREQ=DAILY;UNTIL=20260306T140000Z"),
            ["03-05 09:00/10:00", "03-06 09:00/10:00"],
        ),
        ((*AN_HOUR, "RRULE:FREQ=DAILY;UNTIL=20260306"), ["03-05 09:00/10:00", "03-06 09:00/10:00"]),
        (
            (*AN_HOUR, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=America/Toronto:20260312T090000"),
            ["03-05 09:00/10:00", "03-19 09:00/10:00"],
        ),
        (
            (*AN_HOUR, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20260312T130000Z,20260319T130000Z"),
            ["03-05 09:00/10:00"],
        ),
        (
            (*AN_HOUR, "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE;VALUE=DATE:20260312"),
            ["03-05 09:00/10:00"],
        ),
        (
            (*AN_HOUR, "RDATE;TZID=America/Toronto:20260306T090000,20260307T090000"),
            ["03-05 09:00/10:00", "03-06 09:00/10:00", "03-07 09:00/10:00"],
        ),
        (
            (
                *AN_HOUR,
                "RDATE;VALUE=PERIOD:20260306T140000Z/PT2H,20260307T140000Z/20260307T150000Z",
            ),
            ["03-05 09:00/10:00", "03-06 09:00/11:00", "03-07 09:00/10:00"],
        ),
        (
            ("DTSTART;VALUE=DATE:16040305", "RRULE:FREQ=YEARLY"),
            ["03-05 00:00/03-06 00:00", "03-05 00:00/03-06 00:00"],
        ),
        (
            (
                "DTSTART;TZID=America/Toronto:20260305T220000",
                "DTEND;TZID=America/Toronto:20260306T060000",
                "RRULE:FREQ=DAILY;COUNT=2",
            ),
            ["03-05 22:00/03-06 06:00", "03-06 22:00/03-07 06:00"],
        ),
        (
            (
                *AT_NINE,
                "DTEND;TZID=America/Toronto:20260305T100000",
                "BEGIN:VALARM",
                "TRIGGER:-PT10M",
                "DURATION:PT5M",
                "END:VALARM",
            ),
            ["03-05 09:00/10:00"],
        ),
        (("dtstart;tzid=America/Toronto:20260305T090000", "duration:PT1H"), ["03-05 09:00/10:00"]),
        (
            ('DTSTART;TZID="America/Toronto";X=y:20260305T0900', " 00", "DURA", " TION:PT1H"),
            ["03-05 09:00/10:00"],
        ),
        (("DTSTART:20200101T000000Z", "DTEND:20300101T000000Z"), [_said(SPAN)]),
        (("DTSTART:20200101T000000Z", "DTEND:20200102T000000Z"), []),
    ],
)
def test_an_event_closes_what_it_says(lines: Sequence[str], said: list[str]) -> None:
    assert busy(lines) == said


def test_a_moved_date_of_a_series_is_where_it_was_moved_to() -> None:
    series = (*AN_HOUR, "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = (
        *("UID:a", "RECURRENCE-ID;TZID=America/Toronto:20260312T090000"),
        *("DTSTART;TZID=America/Toronto:20260313T140000", "DURATION:PT1H"),
    )
    for events in ((series, moved), (moved, series)):
        assert busy(*events) == ["03-05 09:00/10:00", "03-13 14:00/15:00", "03-19 09:00/10:00"]
    assert busy(series, (*moved, "STATUS:CANCELLED")) == ["03-05 09:00/10:00", "03-19 09:00/10:00"]
    elsewhere = ("UID:b", *moved[1:])
    assert len(busy(series, elsewhere)) == 4


def test_what_overlaps_or_touches_is_one() -> None:
    events = [
        ("DTSTART:20260305T140000Z", "DURATION:PT1H"),
        ("DTSTART:20260305T143000Z", "DURATION:PT1H"),
        ("DTSTART:20260305T153000Z", "DURATION:PT1H"),
        ("DTSTART:20260305T170000Z", "DURATION:PT1H"),
    ]
    assert busy(*events) == ["03-05 09:00/11:30", "03-05 12:00/13:00"]


#: Files that are broken: what stands in them after the first two lines, the refusal, its line.
BROKEN: dict[str, tuple[bytes, str, int]] = {
    "empty": (b"", "not_a_calendar", 1),
    "blank": (b"\r\n\r\n", "not_a_calendar", 1),
    "a page": (b"<!doctype html>\n<title>x</title>", "not_a_line", 1),
    "an event alone": (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "not_a_calendar", 1),
    "cut off": (ics(AN_HOUR)[:-30], "unfinished", 7),
    "no end": (ics(AN_HOUR).replace(b"END:VEVENT\r\n", b""), "not_its_end", 8),
    "an end too many": (ics(AN_HOUR) + b"END:VCALENDAR\r\n", "not_a_calendar", 10),
    "words after the end": (ics(AN_HOUR) + b"bonjour\r\n", "not_a_line", 10),
    "a line that is none": (ics((*AN_HOUR, "bonjour")), "not_a_line", 8),
    "a folded beginning": (b" BEGIN:VCALENDAR\r\n", "not_a_line", 1),
    "latin-1": (ics((*AN_HOUR, "SUMMARY:x")).replace(b":x", b":\xe9"), "not_utf8", 8),
    "a wild byte in a fold": (
        ics((*AN_HOUR, "SUMMARY:x", " \x00y")).replace(b"y", b"\xff"),
        "not_utf8",
        3,
    ),
    "no start": (ics(("UID:a",)), "no_start", 4),
    "two starts": (ics((*AN_HOUR, AT_NINE[1])), "said_twice", 8),
    "an end and a length": (ics((*AN_HOUR, "DURATION:PT1H")), "said_twice", 8),
    "no such day": (ics(("DTSTART:20260230T090000",)), "not_a_time", 5),
    "no such hour": (ics(("DTSTART:20260205T250000",)), "not_a_time", 5),
    "words for a time": (ics(("DTSTART:demain",)), "not_a_time", 5),
    "digits of others": (ics(("DTSTART:２０２６０３０５",)), "not_a_time", 5),
    "year nothing": (ics(("DTSTART:00000101",)), "not_a_time", 5),
    "the last year": (ics(("DTSTART:99991231T235959Z", "DURATION:P9999D")), "not_a_time", 5),
    "a zone nobody knows": (ics(("DTSTART;TZID=Mars/Olympus:20260305T090000",)), "unknown_zone", 5),
    "a zone that is a path": (
        ics(("DTSTART;TZID=../../etc/passwd:20260305T090000",)),
        "unknown_zone",
        5,
    ),
    "an end before": (
        ics((*AT_NINE, "DTEND;TZID=America/Toronto:20260305T080000")),
        "ends_before",
        7,
    ),
    "a length of nothing": (ics((*AT_NINE, "DURATION:P")), "not_a_length", 7),
    "a length backwards": (ics((*AT_NINE, "DURATION:-PT1H")), "not_a_length", 7),
    "an endless length": (ics((*AT_NINE, "DURATION:P999999999999D")), "not_a_length", 7),
    "a rule of nothing": (ics((*AN_HOUR, "RRULE:")), "not_a_rule", 8),
    "a rule without how often": (ics((*AN_HOUR, "RRULE:COUNT=2")), "not_a_rule", 8),
    "a rule of the moon": (ics((*AN_HOUR, "RRULE:FREQ=LUNAR")), "not_a_rule", 8),
    "every second": (ics((*AN_HOUR, "RRULE:FREQ=SECONDLY")), "not_read", 8),
    "weeks of the year": (ics((*AN_HOUR, "RRULE:FREQ=YEARLY;BYWEEKNO=20")), "not_read", 8),
    "never again": (ics((*AN_HOUR, "RRULE:FREQ=DAILY;INTERVAL=0")), "not_a_rule", 8),
    "month thirteen": (ics((*AN_HOUR, "RRULE:FREQ=YEARLY;BYMONTH=13")), "not_a_rule", 8),
    "an end twice": (ics((*AN_HOUR, "RRULE:FREQ=DAILY;COUNT=2;UNTIL=20260401")), "not_a_rule", 8),
    "until never": (ics((*AN_HOUR, "RRULE:FREQ=DAILY;UNTIL=jamais")), "not_a_rule", 8),
    "an old exception": (ics((*AN_HOUR, "EXRULE:FREQ=DAILY")), "not_read", 8),
    "an exception of words": (ics((*AN_HOUR, "EXDATE:hier")), "not_a_time", 8),
    "from here on": (
        ics(
            (
                "UID:a",
                "RECURRENCE-ID;RANGE=THISANDFUTURE:20260305T090000Z",
                "DTSTART:20260305T090000Z",
            )
        ),
        "not_read",
        6,
    ),
    "a span backwards": (
        ics((*AN_HOUR, "RDATE;VALUE=PERIOD:20260306T140000Z/20260306T130000Z")),
        "ends_before",
        8,
    ),
    "half a span": (ics((*AN_HOUR, "RDATE;VALUE=PERIOD:20260306T140000Z")), "not_a_time", 8),
    "a quote that never ends": (ics(('DTSTART;TZID="America:20260305T090000',)), "not_a_line", 5),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    content, code, line = BROKEN[name]
    file = tmp_path / "casse.ics"
    file.write_bytes(content)
    with pytest.raises(Refused) as refused:
        busy_periods(file.read_bytes(), SPAN, zone_of)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.params["line"]) == (f"ical.{code}", line)
    assert str(SENTENCES[reason.code]) % reason.params


def _broken(file: bytes) -> None:
    try:
        found = busy_periods(file, SPAN, zone_of)
    except Refused:
        return
    for before, after in itertools.pairwise(found):
        assert before.end < after.start
    assert all(SPAN.start <= each.start < each.end <= SPAN.end for each in found)


WHOLE = ics(
    (*AN_HOUR, "RRULE:FREQ=MONTHLY;BYDAY=-1FR,2MO;BYSETPOS=1;WKST=SU;UNTIL=20271231T000000Z"),
    ("UID:b", "DTSTART;VALUE=DATE:20260401", "DTEND;VALUE=DATE:20260403", "EXDATE:20260401"),
    ("UID:a", "RECURRENCE-ID:20260327T130000Z", "DTSTART:20260328T130000Z", "DURATION:P1DT2H"),
    ("UID:c", "DTSTART:20260305T140000Z", "RDATE;VALUE=PERIOD:20260306T140000Z/PT2H"),
)
#: What files are made of, to be put where it does not belong.
PIECES = [
    *(
        b"\r\n",
        b"\n ",
        b":",
        b";",
        b",",
        b"=",
        b'"',
        b"-",
        b"P",
        b"T",
        b"Z",
        b"\x00",
        b"\xff",
        b"9",
    ),
    *(
        b"BEGIN:VEVENT\r\n",
        b"END:VEVENT\r\n",
        b"BEGIN:",
        b"END:",
        b"DTSTART:",
        b"RRULE:FREQ=YEARLY",
    ),
    *(
        b";TZID=",
        b"99999999",
        b"00000000",
        b"INTERVAL=999999999",
        b"COUNT=999999999",
        b"BYSETPOS=-1",
    ),
]


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 12), st.sampled_from(PIECES)),
        min_size=1,
        max_size=5,
    )
)
def test_no_broken_file_breaks_the_reader(edits: list[tuple[int, int, bytes]]) -> None:
    file = WHOLE
    for position, taken, piece in edits:
        file = file[:position] + piece + file[position + taken :]
    _broken(file)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    _broken(content)
    _broken(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + content + b"\r\nEND:VEVENT\r\nEND:VCALENDAR")


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if draw(st.booleans()):
        months = draw(st.sets(st.integers(1, 12), min_size=1, max_size=5))
        parts.append("BYMONTH=" + ",".join(map(str, sorted(months))))
    if draw(st.booleans()):
        days = draw(st.sets(st.sampled_from(["MO", "WE", "FR", "SA", "SU"]), min_size=1))
        # Of some that are counted and some that are not, dateutil finds those that are both.
        counts = frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans())
        nth = st.sampled_from(["1", "2", "-1"] if counts else [""])
        parts.append("BYDAY=" + ",".join(draw(nth) + day for day in sorted(days)))
    elif frequency != "WEEKLY" and draw(st.booleans()):
        numbers = draw(st.sets(st.sampled_from([1, 2, 15, 28, -1, -3]), min_size=1))
        parts.append("BYMONTHDAY=" + ",".join(map(str, sorted(numbers))))
    if frequency in {"MONTHLY", "YEARLY"} and len(parts) > 2 and draw(st.booleans()):
        parts.append("BYSETPOS=" + draw(st.sampled_from(["1", "-1", "1,-1"])))
    if draw(st.booleans()):
        parts.append("WKST=" + draw(st.sampled_from(["SU", "WE"])))
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    return ";".join(parts)


STARTS = st.dates(date(2021, 1, 1), date(2026, 12, 31)).map(
    lambda day: datetime.combine(day, datetime.min.time().replace(hour=9))
)


@settings(max_examples=120, deadline=None)
@given(rules(), STARTS)
def test_a_rule_means_the_days_that_dateutil_finds(written: str, starts: datetime) -> None:
    rule = parse_rule(written, lambda _: None)
    last = date(2028, 12, 31)
    mine = list(starts_of(rule, starts, starts.date(), last, Account()))
    assume(len(mine) > 1)  # of a rule that means nothing, dateutil goes on to the year 9999
    theirs: Any = rrulestr(written, dtstart=starts)
    end = datetime.combine(last, datetime.max.time())
    if rule.count is None:
        theirs = theirs.replace(until=end)
    assert mine == sorted({starts, *itertools.takewhile(lambda there: there <= end, theirs)})
    # Read from somewhere on, it means the same from there on.
    first = date(2026, 3, 3)
    later = list(starts_of(rule, starts, first, last, Account()))
    assert later == [there for there in mine if there.date() >= first]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(STARTS, rules(), st.integers(1, 8)), min_size=1, max_size=3))
def test_another_reader_finds_the_same_busy_time(drawn: list[tuple[datetime, str, int]]) -> None:
    events = []
    for number, (starts, rule, hours) in enumerate(drawn):
        parsed = parse_rule(rule, lambda _: None)
        assume(len(list(starts_of(parsed, starts, starts.date(), date(2030, 1, 1), Account()))) > 1)
        # Where the first date is not in the rule, RFC 5545 leaves the rest undefined.
        uncounted: Any = rrulestr(re.sub(r";COUNT=\d+", "", rule), dtstart=starts)
        starts = uncounted[0]
        events.append(
            (
                *(f"UID:{number}", f"DTSTART;TZID=America/Toronto:{starts:%Y%m%dT%H%M%S}"),
                *(f"DURATION:PT{hours}H", f"RRULE:{rule}"),
            )
        )
    file = ics(*events)
    calendar: Any = icalendar.Calendar.from_ical(file)
    mine = busy_periods(file, SPAN, zone_of)
    theirs = sorted(
        (each.start.astimezone(UTC), each.end.astimezone(UTC))
        for each in recurring_ical_events.of(calendar).between(SPAN.start, SPAN.end)
    )
    merged: list[list[datetime]] = []
    for start, end in theirs:
        start, end = max(start, SPAN.start), min(end, SPAN.end)
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif start < end:
            merged.append([start, end])
    assert [[each.start, each.end] for each in mine] == merged


def test_too_many_events_are_refused_and_five_thousand_are_read() -> None:
    def many(count: int) -> bytes:
        return ics(
            *[
                (f"DTSTART:{START + timedelta(hours=3 * n):%Y%m%dT%H%M%SZ}", "DURATION:PT1H")
                for n in range(1, count + 1)
            ]
        )

    assert len(busy_periods(many(5000), SPAN, zone_of)) == 5000
    for file in (many(5001), ics(*[(*AN_HOUR, "RRULE:FREQ=DAILY")] * 7)):
        with pytest.raises(Refused, match=r"ical\.too_many"):
            busy_periods(file, SPAN, zone_of)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;COUNT=999999999;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=53MO",
        "FREQ=DAILY;INTERVAL=999999999",
    ],
)
def test_whatever_recurs_however_often_ends_in_seconds(rule: str) -> None:
    event = ("DTSTART:10010101T090000Z", "DURATION:PT1H", f"RRULE:{rule}")
    begin = time.monotonic()
    _broken(ics(*[event] * 3000))
    assert time.monotonic() - begin < 30
