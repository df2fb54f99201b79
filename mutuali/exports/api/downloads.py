"""JSON doors of downloads: a link, the file behind it, and who took it."""

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service
from mutuali.exports.api.door import bp
from mutuali.exports.views.handed import handed, handed_to_anybody, token_of
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC
from mutuali.web.identity import holder_hash
from mutuali.web.mail import address
from mutuali.web.secrets import fingerprint_key


class LinkSchema(Schema):
    """Where a bundle can be taken, and until when."""

    address = fields.Url(required=True, require_tld=False)
    expires_at = fields.AwareDateTime(required=True)


class TakenSchema(Schema):
    """A download."""

    name = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


@bp.operation(
    "POST",
    "/exports/<export_id>/links",
    Permission.EXPORT_DOWNLOAD,
    "Demander un lien de téléchargement",
    gives=LinkSchema,
    status=201,
)
def ask_link(session: Session, actor: Actor, export_id: str) -> dict[str, object]:
    """An address for the ZIP, for ten minutes, that serves this token only.

    Only for an analyst whom an agreement in force names, with a token made after a second factor.
    """
    link = service.ask_link(
        session, actor, export_id, holder=holder_hash(), key=fingerprint_key(), now=utc_now()
    )
    return {"address": address(f"/api/v1/files/{token_of(link)}"), "expires_at": link.expires_at}


@bp.operation(
    "DELETE",
    "/exports/<export_id>/links",
    Permission.EXPORT_DECIDE,
    "Révoquer les liens d’une exportation",
    status=204,
)
def revoke_links(session: Session, actor: Actor, export_id: str) -> None:
    """End every link to an export; downloads on their way stop."""
    service.revoke_links(session, actor, export_id, now=utc_now())


@bp.operation(
    "GET",
    "/exports/<export_id>/downloads",
    Permission.EXPORT_READ,
    "Lire les téléchargements d’une exportation",
    gives=TakenSchema,
    many=True,
)
def downloads(session: Session, actor: Actor, export_id: str) -> list[service.Taken]:
    """Who took an export and when, latest first."""
    return service.downloads_of(session, actor, export_id)


@bp.operation(
    "GET",
    "/datasets/<dataset>/file",
    PUBLIC,
    "Télécharger un jeu de données ouvert",
    gives={"application/zip": {"schema": {"type": "string", "format": "binary"}}},
)
def published(session: Session, actor: Actor, dataset: str) -> Response:
    """The ZIP of an open dataset, or a range of it, for anybody; 409 while nothing is published."""
    try:
        name = Dataset(dataset)
    except ValueError:
        raise NotFound from None
    return handed_to_anybody(session, name)


@bp.operation(
    "GET",
    "/files/<token>",
    Permission.EXPORT_DOWNLOAD,
    "Télécharger une exportation",
    gives={"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    reads=False,
)
def take(session: Session, actor: Actor, token: str) -> Response:
    """The ZIP behind a link, or a range of it; the first time, it is recorded as a download."""
    return handed(session, actor, token)
