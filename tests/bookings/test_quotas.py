"""How much one organization may have of a lender: by the calendar, and whatever way it asks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import Purpose, Use, quota_refusals
from mutuali.bookings.rules.recurrence import Frequency, Recurrence
from mutuali.bookings.rules.series import Take
from mutuali.bookings.service import series
from mutuali.core.errors import Forbidden, NotFound, Refused
from mutuali.core.period import Period, instant_at, local
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Counts, Per, Quota, calendar_span
from mutuali.organizations import service as organizations
from mutuali.web.secrets import new_public_id
from tests.bookings.test_rules import OFFER
from tests.counting import counted
from tests.factories import NOW, World, at, span

HOUR = timedelta(hours=1)
#: NOW is a Tuesday; the Monday after it begins the next week, and April the next month.
NEXT_WEEK, NEXT_MONTH = date(2026, 3, 9), date(2026, 4, 1)


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1), date(2027, 12, 31)], ids=str)
@pytest.mark.parametrize("per", Per)
def test_every_hour_lies_in_the_week_and_the_month_that_its_local_day_is_of(
    day: date, per: Per
) -> None:
    for n in range(-30, 60):
        instant = instant_at(day, time(12)) + n * HOUR
        found, there = calendar_span(instant, per), local(instant).date()
        assert found.contains(instant)
        days = {local(found.start + n * HOUR).date() for n in range(found.length // HOUR)}
        if per is Per.WEEK:
            assert {each.isocalendar()[:2] for each in days} == {there.isocalendar()[:2]}
            assert len(days) == 7
        else:
            assert {(each.year, each.month) for each in days} == {(there.year, there.month)}
            assert max(days) + timedelta(days=1) == local(found.end).date()


uses = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 3), st.integers(-900, 900), st.integers(1, 60)).map(
        lambda d: Use(d[0], d[1], Period(at(0, d[2]), at(0, d[2] + d[3])))
    ),
    max_size=10,
)


@settings(max_examples=200, deadline=None)
@given(
    had=uses,
    per=st.sampled_from(Per),
    counts=st.sampled_from(Counts),
    most=st.integers(1, 60),
    of_all=st.booleans(),
    units=st.integers(1, 3),
    start=st.integers(-700, 700),
    length=st.integers(1, 40),
)
def test_a_quota_refuses_what_counting_hour_by_hour_finds_too_much(
    had: list[Use],
    per: Per,
    counts: Counts,
    most: int,
    of_all: bool,
    units: int,
    start: int,
    length: int,
) -> None:
    period = Period(at(0, start), at(0, start + length))
    offer = replace(OFFER, quotas=(Quota(per, counts, most, of_all=of_all),))

    def stretch(instant: datetime) -> Any:
        day = local(instant).date()
        return day.isocalendar()[:2] if per is Per.WEEK else (day.year, day.month)

    total = 0
    for use in (*had, Use(OFFER.listing_id, units, period)):
        same = stretch(use.period.start) == stretch(period.start)
        if same and (of_all or use.listing_id == OFFER.listing_id):
            total += use.units * (use.period.length // HOUR) if counts is Counts.UNIT_HOURS else 1
    assert bool(list(quota_refusals(units, period, offer, had))) is (total > most)


class Limited:
    """A lender of two trucks that are free for all, and somebody who borrows."""

    def __init__(self, world: World, session: Session) -> None:
        self.world, self.session = world, session
        self.lender = world.organization()
        self.owner = world.member(self.lender[0])
        self.trucks = [self.truck(), self.truck()]
        self.taker = world.member(world.organization()[0])

    def truck(self) -> str:
        return self.world.listing(self.lender, approver=Approver.NOBODY)

    def limit(self, quota: Quota) -> None:
        listing = equipment.listing_id_of(self.session, self.trucks[0])
        scope = equipment.Scope(self.lender[0], None if quota.of_all else listing)
        equipment.limit(self.session, self.owner, scope, quota, now=NOW)

    def book(self, which: int, period: Period, units: int = 1) -> Any:
        return self.world.booking(self.trucks[which], period, borrower=self.taker, units=units)


@pytest.fixture
def limited(world: World, session: Session) -> Limited:
    return Limited(world, session)


def test_one_more_in_the_same_week_is_refused_with_what_is_used_and_the_next_week_offered(
    limited: Limited,
) -> None:
    limited.limit(Quota(Per.WEEK, Counts.BOOKINGS, 1))
    limited.book(0, span(1))
    with pytest.raises(Refused) as refused:
        limited.book(0, span(2))
    [reason] = refused.value.reasons
    assert reason.code == "booking.quota_bookings_a_week"
    assert reason.params == {"most": 1, "used": 1, "again": NEXT_WEEK}
    first = refused.value.nearest[0]
    assert local(first.start).date() >= NEXT_WEEK
    # The other truck has no quota, another borrower its own, and the next week its own too.
    limited.book(1, span(2))
    limited.world.booking(limited.trucks[0], span(2))
    limited.book(0, first)


def test_hours_count_times_units_and_over_all_that_the_lender_shares(limited: Limited) -> None:
    limited.limit(Quota(Per.MONTH, Counts.UNIT_HOURS, 5, of_all=True))
    limited.book(0, span(1, 3))
    with pytest.raises(Refused) as refused:
        limited.book(1, span(2, 3))
    [reason] = refused.value.reasons
    assert reason.code == "booking.quota_hours_a_month"
    assert reason.params == {"most": 5, "used": 3 * HOUR, "again": NEXT_MONTH}
    limited.book(1, span(2, 2))


def test_what_was_cancelled_declined_or_lapsed_does_not_count(
    limited: Limited, session: Session
) -> None:
    limited.limit(Quota(Per.MONTH, Counts.BOOKINGS, 1))
    booked = limited.book(0, span(1))
    service.cancel(session, limited.taker, booked.public_id, now=NOW)
    held = limited.world.listing(limited.lender, hold_minutes=60)
    limited.trucks[0] = held
    limited.limit(Quota(Per.MONTH, Counts.BOOKINGS, 1))
    limited.book(0, span(4))
    with pytest.raises(Refused):
        limited.book(0, span(6))
    limited.world.now = NOW + timedelta(minutes=61)
    limited.book(0, span(6))


def test_the_later_number_holds_and_a_quota_that_is_gone_counts_nothing(
    limited: Limited, session: Session
) -> None:
    for quota in (
        Quota(Per.WEEK, Counts.BOOKINGS, 5, of_all=True),
        Quota(Per.WEEK, Counts.BOOKINGS, 1, of_all=True),
    ):
        limited.limit(quota)
    scope = equipment.Scope(limited.lender[0])
    [(id_, quota)] = equipment.quotas(session, scope)
    assert quota.most == 1
    limited.book(0, span(1))
    with pytest.raises(Refused):
        limited.book(1, span(2))
    assert equipment.unlimit(session, limited.owner, id_, now=NOW) == scope
    limited.book(1, span(2))


def test_search_heeds_what_the_searcher_has_already_with_one_question_more_for_all(
    limited: Limited, session: Session
) -> None:
    limited.limit(Quota(Per.WEEK, Counts.BOOKINGS, 1, of_all=True))
    wish, taker_id = service.Wish(span(2)), limited.taker.organization_id
    session.flush()
    with counted(session) as without:
        assert service.search(session, wish, now=NOW).total == 2
    with counted(session) as with_uses:
        assert service.search(session, wish, borrower_id=taker_id, now=NOW).total == 2
    assert len(with_uses) == len(without) + 1
    limited.book(0, span(1))
    found = service.search(session, wish, borrower_id=taker_id, now=NOW)
    assert found.total == 0
    assert len(found.nearly) == 2
    for each in found.nearly:
        assert local(each.other_spans[0].start).date() >= NEXT_WEEK


def test_a_cart_and_a_series_go_no_further_than_single_requests(
    limited: Limited, session: Session
) -> None:
    limited.limit(Quota(Per.WEEK, Counts.BOOKINGS, 2, of_all=True))
    taker_id = limited.taker.organization_id or 0
    lines = [(0, span(1)), (1, span(1)), (1, span(2))]
    drafts = [
        service.BookingDraft(limited.trucks[n], 1, period, Purpose.EVENT) for n, period in lines
    ]
    with pytest.raises(Refused) as refused:
        service.request_basket(
            session,
            limited.taker,
            taker_id,
            drafts,
            public_ids=[new_public_id() for _ in drafts],
            basket=new_public_id(),
            now=NOW,
        )
    assert [(r.code, r.field) for r in refused.value.reasons] == [
        ("booking.quota_bookings_a_week", "lines.2.starts_at")
    ]
    session.rollback()


def test_a_series_counts_its_own_dates(limited: Limited, session: Session) -> None:
    limited.limit(Quota(Per.WEEK, Counts.BOOKINGS, 2))
    first = local(NOW).replace(tzinfo=None, hour=12, minute=0) + timedelta(days=6)
    draft = series.SeriesDraft(
        limited.trucks[0],
        1,
        first,
        first + timedelta(hours=2),
        Recurrence(Frequency.DAILY, count=9),
        Purpose.EVENT,
    )
    taker_id = limited.taker.organization_id or 0
    results = series.preview_series(session, limited.taker, taker_id, draft, now=NOW)
    # Monday and Tuesday of two weeks.
    possible = [each.date.date() for each in results if each.is_possible]
    assert possible == [date(2026, 3, day) for day in (9, 10, 16, 17)]
    assert all(each.nearest is None for each in results if not each.is_possible)
    made = series.request_series(
        session,
        limited.taker,
        taker_id,
        draft,
        take=Take.FREE,
        new_public_id=new_public_id,
        now=NOW,
    )
    assert len(made.made) == 4


def test_only_the_lender_limits(limited: Limited, session: Session) -> None:
    quota = Quota(Per.WEEK, Counts.BOOKINGS, 2)
    whole = equipment.Scope(limited.lender[0])
    equipment.limit(session, limited.owner, whole, quota, now=NOW)
    [(id_, _)] = equipment.quotas(session, whole)
    with pytest.raises(Forbidden):
        equipment.limit(session, limited.taker, whole, quota, now=NOW)
    with pytest.raises(NotFound):
        equipment.unlimit(session, limited.taker, id_, now=NOW)


def test_a_listing_without_a_quota_costs_a_request_no_question_more(
    limited: Limited, session: Session
) -> None:
    session.flush()
    with counted(session) as plain:
        limited.book(1, span(1))
    limited.limit(Quota(Per.WEEK, Counts.BOOKINGS, 5))
    session.flush()
    with counted(session) as limited_one:
        limited.book(0, span(1))
    assert len(limited_one) == len(plain) + 1


@pytest.fixture
def today(session: Session) -> World:
    return World(session, datetime.now(UTC))


def test_limits_are_set_on_their_pages_and_told_on_the_listing(
    today: World, client: FlaskClient
) -> None:
    lender = today.organization()
    listing = today.listing(lender)
    today.sign_in(client, today.member(lender[0]))
    form = {"per": "week", "counts": "bookings", "most": "2"}
    for page in (f"/annonces/{listing}/limites", "/organisme/limites"):
        refused = client.post(page, data={**form, "most": "0"})
        assert refused.status_code == 422
        assert "champ-most-erreur" in refused.text
        assert client.post(page, data=form).headers["Location"] == page
    assert "Au plus 2 réservations par semaine" in client.get("/organisme/limites?lang=fr").text
    shown = client.get(f"/annonces/{listing}?lang=en").text
    assert "at most 2 bookings a week" in shown
    assert "all its listings together" in shown
    assert client.post("/annonces/limites/1/retirer").status_code == 303
    assert client.post("/annonces/limites/2/retirer").headers["Location"] == "/organisme/limites"
    assert "Aucune limite" in client.get("/organisme/limites?lang=fr").text


def test_programs_set_read_and_take_back_limits(today: World, client: FlaskClient) -> None:
    lender = today.organization()
    listing = today.listing(lender)
    owner: Actor = today.member(lender[0])
    public_id = organizations.organization(today.session, lender[0]).public_id
    headers = {"Authorization": f"Bearer {today.api_token(owner)}"}
    body = {"per": "month", "counts": "unit_hours", "most": 40}
    for base in (f"/api/v1/organizations/{public_id}", f"/api/v1/listings/{listing}"):
        address = f"{base}/quotas"
        assert client.post(address, json=body, headers=headers).status_code == 204
        [found] = client.get(address, headers=headers).get_json()
        assert {name: found[name] for name in body} == body
        gone = client.delete(f"/api/v1/quotas/{found['id']}", headers=headers)
        assert gone.status_code == 204
        assert client.get(address, headers=headers).get_json() == []
