"""JSON door of check-ins: the cards of this month as data."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.checkin import service
from mutuali.checkin.rules import Card
from mutuali.checkin.views.blueprint import providers
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.web.api import ApiBlueprint, acting_for
from mutuali.web.clock import utc_now

bp = ApiBlueprint("checkin_api", "Bilan du mois")


class CheckInCardSchema(Schema):
    """One decision: what about, what can be said on it, what counts until then, what silence does
    and by which day."""

    kind = fields.String(required=True)
    subject = fields.String(required=True)
    choices = fields.List(fields.String(), required=True)
    default = fields.String(required=True)
    silence = fields.String(required=True)
    silence_on = fields.Date(required=True, allow_none=True)


class CheckInSchema(Schema):
    """This month's check-in: the cards that are left, at most seven, and the seconds it took."""

    month = fields.Date(required=True)
    finished = fields.Boolean(required=True)
    seconds = fields.Integer(required=True)
    next_on = fields.Date(required=True)
    cards = fields.List(fields.Nested(CheckInCardSchema), required=True)


@bp.operation(
    "GET",
    "/checkin",
    Permission.ORGANIZATION_EDIT,
    "Lire les cartes du mois",
    gives=CheckInSchema,
)
def check_in(session: Session, actor: Actor) -> dict[str, Any]:
    """The cards of your own organization that are left this month; reading them takes no time."""
    id_, now = acting_for(actor, "organization"), utc_now()
    found = service.this_month(session, actor, id_, providers=providers(), now=now)
    return {
        "month": found.time.month,
        "finished": found.time.finished,
        "seconds": found.time.seconds,
        "next_on": found.next_on,
        "cards": [_shown(each) for each in found.cards],
    }


def _shown(card: Card) -> dict[str, Any]:
    return {
        "kind": card.kind.value,
        "subject": card.subject,
        "choices": [each.value for each in card.choices],
        "default": card.default.value,
        "silence": card.silence.value,
        "silence_on": local(card.on).date() if card.on else None,
    }
