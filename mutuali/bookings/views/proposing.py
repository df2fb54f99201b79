"""Doors of proposals: something else instead, a longer loan, an earlier end."""

from datetime import datetime
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import State
from mutuali.bookings.schemas import EndFormSchema, ProposalFormSchema, ReasonSchema, WordSchema
from mutuali.bookings.views.deciding import back
from mutuali.bookings.views.pages import booking_again, bp
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Permission
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


@bp.get("/reservations/<public_id>/proposer")
@door(Permission.BOOKING_READ)
def proposal_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What could be proposed instead, filled in from a choice."""
    return _proposal_page(session, actor, public_id)


def _propose_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _proposal_page(session, actor, public_id, error)


@bp.post("/reservations/<public_id>/proposer")
@door(
    Permission.BOOKING_READ,
    parse=lambda: load_form(ProposalFormSchema()),
    again=_propose_again,
)
def propose(
    session: Session, actor: Actor, draft: service.ProposalDraft, public_id: str
) -> ResponseReturnValue:
    """Offer the borrower something else."""
    service.propose(session, actor, public_id, draft, public_id=new_public_id(), now=utc_now())
    flash(_("La proposition est partie. L’emprunteur n’a qu’à accepter."), "success")
    return see_other(f"/reservations/{public_id}")


@bp.post("/reservations/<public_id>/proposition/accepter")
@door(Permission.BOOKING_READ, again=booking_again)
def accept_proposal(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take what is proposed."""
    booking = service.accept_proposal(session, actor, public_id, now=utc_now())
    if State(booking.state) is State.APPROVED:
        flash(_("C’est confirmé\u00a0: la réservation est déplacée."), "success")
    else:
        flash(_("La demande est déplacée. Une réponse doit encore venir."), "success")
    return see_other(f"/reservations/{public_id}")


@bp.post("/reservations/<public_id>/proposition/refuser")
@door(Permission.BOOKING_READ, parse=lambda: load_form(WordSchema()), again=booking_again)
def turn_down(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Not want what is proposed."""
    service.turn_down(session, actor, public_id, word=form["word"], now=utc_now())
    flash(_("La proposition est refusée. Votre demande attend toujours une réponse."), "success")
    return see_other(f"/reservations/{public_id}")


@bp.get("/reservations/<public_id>/fin")
@door(Permission.BOOKING_READ)
def end_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Another end: until when it could last, and who has to say yes."""
    return _end_page(session, actor, public_id)


def _end_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _end_page(session, actor, public_id, error)


@bp.post("/reservations/<public_id>/fin")
@door(Permission.BOOKING_READ, parse=lambda: load_form(EndFormSchema()), again=_end_again)
def change_end(
    session: Session, actor: Actor, wanted: tuple[datetime, str], public_id: str
) -> ResponseReturnValue:
    """Let it end at another time, or ask for that."""
    ends_at, word = wanted
    booking = service.change_end(
        session, actor, public_id, ends_at, word=word, public_id=new_public_id(), now=utc_now()
    )
    if booking.ends_at == ends_at:
        flash(_("La fin est changée. L’autre organisme est averti."), "success")
    else:
        flash(_("La prolongation est demandée. Sans réponse, la fin reste la même."), "success")
    return see_other(f"/reservations/{public_id}")


@bp.post("/reservations/<public_id>/prolongation/accepter")
@door(Permission.BOOKING_READ, again=booking_again)
def approve_longer(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Say yes to a longer loan."""
    booking = service.approve_longer(session, actor, public_id, now=utc_now())
    if service.booking(session, actor, booking.public_id, now=utc_now()).proposal is None:
        flash(_("La réservation est prolongée. L’emprunteur est averti."), "success")
    else:
        flash(_("Votre oui est noté. Une deuxième personne doit aussi dire oui."), "success")
    return see_other(back(f"/reservations/{public_id}"))


@bp.post("/reservations/<public_id>/prolongation/refuser")
@door(Permission.BOOKING_READ, parse=lambda: load_form(ReasonSchema()), again=booking_again)
def decline_longer(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Say no to a longer loan, with a reason."""
    service.decline_longer(session, actor, public_id, form["reason"], now=utc_now())
    flash(_("La prolongation est refusée. L’emprunteur lira votre raison."), "success")
    return see_other(back(f"/reservations/{public_id}"))


def _proposal_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = service.booking(session, actor, public_id, now=now)
    if not facts.may_decide:
        raise NotFound
    listings = service.proposable(session, actor, facts)
    shown = {listing.id for listing in listings}
    instead = service.instead_of(session, facts, now=now)
    choices = [(facts.listing, span) for span in instead.spans]
    choices += [(each.listing, facts.period) for each in instead.others if each.listing.id in shown]
    typed = {
        **_typed_of(facts.period),
        "listing": facts.listing.public_id,
        "units": facts.units,
        **request.args.to_dict(),
        **request.form.to_dict(),
    }
    return page(
        "bookings/propose.html",
        booking=facts,
        listings=[(each.public_id, each) for each in listings],
        choices=[(listing, span, _typed_of(span)) for listing, span in choices],
        nearest=error.nearest if error else (),
        typed=typed,
        errors=errors_by_field(error),
    )


def _end_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = service.booking(session, actor, public_id, now=now)
    if not facts.may_carry_out or facts.state not in {State.APPROVED, State.ON_LOAN}:
        raise NotFound
    end = local(facts.period.end)
    typed = {"end_day": end.date().isoformat(), "ends": f"{end:%H:%M}", **request.form.to_dict()}
    return page(
        "bookings/end.html",
        booking=facts,
        until=service.could_last_until(session, facts, now=now),
        typed=typed,
        errors=errors_by_field(error),
    )


def _typed_of(span: Period) -> dict[str, str]:
    """A span as the fields of a form hold it."""
    start, end = local(span.start), local(span.end)
    typed = {
        "day": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "ends": f"{end:%H:%M}",
    }
    return typed | ({"end_day": end.date().isoformat()} if end.date() != start.date() else {})
