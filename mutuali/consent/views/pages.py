"""Pages of consent: answering, the text of a notice, publishing one."""

from typing import Any

from flask import Blueprint, Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.rules import MONTHS, MOST_MONTHS, Answer, Purpose, Standing, is_asked
from mutuali.consent.schemas import (
    Answered,
    AnswerFormSchema,
    ChoiceSchema,
    Chosen,
    NoticeFormSchema,
    OrganizationFormSchema,
    Written,
)
from mutuali.consent.views import shown
from mutuali.core.errors import DomainError, Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form, load_query
from mutuali.web.secrets import new_public_id

bp = Blueprint("consent", __name__)

_HOME = "/organisme/consentements"
_STEWARDS = "/intendance/avis"
#: What waits for an answer, and comes first.
_SILENT = (Standing.UNANSWERED, Standing.EXPIRED)


@bp.get("/organisme/consentements")
@door(Permission.CONSENT_READ)
def questions(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one's organization is asked, and all it ever answered."""
    return _questions_page(session, actor)


def _questions_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _questions_page(session, actor, error)


@bp.post("/organisme/consentements/<public_id>")
@door(
    Permission.CONSENT_ANSWER,
    parse=lambda: load_form(AnswerFormSchema()),
    again=_questions_again,
)
def answer(
    session: Session, actor: Actor, answered: Answered, public_id: str
) -> ResponseReturnValue:
    """Say yes, no, or later, which stores nothing."""
    organization_id = organizations.by_public_id(session, answered.organization).id
    if answered.answer is None:
        flash(_("Rien n’est enregistré. D’ici votre réponse, c’est non."), "info")
        return see_other(_HOME)
    service.answer(session, actor, organization_id, public_id, answered.answer, now=utc_now())
    if answered.answer is Answer.GIVEN:
        flash(_("Votre oui est noté. Vous pouvez le retirer en tout temps, ici même."), "success")
    else:
        flash(_("Votre non est noté. Rien ne change dans le service."), "success")
    return see_other(_HOME)


@bp.post("/organisme/consentements/<public_id>/retirer")
@door(
    Permission.CONSENT_ANSWER,
    parse=lambda: load_form(OrganizationFormSchema()),
    again=_questions_again,
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
    return see_other(_HOME)


@bp.get("/avis/<public_id>")
@door(PUBLIC)
def notice(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A notice as it was served, also an older version."""
    found = service.notice(session, public_id)
    texts = {"fr": shown.blocks(found.text_fr), "en": shown.blocks(found.text_en)}
    return page("consent/notice.html", notice=found, texts=texts)


@bp.get("/avis/<public_id>/texte")
@door(PUBLIC)
def notice_text(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The very bytes that the hash covers."""
    found = service.notice(session, public_id)
    name = f"avis-{found.purpose.value}-{found.version}.txt"
    answer = Response(found.exact_text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/intendance/avis")
@door(Permission.NOTICE_PUBLISH)
def notices(session: Session, actor: Actor) -> ResponseReturnValue:
    """Every notice and how far it reaches, in bands."""
    return _notices_page(session, actor)


def _notices_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _notices_page(session, actor, error)


@bp.get("/intendance/avis/nouveau")
@door(
    Permission.NOTICE_PUBLISH,
    parse=lambda: load_query(ChoiceSchema()),
    again=_notices_again,
)
def new_form(session: Session, actor: Actor, chosen: Chosen) -> ResponseReturnValue:
    """The first or the next version of a notice, filled in."""
    recipient_id = _recipient_id(session, chosen)
    latest = _latest(session, chosen.purpose, recipient_id)
    draft = service.default_draft(session, chosen.purpose, recipient_id)
    typed = {
        "text_fr": latest.text_fr if latest else draft.text_fr,
        "text_en": latest.text_en if latest else draft.text_en,
        "lasts_months": latest.lasts_months if latest else MONTHS,
    }
    return _notice_form(session, chosen, typed)


def _publish_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    typed = request.form.to_dict()
    try:
        chosen: Chosen = load_form(ChoiceSchema())
        return _notice_form(session, chosen, typed, error)
    except (Refused, NotFound):  # the form itself was tampered with
        return _notices_page(session, actor, error)


@bp.post("/intendance/avis/nouveau")
@door(
    Permission.NOTICE_PUBLISH,
    parse=lambda: load_form(NoticeFormSchema()),
    again=_publish_again,
)
def publish(session: Session, actor: Actor, written: Written) -> ResponseReturnValue:
    """Publish: everybody is asked, earlier yes stop counting."""
    draft = service.NoticeDraft(
        written.chosen.purpose,
        _recipient_id(session, written.chosen),
        written.text_fr,
        written.text_en,
        written.lasts_months,
    )
    service.publish_notice(session, actor, draft, public_id=new_public_id(), now=utc_now())
    flash(
        _("L’avis est publié. Les gestionnaires des organismes reçoivent un courriel."), "success"
    )
    return see_other(_STEWARDS)


def _questions_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    id_, now = actor.organization_id, utc_now()
    if id_ is None:
        raise Forbidden
    own = organizations.organization(session, id_)
    found = service.questions(session, actor, id_, now=now)
    silent = [each for each in found if each.standing in _SILENT]
    answers = may(actor, Permission.CONSENT_ANSWER, over=id_)
    waiting = service.count_unanswered(session, actor, now) - (len(silent) if answers else 0)
    return page(
        "consent/questions.html",
        organization=own,
        questions=[*silent, *(each for each in found if each not in silent)],
        history=service.history(session, actor, id_),
        is_asked=is_asked(own.kind, own.state),
        answers=answers,
        waiting_elsewhere=waiting,
        errors=errors_by_field(error),
        asked=shown.asked,
        blocks=shown.blocks,
        last_day=shown.last_day,
    )


def _notices_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    recipients = service.recipients(session)
    return page(
        "consent/notices.html",
        reached=service.reached(session, actor, now=utc_now()),
        recipients=recipients,
        public_ids={each.id: each.public_id for each in recipients},
        band_words=wording.band,
        errors=errors_by_field(error),
        typed=request.values,
    )


def _notice_form(
    session: Session, chosen: Chosen, typed: dict[str, Any], error: DomainError | None = None
) -> ResponseReturnValue:
    recipient_id = _recipient_id(session, chosen)
    return page(
        "consent/notice_form.html",
        chosen=chosen,
        recipient=organizations.organization(session, recipient_id),
        latest=_latest(session, chosen.purpose, recipient_id),
        most_months=MOST_MONTHS,
        typed=typed,
        errors=errors_by_field(error),
    )


def _recipient_id(session: Session, chosen: Chosen) -> int:
    for found in service.recipients(session):
        if found.public_id == chosen.recipient:
            return found.id
    raise Refused(Reason("notice.not_a_recipient", {}, "recipient"))


def _latest(session: Session, purpose: Purpose, recipient_id: int) -> service.NoticeFacts | None:
    return next(
        (
            each
            for each in service.current_notices(session)
            if (each.purpose, each.recipient_id) == (purpose, recipient_id)
        ),
        None,
    )
