"""JSON doors of the network itself, and of governance kits."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.errors import StaleVersion
from mutuali.core.network import Network
from mutuali.core.permissions import Actor, Permission
from mutuali.founding import service
from mutuali.founding.rules import Part
from mutuali.founding.schemas import KitSchema, NetworkTermsSchema, SentKit
from mutuali.founding.views.kit import kit_zip
from mutuali.network import service as networks
from mutuali.network.rules import OperatorDraft
from mutuali.web.api import ApiBlueprint, Given, etag_of, version_read
from mutuali.web.clock import utc_now
from mutuali.web.network import read_again, said
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("founding_api", "Réseau et trousse de gouvernance")

#: There is one network to an instance.
_ONLY = "network"


class NetworkSchema(Schema):
    """What the network says of itself; null: nobody said, so everywhere and every purpose."""

    operator_name = fields.String(required=True)
    operator_address = fields.String(required=True)
    operator_contact = fields.String(required=True)
    name = fields.String(required=True)
    boroughs = fields.List(fields.String(), required=True, allow_none=True)
    english = fields.Boolean(required=True)
    purposes = fields.List(fields.String(), required=True, allow_none=True)
    kit_published_at = fields.AwareDateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


class TakenKitSchema(Schema):
    """What a kit changes, or would; ``changes`` are the parts of which taking changes anything."""

    network = fields.String(required=True)
    taken = fields.Boolean(required=True)
    holds = fields.List(fields.Enum(Part, by_value=True), required=True)
    changes = fields.List(fields.Enum(Part, by_value=True), required=True)
    lessons = fields.List(fields.String(), required=True)
    notices = fields.List(fields.String(), required=True)
    numbers_that_differ = fields.List(fields.String(), required=True)


@bp.operation(
    "GET",
    "/network",
    Permission.NETWORK_SHARE,
    "Lire ce que le réseau dit de lui-même",
    gives=NetworkSchema,
)
def network(session: Session, actor: Actor) -> Given:
    """Who answers, its name, where it serves, what it asks for."""
    return _given(said(session))


@bp.operation(
    "PATCH",
    "/network",
    Permission.NETWORK_EDIT,
    "Changer ce que le réseau dit de lui-même",
    takes=NetworkTermsSchema,
    partly=True,
    gives=NetworkSchema,
)
def change_network(session: Session, actor: Actor, named: dict[str, Any]) -> Given:
    """Change only what is named; another legal name makes another text of participation."""
    version, now, known = version_read(_ONLY), utc_now(), said(session)
    if version != known.version:
        raise StaleVersion
    if named.keys() & {"operator_name", "operator_address", "operator_contact"}:
        own = service.operator(session)
        draft = OperatorDraft(
            named.get("operator_name", known.operator_name),
            (own.enterprise_number or "") if own else "",
            named.get("operator_address", known.operator_address),
            named.get("operator_contact", known.operator_contact),
        )
        networks.name_operator(session, actor, draft, public_id=new_public_id(), now=now)
    if "name" in named:
        networks.name_network(session, actor, named["name"], now=now)
    if named.keys() & {"boroughs", "english"}:
        boroughs = tuple(named.get("boroughs", known.boroughs or ()))
        english = named.get("english", known.english)
        networks.serve(session, actor, boroughs, english=english, now=now)
    if "purposes" in named:
        chosen = tuple(dict.fromkeys(each.value for each in named["purposes"]))
        networks.ask_for(session, actor, chosen, now=now)
    read_again()
    return _given(said(session))


@bp.operation(
    "GET",
    "/governance-kit",
    Permission.NETWORK_SHARE,
    "Prendre la trousse de gouvernance",
    gives={"application/zip": {"schema": {"type": "string", "format": "binary"}}},
)
def kit(session: Session, actor: Actor) -> Response:
    """The kit as it is now, a ZIP: the same state gives the same bytes."""
    return kit_zip(session)


@bp.operation(
    "POST",
    "/governance-kit",
    Permission.NETWORK_SHARE,
    "Reprendre une trousse de gouvernance",
    takes=KitSchema,
    gives=TakenKitSchema,
)
def take_kit(session: Session, actor: Actor, sent: SentKit) -> dict[str, Any]:
    """Take parts of a kit (``content`` in base64): all of those that are named, or nothing."""
    read = service.read_kit(sent.content, field="content")
    known = said(session)
    seen = service.preview(session, actor, read, known)
    if not sent.dry_run:
        service.take_kit(
            session, actor, read, sent.parts, known, public_id=new_public_id(), now=utc_now()
        )
        read_again()
    return {
        "network": seen.network,
        "taken": not sent.dry_run,
        "holds": seen.holds,
        "changes": sorted(seen.changes),
        "lessons": [each.draft.title_fr for each in seen.lessons],
        "notices": [f"{subject.value}.{purpose.value}" for subject, purpose in seen.notices],
        "numbers_that_differ": [name for name, _here, _there in seen.numbers],
    }


def _given(known: Network) -> Given:
    return Given(known, etag=etag_of(_ONLY, known.version))
