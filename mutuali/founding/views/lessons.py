"""Lessons learned: writing one, saying it otherwise, taking one away."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission
from mutuali.founding import service
from mutuali.founding.rules import LONGEST_WORDS, LessonDraft
from mutuali.founding.schemas import LessonFormSchema
from mutuali.founding.views.blueprint import bp
from mutuali.founding.views.kit import HOME
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_NEW = f"{HOME}/lecons/nouvelle"
_ONE = f"{HOME}/lecons/<public_id>"
_BACK = f"{HOME}#lecons"


def _form(
    session: Session,
    actor: Actor,
    public_id: str | None = None,
    *,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    found = service.lesson(session, actor, public_id) if public_id else None
    return page(
        "founding/lesson.html",
        public_id=public_id,
        typed=request.form if error else found or {},
        longest=LONGEST_WORDS,
        errors=errors_by_field(error),
    )


@bp.get(_NEW)
@door(Permission.NETWORK_SHARE)
def new_lesson(session: Session, actor: Actor) -> ResponseReturnValue:
    """A page to write on."""
    return _form(session, actor)


@bp.post(_NEW)
@door(Permission.NETWORK_SHARE, parse=lambda: load_form(LessonFormSchema()), again=_form)
def write_lesson(session: Session, actor: Actor, draft: LessonDraft) -> ResponseReturnValue:
    """Keep it."""
    service.write_lesson(session, actor, draft, public_id=new_public_id(), now=utc_now())
    flash(_("La leçon est dans la trousse."), "success")
    return see_other(_BACK)


@bp.get(_ONE)
@door(Permission.NETWORK_SHARE)
def one_lesson(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One of ours, to say it otherwise."""
    return _form(session, actor, public_id)


@bp.post(_ONE)
@door(Permission.NETWORK_SHARE, parse=lambda: load_form(LessonFormSchema()), again=_form)
def change_lesson(
    session: Session, actor: Actor, draft: LessonDraft, public_id: str
) -> ResponseReturnValue:
    """Say it otherwise."""
    service.change_lesson(session, actor, public_id, draft, now=utc_now())
    flash(_("La leçon est changée."), "success")
    return see_other(_BACK)


@bp.post(f"{_ONE}/retirer")
@door(Permission.NETWORK_SHARE)
def remove_lesson(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take it away."""
    service.remove_lesson(session, actor, public_id, now=utc_now())
    flash(_("La leçon est retirée. Les trousses déjà prises la gardent."), "success")
    return see_other(_BACK)
