"""JSON doors of those who wait and of saved searches."""

from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings.rules import Purpose
from mutuali.core.permissions import Actor, Permission
from mutuali.waiting import service
from mutuali.waiting.rules import SearchDraft, WaitingState
from mutuali.waiting.schemas import SavedSearchSchema, WaitSchema
from mutuali.waiting.views.line import borrower_of
from mutuali.web.api import ApiBlueprint, Given
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("waiting_api", "Liste d’attente")


class WaitingSchema(Schema):
    """A moment that one waits for; ``asked_until``: it is one's turn to ask until then."""

    id = fields.String(required=True)
    listing = fields.String(required=True)
    borrower_name = fields.String(required=True)
    units = fields.Integer(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    state = fields.Enum(WaitingState, by_value=True, required=True)
    joined_at = fields.AwareDateTime(required=True)
    asked_until = fields.AwareDateTime(required=True, allow_none=True)


class JoinedSchema(Schema):
    """How many dates one waits for now that were left out."""

    joined = fields.Integer(required=True)


class RequestedSchema(Schema):
    """The booking that was asked for."""

    booking = fields.String(required=True)


@bp.operation(
    "GET",
    "/waiting",
    Permission.BOOKING_REQUEST,
    "Lire ce qu’on attend",
    gives=WaitingSchema,
    many=True,
)
def waiting(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """What your organizations wait for, your turn first; nobody sees who else waits."""
    return [_waiting(each) for each in service.waiting(session, actor, now=utc_now())]


@bp.operation(
    "POST",
    "/listings/<listing_id>/waiting",
    Permission.BOOKING_REQUEST,
    "Attendre que des unités se libèrent",
    takes=WaitSchema,
    gives=WaitingSchema,
    status=201,
)
def join(
    session: Session, actor: Actor, said: tuple[str, service.WaitDraft], listing_id: str
) -> Given:
    """Wait for units of a listing over a span; 409 when they are free now, or when you wait
    already."""
    borrower, draft = said
    public_id, now = new_public_id(), utc_now()
    borrower_id = borrower_of(session, actor, borrower)
    service.join(session, actor, borrower_id, listing_id, draft, public_id=public_id, now=now)
    return Given(_waiting(service.one(session, actor, public_id)))


@bp.operation(
    "POST",
    "/series/<series_id>/waiting",
    Permission.BOOKING_REQUEST,
    "Attendre les dates laissées de côté d’une série",
    gives=JoinedSchema,
    status=201,
)
def join_left_out(session: Session, actor: Actor, series_id: str) -> dict[str, int]:
    """Wait for every date that a series left out; 409 when none can be waited for."""
    joined = service.join_left_out(
        session, actor, series_id, new_public_id=new_public_id, now=utc_now()
    )
    return {"joined": joined}


@bp.operation(
    "POST",
    "/waiting/<waiting_id>/request",
    Permission.BOOKING_REQUEST,
    "Demander ce qu’on attendait",
    gives=RequestedSchema,
    status=201,
)
def request(session: Session, actor: Actor, waiting_id: str) -> dict[str, Any]:
    """The ordinary request, refused like any other; then you wait no more."""
    booking = service.request(
        session, actor, waiting_id, booking_public_id=new_public_id(), now=utc_now()
    )
    return {"booking": booking}


@bp.operation(
    "DELETE", "/waiting/<waiting_id>", Permission.BOOKING_REQUEST, "Ne plus attendre", status=204
)
def leave(session: Session, actor: Actor, waiting_id: str) -> None:
    """Wait no more."""
    service.leave(session, actor, waiting_id, now=utc_now())


class SearchDumpSchema(SavedSearchSchema):
    """One of your searches; ``fresh`` are the listings that are new since you looked."""

    class Meta:
        dump_only = ("id", "kept_until", "fresh")

    id = fields.String(required=True)
    kept_until = fields.AwareDateTime(required=True)
    fresh = fields.List(fields.String(), required=True)


@bp.operation(
    "GET",
    "/saved-searches",
    Permission.DATA_OWN,
    "Lire ses recherches",
    gives=SearchDumpSchema,
    many=True,
)
def saved_searches(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Your searches, newest first; nobody else sees them."""
    return [_search(each) for each in service.searches(session, actor, now=utc_now())]


@bp.operation(
    "POST",
    "/saved-searches",
    Permission.DATA_OWN,
    "Garder une recherche",
    takes=SavedSearchSchema,
    gives=SearchDumpSchema,
    status=201,
)
def save_search(session: Session, actor: Actor, draft: SearchDraft) -> dict[str, Any]:
    """Hear of what is new: at once, every morning or on Mondays, by e-mail or here."""
    service.save_search(session, actor, draft, public_id=new_public_id(), now=utc_now())
    return _search(service.searches(session, actor, now=utc_now())[0])


@bp.operation(
    "POST",
    "/saved-searches/<search_id>/seen",
    Permission.DATA_OWN,
    "Avoir vu ce qui est nouveau",
    status=204,
)
def see_news(session: Session, actor: Actor, search_id: str) -> None:
    """You have looked at what is new."""
    service.see_news(session, actor, search_id)


@bp.operation(
    "DELETE",
    "/saved-searches/<search_id>",
    Permission.DATA_OWN,
    "Détruire une recherche",
    status=204,
)
def forget_search(session: Session, actor: Actor, search_id: str) -> None:
    """You hear no more of it."""
    service.forget_search(session, actor, search_id, now=utc_now())


def _search(each: service.SavedFacts) -> dict[str, Any]:
    draft, period = each.draft, each.draft.period
    return {
        "id": each.public_id,
        "name": draft.name,
        "starts_at": period.start if period else None,
        "ends_at": period.end if period else None,
        "kinds": draft.kinds,
        "units": draft.units,
        "place": draft.place,
        "radius_km": draft.radius_km,
        "refrigerated": draft.refrigerated,
        "driver_included": draft.driver_included,
        "free_of_charge": draft.free_of_charge,
        "payload_kg": draft.payload_kg,
        "permits": draft.permits,
        "words": draft.words,
        "pace": draft.pace,
        "by_mail": draft.by_mail,
        "kept_until": each.kept_until,
        "fresh": [listing.public_id for listing in each.fresh],
    }


def _waiting(each: service.WaitingFacts) -> dict[str, Any]:
    return {
        "id": each.public_id,
        "listing": each.listing.public_id,
        "borrower_name": each.borrower,
        "units": each.units,
        "starts_at": each.period.start,
        "ends_at": each.period.end,
        "purpose": each.purpose,
        "state": each.state,
        "joined_at": each.joined_at,
        "asked_until": each.asked_until,
    }
