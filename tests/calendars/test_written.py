"""What is written is read back by others: the same instants, lines that hold, the same words."""

import io
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import recurring_ical_events
from dateutil import tz
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.calendars.rules import Event, EventStatus, plain
from mutuali.calendars.service import digest, written
from mutuali.core.period import LOCAL_ZONE, NoSuchLocalTime, Period, instant_at, local

NOW = datetime(2026, 3, 3, 13, tzinfo=UTC)


def event(period: Period, **values: object) -> Event:
    given: dict[str, object] = {
        "uid": "Zx1@mutuali",
        "sequence": 3,
        "period": period,
        "summary": "Camion, prêt à La Corbeille",
        "status": EventStatus.CONFIRMED,
        "url": "https://mutuali.example/reservations/Zx1",
        "location": "",
        "changed_at": NOW,
    }
    return Event(**{**given, **values})  # type: ignore[arg-type]


def ics(*events: Event) -> bytes:
    return written(events, name="MutuAli", language="fr")


def lines_of(file: bytes) -> list[str]:
    """The lines of RFC 5545, unfolded by hand: nothing but its section 3.1."""
    assert file.endswith(b"\r\n")
    assert file.count(b"\n") == file.count(b"\r") == file.count(b"\r\n")
    found: list[bytes] = []
    for line in file.split(b"\r\n")[:-1]:
        assert 1 <= len(line) <= 75
        if line.startswith((b" ", b"\t")):
            found[-1] += line[1:]
        else:
            found.append(line)
    return [line.decode() for line in found]


def value_of(file: bytes, name: str) -> str:
    """The unescaped text of the only line called ``name`` (its section 3.3.11)."""
    (line,) = [each for each in lines_of(file) if each.partition(":")[0].split(";")[0] == name]
    text, escaped = "", False
    for c in line.partition(":")[2]:
        if escaped:
            text += "\n" if c in "nN" else c
            escaped = False
        elif c == "\\":
            escaped = True
        else:
            assert c not in ",;"
            text += c
    assert not escaped
    return text


#: Sundays at which the clock changes, over five years, and ordinary days.
CHANGES = [
    *(date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14), date(2027, 11, 7)),
    *(date(2028, 3, 12), date(2028, 11, 5), date(2029, 3, 11), date(2029, 11, 4)),
    *(date(2030, 3, 10), date(2030, 11, 3)),
]
DAYS = st.one_of(st.sampled_from(CHANGES), st.dates(date(2026, 1, 1), date(2030, 12, 30)))
CLOCKS = st.one_of(
    st.builds(time, st.integers(0, 4), st.sampled_from([0, 15, 30, 59])),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)


@st.composite
def spans(draw: st.DrawFn) -> Period:
    """From one time of the wall clock to another, both as people choose them."""
    bounds = []
    for day in (draw(DAYS), draw(DAYS)):
        try:
            bounds.append(instant_at(day, draw(CLOCKS), fold=draw(st.sampled_from([0, 1]))))
        except NoSuchLocalTime as gap:
            bounds.append(gap.next_one)
    start = bounds[0]
    end = draw(st.sampled_from([bounds[1], start + timedelta(hours=draw(st.integers(1, 30)))]))
    return Period(start, end if end > start else start + timedelta(minutes=30))


@settings(max_examples=150, deadline=None)
@given(st.lists(spans(), min_size=1, max_size=4))
def test_another_reader_finds_the_same_instants(periods: list[Period]) -> None:
    events = [event(period, uid=f"{n}@mutuali") for n, period in enumerate(periods)]
    calendar = icalendar.Calendar.from_ical(ics(*events))
    found = recurring_ical_events.of(calendar).between(date(2025, 12, 1), date(2032, 1, 1))
    assert {
        (str(each["UID"]), each.start.astimezone(UTC), each.end.astimezone(UTC)) for each in found
    } == {(f"{n}@mutuali", period.start, period.end) for n, period in enumerate(periods)}


@settings(max_examples=60, deadline=None)
@given(spans())
def test_a_reader_that_knows_no_zone_but_ours_finds_the_same_instants(period: Period) -> None:
    """dateutil reads the VTIMEZONE itself; no table of zones is asked."""
    lines = lines_of(ics(event(period)))
    first, last = lines.index("BEGIN:VTIMEZONE"), lines.index("END:VTIMEZONE")

    zone = tz.tzical(io.StringIO("\n".join(lines[first : last + 1]))).get("America/Toronto")
    for name, instant in (("DTSTART", period.start), ("DTEND", period.end)):
        (line,) = [each for each in lines[last:] if each.startswith(name)]
        head, _, value = line.partition(":")
        if head == name:
            there = datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        else:
            assert head == f"{name};TZID=America/Toronto"
            there = datetime.strptime(value, "%Y%m%dT%H%M%S").replace(tzinfo=zone)
        assert there.astimezone(UTC) == instant


@pytest.mark.parametrize("years", [(2005, 2008), (2024, 2031)])
def test_the_zone_that_is_written_is_right_in_every_hour_of_its_years(
    years: tuple[int, int],
) -> None:
    """RFC 5545, 3.6.5, by hand: the latest onset before an instant gives its offset."""
    first, last = (datetime(year, 6, 1, tzinfo=UTC) for year in years)
    lines = lines_of(
        ics(
            event(Period(first, first + timedelta(hours=1))),
            event(Period(last, last + timedelta(hours=1))),
        )
    )
    onsets: list[tuple[datetime, timedelta]] = []
    part: dict[str, str] = {}
    for line in lines[lines.index("BEGIN:VTIMEZONE") :]:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            part = {}
        elif line in {"END:STANDARD", "END:DAYLIGHT"}:
            before, after = (_offset(part[f"TZOFFSET{way}"]) for way in ("FROM", "TO"))
            for shown in [part["DTSTART"], *filter(None, part.get("RDATE", "").split(","))]:
                wall = datetime.strptime(shown, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
                onsets.append((wall - before, after))
        part[name] = value
    onsets.sort()
    instant = datetime(years[0], 1, 1, 6, tzinfo=UTC)
    while instant < datetime(years[1], 12, 31, tzinfo=UTC):
        offset = [after for onset, after in onsets if onset <= instant][-1]
        assert offset == instant.astimezone(LOCAL_ZONE).utcoffset(), instant
        instant += timedelta(minutes=30)


def _offset(said: str) -> timedelta:
    sign = -1 if said.startswith("-") else 1
    return sign * timedelta(hours=int(said[1:3]), minutes=int(said[3:5]))


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=120))
def test_any_words_come_back_in_one_line_and_nothing_they_hold_is_a_line_of_its_own(
    summary: str, location: str
) -> None:
    period = Period(NOW, NOW + timedelta(hours=2))
    file = ics(event(period, summary=summary, location=location))
    assert value_of(file, "SUMMARY") == plain(summary)
    if plain(location):
        assert value_of(file, "LOCATION") == plain(location)
    names = [line.partition(":")[0].split(";")[0] for line in lines_of(file)]
    assert names.count("BEGIN") == names.count("END") == 6
    read = icalendar.Calendar.from_ical(file).walk("VEVENT")[0]
    assert str(read["SUMMARY"]) == plain(summary)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Camion\r\nATTENDEE:mailto:x@y", "Camion ATTENDEE:mailto:x@y"),
        ("a\x00b\x07c\x7fd\x85e\u2028f\u2029g", "a b c d e f g"),
        ("Camion\u202egnp.exe\u202c", "Camion gnp.exe"),
        ("  deux\u00a0mots   ou trois ", "deux\u00a0mots ou trois"),
        ("Épicerie\\n; 2, rue", "Épicerie\\n; 2, rue"),
        ("👩‍🍳 cuisine", "👩‍🍳 cuisine"),
    ],
)
def test_what_steers_a_line_or_its_direction_is_taken_out(words: str, said: str) -> None:
    assert plain(words) == said


def test_an_event_says_how_often_it_changed_and_whether_it_holds() -> None:
    period = Period(NOW, NOW + timedelta(hours=2))
    file = ics(event(period, sequence=7, status=EventStatus.CANCELLED))
    lines = lines_of(file)
    assert {"SEQUENCE:7", "STATUS:CANCELLED", "UID:Zx1@mutuali", "DTSTAMP:20260303T130000Z"} <= set(
        lines
    )
    assert "DTSTART;TZID=America/Toronto:20260303T080000" in lines
    assert not any(line.startswith(("LOCATION", "DESCRIPTION", "ATTENDEE")) for line in lines)


def test_the_hour_that_comes_twice_is_said_in_utc() -> None:
    second = instant_at(date(2026, 11, 1), time(1, 30), fold=1)
    assert local(second).fold == 1
    lines = lines_of(ics(event(Period(second, second + timedelta(hours=3)))))
    assert "DTSTART:20261101T063000Z" in lines
    assert "DTEND:20261101T093000Z" in lines


def test_an_agenda_without_events_is_one_and_the_same_words_have_the_same_digest() -> None:
    assert b"VEVENT" not in ics()
    one = event(Period(NOW, NOW + timedelta(hours=2)))
    assert digest([one], name="x", language="fr") == digest([one], name="x", language="fr")
    for other in ([], [event(one.period, sequence=4)], [one, one]):
        assert digest(other, name="x", language="fr") != digest([one], name="x", language="fr")
