"""JSON doors of the Charter: an organization's own actions and answers."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.charter import service
from mutuali.charter.rules import Said, Standing
from mutuali.charter.schemas import ActionSaidSchema
from mutuali.charter.views.public import questions
from mutuali.core.permissions import Actor, Permission
from mutuali.web.api import ApiBlueprint, acting_for
from mutuali.web.clock import utc_now

bp = ApiBlueprint("charter_api", "Charte des données numériques")


class ActionStandingSchema(Schema):
    """Where an action stands: by a fact, or as people said."""

    code = fields.String(required=True)
    principle = fields.String(required=True)
    family = fields.String(required=True)
    minutes = fields.Integer(required=True)
    who = fields.String(required=True)
    action_fr = fields.String(required=True)
    action_en = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)
    fact = fields.String(required=True, allow_none=True)
    amiss = fields.Integer(required=True, allow_none=True)
    sentence = fields.String(required=True)


@bp.operation(
    "GET",
    "/charter",
    Permission.ORGANIZATION_READ,
    "Lire où en est notre organisme",
    gives=ActionStandingSchema,
    many=True,
)
def charter(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Every action of your own organization's list, in its order."""
    id_ = acting_for(actor, "organization")
    found = service.assess(session, actor, id_, questions=questions(), now=utc_now())
    return [_shown(each) for each in found.standings]


@bp.operation(
    "PUT",
    "/charter/<code>",
    Permission.ORGANIZATION_EDIT,
    "Répondre à une action",
    takes=ActionSaidSchema,
    gives=ActionStandingSchema,
)
def say(session: Session, actor: Actor, said: Said, code: str) -> dict[str, Any]:
    """Answer an action that no fact answers; the answer before is replaced."""
    id_, now = acting_for(actor, "organization"), utc_now()
    service.say(session, actor, id_, code, said, now=now)
    found = service.standing(session, actor, id_, code, questions=questions(), now=now)
    return _shown(found)


def _shown(standing: Standing) -> dict[str, Any]:
    each = standing.action
    return {
        "code": each.code,
        "principle": each.principle.value,
        "family": each.family.value,
        "minutes": each.minutes,
        "who": each.who.value,
        "action_fr": each.action_fr,
        "action_en": each.action_en,
        "answer": standing.answer.value if standing.answer else None,
        "fact": each.fact.value if each.fact else None,
        "amiss": standing.amiss,
        "sentence": standing.sentence,
    }
