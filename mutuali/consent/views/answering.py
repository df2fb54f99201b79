"""Answering, one purpose a screen: for an organization, and for oneself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.rules import PUBLISHED, WAITING, Answer, Purpose, Subject, is_asked
from mutuali.consent.schemas import (
    Answered,
    AnswerFormSchema,
    OrganizationFormSchema,
    OwnAnswerFormSchema,
)
from mutuali.consent.views import shown
from mutuali.consent.views.blueprint import bp
from mutuali.core.errors import DomainError, Forbidden, NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.panels import Place, panels_of
from mutuali.web.parsing import load_form

_OURS = "/organisme/consentements"
_MINE = "/compte/consentements"


@bp.get(_OURS)
@door(Permission.CONSENT_READ)
def questions(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one's organization is asked, and all it ever answered."""
    asked = _ours(session, actor)
    whose = asked.organization.public_id if asked.organization else ""
    panels = panels_of(Place.CONSENTS, session, actor, whose, utc_now())
    return _list_page(asked, panels=panels)


@bp.get(f"{_OURS}/<public_id>")
@door(Permission.CONSENT_READ)
def question(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One question to one's organization."""
    return _question_page(_ours(session, actor), public_id)


def question_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    """The question to one's organization once more, with what is wrong."""
    return _again(_ours(session, actor), public_id, error)


@bp.post(f"{_OURS}/<public_id>")
@door(
    Permission.CONSENT_ANSWER,
    parse=lambda: load_form(AnswerFormSchema()),
    again=question_again,
)
def answer(
    session: Session, actor: Actor, answered: Answered, public_id: str
) -> ResponseReturnValue:
    """Say yes, no, or later, which stores nothing."""
    organization_id = organizations.by_public_id(session, answered.organization).id
    return _store(
        _OURS,
        answered.answer,
        lambda said: service.answer(
            session, actor, organization_id, public_id, said, now=utc_now()
        ),
    )


@bp.post(f"{_OURS}/<public_id>/retirer")
@door(
    Permission.CONSENT_ANSWER,
    parse=lambda: load_form(OrganizationFormSchema()),
    again=question_again,
)
def withdraw(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Take a yes back, at once."""
    organization_id = organizations.by_public_id(session, form["organization"]).id
    service.withdraw(session, actor, organization_id, public_id, now=utc_now())
    flash(
        _("Votre oui est retiré. Dès maintenant, rien de nouveau ne sort sur votre organisme."),
        "success",
    )
    return see_other(_OURS)


@bp.get(_MINE)
@door(SIGNED_IN)
def own_questions(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one is asked about oneself; nobody else sees this page."""
    return _list_page(_mine(session, actor))


@bp.get(f"{_MINE}/<public_id>")
@door(SIGNED_IN)
def own_question(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One question about oneself."""
    return _question_page(_mine(session, actor), public_id)


def own_question_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _again(_mine(session, actor), public_id, error)


@bp.post(f"{_MINE}/<public_id>")
@door(
    SIGNED_IN,
    parse=lambda: load_form(OwnAnswerFormSchema()),
    again=own_question_again,
)
def own_answer(
    session: Session, actor: Actor, answered: Answered, public_id: str
) -> ResponseReturnValue:
    """As for an organization, for oneself."""
    return _store(
        _MINE,
        answered.answer,
        lambda said: service.answer_own(session, actor, public_id, said, now=utc_now()),
    )


@bp.post(f"{_MINE}/<public_id>/retirer")
@door(SIGNED_IN, again=own_question_again)
def own_withdraw(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take one's own yes back, at once."""
    service.answer_own(session, actor, public_id, Answer.WITHDRAWN, now=utc_now())
    flash(_("Votre oui est retiré. Dès maintenant, rien de nouveau ne sort sur vous."), "success")
    return see_other(_MINE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose questions a page shows; ``organization`` is None for one's own."""

    subject: Subject
    home: str
    organization: organizations.OrganizationFacts | None
    questions: list[service.Question]
    history: list[service.EventFacts]
    is_asked: bool
    answers: bool
    waiting_elsewhere: int
    example: service.Example | None
    standout: service.Standout | None


def _ours(session: Session, actor: Actor) -> _Asked:
    id_, now = actor.organization_id, utc_now()
    if id_ is None:
        raise Forbidden
    own = organizations.organization(session, id_)
    found = service.questions(session, actor, id_, now=now)
    answers = may(actor, Permission.CONSENT_ANSWER, over=id_)
    waiting = sum(each.standing in WAITING for each in found) if answers else 0
    return _Asked(
        Subject.ORGANIZATION,
        _OURS,
        own,
        found,
        service.history(session, actor, id_),
        is_asked(own.kind, own.state),
        answers,
        service.unanswered(session, actor, now) - waiting,
        service.example(session, actor, id_),
        service.standout(session, id_),
    )


def _mine(session: Session, actor: Actor) -> _Asked:
    return _Asked(
        Subject.PERSON,
        _MINE,
        None,
        service.own_questions(session, actor, now=utc_now()),
        service.own_history(session, actor),
        service.is_person_asked(session, actor.person_id or 0),
        True,
        0,
        service.example(session, actor, None),
        None,
    )


def _list_page(
    asked: _Asked, error: DomainError | None = None, panels: Sequence[Markup] = ()
) -> ResponseReturnValue:
    waiting = [each for each in asked.questions if each.standing in WAITING]
    return page(
        "consent/questions.html",
        asked=asked,
        own=asked.organization is None,
        questions=[*waiting, *(each for each in asked.questions if each not in waiting)],
        words=shown.asked,
        last_day=shown.last_day,
        panels=panels,
        errors=errors_by_field(error),
    )


def _question_page(
    asked: _Asked, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    found = next((each for each in asked.questions if each.notice.public_id == public_id), None)
    if found is None:
        raise NotFound
    return page(
        "consent/question.html",
        asked=asked,
        own=asked.organization is None,
        question=found,
        words=shown.asked(found.notice, asked.example, asked.standout),
        is_own_loan=asked.example is not None
        and found.notice.purpose is not Purpose.NAMED_PUBLICLY,
        is_published=found.notice.purpose in PUBLISHED,
        blocks={"fr": shown.blocks(found.notice.text_fr), "en": shown.blocks(found.notice.text_en)},
        last_day=shown.last_day,
        errors=errors_by_field(error),
    )


def _again(asked: _Asked, public_id: str, error: DomainError) -> ResponseReturnValue:
    """The question once more, with what is wrong; a replaced one gives way to the newer."""
    try:
        return _question_page(asked, public_id, error)
    except NotFound:
        return _list_page(asked, error)


def _store(
    home: str, answer: Answer | None, store: Callable[[Answer], None]
) -> ResponseReturnValue:
    if answer is None:
        flash(_("Rien n’est enregistré. D’ici votre réponse, c’est non."), "info")
        return see_other(home)
    store(answer)
    if answer is Answer.GIVEN:
        flash(_("Votre oui est noté. Vous pouvez le retirer en tout temps, ici même."), "success")
    else:
        flash(_("Votre non est noté. Rien ne change dans le service."), "success")
    return see_other(home)
