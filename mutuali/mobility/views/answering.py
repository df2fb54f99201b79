"""The lender's own yes for a vehicle: what would be public, word for word, then yes or no."""

import json

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.mobility import service
from mutuali.mobility.rules import LASTS_MONTHS, Description, gbfs, objections
from mutuali.mobility.schemas import DescriptionSchema
from mutuali.mobility.views.blueprint import bp, vehicle_key
from mutuali.mobility.views.feed import vehicle_address
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form, load_query
from mutuali.web.wording import day

_ASKED = ("shape", "propulsion", "range_km")


def _asked() -> Description | None:
    """What the address asks to see; nothing before anything was chosen. Raises Refused."""
    if "shape" not in request.args:
        return None
    said: Description = load_query(DescriptionSchema())
    if reasons := tuple(objections(said)):
        raise Refused(*reasons)
    return said


def _again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _page(session, actor, public_id, None, error)


@bp.get("/annonces/<public_id>/en-direct")
@door(Permission.CONSENT_READ, parse=_asked, again=_again)
def show(
    session: Session, actor: Actor, said: Description | None, public_id: str
) -> ResponseReturnValue:
    """Where a vehicle stands, and what would be public of it."""
    return _page(session, actor, public_id, said)


@bp.post("/annonces/<public_id>/en-direct/oui")
@door(Permission.CONSENT_ANSWER, parse=lambda: load_form(DescriptionSchema()), again=_again)
def say_yes(
    session: Session, actor: Actor, said: Description, public_id: str
) -> ResponseReturnValue:
    """Show it to everybody."""
    until = service.say_yes(session, actor, public_id, said, now=utc_now())
    flash(_("C’est oui, jusqu’au %(day)s. Le véhicule est public.", day=day(until)), "success")
    return see_other(f"/annonces/{public_id}/en-direct")


@bp.post("/annonces/<public_id>/en-direct/non")
@door(Permission.CONSENT_ANSWER, again=_again)
def say_no(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Show it no more."""
    service.say_no(session, actor, public_id, now=utc_now())
    flash(_("C’est non. Le véhicule n’est pas dans le fil."), "success")
    return see_other(f"/annonces/{public_id}/en-direct")


def _page(
    session: Session,
    actor: Actor,
    public_id: str,
    asked: Description | None,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    now = utc_now()
    standing = service.standing(session, actor, public_id, now=now)
    latest = standing.latest
    held = latest.said if latest and standing.is_given else None
    said = held or asked
    vehicle = (
        service.preview(session, standing.listing, said, key=vehicle_key(), now=now)
        if said is not None
        else None
    )
    before = held or next((each.said for each in standing.answers if each.said), None)
    typed = request.values if request.values.get("shape") else _typed(before)
    return page(
        "mobility/answer.html",
        standing=standing,
        listing=standing.listing,
        said=said,
        vehicle=vehicle,
        entry=_entry(vehicle) if vehicle else "",
        typed=typed,
        months=LASTS_MONTHS,
        errors=errors_by_field(error),
    )


def _typed(said: Description | None) -> dict[str, object]:
    return {name: getattr(said, name) for name in _ASKED} if said else {}


def _entry(vehicle: gbfs.Vehicle) -> str:
    """The very entry of the feed, and its type: as they are while the vehicle is free."""
    shown = gbfs.vehicle_status([gbfs.as_free(vehicle)], vehicle_address)["vehicles"][0]
    kind = gbfs.vehicle_types([vehicle])["vehicle_types"][0]
    return json.dumps({"vehicle": shown, "vehicle_type": kind}, ensure_ascii=False, indent=2)
