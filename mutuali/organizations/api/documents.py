"""JSON doors of what an organization can show, and of who looks at it."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.errors import Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service
from mutuali.organizations.api.door import bp, readable
from mutuali.organizations.rules import DocumentDraft, DocumentKind, DocumentState
from mutuali.organizations.schemas import DocumentReasonSchema, DocumentSchema
from mutuali.organizations.views.documents import file_answer, read_file, with_member
from mutuali.web.api import Given
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class DocumentDumpSchema(Schema):
    """A document: what it is, until when, what the network says of it."""

    id = fields.String(required=True)
    organization = fields.String(required=True)
    kind = fields.Enum(DocumentKind, by_value=True, required=True)
    detail = fields.String(required=True)
    person_name = fields.String(required=True)
    reference = fields.String(required=True)
    expires_on = fields.Date(required=True, allow_none=True)
    state = fields.Enum(DocumentState, by_value=True, required=True)
    has_file = fields.Boolean(required=True)
    added_at = fields.AwareDateTime(required=True)
    checked_at = fields.AwareDateTime(required=True, allow_none=True)
    refused_reason = fields.String(required=True)


@bp.operation(
    "GET",
    "/organizations/<organization_id>/documents",
    Permission.DOCUMENT_READ,
    "Lister les documents d’un organisme",
    gives=DocumentDumpSchema,
    many=True,
)
def documents(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """What the organization shows, by kind, what ends last first."""
    found = readable(session, actor, organization_id)
    shown = service.documents_of(session, actor, found.id, now=utc_now())
    return [_dump(each, found.public_id) for each in shown]


@bp.operation(
    "POST",
    "/organizations/<organization_id>/documents",
    Permission.ORGANIZATION_EDIT,
    "Noter un document",
    takes=DocumentSchema,
    gives=DocumentDumpSchema,
    status=201,
)
def add_document(
    session: Session, actor: Actor, said: tuple[str, DocumentDraft], organization_id: str
) -> Given:
    """It counts once a coordinator has looked at it; a copy comes apart."""
    member, draft = said
    found = readable(session, actor, organization_id)
    public_id = new_public_id()
    draft = with_member(session, actor, found.id, member, draft)
    service.add_document(session, actor, found.id, draft, None, public_id=public_id, now=utc_now())
    return Given(_one(session, actor, public_id), location=f"/api/v1/documents/{public_id}")


@bp.operation(
    "GET",
    "/documents",
    Permission.DOCUMENT_CHECK,
    "Lister les documents à vérifier",
    gives=DocumentDumpSchema,
    many=True,
)
def documents_waiting(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """What waits for a look, the longest first."""
    waiting = service.documents_waiting(session, actor, now=utc_now())
    ids = frozenset(each.organization_id for each in waiting)
    names = service.organizations(session, ids)
    return [_dump(each, names[each.organization_id].public_id) for each in waiting]


@bp.operation(
    "GET",
    "/documents/<document_id>",
    Permission.DOCUMENT_READ,
    "Lire un document",
    gives=DocumentDumpSchema,
)
def document(session: Session, actor: Actor, document_id: str) -> dict[str, Any]:
    """One document, without its copy."""
    return _one(session, actor, document_id)


@bp.operation(
    "DELETE",
    "/documents/<document_id>",
    Permission.ORGANIZATION_EDIT,
    "Détruire un document",
    status=204,
)
def remove_document(session: Session, actor: Actor, document_id: str) -> None:
    """Destroy it, with its copy."""
    service.remove_document(session, actor, document_id, now=utc_now())


def _read_copy() -> service.DocumentFile:
    file = read_file()
    if file is None:
        raise Refused(Reason("field.missing", {}, "file"))
    return file


@bp.operation(
    "POST",
    "/documents/<document_id>/file",
    Permission.ORGANIZATION_EDIT,
    "Joindre une copie",
    parse=_read_copy,
    gives=DocumentDumpSchema,
    requestBody={
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    },
)
def attach_file(
    session: Session, actor: Actor, file: service.DocumentFile, document_id: str
) -> dict[str, Any]:
    """Put a PDF or a picture beside a permit or a certificate that nobody has looked at yet."""
    service.attach_file(session, actor, document_id, file, now=utc_now())
    return _one(session, actor, document_id)


@bp.operation(
    "GET",
    "/documents/<document_id>/file",
    Permission.DOCUMENT_READ,
    "Télécharger une copie",
    gives={
        "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        "image/webp": {"schema": {"type": "string", "format": "binary"}},
    },
)
def document_file(session: Session, actor: Actor, document_id: str) -> Response:
    """The copy, for the organization and coordinators."""
    return file_answer(service.document_file(session, actor, document_id))


@bp.operation(
    "POST",
    "/documents/<document_id>/check",
    Permission.DOCUMENT_CHECK,
    "Dire qu’un document est bon",
    gives=DocumentDumpSchema,
)
def check_document(session: Session, actor: Actor, document_id: str) -> dict[str, Any]:
    """It was seen and is good; 409 when somebody looked at it before."""
    service.check_document(session, actor, document_id, now=utc_now())
    return _one(session, actor, document_id)


@bp.operation(
    "POST",
    "/documents/<document_id>/refuse",
    Permission.DOCUMENT_CHECK,
    "Dire qu’un document n’est pas bon",
    takes=DocumentReasonSchema,
    gives=DocumentDumpSchema,
)
def refuse_document(
    session: Session, actor: Actor, said: dict[str, Any], document_id: str
) -> dict[str, Any]:
    """With a reason that the organization reads."""
    service.refuse_document(session, actor, document_id, said["reason"], now=utc_now())
    return _one(session, actor, document_id)


def _one(session: Session, actor: Actor, public_id: str) -> dict[str, Any]:
    found = service.document(session, actor, public_id, now=utc_now())
    return _dump(found, service.organization(session, found.organization_id).public_id)


def _dump(found: service.DocumentFacts, organization: str) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "organization": organization,
        **{
            name: getattr(found, name)
            for name in DocumentDumpSchema._declared_fields
            if name not in {"id", "organization"}
        },
    }
