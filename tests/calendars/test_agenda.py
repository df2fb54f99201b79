"""The agenda of an organization: what it lends, borrows and closes, by week and by month."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, sync_playwright
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.calendars import service
from mutuali.calendars.rules import View, days_of, neighbours, span_of, within
from mutuali.core.errors import NotFound
from mutuali.core.period import LOCAL_ZONE, Period, local
from mutuali.equipment import service as equipment
from tests.browser.test_story import CHROMIUM, FLAGS
from tests.counting import counted
from tests.factories import NOW, World, at, span

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 1))


@given(DAYS, st.sampled_from(View))
def test_whole_weeks_are_shown_and_every_day_has_one_before_and_one_after(
    day: date, view: View
) -> None:
    shown = days_of(view, day)
    assert day in shown
    assert shown[0].weekday() == 0
    assert len(shown) % 7 == 0
    assert shown == [shown[0] + timedelta(days=n) for n in range(len(shown))]
    if view is View.MONTH:
        month = [each for each in shown if each.month == day.month]
        assert month[0].day == 1
        assert (month[-1] + timedelta(days=1)).day == 1
        assert len(shown) - len(month) < 14
    before, after = neighbours(view, day)
    assert day not in days_of(view, before) or view is View.MONTH
    assert before < day < after
    assert (before.year, before.month) != (day.year, day.month) or view is View.WEEK


@given(
    st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)),  # noqa: DTZ001 - of the wall
    st.integers(1, 60 * 24 * 5),
    st.integers(-1, 6),
)
def test_a_day_holds_what_some_minute_of_it_holds(wall: datetime, minutes: int, later: int) -> None:
    start = wall.replace(second=0, microsecond=0, tzinfo=LOCAL_ZONE).astimezone(UTC)
    period = Period(start, start + timedelta(minutes=minutes))
    day = wall.date() + timedelta(days=later)
    held = [
        instant
        for instant in (period.start + timedelta(minutes=n) for n in range(minutes))
        if local(instant).date() == day
    ]
    bounds = within(period, day)
    assert (bounds is not None) == bool(held)
    if bounds is not None:
        starts, ends = bounds
        assert (starts == period.start) == (held[0] == period.start)
        last = held[-1] + timedelta(minutes=1)
        assert ends == (period.end if last == period.end else None)


def test_each_day_says_what_is_lent_borrowed_and_closed(world: World, session: Session) -> None:
    lender = world.organization("Le Grand Panier")
    lends = world.member(lender[0])
    truck = world.listing(lender, longest_minutes=9000)
    lent = world.booking(truck, Period(at(2), at(4)))
    borrowed = world.booking(world.listing(), span(3), borrower=lends)
    gone = world.booking(world.listing(lender, title_fr="Four"), span(2))
    bookings.cancel(session, lends, gone.public_id, reason="", now=NOW)
    scope = equipment.Scope(lender[0])
    equipment.close(session, lends, scope, Period(at(5), at(5, 3)), now=NOW)
    days = days_of(View.WEEK, date(2026, 3, 3))
    found = service.agenda_days(session, lends, lender[0], days, now=NOW)
    assert [each.day.day for each in found] == [2, 3, 4, 5, 6, 7, 8]
    assert [[e.public_id for e in each.lent] for each in found] == [
        *([], [], [], [lent.public_id], [lent.public_id], [lent.public_id], []),
    ]
    assert [[e.public_id for e in each.borrowed] for each in found] == [
        *([], [], [], [], [borrowed.public_id], [], []),
    ]
    assert [len(each.closed) for each in found] == [0, 0, 0, 0, 0, 0, 1]
    stranger = world.member(world.organization()[0])
    with pytest.raises(NotFound):
        service.agenda_days(session, stranger, lender[0], days, now=NOW)


def test_an_overdue_loan_is_on_the_agenda_until_now(world: World, session: Session) -> None:
    lender = world.organization()
    lends = world.member(lender[0])
    lent = world.booking(world.listing(lender), span(0.1))
    bookings.approve(session, lends, lent.public_id, now=NOW)
    bookings.hand_over(session, lends, lent.public_id, now=at(0.1))
    days = days_of(View.WEEK, date(2026, 3, 3))
    found = service.agenda_days(session, lends, lender[0], days, now=at(2))
    assert [each.day.day for each in found if each.lent] == [3, 4, 5]
    assert found[1].lent[0].overdue


def test_an_agenda_asks_as_few_questions_however_much_it_holds(
    world: World, session: Session
) -> None:
    lender = world.organization()
    lends = world.member(lender[0])
    days = days_of(View.MONTH, date(2026, 3, 3))
    with counted(session) as few:
        service.agenda_days(session, lends, lender[0], days, now=NOW)
    for n in range(12):
        world.booking(world.listing(lender), span(2 + n))
        scope = equipment.Scope(lender[0])
        equipment.close(session, lends, scope, Period(at(n + 1), at(n + 2)), now=NOW)
    session.flush()
    with counted(session) as many:
        found = service.agenda_days(session, lends, lender[0], days, now=NOW)
    assert sum(len(each.lent) for each in found) == 12
    assert len(many) <= len(few) + 1


@pytest.mark.parametrize("view", ["semaine", "mois"])
def test_the_page_says_day_time_what_and_state(
    client: FlaskClient, world: World, view: str
) -> None:
    world.now = datetime.now(UTC)
    lender = world.organization("Le Grand Panier")
    lends = world.member(lender[0])
    noon = datetime.combine(local(world.now).date(), time(12), LOCAL_ZONE) + timedelta(days=1)
    period = Period(noon, noon + timedelta(hours=2))
    truck = world.listing(lender, title_fr="Camion", title_en="Truck", units=3)
    lent = world.booking(truck, period, units=2)
    world.sign_in(client, lends)
    day = local(period.start).date()
    shown = re.sub(r"\s+", " ", client.get(f"/agenda?vue={view}&jour={day}").text)
    assert f'href="/reservations/{lent.public_id}"><b>12 h à 14 h</b> 2 × Camion' in shown
    assert "demandée" in shown.lower()
    assert f'data-day="{day}"' in shown
    assert "rien" in shown
    assert 'aria-current="date"' in client.get(f"/agenda?vue={view}").text
    assert "Truck" in client.get(f"/agenda?vue={view}&jour={day}&lang=en").text
    before, after = neighbours(View(view), day)
    for other in (before, after):
        assert f'href="/agenda?vue={view}&amp;jour={other}"' in shown
    for wrong in ("jour=demain", "jour=0001-01-01", "vue=siecle"):
        assert client.get(f"/agenda?{wrong}").status_code == 422


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


def test_arrow_keys_go_from_day_to_day_and_beyond(browser_page: Page) -> None:
    days = [f'<td><a href="#j{n}" data-day="{n}">{n}</a></td>' for n in range(14)]
    rows = f"<tr>{''.join(days[:7])}</tr><tr>{''.join(days[7:])}</tr>"
    browser_page.set_content(
        '<a rel="prev" href="#avant">avant</a><a rel="next" href="#apres">après</a>'
        f'<p hidden data-agenda-keys>flèches</p><table data-agenda="7">{rows}</table>'
    )
    script = Path(__file__).resolve().parents[2] / "mutuali/static/js/agenda.js"
    browser_page.add_script_tag(path=script)
    assert browser_page.locator("[data-agenda-keys]").is_visible()
    browser_page.locator('[data-day="3"]').focus()
    for key, day in (
        ("ArrowRight", "4"),
        ("ArrowDown", "11"),
        ("ArrowLeft", "10"),
        ("ArrowUp", "3"),
    ):
        browser_page.keyboard.press(key)
        assert browser_page.evaluate("document.activeElement.dataset.day") == day
    browser_page.keyboard.press("ArrowUp")
    assert browser_page.evaluate("location.hash") == "#avant"
    browser_page.locator('[data-day="13"]').focus()
    browser_page.keyboard.press("ArrowRight")
    assert browser_page.evaluate("location.hash") == "#apres"


def test_a_span_of_days_is_theirs_to_the_minute() -> None:
    changed = span_of([date(2026, 3, 8)])
    assert changed.length == timedelta(hours=23)
