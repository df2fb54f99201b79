"""Pages of agendas of others, whose busy time closes listings."""

from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.calendars import service
from mutuali.calendars.jobs import seal_of
from mutuali.calendars.rules import MOST_BYTES, busy_periods, read_span
from mutuali.calendars.schemas import ExternalSchema
from mutuali.calendars.views.blueprint import bp
from mutuali.core.errors import DomainError, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service as equipment
from mutuali.web import outside
from mutuali.web.api import acting_for
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id, sealed

_HOME = "/organisme/agendas-externes"


@dataclass(frozen=True, slots=True)
class GivenAgenda:
    """What is sent: an address to be read, or what its file says."""

    draft: service.ExternalDraft
    address: str
    busy: list[Period]


def from_form() -> GivenAgenda:
    """The form, its file read before anything is locked. Raises Refused."""
    form = load_form(ExternalSchema())
    file = request.files.get("file")
    if file is None or not file.filename:
        return at_address(form)
    with closing(file):
        content = file.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused(Reason("outside.too_large", {"most": MOST_BYTES // 1000}, "file"))
    busy = busy_periods(content, read_span(utc_now()), service.zone_of)
    return GivenAgenda(service.ExternalDraft(form["name"], form["listing"]), "", busy)


def at_address(form: dict[str, Any]) -> GivenAgenda:
    """An agenda at an address, as ``ExternalSchema`` reads it. Raises Refused."""
    typed = form["address"]
    if not typed:
        raise Refused(Reason("field.missing", {}, outside.FIELD))
    if typed.lower().startswith("webcal://"):
        typed = f"https://{typed.partition('://')[2]}"
    draft = service.ExternalDraft(form["name"], form["listing"])
    return GivenAgenda(draft, outside.checked(typed), [])


@bp.get(_HOME)
@door(Permission.LISTING_EDIT)
def externals(session: Session, actor: Actor) -> ResponseReturnValue:
    """The agendas that close listings of one's organization, and a form for another."""
    return _page(session, actor)


def _again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _page(session, actor, error)


@bp.post(_HOME)
@door(Permission.LISTING_EDIT, parse=from_form, again=_again)
def add_external(session: Session, actor: Actor, given: GivenAgenda) -> ResponseReturnValue:
    """Close listings when an agenda says busy."""
    add_given(session, actor, acting_for(actor, "name"), given)
    if given.address:
        flash(_("L’agenda sera lu d’ici quelques minutes, puis chaque heure."), "success")
    else:
        flash(_("Le fichier est lu\u00a0: ses plages sont fermées."), "success")
    return see_other(_HOME)


def add_given(session: Session, actor: Actor, organization_id: int, given: GivenAgenda) -> str:
    """Have listings of an organization closed by an agenda; its public id."""
    public_id, draft = new_public_id(), given.draft
    if given.address:
        host = given.address.split("/")[2]
        draft = replace(draft, host=host, sealed_address=sealed(given.address, seal_of(public_id)))
    service.add_external(
        session, actor, organization_id, draft, given.busy, public_id=public_id, now=utc_now()
    )
    return public_id


@bp.post(f"{_HOME}/<public_id>/relire")
@door(Permission.LISTING_EDIT)
def read_again(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Read an agenda now."""
    service.read_again(session, actor, acting_for(actor, ""), public_id, now=utc_now())
    flash(_("L’agenda sera relu d’ici quelques minutes."), "success")
    return see_other(_HOME)


@bp.post(f"{_HOME}/<public_id>/retirer")
@door(Permission.LISTING_EDIT)
def remove_external(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Forget an agenda."""
    service.remove_external(session, actor, acting_for(actor, ""), public_id, now=utc_now())
    flash(_("L’agenda est retiré\u00a0: ses plages sont rouvertes."), "success")
    return see_other(_HOME)


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    organization_id = acting_for(actor, "")
    return page(
        "calendars/external.html",
        calendars=service.externals_of(session, actor, organization_id),
        listing_options=[
            (listing.public_id, listing.title(language()))
            for listing in equipment.listings_of(session, actor, organization_id)
        ],
        errors=errors_by_field(error),
        typed=request.form,
    )
