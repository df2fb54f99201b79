"""Notices: their text for everybody, publishing one."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.rules import MONTHS, MOST_MONTHS, checked
from mutuali.consent.schemas import ChoiceSchema, Chosen, NoticeFormSchema, Written
from mutuali.consent.views import shown
from mutuali.consent.views.blueprint import bp
from mutuali.core.errors import DomainError, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form, load_query
from mutuali.web.secrets import new_public_id
from mutuali.web.sentences import sentence

_STEWARDS = "/intendance/avis"


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
    latest = _latest(session, chosen, recipient_id)
    draft = service.default_draft(session, chosen.purpose, recipient_id, subject=chosen.subject)
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
        written.chosen.subject,
    )
    service.publish_notice(session, actor, draft, public_id=new_public_id(), now=utc_now())
    flash(_("L’avis est publié. Qui doit répondre reçoit un courriel."), "success")
    return see_other(_STEWARDS)


@bp.post("/intendance/avis/verifier")
@door(
    Permission.NOTICE_PUBLISH,
    parse=lambda: load_form(ChoiceSchema()),
    again=_publish_again,
    reads=True,
)
def check(session: Session, actor: Actor, chosen: Chosen) -> ResponseReturnValue:
    """Read the text as it stands; nothing is published."""
    return _notice_form(session, chosen, request.form.to_dict())


def _notices_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    recipients = service.recipients(session)
    return page(
        "consent/notices.html",
        reached=service.reached(session, actor, now=utc_now()),
        recipients=recipients,
        purposes=service.asked_purposes(session),
        public_ids={each.id: each.public_id for each in recipients},
        band_words=wording.band,
        errors=errors_by_field(error),
        typed=request.values,
    )


def _notice_form(
    session: Session, chosen: Chosen, typed: dict[str, Any], error: DomainError | None = None
) -> ResponseReturnValue:
    recipient_id = _recipient_id(session, chosen)
    recipient = organizations.organization(session, recipient_id)
    months = str(typed.get("lasts_months", ""))
    french, english = (
        str(typed.get(name, "")).replace("\r\n", "\n") for name in ("text_fr", "text_en")
    )
    draft = service.NoticeDraft(
        chosen.purpose,
        recipient_id,
        french,
        english,
        int(months) if months.isdecimal() and len(months) < 4 else 0,
        chosen.subject,
    )
    return page(
        "consent/notice_form.html",
        chosen=chosen,
        recipient=recipient,
        checks=[
            (each.check.value, [(reason.field, sentence(reason)) for reason in each.reasons])
            for each in checked(service.text_of(draft, recipient.name))
        ],
        latest=_latest(session, chosen, recipient_id),
        most_months=MOST_MONTHS,
        typed=typed,
        errors=errors_by_field(error),
    )


def _recipient_id(session: Session, chosen: Chosen) -> int:
    for found in service.recipients(session):
        if found.public_id == chosen.recipient:
            return found.id
    raise Refused(Reason("notice.not_a_recipient", {}, "recipient"))


def _latest(session: Session, chosen: Chosen, recipient_id: int) -> service.NoticeFacts | None:
    asked = (chosen.subject, chosen.purpose, recipient_id)
    return next(
        (
            each
            for each in service.current_notices(session)
            if (each.subject, each.purpose, each.recipient_id) == asked
        ),
        None,
    )
