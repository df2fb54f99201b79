"""Pages of a line: join it from a request that was refused, ask when it is one's turn, leave."""

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.waiting import service
from mutuali.waiting.schemas import WaitFormSchema
from mutuali.waiting.views.blueprint import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


@bp.get("/attente")
@door(Permission.BOOKING_REQUEST)
def waiting(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one's organizations wait for."""
    return _page(session, actor)


def _again(
    session: Session, actor: Actor, *_route: str, error: DomainError, **_named: Any
) -> ResponseReturnValue:
    return _page(session, actor, error)


@bp.post("/annonces/<public_id>/attendre")
@door(Permission.BOOKING_REQUEST, parse=lambda: load_form(WaitFormSchema()), again=_again)
def join(
    session: Session, actor: Actor, form: tuple[str, service.WaitDraft], public_id: str
) -> ResponseReturnValue:
    """Wait for what was refused for lack of units."""
    borrower, draft = form
    service.join(
        session,
        actor,
        borrower_of(session, actor, borrower),
        public_id,
        draft,
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("Vous attendez ce moment. Dès que c’est libre, un courriel vous le dit."), "success")
    return see_other("/attente")


@bp.post("/series/<public_id>/attendre")
@door(Permission.BOOKING_REQUEST, again=_again)
def join_left_out(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Wait for all dates that were left out of a series."""
    count = service.join_left_out(
        session, actor, public_id, new_public_id=new_public_id, now=utc_now()
    )
    words = ngettext("Vous attendez %(num)d date.", "Vous attendez %(num)d dates.", count)
    flash(words, "success")
    return see_other("/attente")


@bp.post("/attente/<public_id>/demander")
@door(Permission.BOOKING_REQUEST, again=_again)
def request(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Make the ordinary request for what one waited for."""
    booking = service.request(
        session, actor, public_id, booking_public_id=new_public_id(), now=utc_now()
    )
    return see_other(f"/reservations/{booking}?nouvelle=1")


@bp.post("/attente/<public_id>/quitter")
@door(Permission.BOOKING_REQUEST)
def leave(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Wait no more."""
    service.leave(session, actor, public_id, now=utc_now())
    flash(_("Vous n’attendez plus ce moment."), "success")
    return see_other("/attente")


def borrower_of(session: Session, actor: Actor, borrower: str) -> int:
    """The organization that would borrow: the one named, or the one acted for."""
    if borrower:
        return organizations.by_public_id(session, borrower).id
    if actor.organization_id is None:
        raise Refused(Reason("organization.none_chosen", {}, "borrower"))
    return actor.organization_id


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    now = utc_now()
    return page(
        "waiting/line.html",
        entries=service.waiting(session, actor, now=now),
        several=len(actor.memberships) > 1,
        errors=errors_by_field(error),
    )
