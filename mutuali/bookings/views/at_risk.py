"""Doors of bookings that may come to nothing: which they are, something else in one tap, what is
broken."""

from datetime import datetime

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import State
from mutuali.bookings.schemas import DefectFormSchema, InsteadSchema
from mutuali.bookings.views.pages import booking_again, bp
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service as equipment
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


def at_risk_words(count: int) -> str:
    """How many bookings may come to nothing, as a line of what is to do."""
    return ngettext("%(num)d réservation compromise", "%(num)d réservations compromises", count)


@bp.get("/reservations-compromises")
@door(Permission.BOOKING_READ)
def at_risk(session: Session, actor: Actor) -> ResponseReturnValue:
    """What may come to nothing, for its lender, its borrower and the coordination."""
    found = service.bookings_at_risk(session, actor, now=utc_now())
    return page("bookings/at_risk.html", found=found, own=frozenset(actor.memberships))


@bp.post("/reservations/<public_id>/remplacer")
@door(Permission.BOOKING_READ, parse=lambda: load_form(InsteadSchema()), again=booking_again)
def take_instead(
    session: Session, actor: Actor, wanted: tuple[str, Period], public_id: str
) -> ResponseReturnValue:
    """Take something else in one tap."""
    listing, period = wanted
    made = service.take_instead(
        session,
        actor,
        public_id,
        listing,
        period,
        new_public_id=new_public_id(),
        now=utc_now(),
    )
    if State(made.state) is State.APPROVED:
        flash(_("C’est confirmé. L’ancienne réservation est annulée."), "success")
    else:
        flash(_("C’est demandé. L’ancienne réservation tient jusqu’à la réponse."), "success")
    return see_other(f"/reservations/{made.public_id}")


@bp.get("/reservations/<public_id>/bris")
@door(Permission.BOOKING_READ)
def defect_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What is broken, and until when."""
    return _defect_page(session, actor, public_id)


def _defect_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _defect_page(session, actor, public_id, error)


@bp.post("/reservations/<public_id>/bris")
@door(Permission.BOOKING_READ, parse=lambda: load_form(DefectFormSchema()), again=_defect_again)
def report_defect(
    session: Session, actor: Actor, draft: service.DefectDraft, public_id: str
) -> ResponseReturnValue:
    """Take what is broken out of service."""
    now: datetime = utc_now()
    outage = service.report_defect(
        session, actor, public_id, draft, public_id=new_public_id(), now=now
    )
    hit = len(service.risks_of(session, [outage.listing_id], now=now))
    flash(
        ngettext(
            "C’est hors service. %(num)d réservation à venir est compromise; son emprunteur reçoit"
            " d’autres choix.",
            "C’est hors service. %(num)d réservations à venir sont compromises; leurs emprunteurs"
            " reçoivent d’autres choix.",
            hit,
        )
        if hit
        else _("C’est hors service. Aucune réservation à venir n’est touchée."),
        "success",
    )
    return see_other(f"/reservations/{public_id}")


def _defect_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    facts = service.booking(session, actor, public_id, now=utc_now())
    if not service.may_report_defect(facts):
        raise NotFound
    named = service.named_units(session, facts.id)
    parts = equipment.kit_parts(session, facts.listing.id) if facts.listing.is_kit else []
    return page(
        "bookings/defect.html",
        booking=facts,
        units=[each.unit for each in named],
        parts=[each.listing for each in parts],
        typed={**request.args.to_dict(), **request.form.to_dict()},
        errors=errors_by_field(error),
    )
