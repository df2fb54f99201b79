"""JSON doors of mishaps: report what went wrong, add to it, photos too, close it, read it."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.equipment.service import EncodedPhoto
from mutuali.mishaps import service
from mutuali.mishaps.rules import MOST_PHOTOS, Kind, Severity
from mutuali.mishaps.schemas import MishapSchema, RegisterSchema, WordsSchema
from mutuali.mishaps.views.pictures import some_photos
from mutuali.web.api import ApiBlueprint
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("mishaps_api", "Incidents de prêt")


class MishapLineSchema(Schema):
    """What went wrong; ``reported_for`` is empty for the coordination."""

    id = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    severity = fields.Enum(Severity, by_value=True, required=True)
    happened_at = fields.AwareDateTime(required=True)
    words = fields.String(required=True)
    listing = fields.String(required=True)
    booking = fields.String(required=True, allow_none=True)
    lender = fields.String(required=True)
    borrower = fields.String(required=True)
    reported_for = fields.String(required=True)
    reported_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)


class EntryDumpSchema(Schema):
    """What was added; no organization: by the coordination."""

    organization = fields.String(required=True)
    person = fields.String(required=True)
    words = fields.String(required=True)
    said_at = fields.AwareDateTime(required=True)


class MishapDumpSchema(MishapLineSchema):
    """The same with all that was said of it; photos by id."""

    closed_word = fields.String(required=True)
    entries = fields.List(fields.Nested(EntryDumpSchema), required=True)
    photos = fields.List(fields.String(), required=True)


_PHOTOS_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["photos"],
                "properties": {
                    "photos": {
                        "type": "array",
                        "maxItems": MOST_PHOTOS,
                        "items": {"type": "string", "format": "binary"},
                    }
                },
            }
        }
    },
}


@bp.operation(
    "GET",
    "/mishaps",
    Permission.BOOKING_READ,
    "Lister les incidents de prêt",
    asks=RegisterSchema,
    gives=MishapLineSchema,
    many=True,
)
def mishaps(session: Session, actor: Actor, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of your organization, or of the network for its coordination: open ones first, or
    alone where ``only_open`` is there."""
    found = service.mishaps(session, actor, only_open=asked["only_open"], kind=asked["kind"])
    return [_line(each) for each in found]


@bp.operation(
    "GET",
    "/mishaps/<mishap_id>",
    Permission.BOOKING_READ,
    "Lire un incident de prêt",
    gives=MishapDumpSchema,
)
def mishap(session: Session, actor: Actor, mishap_id: str) -> dict[str, Any]:
    """One of them."""
    return _one(session, actor, mishap_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/mishaps",
    Permission.BOOKING_READ,
    "Signaler un incident sur une réservation",
    takes=MishapSchema,
    gives=MishapDumpSchema,
    status=201,
)
def report_of_booking(
    session: Session, actor: Actor, draft: service.MishapDraft, booking_id: str
) -> dict[str, Any]:
    """Report what went wrong with a booking."""
    made = new_public_id()
    service.report_of_booking(session, actor, booking_id, draft, public_id=made, now=utc_now())
    return _one(session, actor, made)


@bp.operation(
    "POST",
    "/listings/<listing_id>/mishaps",
    Permission.LISTING_EDIT,
    "Signaler un incident sur une annonce",
    takes=MishapSchema,
    gives=MishapDumpSchema,
    status=201,
)
def report_of_listing(
    session: Session, actor: Actor, draft: service.MishapDraft, listing_id: str
) -> dict[str, Any]:
    """Report what went wrong with a thing of yours while nobody had it."""
    made = new_public_id()
    service.report_of_listing(session, actor, listing_id, draft, public_id=made, now=utc_now())
    return _one(session, actor, made)


@bp.operation(
    "POST",
    "/mishaps/<mishap_id>/entries",
    Permission.BOOKING_READ,
    "Ajouter au suivi d’un incident",
    takes=WordsSchema,
    gives=MishapDumpSchema,
    status=201,
)
def add_entry(
    session: Session, actor: Actor, form: dict[str, str], mishap_id: str
) -> dict[str, Any]:
    """Say what happened since."""
    service.add_entry(session, actor, mishap_id, form["words"], now=utc_now())
    return _one(session, actor, mishap_id)


@bp.operation(
    "POST",
    "/mishaps/<mishap_id>/close",
    Permission.BOOKING_READ,
    "Fermer un incident",
    takes=WordsSchema,
    gives=MishapDumpSchema,
)
def close(session: Session, actor: Actor, form: dict[str, str], mishap_id: str) -> dict[str, Any]:
    """Say that nothing more is to do, and why: by who reported it, or the coordination."""
    service.close(session, actor, mishap_id, form["words"], now=utc_now())
    return _one(session, actor, mishap_id)


@bp.operation(
    "POST",
    "/mishaps/<mishap_id>/photos",
    Permission.BOOKING_READ,
    "Ajouter des photos à un incident",
    parse=some_photos,
    gives=MishapDumpSchema,
    status=201,
    requestBody=_PHOTOS_BODY,
)
def add_photos(
    session: Session, actor: Actor, photos: tuple[EncodedPhoto, ...], mishap_id: str
) -> dict[str, Any]:
    """Add JPEG, PNG or WebP photos of 12 MB at most each, six to an incident, all or none;
    nothing of their metadata is kept."""
    for each in photos:
        service.add_photo(session, actor, mishap_id, each, photo_id=new_public_id(), now=utc_now())
    return _one(session, actor, mishap_id)


@bp.operation(
    "GET",
    "/mishap-photos/<photo_id>",
    Permission.BOOKING_READ,
    "Lire une photo d’un incident",
    gives={"image/webp": {"schema": {"type": "string", "format": "binary"}}},
)
def photo(session: Session, actor: Actor, photo_id: str) -> Response:
    """The picture, WebP, for the parties and the coordination."""
    content = service.photo_bytes(session, actor, photo_id, small=False)
    return Response(content, mimetype="image/webp")


def _one(session: Session, actor: Actor, public_id: str) -> dict[str, Any]:
    found = service.mishap(session, actor, public_id)
    return {
        **_line(found.line),
        "closed_word": found.closed_word,
        "entries": [
            {
                "organization": each.organization,
                "person": each.person_name,
                "words": each.words,
                "said_at": each.said_at,
            }
            for each in found.entries
        ],
        "photos": [each.public_id for each in found.photos],
    }


def _line(line: service.MishapLine) -> dict[str, Any]:
    return {
        "id": line.public_id,
        "kind": line.kind,
        "severity": line.severity,
        "happened_at": line.happened_at,
        "words": line.words,
        "listing": line.listing.public_id,
        "booking": line.booking,
        "lender": line.lender,
        "borrower": line.borrower,
        "reported_for": line.reported_for,
        "reported_at": line.reported_at,
        "closed_at": line.closed_at,
    }
