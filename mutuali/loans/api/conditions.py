"""JSON doors to the state in which a thing changes hands, who agrees, how it is settled."""

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.loans import service
from mutuali.loans.api.door import bp
from mutuali.loans.rules import Direction, Item, Settled, Side, Standing
from mutuali.loans.schemas import (
    ConditionReportSchema,
    Degrees,
    PartBack,
    PartBackSchema,
    Said,
    SettlementSchema,
    SignatureSchema,
)
from mutuali.loans.views.condition import photos_of_member
from mutuali.loans.views.pictures import SentPhotos
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class CheckedDumpSchema(Schema):
    """A thing that was looked at."""

    item = fields.Enum(Item, by_value=True, required=True)
    ok = fields.Boolean(required=True)
    word = fields.String(required=True)


class ReportPhotoSchema(Schema):
    """A photo of a report; its picture is at ``/api/v1/condition-photos/<id>``."""

    id = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    added_at = fields.AwareDateTime(required=True)


class ReportDumpSchema(Schema):
    """What one side said; temperatures in degrees Celsius."""

    side = fields.Enum(Side, by_value=True, required=True)
    items = fields.List(fields.Nested(CheckedDumpSchema), required=True)
    temperature = Degrees(required=True, allow_none=True)
    temperature_low = Degrees(required=True, allow_none=True)
    temperature_high = Degrees(required=True, allow_none=True)
    temperature_out_of_range = fields.Boolean(required=True)
    cleaned = fields.Boolean(required=True)
    odometer_km = fields.Integer(required=True, allow_none=True)
    note = fields.String(required=True)
    signed_by = fields.String(required=True)
    noted_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    confirmed_by = fields.String(required=True, allow_none=True)
    photos = fields.List(fields.Nested(ReportPhotoSchema), required=True)


class DisputeDumpSchema(Schema):
    """What the parties do not say alike, and how it is or might be settled."""

    side = fields.Enum(Side, by_value=True, required=True)
    difference = fields.String(required=True)
    disputed_at = fields.AwareDateTime(required=True)
    settlement = fields.String(required=True)
    settlement_side = fields.Enum(Side, by_value=True, required=True, allow_none=True)
    settled_as = fields.Enum(Settled, by_value=True, required=True, allow_none=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)


class PassageSchema(Schema):
    """One change of hands: what is asked for, what each side said, what that amounts to."""

    direction = fields.Enum(Direction, by_value=True, required=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    asked = fields.List(fields.Enum(Item, by_value=True), required=True)
    answer_by = fields.AwareDateTime(required=True, allow_none=True)
    differs = fields.List(fields.String(), required=True)
    reports = fields.List(fields.Nested(ReportDumpSchema), required=True)
    dispute = fields.Nested(DisputeDumpSchema, required=True, allow_none=True)


@bp.operation(
    "GET",
    "/bookings/<booking_id>/conditions",
    Permission.BOOKING_READ,
    "Lire les constats d’état d’une réservation",
    gives=PassageSchema,
    many=True,
)
def conditions(session: Session, actor: Actor, booking_id: str) -> list[dict[str, Any]]:
    """What both sides said when the thing went out and came back."""
    return _all(session, actor, booking_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/conditions",
    Permission.BOOKING_READ,
    "Écrire un constat d’état",
    takes=ConditionReportSchema,
    gives=PassageSchema,
    status=201,
)
def write(
    session: Session, actor: Actor, sent: tuple[Direction, Said], booking_id: str
) -> dict[str, Any]:
    """Say in what state the thing is; the first report of a direction moves the booking, a second
    one that says something else is a disagreement."""
    direction, said = sent
    service.write_report(
        session,
        actor,
        booking_id,
        direction,
        said.condition,
        side=said.side,
        differs=said.differs,
        units=said.units,
        public_id=new_public_id(),
        now=utc_now(),
    )
    return _one(session, actor, booking_id, direction)


def _deed(name: str, says: str, takes: type[Schema] | None = None, **more: Any) -> Any:
    """Something that is done about one change of hands; the use case asks who may."""
    return bp.operation(
        "POST",
        f"/bookings/<booking_id>/conditions/<direction>/{name}",
        Permission.BOOKING_READ,
        says,
        takes=takes,
        gives=PassageSchema,
        **more,
    )


@_deed("confirm", "Confirmer le constat de l’autre partie", takes=SignatureSchema)
def confirm(
    session: Session, actor: Actor, form: dict[str, str], booking_id: str, direction: str
) -> dict[str, Any]:
    """Say that what the other side wrote is right, signed with a name."""
    which = _direction(direction)
    service.confirm(session, actor, booking_id, which, form["signed_by"], now=utc_now())
    return _one(session, actor, booking_id, which)


@_deed("settle", "Régler un désaccord", takes=SettlementSchema)
def settle(
    session: Session, actor: Actor, form: dict[str, str], booking_id: str, direction: str
) -> dict[str, Any]:
    """Propose words to the other side; those of the coordination settle it."""
    which = _direction(direction)
    service.settle(session, actor, booking_id, which, form["words"], now=utc_now())
    return _one(session, actor, booking_id, which)


@_deed("agree", "Accepter le règlement proposé")
def agree(session: Session, actor: Actor, booking_id: str, direction: str) -> dict[str, Any]:
    """Accept the words that the other side proposed."""
    which = _direction(direction)
    service.agree(session, actor, booking_id, which, now=utc_now())
    return _one(session, actor, booking_id, which)


_PHOTOS_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["photos"],
                "properties": {"photos": {"type": "string", "format": "binary"}},
            }
        }
    },
}


@_deed(
    "photos",
    "Ajouter une photo à son constat",
    parse=photos_of_member,
    status=201,
    requestBody=_PHOTOS_BODY,
)
def add_photo(
    session: Session, actor: Actor, photos: SentPhotos, booking_id: str, direction: str
) -> dict[str, Any]:
    """Add JPEG, PNG or WebP photos to one's own report; nothing of their metadata is kept."""
    which = _direction(direction)
    if not photos.read:
        code = "photo.unreadable" if photos.failed else "field.missing"
        raise Refused(Reason(code, {}, "photos"))
    for each in photos.read:
        service.add_photo(
            session, actor, booking_id, which, each, public_id=new_public_id(), now=utc_now()
        )
    return _one(session, actor, booking_id, which)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/part-back",
    Permission.BOOKING_READ,
    "Noter le retour d’une partie des unités",
    takes=PartBackSchema,
    gives=PassageSchema,
    many=True,
)
def take_part_back(
    session: Session, actor: Actor, part: PartBack, booking_id: str
) -> list[dict[str, Any]]:
    """Some of the units come back before the others; they are free at once."""
    service.take_part_back(
        session,
        actor,
        booking_id,
        part.units,
        said=part.said,
        note=part.note,
        part_public_id=new_public_id(),
        now=utc_now(),
    )
    return _all(session, actor, booking_id)


@bp.operation(
    "GET",
    "/condition-photos/<photo_id>",
    Permission.BOOKING_READ,
    "Lire une photo d’un constat",
    gives={"image/webp": {"schema": {"type": "string", "format": "binary"}}},
)
def photo(session: Session, actor: Actor, photo_id: str) -> Response:
    """The picture, WebP, for the parties and the coordination."""
    content = service.photo_bytes(session, actor, photo_id, small=False, now=utc_now())
    return Response(content, mimetype="image/webp")


def _direction(name: str) -> Direction:
    try:
        return Direction(name)
    except ValueError:
        raise NotFound from None


def _all(session: Session, actor: Actor, booking_id: str) -> list[dict[str, Any]]:
    facts = bookings.booking(session, actor, booking_id, now=utc_now())
    return [_passage(session, actor, facts, each) for each in Direction]


def _one(session: Session, actor: Actor, booking_id: str, direction: Direction) -> dict[str, Any]:
    facts = bookings.booking(session, actor, booking_id, now=utc_now())
    return _passage(session, actor, facts, direction)


def _passage(
    session: Session, actor: Actor, facts: bookings.BookingFacts, direction: Direction
) -> dict[str, Any]:
    found = service.passage(session, actor, facts, direction, now=utc_now())
    return {
        "direction": direction,
        "standing": found.standing,
        "asked": service.seen_of(facts.listing).items,
        "answer_by": found.answer_by,
        "differs": sorted(found.differs),
        "reports": [_report(each) for each in found.reports.values()],
        "dispute": asdict(found.dispute) if found.dispute else None,
    }


def _report(report: service.ReportFacts) -> dict[str, Any]:
    said = report.condition
    return {
        "side": report.side,
        "items": [asdict(each) for each in said.items],
        "temperature": said.temperature,
        "temperature_low": report.bounds.low if report.bounds else None,
        "temperature_high": report.bounds.high if report.bounds else None,
        "temperature_out_of_range": report.too_warm_or_cold,
        "cleaned": said.cleaned,
        "odometer_km": said.odometer_km,
        "note": said.note,
        "signed_by": said.signed_by,
        "noted_at": report.noted_at,
        "confirmed_at": report.agreed_at,
        "confirmed_by": report.agreed_name,
        "photos": [
            {"id": p.public_id, "width": p.width, "height": p.height, "added_at": p.added_at}
            for p in report.photos
        ],
    }
