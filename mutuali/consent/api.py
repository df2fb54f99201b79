"""JSON doors of consent."""

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.rules import Purpose, Standing, Subject
from mutuali.consent.schemas import AnswerSchema, OwnAnswerSchema, Sent
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.api import ApiBlueprint, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC

bp = ApiBlueprint("consent_api", "Avis, consentements")


class NoticeSchema(Schema):
    """A notice as it was served; the hash is SHA-256 of both texts with a rule between."""

    id = fields.String(required=True)
    subject = fields.Enum(Subject, by_value=True, required=True)
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
    """What a subject is asked and where its answer stands; only ``given`` is a yes."""

    notice = fields.String(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    recipient = fields.String(required=True)
    version = fields.Integer(required=True)
    hash = fields.String(required=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)
    until = fields.AwareDateTime(required=True, allow_none=True)


@bp.operation(
    "GET", "/notices", PUBLIC, "Lister les avis en vigueur", gives=NoticeSchema, many=True
)
def notices(session: Session, actor: Actor) -> list[dict[str, object]]:
    """The newest version of each notice."""
    return [_notice(session, each) for each in service.current_notices(session)]


@bp.operation("GET", "/notices/<notice_id>", PUBLIC, "Lire un avis", gives=NoticeSchema)
def notice(session: Session, actor: Actor, notice_id: str) -> dict[str, object]:
    """One notice, also an older version."""
    return _notice(session, service.notice(session, notice_id))


@bp.operation(
    "GET",
    "/consents",
    Permission.CONSENT_READ,
    "Lister nos consentements",
    gives=ConsentSchema,
    many=True,
)
def consents(session: Session, actor: Actor) -> list[dict[str, object]]:
    """What the organization one acts for is asked."""
    if actor.organization_id is None:
        return []
    found = service.questions(session, actor, actor.organization_id, now=utc_now())
    return [_question(session, each) for each in found]


@bp.operation(
    "POST",
    "/consents",
    Permission.CONSENT_ANSWER,
    "Répondre à une question, ou retirer un oui",
    takes=AnswerSchema,
    gives=ConsentSchema,
    status=201,
)
def answer(session: Session, actor: Actor, sent: Sent) -> dict[str, object]:
    """Say ``given``, ``refused`` or ``withdrawn``; 409 when a newer notice stands instead."""
    organization_id = (
        organizations.by_public_id(session, sent.organization).id
        if sent.organization
        else acting_for(actor, "organization")
    )
    now = utc_now()
    service.answer(session, actor, organization_id, sent.notice, sent.answer, now=now)
    found = service.questions(session, actor, organization_id, now=now)
    [question] = [each for each in found if each.notice.public_id == sent.notice]
    return _question(session, question)


@bp.operation(
    "GET",
    "/my-consents",
    Permission.CONSENT_OWN,
    "Lister mes propres consentements",
    gives=ConsentSchema,
    many=True,
)
def own_consents(session: Session, actor: Actor) -> list[dict[str, object]]:
    """What the caller is asked about themselves; nobody else may read it."""
    found = service.own_questions(session, actor, now=utc_now())
    return [_question(session, each) for each in found]


@bp.operation(
    "POST",
    "/my-consents",
    Permission.CONSENT_OWN,
    "Répondre pour soi-même, ou retirer son oui",
    takes=OwnAnswerSchema,
    gives=ConsentSchema,
    status=201,
)
def own_answer(session: Session, actor: Actor, sent: Sent) -> dict[str, object]:
    """As for an organization, for the caller themselves."""
    now = utc_now()
    service.answer_own(session, actor, sent.notice, sent.answer, now=now)
    found = service.own_questions(session, actor, now=now)
    [question] = [each for each in found if each.notice.public_id == sent.notice]
    return _question(session, question)


def _notice(session: Session, facts: service.NoticeFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "subject": facts.subject,
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
