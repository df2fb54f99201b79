"""JSON doors of what is kept of a person, or of an organization, and of requests about it."""

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.governance import service
from mutuali.governance.rules import Answer, Field, RequestKind
from mutuali.governance.schemas import Asked, AskedSchema, TakenAlongSchema
from mutuali.governance.views.files import file
from mutuali.governance.views.leaving import own
from mutuali.web.api import ApiBlueprint, Given
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("governance_api", "Ce qui est gardé de moi")


class RequestSchema(Schema):
    """A request and its answer; past ``due_on`` without one it counts as refused (s. 32)."""

    id = fields.String(required=True)
    kind = fields.Enum(RequestKind, by_value=True, required=True)
    words = fields.String(required=True)
    field = fields.Enum(Field, by_value=True, required=True, allow_none=True)
    value = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    due_on = fields.Date(required=True)
    answer = fields.Enum(Answer, by_value=True, required=True, allow_none=True)
    answer_words = fields.String(required=True)
    provision = fields.String(required=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/my-requests",
    Permission.DATA_OWN,
    "Lister mes demandes",
    gives=RequestSchema,
    many=True,
)
def requests(session: Session, actor: Actor) -> list[dict[str, object]]:
    """What the caller asked about what is kept of them, latest first."""
    return [_told(each) for each in service.mine(session, actor)]


@bp.operation(
    "POST",
    "/my-requests",
    Permission.DATA_OWN,
    "Demander de voir, d’emporter, de corriger, d’effacer, de faire cesser",
    takes=AskedSchema,
    gives=RequestSchema,
    status=201,
)
def ask(session: Session, actor: Actor, asked: Asked) -> Given:
    """Ask; the thirty days start. A correction names ``field`` and ``value``, and ``words`` say
    what proves it."""
    public_id = new_public_id()
    service.ask(
        session,
        actor,
        asked.kind,
        asked.words,
        field=asked.field,
        value=asked.value,
        public_id=public_id,
        now=utc_now(),
    )
    found = service.my_request(session, actor, public_id)
    return Given(_told(found), location=f"/api/v1/my-requests/{public_id}")


@bp.operation(
    "GET",
    "/my-requests/<request_id>",
    Permission.DATA_OWN,
    "Lire une de mes demandes",
    gives=RequestSchema,
)
def request(session: Session, actor: Actor, request_id: str) -> dict[str, object]:
    """One request of the caller, with its answer; nobody else’s is found."""
    return _told(service.my_request(session, actor, request_id))


@bp.operation(
    "GET",
    "/my-data",
    Permission.DATA_OWN,
    "Emporter mes données (JSON)",
    asks=TakenAlongSchema,
    gives={"application/json": {"schema": {"type": "object"}}},
)
def data_json(session: Session, actor: Actor, everything: bool) -> Response:
    """What was collected from the caller; with ``everything``, all that is kept about them."""
    told = service.about_me(session, actor, everything=everything)
    return file(service.as_json(told, now=utc_now()), "application/json", "mes-donnees.json")


@bp.operation(
    "GET",
    "/my-data.zip",
    Permission.DATA_OWN,
    "Emporter mes données (CSV)",
    asks=TakenAlongSchema,
    gives={"application/zip": {"schema": {"type": "string", "format": "binary"}}},
)
def data_csv(session: Session, actor: Actor, everything: bool) -> Response:
    """The same as a ZIP of spreadsheets."""
    told = service.about_me(session, actor, everything=everything)
    return file(service.as_csv(told), "application/zip", "mes-donnees.zip")


@bp.operation(
    "GET",
    "/our-data",
    Permission.PARTICIPATION_ACCEPT,
    "Emporter les données de notre organisme (JSON)",
    gives={"application/json": {"schema": {"type": "object"}}},
)
def our_data_json(session: Session, actor: Actor) -> Response:
    """What is returned to your organization, at any time."""
    told = service.our_data(session, actor, own(actor), now=utc_now())
    return file(service.as_json(told, now=utc_now()), "application/json", "nos-donnees.json")


@bp.operation(
    "GET",
    "/our-data.zip",
    Permission.PARTICIPATION_ACCEPT,
    "Emporter les données de notre organisme (CSV)",
    gives={"application/zip": {"schema": {"type": "string", "format": "binary"}}},
)
def our_data_csv(session: Session, actor: Actor) -> Response:
    """The same as a ZIP of spreadsheets."""
    told = service.our_data(session, actor, own(actor), now=utc_now())
    return file(service.as_csv(told), "application/zip", "nos-donnees.zip")


def _told(facts: service.RequestFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "kind": facts.kind,
        "words": facts.words,
        "field": facts.field,
        "value": facts.value,
        "received_at": facts.received_at,
        "due_on": facts.due_on,
        "answer": facts.answer,
        "answer_words": facts.answer_words,
        "provision": facts.provision,
        "answered_at": facts.answered_at,
    }
