"""Pages of a listing's things: their names and labels, what a kit is made of, what is broken."""

from collections.abc import Sequence

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service
from mutuali.equipment.schemas.units import (
    OutageFormSchema,
    PartsSchema,
    SentOutage,
    UnitSchema,
)
from mutuali.equipment.views.listings import bp, own_listing
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.labels import Label, label_sheet
from mutuali.web.language import language
from mutuali.web.mail import address
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_data, load_form
from mutuali.web.secrets import new_public_id


@bp.get("/annonces/<public_id>/unites")
@door(Permission.LISTING_EDIT)
def units(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The things of a listing by name, and what is out of service."""
    return _units_page(session, actor, public_id)


def _units_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _units_page(session, actor, public_id, error)


@bp.post("/annonces/<public_id>/unites")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(UnitSchema()), again=_units_again)
def add_unit(
    session: Session, actor: Actor, draft: service.UnitDraft, public_id: str
) -> ResponseReturnValue:
    """Name one more thing."""
    listing = own_listing(session, actor, public_id)
    service.add_unit(session, actor, listing.id, draft, public_id=new_public_id(), now=utc_now())
    flash(_("L’unité %(code)s est ajoutée.", code=draft.code), "success")
    return see_other(f"/annonces/{public_id}/unites")


def _unit_again(
    session: Session, actor: Actor, unit_id: str, *, error: DomainError
) -> ResponseReturnValue:
    listing = _listing_of(session, service.unit(session, unit_id).listing_id)
    return _units_page(session, actor, listing.public_id, error)


@bp.post("/unites/<unit_id>/modifier")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(UnitSchema()), again=_unit_again)
def edit_unit(
    session: Session, actor: Actor, draft: service.UnitDraft, unit_id: str
) -> ResponseReturnValue:
    """Say something else about a thing."""
    facts = service.edit_unit(session, actor, unit_id, draft, now=utc_now())
    flash(_("L’unité %(code)s est modifiée.", code=facts.code), "success")
    return see_other(f"/annonces/{_listing_of(session, facts.listing_id).public_id}/unites")


@bp.post("/unites/<unit_id>/retirer")
@door(Permission.LISTING_EDIT)
def retire_unit(session: Session, actor: Actor, unit_id: str) -> ResponseReturnValue:
    """The thing is gone for good."""
    facts = service.retire_unit(session, actor, unit_id, now=utc_now())
    flash(_("L’unité %(code)s est retirée.", code=facts.code), "success")
    return see_other(f"/annonces/{_listing_of(session, facts.listing_id).public_id}/unites")


@bp.get("/annonces/<public_id>/etiquettes.pdf")
@door(Permission.LISTING_EDIT)
def labels(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A sheet of labels, one for each named thing."""
    listing = own_listing(session, actor, public_id)
    named = service.units_of(session, [listing.id]).get(listing.id, [])
    if not named:
        raise NotFound
    lang = language()
    title = listing.title(lang)
    sheet = label_sheet(
        [
            Label(address(f"/unites/{each.public_id}"), each.code, title, listing.lender_name)
            for each in named
        ],
        _("Étiquettes\u00a0: %(title)s", title=title),
        language=lang,
        made_at=utc_now(),
    )
    response = Response(sheet, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="etiquettes.pdf"'
    return response


@bp.post("/annonces/<public_id>/pannes")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(OutageFormSchema()), again=_units_again)
def take_out(
    session: Session, actor: Actor, sent: SentOutage, public_id: str
) -> ResponseReturnValue:
    """Take units out of service."""
    listing, now = own_listing(session, actor, public_id), utc_now()
    service.take_out(
        session, actor, listing.id, sent.draft(now), public_id=new_public_id(), now=now
    )
    flash(_("C’est noté\u00a0: plus personne ne peut les demander."), "success")
    return see_other(f"/annonces/{public_id}/unites#pannes")


@bp.post("/pannes/<outage_id>/terminer")
@door(Permission.LISTING_EDIT)
def put_back(session: Session, actor: Actor, outage_id: str) -> ResponseReturnValue:
    """It works again."""
    facts = service.put_back(session, actor, outage_id, now=utc_now())
    flash(_("De retour en service\u00a0: on peut de nouveau les demander."), "success")
    return see_other(f"/annonces/{_listing_of(session, facts.listing_id).public_id}/unites#pannes")


@bp.get("/annonces/<public_id>/ensemble")
@door(Permission.LISTING_EDIT)
def kit(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What a listing is made of."""
    return _kit_page(session, actor, public_id)


def _kit_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _kit_page(session, actor, public_id, error)


def _read_parts() -> Sequence[tuple[str, int]]:
    """``units_<listing>`` says how many of it; empty or 0 for none."""
    sent = {name: value.strip() for name, value in request.form.items() if name[:6] == "units_"}
    parts = [{"listing": name[6:], "units": n} for name, n in sent.items() if n not in {"", "0"}]
    said: Sequence[tuple[str, int]] = load_data(PartsSchema(), {"parts": parts})
    return said


@bp.post("/annonces/<public_id>/ensemble")
@door(Permission.LISTING_EDIT, parse=_read_parts, again=_kit_again)
def set_parts(
    session: Session, actor: Actor, parts: Sequence[tuple[str, int]], public_id: str
) -> ResponseReturnValue:
    """Say what a listing is made of."""
    listing = own_listing(session, actor, public_id)
    service.set_parts(session, actor, listing.id, parts, now=utc_now())
    flash(
        _("L’ensemble est enregistré\u00a0: on le demande en entier, ou pas du tout.")
        if parts
        else _("Cette annonce n’est plus un ensemble."),
        "success",
    )
    return see_other(f"/annonces/{public_id}/ensemble")


def _units_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    listing, now = own_listing(session, actor, public_id), utc_now()
    named = service.units_of(session, [listing.id]).get(listing.id, [])
    return page(
        "equipment/units.html",
        listing=listing,
        units=named,
        codes={each.id: each.code for each in named},
        left=listing.draft.units - len(named),
        outages=service.outages_of(session, [listing.id], now=now).get(listing.id, []),
        typed=request.form.to_dict(),
        errors=errors_by_field(error),
        now=now,
    )


def _kit_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    listing = own_listing(session, actor, public_id)
    units = {each.listing.id: each.units for each in service.kit_parts(session, listing.id)}
    return page(
        "equipment/kit.html",
        listing=listing,
        possible=service.possible_parts(session, actor, listing.id),
        units=units,
        typed=request.form.to_dict(),
        errors=errors_by_field(error),
    )


def _listing_of(session: Session, listing_id: int) -> service.ListingFacts:
    return service.listings(session, [listing_id])[listing_id]
