"""The agenda of one's organization: a week or a month of what it lends and borrows."""

from datetime import date, datetime
from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.calendars import service
from mutuali.calendars.rules import View, days_of, neighbours, within
from mutuali.calendars.schemas import AgendaSchema
from mutuali.calendars.views.blueprint import bp
from mutuali.calendars.views.shown import thing
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Permission
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import page
from mutuali.web.parsing import load_query

#: How many bookings a day of the month names; the others are in its week.
_NAMED = 3


@bp.get("/agenda")
@door(Permission.BOOKING_READ, parse=lambda: load_query(AgendaSchema()))
def agenda(session: Session, actor: Actor, asked: dict[str, Any]) -> ResponseReturnValue:
    """What one's organization lends and borrows, day by day."""
    now = utc_now()
    if actor.organization_id is None:
        return page("bookings/none.html")
    today = local(now).date()
    view: View = asked["vue"]
    day: date = asked["jour"] or today
    shown = days_of(view, day)
    before, after = neighbours(view, day)
    return page(
        "calendars/agenda.html",
        view=view.value,
        day=day,
        today=today,
        title=_title(view, day, shown),
        days=service.agenda_days(session, actor, actor.organization_id, shown, now=now),
        before=_address(view, before),
        after=_address(view, after),
        address=_address,
        views=View,
        named=_NAMED,
        thing=thing,
        when=lambda entry, day: hours_on(service.lasts(entry, now), day),
        closed_when=lambda closed, day: hours_on(closed.period, day),
        weekday=wording.weekday,
        month_of=lambda day: day.month,
    )


def hours_on(period: Period, day: date) -> str:
    """``8 h à 12 h``, ``dès 8 h``, ``jusqu’à 12 h``, ``toute la journée``."""
    bounds = within(period, day)
    starts, ends = bounds or (None, None)
    if starts and ends:
        return _("%(opens)s à %(closes)s", opens=_clock(starts), closes=_clock(ends))
    if starts:
        return _("dès %(clock)s", clock=_clock(starts))
    if ends:
        return _("jusqu’à %(clock)s", clock=_clock(ends))
    return _("toute la journée")


def _clock(instant: datetime) -> str:
    return wording.clock(local(instant))


def _title(view: View, day: date, shown: list[date]) -> str:
    if view is View.MONTH:
        return _("Agenda\u00a0: %(month)s", month=wording.month(day))
    return _("Agenda\u00a0: semaine du %(day)s", day=wording.day(shown[0]))


def _address(view: View | str, day: date) -> str:
    return f"/agenda?vue={view}&jour={day}"
