"""JSON doors of consent."""

from flask import jsonify, make_response
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.rules import Purpose, Standing
from mutuali.consent.schemas import AnswerSchema, Sent
from mutuali.core.errors import Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.parsing import load_json

bp = Blueprint("consent_api", __name__, url_prefix="/api/v1", description="Avis, consentements")


class NoticeSchema(Schema):
    """A notice as it was served; the hash is SHA-256 of both texts with a rule between."""

    id = fields.String(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    recipient = fields.String(required=True)
    version = fields.Integer(required=True)
    is_current = fields.Boolean(required=True)
    lasts_months = fields.Integer(required=True)
    published_at = fields.AwareDateTime(required=True)
    text_fr = fields.String(required=True)
    text_en = fields.String(required=True)
    hash = fields.String(required=True)


class ConsentSchema(Schema):
    """What the organization is asked and where its answer stands; only ``given`` is a yes."""

    notice = fields.String(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    recipient = fields.String(required=True)
    version = fields.Integer(required=True)
    hash = fields.String(required=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)
    until = fields.AwareDateTime(required=True, allow_none=True)


@bp.get("/notices")
@bp.doc(summary="Lister les avis en vigueur")
@bp.response(200, NoticeSchema(many=True))
@door(PUBLIC)
def notices(session: Session, actor: Actor) -> ResponseReturnValue:
    """The newest version of each notice."""
    found = [_notice(session, each) for each in service.current_notices(session)]
    return jsonify(NoticeSchema(many=True).dump(found))


@bp.get("/notices/<notice_id>")
@bp.doc(summary="Lire un avis")
@bp.response(200, NoticeSchema)
@door(PUBLIC)
def notice(session: Session, actor: Actor, notice_id: str) -> ResponseReturnValue:
    """One notice, also an older version."""
    return jsonify(NoticeSchema().dump(_notice(session, service.notice(session, notice_id))))


@bp.get("/consents")
@bp.doc(summary="Lister nos consentements")
@bp.response(200, ConsentSchema(many=True))
@door(Permission.CONSENT_READ)
def consents(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the organization one acts for is asked."""
    if actor.organization_id is None:
        return jsonify([])
    found = service.questions(session, actor, actor.organization_id, now=utc_now())
    return jsonify(ConsentSchema(many=True).dump([_question(session, each) for each in found]))


@bp.post("/consents")
@bp.doc(
    summary="Répondre à une question, ou retirer un oui",
    requestBody={"required": True, "content": {"application/json": {"schema": AnswerSchema}}},
)
@bp.response(201, ConsentSchema)
@door(Permission.CONSENT_ANSWER, parse=lambda: load_json(AnswerSchema()))
def answer(session: Session, actor: Actor, sent: Sent) -> ResponseReturnValue:
    """Say ``given``, ``refused`` or ``withdrawn``; 409 when a newer notice stands instead."""
    if sent.organization:
        organization_id = organizations.by_public_id(session, sent.organization).id
    elif actor.organization_id is not None:
        organization_id = actor.organization_id
    else:
        raise Refused(Reason("organization.none_chosen", {}, "organization"))
    now = utc_now()
    service.answer(session, actor, organization_id, sent.notice, sent.answer, now=now)
    found = service.questions(session, actor, organization_id, now=now)
    [question] = [each for each in found if each.notice.public_id == sent.notice]
    return make_response(jsonify(ConsentSchema().dump(_question(session, question))), 201)


def _notice(session: Session, facts: service.NoticeFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "purpose": facts.purpose,
        "recipient": organizations.organization(session, facts.recipient_id).public_id,
        "version": facts.version,
        "is_current": facts.is_current,
        "lasts_months": facts.lasts_months,
        "published_at": facts.published_at,
        "text_fr": facts.text_fr,
        "text_en": facts.text_en,
        "hash": facts.hash,
    }


def _question(session: Session, question: service.Question) -> dict[str, object]:
    facts = question.notice
    return {
        "notice": facts.public_id,
        "purpose": facts.purpose,
        "recipient": organizations.organization(session, facts.recipient_id).public_id,
        "version": facts.version,
        "hash": facts.hash,
        "standing": question.standing,
        "at": question.at,
        "until": question.until,
    }
