"""API doors of feeds: addresses at which agendas read bookings, and one booking as a file."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.calendars import service
from mutuali.calendars.api.door import bp
from mutuali.calendars.schemas import FeedSchema, OwnFeedSchema
from mutuali.calendars.views.feeds import address_of
from mutuali.calendars.views.panels import booking_answer
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.api import Given, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_token, token_hash


class FeedDumpSchema(Schema):
    """A feed in force, without its address; no listing: of all that is lent and borrowed."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    listing = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)


class NewFeedSchema(FeedDumpSchema):
    """A feed with its address; null where the same ``Idempotency-Key`` came before."""

    address = fields.String(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/feeds",
    Permission.BOOKING_READ,
    "Lister ses propres agendas",
    gives=FeedDumpSchema,
    many=True,
)
def own_feeds(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Your own feeds, newest first."""
    return [_dump(each) for each in service.own_feeds(session, actor, now=utc_now())]


@bp.operation(
    "POST",
    "/feeds",
    Permission.BOOKING_READ,
    "Faire une adresse d’agenda à soi",
    takes=OwnFeedSchema,
    gives=NewFeedSchema,
    status=201,
)
def make_own_feed(session: Session, actor: Actor, draft: service.FeedDraft) -> Given:
    """An agenda reads there what you lend and borrow; its address is in this answer alone."""
    acting_for(actor, "name")
    token, now = new_token(), utc_now()
    service.make_own_feed(session, actor, draft, token_hash=token_hash(token), now=now)
    return _new(service.own_feeds(session, actor, now=now)[0], token)


@bp.operation(
    "DELETE",
    "/feeds/<int(max=2147483647):feed_id>",
    Permission.BOOKING_READ,
    "Fermer une adresse d’agenda à soi",
    status=204,
)
def revoke_own_feed(session: Session, actor: Actor, feed_id: int) -> None:
    """Its address works no more."""
    service.revoke_own_feed(session, actor, feed_id, now=utc_now())


@bp.operation(
    "GET",
    "/organizations/<organization_id>/feeds",
    Permission.LISTING_EDIT,
    "Lister les adresses d’agenda d’un organisme",
    gives=FeedDumpSchema,
    many=True,
)
def feeds(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """The feeds of an organization and of its listings, newest first."""
    own = organizations.by_public_id(session, organization_id).id
    return [_dump(each) for each in service.feeds_of(session, actor, own, now=utc_now())]


@bp.operation(
    "POST",
    "/organizations/<organization_id>/feeds",
    Permission.LISTING_EDIT,
    "Faire une adresse d’agenda d’un organisme",
    takes=FeedSchema,
    gives=NewFeedSchema,
    status=201,
)
def make_feed(
    session: Session, actor: Actor, draft: service.FeedDraft, organization_id: str
) -> Given:
    """For all of it, or for one of its listings; the address is in this answer and no other. The
    token must carry ``booking.read`` too: whoever has the address reads bookings."""
    own = organizations.by_public_id(session, organization_id).id
    token, now = new_token(), utc_now()
    service.make_feed(session, actor, own, draft, token_hash=token_hash(token), now=now)
    return _new(service.feeds_of(session, actor, own, now=now)[0], token)


@bp.operation(
    "DELETE",
    "/organizations/<organization_id>/feeds/<int(max=2147483647):feed_id>",
    Permission.LISTING_EDIT,
    "Fermer une adresse d’agenda d’un organisme",
    status=204,
)
def revoke_feed(session: Session, actor: Actor, organization_id: str, feed_id: int) -> None:
    """Its address works no more."""
    own = organizations.by_public_id(session, organization_id).id
    service.revoke_feed(session, actor, own, feed_id, now=utc_now())


@bp.operation(
    "GET",
    "/bookings/<booking_id>/agenda.ics",
    Permission.BOOKING_READ,
    "Mettre une réservation dans un agenda",
    gives={"text/calendar": {"schema": {"type": "string"}}},
)
def booking_file(session: Session, actor: Actor, booking_id: str) -> Response:
    """One booking as a file that agendas take in (RFC 5545)."""
    return booking_answer(session, actor, booking_id)


def _new(found: service.FeedFacts, token: str) -> Given:
    return Given({**_dump(found), "address": address_of(token)}, shown_once="address")


def _dump(found: service.FeedFacts) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "listing": found.listing.public_id if found.listing else None,
        "created_at": found.created_at,
        "used_at": found.used_at,
    }
