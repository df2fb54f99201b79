"""The page on which some of the units come back before the others."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.loans import service
from mutuali.loans.schemas import PartBack, PartBackFormSchema
from mutuali.loans.views.blueprint import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


@bp.get("/reservations/<public_id>/retour-partiel")
@door(Permission.BOOKING_READ)
def part_back_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """How many come back, and which."""
    return _part_back_page(session, actor, public_id)


def _part_back_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _part_back_page(session, actor, public_id, error)


@bp.post("/reservations/<public_id>/retour-partiel")
@door(
    Permission.BOOKING_READ,
    parse=lambda: load_form(PartBackFormSchema()),
    again=_part_back_again,
)
def take_part_back(
    session: Session, actor: Actor, part: PartBack, public_id: str
) -> ResponseReturnValue:
    """Some of the units come back; the loan goes on with the others."""
    service.take_part_back(
        session,
        actor,
        public_id,
        part.units,
        said=part.said,
        note=part.note,
        part_public_id=new_public_id(),
        now=utc_now(),
    )
    words = ngettext(
        "%(num)d unité est revenue\u00a0: elle est libre pour d’autres.",
        "%(num)d unités sont revenues\u00a0: elles sont libres pour d’autres.",
        part.units,
    )
    flash(words, "success")
    return see_other(f"/reservations/{public_id}")


def _part_back_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    facts = bookings.booking(session, actor, public_id, now=utc_now())
    if not facts.may_carry_out:
        raise NotFound
    return page(
        "loans/part_back.html",
        booking=facts,
        is_out=facts.state is State.ON_LOAN and facts.units > 1,
        named=service.choices_back(session, facts.id),
        ticked=request.form.getlist("unit"),
        typed=request.form.to_dict(),
        errors=errors_by_field(error),
    )
