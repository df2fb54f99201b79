"""The feed itself, for programs, and the page that says what it is, for people."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.core.places import borough_name
from mutuali.extensions import limiter
from mutuali.mobility import service
from mutuali.mobility.rules import gbfs, part_of
from mutuali.mobility.rules.gbfs import Vehicle
from mutuali.mobility.views.blueprint import PAGE, bp, vehicle_key
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.mail import address
from mutuali.web.network import network
from mutuali.web.pages import page, see_other

_FOLDER = "/gbfs/3"
_MOST = "120 per minute"


def _of_vehicles(session: Session, now: datetime) -> Sequence[Vehicle]:
    return service.vehicles(session, key=vehicle_key(), now=now)


def _system(_session: Session, _now: datetime) -> dict[str, Any]:
    said = network()
    base_url = str(current_app.config["SETTINGS"].base_url)
    return gbfs.system_information(
        base_url, said.operator_name, said.operator_contact, address(PAGE)
    )


def _types(session: Session, now: datetime) -> dict[str, Any]:
    return gbfs.vehicle_types(_of_vehicles(session, now))


def _status(session: Session, now: datetime) -> dict[str, Any]:
    return gbfs.vehicle_status(_of_vehicles(session, now), vehicle_address)


def _plans(session: Session, now: datetime) -> dict[str, Any]:
    return gbfs.pricing_plans(_of_vehicles(session, now))


_FILES: Mapping[str, Callable[[Session, datetime], dict[str, Any]]] = {
    "system_information": _system,
    "vehicle_types": _types,
    "vehicle_status": _status,
    "system_pricing_plans": _plans,
}


@bp.get(f"{_FOLDER}/gbfs.json")
@limiter.limit(_MOST)
@door(PUBLIC)
def discovery(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where the files of the feed are."""
    found = gbfs.discovery(_FILES, lambda name: address(f"{_FOLDER}/{name}.json"))
    return _answered(found, utc_now())


@bp.get(f"{_FOLDER}/<name>.json")
@limiter.limit(_MOST)
@door(PUBLIC)
def file(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """One file of the feed."""
    make = _FILES.get(name)
    if make is None:
        raise NotFound
    now = utc_now()
    return _answered(make(session, now), now)


@bp.get(PAGE)
@door(PUBLIC)
def about(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the feed is, who is in it, and how to use it."""
    now = utc_now()
    return page(
        "mobility/public.html",
        vehicles=_of_vehicles(session, now),
        borough_name=borough_name,
        part=part_of(now),
        feed=address(f"{_FOLDER}/gbfs.json"),
    )


@bp.get(f"{PAGE}/<vehicle_id>")
@limiter.limit(_MOST)
@door(PUBLIC)
def vehicle(session: Session, actor: Actor, vehicle_id: str) -> ResponseReturnValue:
    """The listing of a vehicle by its id of the moment: an old id leads nowhere."""
    for each in _of_vehicles(session, utc_now()):
        if each.id == vehicle_id:
            return see_other(f"/annonces/{each.listing}")
    raise NotFound


def vehicle_address(id_: str) -> str:
    """The full address of a vehicle by its id of the moment."""
    return address(f"{PAGE}/{id_}")


def _answered(data: Mapping[str, Any], now: datetime) -> Response:
    body = json.dumps(gbfs.enveloped(data, now), ensure_ascii=False)
    answer = current_app.response_class(body, mimetype="application/json")
    # Everybody may read these files, from any page; nothing in them depends on who asks.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = f"public, max-age={gbfs.TTL}"
    return answer
