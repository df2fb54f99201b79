"""The page of the day of a loan: whom to call, where the keys are, a link for who drives."""

from typing import Any

from flask import flash, request
from flask import session as cookies
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.loans import service
from mutuali.loans.rules import MOST_LINKS
from mutuali.loans.schemas import DayContactSchema
from mutuali.loans.views.blueprint import bp
from mutuali.loans.views.driver import new_driver_token
from mutuali.web.clock import utc_now
from mutuali.web.codes import qr_code
from mutuali.web.doors import door
from mutuali.web.mail import address
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_COOKIE = "new_driver_link"


@bp.get("/reservations/<public_id>/jour")
@door(Permission.BOOKING_READ)
def day(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Whom to call, where the keys are, and the links for who drives."""
    return _day_page(session, actor, public_id)


def _day_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _day_page(session, actor, public_id, error)


@bp.post("/reservations/<public_id>/jour")
@door(Permission.BOOKING_READ, parse=lambda: load_form(DayContactSchema()), again=_day_again)
def set_contact(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Say whom to call and where the keys are."""
    said = service.ContactFacts(form["phone"], form["keys"])
    service.set_contact(session, actor, public_id, said, side=form["side"], now=utc_now())
    flash(_("C’est noté, pour ces jours-là seulement."), "success")
    return see_other(f"/reservations/{public_id}/jour")


@bp.post("/reservations/<public_id>/jour/conduite")
@door(Permission.BOOKING_READ, again=_day_again)
def make_link(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Make a link for who drives; the next page shows it, once.

    It travels in the cookie of its maker: the answer to a form is stored for a day, and no answer
    that is stored may hold a secret.
    """
    _link_id, cookies[_COOKIE] = make_driver_link(session, actor, public_id)
    return see_other(f"/reservations/{public_id}/jour#conduite")


def make_driver_link(session: Session, actor: Actor, booking_id: str) -> tuple[str, str]:
    """A new link's public id, and its path, which nobody reads again."""
    link_id = new_public_id()
    token, stored = new_driver_token()
    service.make_link(
        session, actor, booking_id, public_id=link_id, token_hash=stored, now=utc_now()
    )
    return link_id, f"/conduite/{token}"


@bp.post("/reservations/conduite/<link_id>/fermer")
@door(Permission.BOOKING_READ)
def revoke_link(session: Session, actor: Actor, link_id: str) -> ResponseReturnValue:
    """End a link at once."""
    public_id = service.revoke_link(session, actor, link_id, now=utc_now())
    flash(_("Ce lien ne fonctionne plus."), "success")
    return see_other(f"/reservations/{public_id}/jour#conduite")


def _day_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = bookings.booking(session, actor, public_id, now=now)
    sides = service.sides_of(actor, facts)
    if not sides:
        raise NotFound
    contacts = service.contacts_of(session, facts.id)
    own = contacts.get(min(sides)) if len(sides) == 1 else None
    path = cookies.pop(_COOKIE, None)
    link = address(path) if path else None
    return page(
        "loans/day.html",
        booking=facts,
        is_open=facts.state in (State.APPROVED, State.ON_LOAN),
        sides=sides,
        contacts=contacts,
        typed=request.form.to_dict()
        or ({"phone": own.phone, "keys": own.keys} if own is not None else {}),
        links=service.links_of(session, facts, now=now),
        most_links=MOST_LINKS,
        new_link=link,
        qr=qr_code(link) if link else None,
        errors=errors_by_field(error),
    )
