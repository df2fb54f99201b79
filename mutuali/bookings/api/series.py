"""JSON doors of series: look at many dates, ask for them, read what became of each."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings.rules import Purpose, State
from mutuali.bookings.rules.recurrence import written_rule
from mutuali.bookings.rules.series import Answer, DateResult
from mutuali.bookings.schemas.series import (
    LocalTime,
    SeriesChangeRequestSchema,
    SeriesChangeSchema,
    SeriesDraftSchema,
    SeriesRequestSchema,
)
from mutuali.bookings.service import series as service
from mutuali.bookings.views.recurring import rule_words
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.api import ApiBlueprint, Given, ReasonDumpSchema, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from mutuali.web.sentences import sentence

bp = ApiBlueprint("series_api", "Séries de réservations")


class DateSpanSchema(Schema):
    """From one instant to another, in ISO 8601, UTC."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class DateChoiceSchema(DateSpanSchema):
    """An answer that the clock leaves on a day on which it changes, and the span it means."""

    answer = fields.Enum(Answer, by_value=True, required=True)


class DateResultSchema(Schema):
    """A date of a series, called by its local start, and what stands against it.

    Without a span it waits for one of its ``choices``; ``nearest`` is a span of that day that would
    do.
    """

    date = LocalTime(required=True)
    span = fields.Nested(DateSpanSchema, allow_none=True, required=True)
    possible = fields.Boolean(required=True)
    reasons = fields.List(fields.Nested(ReasonDumpSchema), required=True)
    choices = fields.List(fields.Nested(DateChoiceSchema), required=True)
    nearest = fields.Nested(DateSpanSchema, allow_none=True, required=True)


class SeriesPreviewSchema(Schema):
    """What each date of a series would meet now; ``says`` is the rule in a sentence."""

    says = fields.String(required=True)
    possible = fields.Integer(required=True)
    dates = fields.List(fields.Nested(DateResultSchema), required=True)


class SeriesDateSchema(Schema):
    """A date of a series and the booking it became; none where it was left out."""

    date = LocalTime(required=True)
    booking = fields.String(allow_none=True, required=True)
    span = fields.Nested(DateSpanSchema, allow_none=True, required=True)
    state = fields.Enum(State, by_value=True, allow_none=True, required=True)


class SeriesSchema(Schema):
    """A series as its parties see it; ``rule`` is RFC 5545, ``starts`` and ``ends`` are local."""

    id = fields.String(required=True)
    listing = fields.String(required=True)
    lender = fields.String(required=True)
    borrower = fields.String(required=True)
    rule = fields.String(required=True)
    says = fields.String(required=True)
    starts = LocalTime(required=True)
    ends = LocalTime(required=True)
    units = fields.Integer(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    note = fields.String(required=True)
    dates = fields.List(fields.Nested(SeriesDateSchema), required=True)


class MadeSeriesSchema(SeriesSchema):
    """A series that was just asked for: what was left out and why, and what changed since the dates
    were shown."""

    left_out = fields.List(fields.Nested(DateResultSchema), required=True)
    lost = fields.List(LocalTime(), required=True)
    gained = fields.List(LocalTime(), required=True)


@bp.operation(
    "POST",
    "/series/preview",
    Permission.BOOKING_REQUEST,
    "Voir les dates d’une série avant de les demander",
    takes=SeriesDraftSchema,
    gives=SeriesPreviewSchema,
    reads=True,
)
def preview(session: Session, actor: Actor, form: dict[str, Any]) -> dict[str, object]:
    """What each date would meet if it were asked for now; nothing is written."""
    borrower_id = _borrower(session, actor, form["borrower"])
    draft = form["draft"]
    results = service.preview_series(session, actor, borrower_id, draft, now=utc_now())
    return {
        "says": rule_words(draft.rule, draft.starts),
        "possible": sum(each.is_possible for each in results),
        "dates": results_given(results),
    }


@bp.operation(
    "POST",
    "/series",
    Permission.BOOKING_REQUEST,
    "Demander une série de dates",
    takes=SeriesRequestSchema,
    gives=MadeSeriesSchema,
    status=201,
)
def request_series(session: Session, actor: Actor, form: dict[str, Any]) -> Given:
    """Ask for all dates or for the free ones; each becomes a booking of its own."""
    now = utc_now()
    made = service.request_series(
        session,
        actor,
        _borrower(session, actor, form["borrower"]),
        form["draft"],
        take=form["take"],
        shown=form["shown"],
        new_public_id=new_public_id,
        now=now,
    )
    facts = service.series(session, actor, made.public_id, now=now)
    given = {
        **_series(facts),
        "left_out": results_given(made.left_out),
        "lost": made.lost,
        "gained": made.gained,
    }
    return Given(given, location=f"/api/v1/series/{made.public_id}")


@bp.operation(
    "GET",
    "/series/<series_id>",
    Permission.BOOKING_READ,
    "Lire une série",
    gives=SeriesSchema,
)
def series(session: Session, actor: Actor, series_id: str) -> dict[str, object]:
    """One series with the state of each of its dates."""
    return _series(service.series(session, actor, series_id, now=utc_now()))


class DateChangeSchema(DateResultSchema):
    """What a change does to a date: from when to when it is now, how many units it would have.

    ``asks_again``: somebody said yes and would have to say so again.
    """

    before = fields.Nested(DateSpanSchema, required=True)
    booking = fields.String(required=True)
    units = fields.Integer(required=True)
    asks_again = fields.Boolean(required=True)


class SeriesChangePreviewSchema(Schema):
    """What a change would do now to each date that it reaches."""

    possible = fields.Integer(required=True)
    dates = fields.List(fields.Nested(DateChangeSchema), required=True)


class ChangedSeriesSchema(Schema):
    """What was changed, what stays as it was and why, and what was shown as possible and was not
    any more."""

    changed = fields.List(fields.Nested(DateChangeSchema), required=True)
    kept = fields.List(fields.Nested(DateChangeSchema), required=True)
    lost = fields.List(LocalTime(), required=True)


@bp.operation(
    "POST",
    "/series/<series_id>/changes/preview",
    Permission.BOOKING_READ,
    "Voir ce qu’un changement ferait à une série",
    takes=SeriesChangeSchema,
    gives=SeriesChangePreviewSchema,
    reads=True,
)
def preview_change(
    session: Session, actor: Actor, form: dict[str, Any], series_id: str
) -> dict[str, object]:
    """What cancelling, moving or other units would do to each date; nothing is written."""
    found = service.preview_change(session, actor, series_id, form["change"], now=utc_now())
    return {
        "possible": sum(each.result.is_possible for each in found),
        "dates": [_change(each) for each in found],
    }


@bp.operation(
    "POST",
    "/series/<series_id>/changes",
    Permission.BOOKING_READ,
    "Changer ou annuler des dates d’une série",
    takes=SeriesChangeRequestSchema,
    gives=ChangedSeriesSchema,
)
def change_series(
    session: Session, actor: Actor, form: dict[str, Any], series_id: str
) -> dict[str, object]:
    """Cancel, move or resize one date, it and those that follow, or all; what is past stays."""
    done = service.change_series(
        session,
        actor,
        series_id,
        form["change"],
        take=form["take"],
        shown=form["shown"],
        reason=form["reason"],
        now=utc_now(),
    )
    return {
        "changed": [_change(each) for each in done.changed],
        "kept": [_change(each) for each in done.kept],
        "lost": done.lost,
    }


def results_given(results: Sequence[DateResult]) -> list[dict[str, object]]:
    """Dates and what stands against them, as :class:`DateResultSchema` gives them."""
    return [
        {
            "date": each.date,
            "span": span_given(each.occurrence.period),
            "possible": each.is_possible,
            "reasons": [
                {"code": reason.code, "message": sentence(reason)}
                | ({"field": reason.field} if reason.field else {})
                for reason in each.reasons
            ],
            "choices": [
                {"answer": answer, "starts_at": span.start, "ends_at": span.end}
                for answer, span in each.occurrence.choices
            ],
            "nearest": span_given(each.nearest),
        }
        for each in results
    ]


def _change(each: service.DateChange) -> dict[str, object]:
    (result,) = results_given([each.result])
    return {
        **result,
        "before": span_given(each.before.period),
        "booking": each.before.public_id,
        "units": each.units,
        "asks_again": each.asks_again,
    }


def span_given(period: Period | None) -> dict[str, object] | None:
    """A period as :class:`DateSpanSchema` gives it."""
    return None if period is None else {"starts_at": period.start, "ends_at": period.end}


def _borrower(session: Session, actor: Actor, public_id: str) -> int:
    if public_id:
        return organizations.by_public_id(session, public_id).id
    return acting_for(actor, "borrower")


def _series(facts: service.SeriesFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "listing": facts.listing.public_id,
        "lender": facts.lender.public_id,
        "borrower": facts.borrower.public_id,
        "rule": written_rule(facts.rule),
        "says": rule_words(facts.rule, facts.starts),
        "starts": facts.starts,
        "ends": facts.ends,
        "units": facts.units,
        "purpose": facts.purpose,
        "note": facts.note,
        "dates": [
            {
                "date": each.date,
                "booking": each.booking.public_id if each.booking else None,
                "span": span_given(each.booking.period if each.booking else None),
                "state": each.booking.state if each.booking else None,
            }
            for each in facts.dates
        ],
    }
