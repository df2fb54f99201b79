"""Asking for many dates at once: what each would meet, then all of them or those that can be."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking, BookingSeries
from mutuali.bookings.rules import FARTHEST, Ask, Hold, Purpose, State, Step, Use, occupied
from mutuali.bookings.rules.recurrence import (
    LONGEST_RULE,
    Recurrence,
    bounded_dates,
    written_rule,
)
from mutuali.bookings.rules.series import (
    Answer,
    DateResult,
    Occurrence,
    Take,
    decide_dates,
    occurrences,
    whole_span,
)
from mutuali.bookings.service.ask import (
    BookingDraft,
    facts_of,
    lender_trusts,
    objections,
    part_rows,
    request_row,
    requested_line,
)
from mutuali.bookings.service.lines import BookingLine
from mutuali.bookings.service.records import expire_lapsed_holds
from mutuali.bookings.service.rivals import knock_out
from mutuali.bookings.service.series.records import leave_series_trace
from mutuali.bookings.service.taken import Situation, read_offer_holds, read_situation
from mutuali.bookings.service.traces import leave_traces, remind_later
from mutuali.core.errors import Conflict, Reason, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer
from mutuali.storage import table_of

#: What no other date would cure: refused once, not date by date.
_WHATEVER_THE_DATE = frozenset(
    {
        "listing.not_published",
        "booking.own_listing",
        "field.out_of_range",
        "organization.not_accepted",
        "booking.document_absent",
        "booking.document_refused",
    }
)
#: Codes that say somebody else was first, or that the series is in its own way.
_NOT_FREE = frozenset({"booking.not_enough_units", "series.meets_itself"})


@dataclass(frozen=True, slots=True)
class SeriesDraft:
    """What the borrower fills in: the first date on the clock of the wall, the rule, what for.

    ``answers`` are by local start: what to do where the clocks change, which dates to leave out.
    """

    listing_public_id: str
    units: int
    starts: datetime
    ends: datetime
    rule: Recurrence
    purpose: Purpose
    meals: int | None = None
    note: str = ""
    answers: Mapping[datetime, Answer] | None = None


@dataclass(frozen=True, slots=True)
class MadeSeries:
    """A series that was just asked for: its bookings by date, and what was left out.

    ``lost`` were shown as free and no longer are; ``gained`` were shown as taken and are free now.
    """

    public_id: str
    made: Mapping[datetime, BookingLine]
    left_out: tuple[DateResult, ...]
    lost: tuple[datetime, ...]
    gained: tuple[datetime, ...]


def preview_series(
    session: Session, actor: Actor, borrower_id: int, draft: SeriesDraft, *, now: datetime
) -> list[DateResult]:
    """What each date of a series would meet if it were asked for now; nothing is written.

    Raises:
        Forbidden: the actor does not act for the borrower.
        NotFound: no such listing.
        Refused: the rule means no dates, or too many, or no date could ever do.
    """
    require(actor, Permission.BOOKING_REQUEST, over=borrower_id)
    found = _occurrences(draft, now)
    span = whole_span(found, now=now)
    listing = equipment.listing(session, actor, draft.listing_public_id)
    offer = equipment.offer(session, listing.id, span)
    met = read_situation(session, offer, borrower_id, occupied(span, offer.turnaround), now=now)
    return _decided(session, found, draft, borrower_id, offer, met, now=now)


def request_series(
    session: Session,
    actor: Actor,
    borrower_id: int,
    draft: SeriesDraft,
    *,
    take: Take,
    new_public_id: Callable[[], str],
    shown: Collection[datetime] | None = None,
    now: datetime,
) -> MadeSeries:
    """Ask for all dates of a series or, with :attr:`Take.FREE`, for those that are possible now.

    Each becomes a booking as a single request makes it, all in the listing's turn. ``shown`` are
    the dates that were possible when somebody looked; None when nobody did.

    Raises:
        Forbidden: the actor does not act for the borrower.
        NotFound: no such listing.
        Refused: a rule says no, or the clock asks something that is not answered.
        Conflict: only units are missing.
    """
    require(actor, Permission.BOOKING_REQUEST, over=borrower_id)
    found = _occurrences(draft, now)
    span = whole_span(found, now=now)
    offer = equipment.take_turn_of(session, draft.listing_public_id, span)
    if any(quota.of_all for quota in offer.quotas):
        equipment.queue_for_quotas(session, [offer.lender_id])
    met = read_situation(session, offer, borrower_id, occupied(span, offer.turnaround), now=now)
    if met.lapsed or offer.parts:
        expire_lapsed_holds(session, offer, now=now)
    results = _decided(session, found, draft, borrower_id, offer, met, now=now)
    possible = [each for each in results if each.is_possible]
    lost, gained = changed_dates(results, shown)
    refuse_unless_taken(results, take, lost)
    series = _write_series(session, actor, borrower_id, draft, offer, new_public_id(), now)
    made = _write_bookings(
        session, actor, borrower_id, draft, offer, met, series, possible, new_public_id, now
    )
    left_out = tuple(each for each in results if not each.is_possible)
    return MadeSeries(series.public_id, made, left_out, lost, gained)


def changed_dates(
    results: Sequence[DateResult], shown: Collection[datetime] | None
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """(shown as possible but gone, possible now but not shown so); neither when none were shown."""
    if shown is None:
        return (), ()
    lost = tuple(each.date for each in results if not each.is_possible and each.date in shown)
    gained = tuple(each.date for each in results if each.is_possible and each.date not in shown)
    return lost, gained


def refuse_unless_taken(
    results: Sequence[DateResult], take: Take, lost: Sequence[datetime]
) -> None:
    """Let go on with what is wanted of these dates, or say which stand in the way.

    Raises:
        Refused: a date waits for an answer, or a rule stands against one.
        Conflict: only units are missing.
    """
    asking = [each.date.date() for each in results if each.occurrence.period is None]
    if asking:
        raise Refused(Reason("series.clock_asks", {"dates": tuple(asking)}, "answers"))
    against = [each for each in results if not each.is_possible]
    if not against or (take is Take.FREE and len(against) < len(results)):
        return
    codes = {reason.code for each in against for reason in each.reasons}
    refusal = Conflict if codes <= _NOT_FREE else Refused
    dates = tuple(each.date.date() for each in against)
    reasons = [Reason("series.not_all_possible", {"dates": dates}, "rule")]
    if take is Take.FREE:
        reasons = [Reason("series.none_possible", {}, "rule")]
    if lost:
        reasons.append(Reason("series.lost_meanwhile", {"dates": tuple(d.date() for d in lost)}))
    raise refusal(*reasons)


def _occurrences(draft: SeriesDraft, now: datetime) -> list[Occurrence]:
    """The dates of a draft that are not left out."""
    last = local(now + FARTHEST).date()
    dates = bounded_dates(draft.rule, draft.starts, last=last)
    answers = draft.answers or {}
    if not answers.keys() <= set(dates):
        raise Refused(Reason("series.no_such_date", {}, "answers"))
    found = occurrences(dates, draft.ends - draft.starts, answers)
    if not found:
        raise Refused(Reason("series.no_dates", {}, "rule"))
    return found


def _decided(
    session: Session,
    found: Sequence[Occurrence],
    draft: SeriesDraft,
    borrower_id: int,
    offer: Offer,
    met: Situation,
    *,
    now: datetime,
) -> list[DateResult]:
    span = occupied(whole_span(found, now=now), offer.turnaround)
    holds = read_offer_holds(session, offer, span, now=now) if offer.parts else met.holds

    def against(asked: Ask, near: Sequence[Hold], own: Sequence[Use]) -> tuple[Reason, ...]:
        return objections(asked, offer, near, met, own=own, now=now)

    results = decide_dates(found, borrower_id, draft.units, offer, holds, against, now=now)
    known = next((each for each in results if each.occurrence.period is not None), results[0])
    always = [reason for reason in known.reasons if reason.code in _WHATEVER_THE_DATE]
    if always:
        raise Refused.because(always)
    return results


def _write_series(
    session: Session,
    actor: Actor,
    borrower_id: int,
    draft: SeriesDraft,
    offer: Offer,
    public_id: str,
    now: datetime,
) -> BookingSeries:
    skipped = {date for date, answer in (draft.answers or {}).items() if answer is Answer.SKIP}
    left_out = tuple(sorted({*draft.rule.left_out, *skipped}))
    rule = written_rule(replace(draft.rule, left_out=left_out))
    if len(rule) > LONGEST_RULE:
        raise Refused(Reason("field.too_long", {"max": LONGEST_RULE}, "rule"))
    series = BookingSeries(
        public_id=public_id,
        listing_id=offer.listing_id,
        lender_id=offer.lender_id,
        borrower_id=borrower_id,
        rule=rule,
        starts=draft.starts,
        ends=draft.ends,
        units=draft.units,
        purpose=draft.purpose,
        note=draft.note,
        requested_by=actor.person_id,
        created_at=now,
    )
    session.add(series)
    session.flush()
    return series


def _write_bookings(
    session: Session,
    actor: Actor,
    borrower_id: int,
    draft: SeriesDraft,
    offer: Offer,
    met: Situation,
    series: BookingSeries,
    possible: Sequence[DateResult],
    new_public_id: Callable[[], str],
    now: datetime,
) -> dict[datetime, BookingLine]:
    """A booking for each date, as :func:`request_line` writes one; a statement for all of them."""
    rows: list[dict[str, Any]] = []
    lines: dict[datetime, BookingLine] = {}
    trusted = lender_trusts(session, offer, borrower_id)
    for date, period in _spans(possible):
        single = BookingDraft(
            draft.listing_public_id, draft.units, period, draft.purpose, draft.meals, draft.note
        )
        public_id = new_public_id()
        row = request_row(
            actor, borrower_id, offer, single, public_id=public_id, trusted=trusted, now=now
        )
        rows.append({**row, "series_id": series.id, "series_date": date})
        lines[date] = requested_line(row, single, met)
    connection = session.connection()
    ids: dict[str, int] = dict(iter(connection.execute(_WRITE, rows)))
    parts = [
        part
        for row in rows
        for part in part_rows(
            offer, ids[row["public_id"]], {**row, "series_id": None, "series_date": None}
        )
    ]
    if parts:
        connection.execute(insert(table_of(Booking)), parts)
    facts = {ids[row["public_id"]]: facts_of(row) for row in rows}
    leave_traces(session, actor, Step.REQUEST, facts, now=now)
    leave_series_trace(session, actor, series, Step.REQUEST, len(facts), now=now)
    approved = {
        ids[row["public_id"]]: Period(row["starts_at"], row["occupied_until"])
        for row in rows
        if row["state"] == State.APPROVED
    }
    if approved:
        knock_out(session, offer, approved, now=now)
    else:
        first = min(rows, key=lambda row: row["decide_by"])
        remind_later(session, ids[first["public_id"]], now, first["decide_by"])
    return lines


def _spans(results: Sequence[DateResult]) -> list[tuple[datetime, Period]]:
    return [
        (each.date, each.occurrence.period)
        for each in results
        if each.occurrence.period is not None
    ]


_WRITE = insert(table_of(Booking)).returning(table_of(Booking).c.public_id, table_of(Booking).c.id)
