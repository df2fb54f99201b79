"""Pages of series: ask for the dates that were shown, look at what became of each."""

from datetime import datetime

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings.rules import UNDECIDED, State
from mutuali.bookings.schemas.series import SeriesForm, SeriesFormSchema
from mutuali.bookings.service import BookingFacts
from mutuali.bookings.service import series as service
from mutuali.bookings.views.pages import acting_for, bp, listing_again
from mutuali.bookings.views.preview import preview_page
from mutuali.bookings.views.recurring import by_month, date_words, hours_words, rule_sentence
from mutuali.core.errors import DomainError, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.panels import Place, panels_of
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


def _preview_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    """The dates once more, as they stand now; what cannot be read goes back to its form."""
    try:
        form = load_form(SeriesFormSchema())
        borrower_id = acting_for(session, actor, form.borrower)
        return preview_page(session, actor, borrower_id, public_id, form, error=error)
    except Refused as refused:
        return listing_again(session, actor, public_id, error=refused)


@bp.post("/annonces/<public_id>/serie")
@door(
    Permission.BOOKING_REQUEST,
    parse=lambda: load_form(SeriesFormSchema()),
    again=_preview_again,
)
def request_series(
    session: Session, actor: Actor, form: SeriesForm, public_id: str
) -> ResponseReturnValue:
    """Ask for the dates that were shown; then say what was left out and what changed meanwhile."""
    made = service.request_series(
        session,
        actor,
        acting_for(session, actor, form.borrower),
        form.draft(public_id),
        take=form.take,
        shown=form.shown,
        new_public_id=new_public_id,
        now=utc_now(),
    )
    if made.lost:
        words = _("Prises pendant que vous lisiez\u00a0: %(dates)s.", dates=_days(made.lost))
        flash(words, "warning")
    if made.gained:
        words = _(
            "Libérées entre-temps, et demandées aussi\u00a0: %(dates)s.", dates=_days(made.gained)
        )
        flash(words, "success")
    return see_other(f"/series/{made.public_id}?nouvelle=1")


@bp.get("/series/<public_id>")
@door(Permission.BOOKING_READ)
def series(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """All dates of a series, each with its state, and what can be done with them."""
    return series_again(session, actor, public_id)


def series_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    """The page of a series; once more, with what is wrong."""
    now = utc_now()
    facts = service.series(session, actor, public_id, now=now)
    today = local(now).date()
    coming = next((each.date.date() for each in facts.dates if each.date.date() >= today), today)
    return page(
        "bookings/series.html",
        series=facts,
        says=rule_sentence(facts.rule, facts.starts),
        hours=hours_words(facts.starts, facts.ends),
        months=by_month((each.date, _date_row(facts, each)) for each in facts.dates),
        can_change=any(
            each.state in (*UNDECIDED, State.APPROVED) and each.period.start > now
            for each in facts.bookings
        ),
        open_month=wording.month(coming.replace(day=1)),
        waiting=service.waiting_series(session, [public_id], now=now).get(public_id)
        if facts.deciding
        else None,
        errors=errors_by_field(error),
        new="nouvelle" in request.args,
        panels=panels_of(Place.SERIES, session, actor, public_id, now),
    )


def series_panel(
    session: Session, _actor: Actor, booking_public_id: str, _now: datetime
) -> Markup | None:
    """On a booking's page: the series that it is a date of."""
    found = service.series_with(session, booking_public_id)
    if found is None:
        return None
    count = ngettext("%(num)d date", "%(num)d dates", found.count)
    says = rule_sentence(found.rule, found.starts)
    made = render_template(
        "bookings/_series_panel.html", address=f"/series/{found.public_id}", says=says, count=count
    )
    return Markup(made)  # noqa: S704 - a template of ours, which escapes


def _date_row(
    facts: service.SeriesFacts, each: service.SeriesDate
) -> tuple[str, BookingFacts | None]:
    """A date in words, and its booking."""
    period = each.booking.period if each.booking else None
    return date_words(each.date, period, facts.starts.time()), each.booking


def _days(dates: tuple[datetime, ...]) -> str:
    return wording.several([each.date() for each in dates])
