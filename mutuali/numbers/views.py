"""Pages of numbers: a lender's own, with its file; what the coordination needs, without one."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings.rules import RefusedAs
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.core.spreadsheets import csv_bytes
from mutuali.numbers import service
from mutuali.numbers.rules import Hours, Numbers
from mutuali.organizations import service as organizations
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.pages import page
from mutuali.web.words import label

bp = Blueprint("numbers", __name__)


@bp.get("/organisme/chiffres")
@door(Permission.LISTING_EDIT)
def lender(session: Session, actor: Actor) -> ResponseReturnValue:
    """One's own listings: hours, use, requests and answers, month by month."""
    found = service.lender_numbers(session, actor, _own(actor), now=utc_now())
    months = {f"{month:%Y-%m}": month for month in found.months}
    asked = request.args.get("mois", "")
    chosen = months.get(asked, found.months[-1])
    return page(
        "numbers/lender.html",
        found=found,
        chosen=chosen,
        months=[(value, wording.month(month)) for value, month in months.items()],
        use_rows=[(short_month(month), *use_row(found.total[month])) for month in found.months],
        request_rows=[
            (short_month(month), found.total[month].requests, str(found.total[month].requests))
            for month in found.months
        ],
        refusals=refusal_rows([found.total[month] for month in found.months]),
    )


@bp.get("/organisme/chiffres.csv")
@door(Permission.LISTING_EDIT)
def lender_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """One's own listings, a line for each and month."""
    found = service.lender_numbers(session, actor, _own(actor), now=utc_now())
    head = [
        *(_("Annonce"), _("Mois"), _("Heures-unités offertes"), _("Heures-unités prêtées")),
        *(_("Utilisation en pourcentage"), _("Demandes"), _("Refusées par une personne")),
        *(_("Perdues à une autre demande"), _("Restées sans réponse"), _("Absences")),
        *(_("Retards"), _("Temps de réponse médian, en heures")),
    ]
    rows = [
        [
            each.listing.title(language()),
            f"{month:%Y-%m}",
            *_cells(each.months[month]),
        ]
        for each in found.listings
        for month in found.months
    ]
    answer = Response(csv_bytes(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="chiffres.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/coordination/chiffres")
@door(Permission.BOOKING_DECIDE_FOR_NETWORK)
def network(session: Session, actor: Actor) -> ResponseReturnValue:
    """What operations need; no file is made of it."""
    found = service.network_numbers(session, actor, now=utc_now())
    bands = [
        _("moins de 4\u00a0h"),
        _("de 4 à 24\u00a0h"),
        _("d’un à deux jours"),
        _("plus de deux jours"),
    ]
    return page(
        "numbers/network.html",
        found=found,
        waiting=[
            (band, count, str(count)) for band, count in zip(bands, found.waiting, strict=True)
        ],
        refusals=[
            (label("numbers.refused", each.value), found.refused.get(each, 0)) for each in RefusedAs
        ],
    )


def numbers_panel(
    session: Session, actor: Actor, organization: str, now: datetime
) -> Markup | None:
    """A way to one's own numbers, on the page of an organization."""
    facts = organizations.by_public_id(session, organization)
    if not may(actor, Permission.LISTING_EDIT, over=facts.id):
        return None
    # Rendered by the engine, which escapes what people wrote.
    return Markup(render_template("numbers/_organization.html"))  # noqa: S704


def hours_words(seconds: int) -> str:
    """``1 240 h`` in French, ``1,240 h`` in English; whole hours."""
    mark = "\u00a0" if wording.in_french() else ","
    return f"{round(seconds / 3600):,}".replace(",", mark) + "\u00a0h"


def use_words(hours: Hours) -> str:
    """``34 %``, ``1,4 %`` of little; a dash where nothing was offered."""
    if hours.use is None:
        return "–"
    space = wording.NBSP if wording.in_french() else ""
    percent = 100 * hours.use
    words = f"{percent:.1f}" if 0 < percent < 10 else str(round(percent))
    return f"{words.replace('.', ',') if space else words}{space}%"


def use_row(numbers: Numbers) -> tuple[float, str]:
    """What a picture draws of a month's use, and says."""
    return 100 * (numbers.hours.use or 0), use_words(numbers.hours)


def response_words(response: timedelta | None) -> str:
    """``3 h``, ``2 jours``; a dash where nobody answered."""
    if response is None:
        return "–"
    hours = round(response.total_seconds() / 3600)
    if hours < 1:
        return _("moins d’une heure")
    if hours < 48:
        return ngettext("%(num)d heure", "%(num)d heures", hours)
    return ngettext("%(num)d jour", "%(num)d jours", round(hours / 24))


def short_month(month: date) -> str:
    """``10-2026``: short enough for twelve in a row."""
    return f"{month:%m-%Y}"


def refusal_rows(several: list[Numbers]) -> list[tuple[str, int]]:
    """Each reason with how often it was, over several months."""
    return [
        (label("numbers.refused", each.value), sum(n.refused.get(each, 0) for n in several))
        for each in RefusedAs
    ]


def _cells(numbers: Numbers) -> list[Any]:
    hours, response = numbers.hours, numbers.response
    return [
        *(round(hours.offered / 3600, 1), round(hours.lent / 3600, 1)),
        None if hours.use is None else round(100 * hours.use, 1),
        numbers.requests,
        *(numbers.refused.get(each, 0) for each in RefusedAs),
        *(numbers.no_shows, numbers.overdue),
        None if response is None else round(response.total_seconds() / 3600, 1),
    ]


def _own(actor: Actor) -> int:
    if actor.organization_id is None:
        raise NotFound
    return actor.organization_id


bp.context_processor(
    lambda: {
        "hours_words": hours_words,
        "use_words": use_words,
        "response_words": response_words,
        "refused_as": list(RefusedAs),
    }
)
