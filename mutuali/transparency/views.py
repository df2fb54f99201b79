"""The page that everybody may read."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.checkin.rules import minutes
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.exports.rules.seasons import Season
from mutuali.transparency import service
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import page
from mutuali.web.panels import Place, panels_of
from mutuali.web.programs import Program, source

bp = Blueprint("transparency", __name__)


@bp.get("/transparence")
@door(PUBLIC)
def transparency(session: Session, actor: Actor) -> ResponseReturnValue:
    """What is kept, what leaves, what never leaves; then the figures behind it."""
    now = utc_now()
    account = service.public_account(session, now=now)
    return page(
        "transparency/transparency.html",
        account=account,
        panels=panels_of(Place.TRANSPARENCY, session, actor, "", now),
        counted_on=local(account.counted_at).date(),
        band_words=wording.band,
        month=wording.month,
        check_in_words=_check_in_words(account),
        quarter_words=_quarter_words,
        verifier_sha256=source(Program.VERIFY_LOG).sha256,
        reads_log=may(actor, Permission.AUDIT_READ),
    )


def _check_in_words(account: service.Account) -> str:
    """What the check-in of a month took; empty where too few finished to say it."""
    if account.check_in is None:
        return ""
    month, seconds = account.check_in
    return ngettext(
        "En %(month)s, l’organisme du milieu y a mis une minute ou moins.",
        "En %(month)s, l’organisme du milieu y a mis %(num)d minutes.",
        max(1, minutes(seconds)),
        month=wording.month(month),
    )


def _quarter_words(quarter: Season) -> str:
    """``juillet à septembre 2026``."""
    year, _sign, number = quarter.name.partition("-Q")
    return {
        "1": _("janvier à mars %(year)s", year=year),
        "2": _("avril à juin %(year)s", year=year),
        "3": _("juillet à septembre %(year)s", year=year),
        "4": _("octobre à décembre %(year)s", year=year),
    }[number]
