"""The dates of a series, shown before they are asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings.rules.series import Answer, DateResult, Occurrence
from mutuali.bookings.schemas.series import SeriesForm
from mutuali.bookings.service import is_trusted
from mutuali.bookings.service import series as service
from mutuali.bookings.views.recurring import (
    by_month,
    date_words,
    hours_words,
    rule_sentence,
    wall_words,
)
from mutuali.core.errors import DomainError
from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.pages import errors_by_field, page
from mutuali.web.sentences import sentence

#: What the page carries along until the dates are asked for.
_CARRIED = (
    *("borrower", "day", "starts", "end_day", "ends", "units", "purpose", "meals", "note"),
    *("repeat", "weekday", "until", "times"),
)


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date as the page shows it: in words, what stands against it, the answers to choose from.

    ``value`` is what the form sends; ``choices`` are (value, words).
    """

    value: str
    words: str
    possible: bool
    kept: bool
    reasons: tuple[str, ...] = ()
    nearest: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    chosen: str = ""


def preview_page(
    session: Session,
    actor: Actor,
    borrower_id: int,
    listing_id: str,
    form: SeriesForm,
    *,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    """What each date would meet, with a box to leave it out and the questions of the clock."""
    now = utc_now()
    answers = {date: answer for date, answer in form.answers.items() if answer is not Answer.SKIP}
    draft = replace(form.draft(listing_id), answers=answers)
    results = service.preview_series(session, actor, borrower_id, draft, now=now)
    skipped = {date for date, answer in form.answers.items() if answer is Answer.SKIP}
    usual = form.starts.time()
    dates = [shown_date(each, usual, skipped=each.date in skipped) for each in results]
    free = [
        (result.date, shown)
        for result, shown in zip(results, dates, strict=True)
        if shown.possible and not shown.choices
    ]
    carried = [(name, value) for name in _CARRIED for value in request.form.getlist(name) if value]
    listing = equipment.listing(session, actor, listing_id)
    return page(
        "bookings/series_preview.html",
        listing=listing,
        is_trusted=is_trusted(session, actor, listing),
        says=rule_sentence(form.rule, form.starts),
        hours=hours_words(form.starts, form.ends),
        count=len(dates),
        possible=sum(each.possible for each in dates),
        asking=[each for each in dates if each.choices],
        hopeless=[each for each in dates if not each.possible and not each.choices],
        months=by_month(free),
        carried=carried,
        back=urlencode([each for each in carried if each[0] != "note"]),
        errors=errors_by_field(error),
    )


def shown_date(result: DateResult, usual: time, *, skipped: bool) -> ShownDate:
    """A date with what stands against it, in words; hours are said where they are not ``usual``."""
    found = result.occurrence
    value = _value(found.date)
    options = _choices(found)
    answered = found.asks is not None and found.period is not None
    chosen = next((each for each, span in found.choices if span == found.period), None)
    said = "" if chosen is None or not answered else f"{value} {chosen}"
    return ShownDate(
        value=value,
        words=wall_words(found.date) if options else date_words(found.date, found.period, usual),
        possible=result.is_possible,
        kept=not skipped,
        reasons=tuple(dict.fromkeys(sentence(reason) for reason in result.reasons)),
        nearest=wording.span(result.nearest) if result.nearest else "",
        choices=options,
        chosen=f"{value} {Answer.SKIP}" if skipped and options else said,
    )


def _choices(found: Occurrence) -> tuple[tuple[str, str], ...]:
    """(value, words) of what one can say of a date on which the clocks change."""
    if found.asks is None:
        return ()
    value = _value(found.date)
    spans: Sequence[tuple[Answer, Period]] = found.choices
    named = {
        Answer.FIRST: _("La première fois (heure d’été)"),
        Answer.SECOND: _("La deuxième fois (heure d’hiver)"),
    }
    said = [
        (f"{value} {answer}", named.get(answer) or _("Prendre %(span)s", span=wording.span(span)))
        for answer, span in spans
    ]
    return (*said, (f"{value} {Answer.SKIP}", _("Laisser tomber cette date")))


def _value(wall: datetime) -> str:
    return f"{wall:%Y-%m-%dT%H:%M}"
