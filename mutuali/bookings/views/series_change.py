"""Pages that change or cancel dates of a series: what, then what it does, then done."""

from dataclasses import dataclass
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.bookings.rules import UNDECIDED, State
from mutuali.bookings.rules.series import Deed
from mutuali.bookings.schemas.series import ChangeFormSchema
from mutuali.bookings.service import series as service
from mutuali.bookings.views.pages import bp
from mutuali.bookings.views.preview import ShownDate, shown_date
from mutuali.bookings.views.recurring import by_month, hours_words, rule_sentence
from mutuali.core.errors import DomainError, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Permission
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.words import choices

#: What the page carries along until it is done.
_CARRIED = ("deed", "scope", "date", "starts", "ends", "units", "reason")


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A date as it is and as it would be, in words."""

    date: ShownDate
    before: str
    after: str


@bp.get("/series/<public_id>/changer")
@door(Permission.BOOKING_READ)
def series_change_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What to do with which dates."""
    return _form_page(session, actor, public_id)


def _form_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _form_page(session, actor, public_id, error=error)


@bp.post("/series/<public_id>/changer")
@door(
    Permission.BOOKING_READ,
    parse=lambda: load_form(ChangeFormSchema()),
    again=_form_again,
    reads=True,
)
def preview_series_change(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """What it does to each date; nothing is done yet."""
    return _preview_page(session, actor, public_id, form)


def _preview_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    """What it would do by now; what cannot be read or reaches nothing goes back to its form."""
    try:
        form = load_form(ChangeFormSchema())
        return _preview_page(session, actor, public_id, form, error=error)
    except Refused as refused:
        return _form_page(session, actor, public_id, error=refused)


@bp.post("/series/<public_id>/changer/confirmer")
@door(
    Permission.BOOKING_READ,
    parse=lambda: load_form(ChangeFormSchema()),
    again=_preview_again,
)
def change_series(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Do it, and say what could not be done."""
    done = service.change_series(
        session,
        actor,
        public_id,
        form["change"],
        take=form["take"],
        shown=form["shown"],
        reason=form["reason"],
        now=utc_now(),
    )
    count = len(done.changed)
    if form["change"].deed is Deed.CANCEL:
        words = ngettext("%(num)d date est annulée.", "%(num)d dates sont annulées.", count)
    else:
        words = ngettext("%(num)d date est changée.", "%(num)d dates sont changées.", count)
    flash(words, "success")
    if done.kept:
        dates = wording.several([each.result.date.date() for each in done.kept])
        flash(_("Restent comme elles étaient\u00a0: %(dates)s.", dates=dates), "warning")
    return see_other(f"/series/{public_id}")


def _form_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = service.series(session, actor, public_id, now=now)
    open_dates = [
        (f"{each.date:%Y-%m-%dT%H:%M}", wording.span(each.booking.period))
        for each in facts.dates
        if each.booking is not None
        and each.booking.state in (*UNDECIDED, State.APPROVED)
        and each.booking.period.start > now
    ]
    several = facts.listing.draft.units > 1
    deeds = [Deed.MOVE, *([Deed.UNITS] if several else [])] if facts.may_change else []
    typed = {
        "starts": f"{facts.starts:%H:%M}",
        "ends": f"{facts.ends:%H:%M}",
        "units": str(facts.units),
        "scope": "following",
        **request.values.to_dict(),
    }
    return page(
        "bookings/series_change.html",
        series=facts,
        says=rule_sentence(facts.rule, facts.starts),
        hours=hours_words(facts.starts, facts.ends),
        dates=open_dates,
        deeds=choices("bookings.deed", *deeds, *([Deed.CANCEL] if facts.may_cancel else [])),
        typed=typed,
        errors=errors_by_field(error),
    )


def _preview_page(
    session: Session,
    actor: Actor,
    public_id: str,
    form: dict[str, Any],
    *,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    now = utc_now()
    change = form["change"]
    facts = service.series(session, actor, public_id, now=now)
    found = service.preview_change(session, actor, public_id, change, now=now)
    shown = [(each.result.date, _shown(each, change.deed)) for each in found]
    possible = [each for each in shown if each[1].date.possible and not each[1].date.choices]
    return page(
        "bookings/series_change_preview.html",
        series=facts,
        deed=change.deed.value,
        count=len(shown),
        asking=[each for _date, each in shown if each.date.choices],
        hopeless=[
            each for _date, each in shown if not each.date.possible and not each.date.choices
        ],
        months=by_month(possible),
        asks_again=sum(each.asks_again and each.result.is_possible for each in found),
        carried=[(name, request.form[name]) for name in _CARRIED if request.form.get(name)],
        errors=errors_by_field(error),
    )


def _shown(each: service.DateChange, deed: Deed) -> ShownChange:
    period = each.result.occurrence.period
    after = ""
    if deed is Deed.MOVE and period is not None:
        after = _hours(each.before.period, period)
    elif deed is Deed.UNITS:
        after = ngettext("%(num)d unité", "%(num)d unités", each.units)
    date = shown_date(each.result, each.result.date.time(), skipped=False)
    return ShownChange(date, wording.span(each.before.period), after)


def _hours(before: Period, after: Period) -> str:
    """The hours alone where the days stay the same."""
    start, end = (local(each).replace(tzinfo=None) for each in (after.start, after.end))
    if local(before.start).date() == start.date() == end.date() == local(before.end).date():
        return hours_words(start, end)
    return wording.span(after)
