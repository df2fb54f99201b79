"""Answering what the public says, for the coordination and the stewards."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.messages.rules import masked
from mutuali.voices import service
from mutuali.voices.rules import LONGEST, LONGEST_ANSWER, LONGEST_CHANGE, Draft, Junk
from mutuali.voices.schemas import (
    DraftSchema,
    JunkSchema,
    PrivateSchema,
    PublishSchema,
    TakeOffSchema,
)
from mutuali.voices.views.blueprint import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_DESK = "/intendance/paroles"
_ANSWERS = f"{_DESK}/reponses"
_LONGEST = {"words": LONGEST, "answer": LONGEST_ANSWER, "change": LONGEST_CHANGE}


@bp.get(_DESK)
@door(Permission.VOICE_ANSWER)
def desk(session: Session, actor: Actor) -> ResponseReturnValue:
    """What waits, the nearest day first; then what was done lately."""
    return page(
        "voices/desk.html",
        found=service.desk(session, actor),
        tally=service.tally(session, now=utc_now()),
        today=local(utc_now()).date(),
    )


@bp.get(f"{_DESK}/<public_id>")
@door(Permission.VOICE_ANSWER)
def voice(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One of them, with every way that it can end."""
    return _voice_page(session, actor, public_id)


def _voice_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.voice(session, actor, public_id)
    return page(
        "voices/voice.html",
        v=found,
        ways={each.value for each in found.ways},
        suggested=masked(found.words),
        headings=service.headings(session, actor, found.language),
        today=local(utc_now()).date(),
        junk=[each.value for each in Junk],
        longest=_LONGEST,
        typed=request.form,
        errors=errors_by_field(error),
        # Which of the ways was tried: its part stays open.
        tried=request.path.rpartition("/")[2],
    )


@bp.post(f"{_DESK}/<public_id>/publier")
@door(Permission.VOICE_ANSWER, parse=lambda: load_form(PublishSchema()), again=_voice_page)
def publish(
    session: Session, actor: Actor, sent: tuple[str, str, Draft], public_id: str
) -> ResponseReturnValue:
    """Answer in public: a new answer, or under one that stands."""
    shown, under, draft = sent
    now = utc_now()
    if under:
        service.publish_under(session, actor, public_id, shown, under, now=now)
    else:
        service.publish(session, actor, public_id, shown, draft, answer_id=new_public_id(), now=now)
    flash(_("C’est publié."), "success")
    return see_other(_DESK)


@bp.post(f"{_DESK}/<public_id>/repondre")
@door(Permission.VOICE_ANSWER, parse=lambda: load_form(PrivateSchema()), again=_voice_page)
def answer(
    session: Session, actor: Actor, form: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Answer its author alone."""
    service.answer_in_private(
        session, actor, public_id, form["words"], under=form["under"] or None, now=utc_now()
    )
    flash(_("La réponse part par courriel; l’adresse s’efface ensuite."), "success")
    return see_other(_DESK)


@bp.post(f"{_DESK}/<public_id>/lu")
@door(Permission.VOICE_ANSWER, again=_voice_page)
def mark_read(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """It was read, and cannot be answered."""
    service.mark_read(session, actor, public_id, now=utc_now())
    flash(_("C’est noté comme lu."), "success")
    return see_other(_DESK)


@bp.post(f"{_DESK}/<public_id>/ecarter")
@door(Permission.VOICE_ANSWER, parse=lambda: load_form(JunkSchema()), again=_voice_page)
def set_aside(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """It is no question to anybody."""
    service.set_aside(session, actor, public_id, form["junk"], now=utc_now())
    flash(_("C’est écarté, et détruit dans 30 jours. D’ici là, cela se reprend."), "success")
    return see_other(_DESK)


@bp.post(f"{_DESK}/<public_id>/reprendre")
@door(Permission.VOICE_ANSWER, again=_voice_page)
def bring_back(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """It was a question after all."""
    service.bring_back(session, actor, public_id, now=utc_now())
    flash(_("C’est repris; le délai court depuis le premier jour."), "success")
    return see_other(f"{_DESK}/{public_id}")


@bp.get(f"{_ANSWERS}/<public_id>")
@door(Permission.VOICE_ANSWER)
def answer_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A public answer, to say it better or to say what changed because of it."""
    return _answer_page(session, actor, public_id)


def _answer_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "voices/answer.html",
        a=service.answer_to_rewrite(session, actor, public_id),
        longest=_LONGEST,
        typed=request.form,
        errors=errors_by_field(error),
    )


@bp.post(f"{_ANSWERS}/<public_id>")
@door(Permission.VOICE_ANSWER, parse=lambda: load_form(DraftSchema()), again=_answer_page)
def rewrite(session: Session, actor: Actor, draft: Draft, public_id: str) -> ResponseReturnValue:
    """Say it better, or what changed because of it."""
    service.rewrite(session, actor, public_id, draft, now=utc_now())
    flash(_("C’est changé sur la page publique."), "success")
    return see_other(f"{_ANSWERS}/{public_id}")


@bp.post(f"{_ANSWERS}/<public_id>/retirer")
@door(Permission.VOICE_ANSWER, parse=lambda: load_form(TakeOffSchema()), again=_answer_page)
def take_off(
    session: Session, actor: Actor, form: dict[str, int], public_id: str
) -> ResponseReturnValue:
    """Take a question off the public page."""
    stands = service.take_off(session, actor, public_id, form["question"], now=utc_now())
    flash(_("C’est retiré de la page publique, et détruit."), "success")
    return see_other(f"{_ANSWERS}/{public_id}" if stands else _DESK)
