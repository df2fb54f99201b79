"""Pages of the cart: several things of several lenders, asked for at once."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import MOST_IN_CART
from mutuali.bookings.schemas import CartFormSchema, CheckOutSchema
from mutuali.bookings.views.pages import acting_for, bp, listing_again
from mutuali.core.errors import DomainError
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission
from mutuali.core.places import borough_name
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other, typed
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id
from mutuali.web.sentences import sentence


@bp.get("/panier")
@door(Permission.BOOKING_REQUEST)
def cart(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one is about to ask for, all at once."""
    return _cart_page(session, actor)


def _cart_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _cart_page(session, actor, error)


@bp.post("/annonces/<public_id>/panier")
@door(
    Permission.BOOKING_REQUEST,
    parse=lambda: load_form(CartFormSchema()),
    again=listing_again,
)
def put_in_cart(
    session: Session, actor: Actor, asked: tuple[int, Period], public_id: str
) -> ResponseReturnValue:
    """Keep a thing in mind for later, beside others."""
    units, period = asked
    service.put_in_cart(session, actor, public_id, units, period, now=utc_now())
    flash(_("C’est dans votre panier. Rien n’est encore demandé."), "success")
    return see_other("/panier")


@bp.post("/panier/<int:line_id>/retirer")
@door(Permission.BOOKING_REQUEST)
def take_from_cart(session: Session, actor: Actor, line_id: int) -> ResponseReturnValue:
    """Take one thing out."""
    service.take_from_cart(session, actor, line_id)
    return see_other("/panier")


@bp.post("/panier/demander")
@door(Permission.BOOKING_REQUEST, parse=lambda: load_form(CheckOutSchema()), again=_cart_again)
def check_out(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Ask for all of it, or none."""
    basket = new_public_id()
    service.check_out(
        session,
        actor,
        acting_for(session, actor, ""),
        purpose=form["purpose"],
        meals=form["meals"],
        note=form["note"],
        public_ids=[new_public_id() for _each in range(MOST_IN_CART)],
        basket=basket,
        now=utc_now(),
    )
    return see_other(f"/paniers/{basket}")


@bp.get("/paniers/<public_id>")
@door(Permission.BOOKING_READ)
def basket(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What was asked for in one go, and where each part of it stands."""
    found = service.basket(session, actor, public_id, now=utc_now())
    return page("bookings/basket.html", bookings=found)


def _cart_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    lines = service.cart(session, actor, actor.organization_id, now=utc_now())
    refused: dict[int, list[str]] = {}
    for reason in error.reasons if error else ():
        parts = (reason.field or "").split(".")
        if parts[0] == "lines":
            refused.setdefault(int(parts[1]), []).append(str(sentence(reason)))
    missing = {
        n: refused.get(n) or [str(sentence(reason)) for reason in line.reasons]
        for n, line in enumerate(lines)
    }
    of_form = {
        name: said for name, said in errors_by_field(error).items() if not name.startswith("lines.")
    }
    return page(
        "bookings/cart.html",
        lines=lines,
        missing=missing,
        none_asked=bool(refused),
        errors=of_form,
        typed=typed,
        total=sum(line.price_cents for line in lines),
        borough_name=borough_name,
        has_organization=actor.organization_id is not None,
    )
