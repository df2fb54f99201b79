"""The month of many listings: a table of words, made in one pass because it has thousands."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import DayWord
from mutuali.bookings.schemas import MonthPageSchema
from mutuali.bookings.views.pages import bp
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.core.places import BOROUGHS
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.pages import page
from mutuali.web.parsing import load_query
from mutuali.web.words import label

#: How far the list of months reaches.
_MONTHS_BACK, _MONTHS_AHEAD = 2, 15


@bp.get("/calendrier")
@door(Permission.AVAILABILITY_READ, parse=lambda: load_query(MonthPageSchema()))
def calendar(session: Session, actor: Actor, asked: dict[str, Any]) -> ResponseReturnValue:
    """A month of many listings at a glance."""
    now = utc_now()
    today = local(now).date()
    first = asked["month"] or today.replace(day=1)
    found = service.month(
        session,
        actor,
        first,
        kind=asked["kind"],
        borough=asked["borough"],
        page=asked["page"],
        now=now,
    )
    # Of the current month, the days that are over say nothing: a phone begins with today.
    gone = today.day - 1 if first == today.replace(day=1) else 0
    after = found.days[-1] + timedelta(days=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return page(
        "bookings/calendar.html",
        asked=asked,
        month_words=wording.month(first),
        days=[(day, wording.weekday(day), wording.day(day)) for day in found.days[gone:]],
        today=today,
        total=found.total,
        body=_body(found, gone, max(first, today)),
        legend=[(word.value, label("bookings.day", word.value)) for word in DayWord],
        months=_months(today, first),
        boroughs=[(slug, each.name) for slug, each in BOROUGHS.items()],
        before=_address(mois=_month(before)),
        after=_address(mois=_month(after)),
        where=(found.page, found.pages),
        page_before=_address(page=found.page - 1) if found.page > 1 else None,
        page_after=_address(page=found.page + 1) if found.page < found.pages else None,
    )


def _body(month: service.Month, gone: int, week: date) -> Markup:
    """The rows of the table without their first ``gone`` days; each leads to its ``week``.

    What people wrote is escaped; end tags that HTML does not need are left out.
    """
    lang = language()
    cells = {
        word: f"<td class={word.value[0]}><i>{label('bookings.day', word.value)}</i>"
        for word in DayWord
    }
    query = f"?semaine={week}#semaine"
    rows = [
        f"<tr><th scope=row><a href=/annonces/{row.listing.public_id}{query}>"
        f"{escape(row.listing.title(lang))}</a> <span>{escape(row.listing.lender_name)}</span>"
        f"{''.join([cells[word] for word in row.words[gone:]])}"
        for row in month.rows
    ]
    return Markup("\n".join(rows))  # noqa: S704 - escaped above


def _months(today: date, shown: date) -> list[tuple[str, str]]:
    """The months to choose from, the shown one among them."""
    first = today.year * 12 + today.month - 1
    numbers = {*range(first - _MONTHS_BACK, first + _MONTHS_AHEAD + 1)}
    numbers.add(shown.year * 12 + shown.month - 1)
    firsts = [date(number // 12, number % 12 + 1, 1) for number in sorted(numbers)]
    return [(_month(each), wording.month(each)) for each in firsts]


def _month(first: date) -> str:
    return f"{first:%Y-%m}"


def _address(**changes: object) -> str:
    """This page with something changed; another month or filter begins at the first page."""
    known = ("mois", "kind", "borough")
    args = {name: request.args[name] for name in known if request.args.get(name)}
    return f"{request.path}?{urlencode(args | changes)}"
