"""What the coordination reads: reported sentences and private words."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.reviews import service
from mutuali.reviews.rules import Verdict
from mutuali.reviews.views.blueprint import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import page, see_other

_WAITING = "/coordination/avis"
_VERDICTS = {"garder": Verdict.KEEP, "masquer": Verdict.HIDE}


@bp.get(_WAITING)
@door(Permission.MESSAGE_MODERATE)
def to_judge(session: Session, actor: Actor) -> ResponseReturnValue:
    """What waits, oldest first."""
    return page("reviews/judge.html", found=service.to_judge(session, actor, now=utc_now()))


@bp.post(f"{_WAITING}/<review_id>/<any(garder, masquer):answer>")
@door(Permission.MESSAGE_MODERATE)
def judge(session: Session, actor: Actor, review_id: str, answer: str) -> ResponseReturnValue:
    """Keep a reported sentence, or hide it."""
    service.judge(session, actor, review_id, _VERDICTS[answer], now=utc_now())
    flash(_("C’est décidé. Qui a signalé l’avis reçoit un courriel."), "success")
    return see_other(_WAITING)


@bp.post(f"{_WAITING}/<review_id>/lu")
@door(Permission.MESSAGE_MODERATE)
def see_word(session: Session, actor: Actor, review_id: str) -> ResponseReturnValue:
    """A private word was read."""
    service.see_word(session, actor, review_id, now=utc_now())
    return see_other(_WAITING)
