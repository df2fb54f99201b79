"""Doors of whoever decides: what waits, yes and no, several at once, a decision taken back."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import State
from mutuali.bookings.schemas import BulkFormSchema, ReasonSchema
from mutuali.bookings.views.pages import booking_again, bp
from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.pages import errors_by_field, page, see_other, waiting_elsewhere
from mutuali.web.panels import Place, panels_of
from mutuali.web.parsing import load_form
from mutuali.web.words import label


@bp.get("/a-faire")
@door(SIGNED_IN)
def inbox(session: Session, actor: Actor) -> ResponseReturnValue:
    """What waits for this person, oldest deadline first."""
    return _inbox_page(session, actor)


def _inbox_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _inbox_page(session, actor, error)


@bp.post("/a-faire/decider")
@door(SIGNED_IN, parse=lambda: load_form(BulkFormSchema()), again=_inbox_again)
def decide_many(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Answer several requests; the page says what became of each."""
    outcomes = service.decide_many(
        session,
        actor,
        form["bookings"],
        accept=form["accept"],
        reason=form["reason"],
        now=utc_now(),
    )
    return _inbox_page(session, actor, outcomes=outcomes)


@bp.post("/reservations/<public_id>/accepter")
@door(Permission.BOOKING_READ, again=booking_again)
def approve(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Say yes to a request."""
    booking = service.approve(session, actor, public_id, now=utc_now())
    if State(booking.state) is State.APPROVED:
        flash(_("La demande est acceptée. L’emprunteur est averti."), "success")
    else:
        flash(_("Votre oui est noté. Une deuxième personne doit aussi dire oui."), "success")
    return see_other(back(f"/reservations/{public_id}"))


@bp.post("/reservations/<public_id>/refuser")
@door(Permission.BOOKING_READ, parse=lambda: load_form(ReasonSchema()), again=booking_again)
def decline(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Say no to a request, with a reason."""
    service.decline(session, actor, public_id, form["reason"], now=utc_now())
    flash(_("La demande est refusée. L’emprunteur lira votre raison."), "success")
    return see_other(back(f"/reservations/{public_id}"))


@bp.post("/reservations/<public_id>/annuler-la-decision")
@door(Permission.BOOKING_READ, again=booking_again)
def undo(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take one's decision back."""
    service.undo(session, actor, public_id, now=utc_now())
    flash(_("La décision est annulée\u00a0: la demande attend de nouveau une réponse."), "success")
    return see_other(back(f"/reservations/{public_id}"))


def back(default: str) -> str:
    """Where a deed came from: the inbox, or the page of its booking."""
    return "/a-faire" if request.form.get("from") == "inbox" else default


def _inbox_page(
    session: Session,
    actor: Actor,
    error: DomainError | None = None,
    *,
    outcomes: Sequence[service.Outcome] = (),
) -> ResponseReturnValue:
    now = utc_now()
    cards = service.inbox(session, actor, now=now)
    kinds = Counter(card.booking.listing.draft.kind.value for card in cards)
    kind = request.args.get("genre", "")
    return page(
        "bookings/inbox.html",
        cards=[card for card in cards if not kind or card.booking.listing.draft.kind.value == kind],
        kinds=[(each, label("equipment.kind", each), kinds[each]) for each in sorted(kinds)],
        kind=kind,
        longer=service.longer_asked(session, actor, now=now),
        outcomes=outcomes,
        decided=_one_per_series(service.recent_decisions(session, actor, now=now)),
        chosen=request.form.getlist("booking") if error else [],
        reason=request.form.get("reason", "") if error else "",
        errors=errors_by_field(error),
        applications=organizations.applications(session, actor),
        sees_calendar=may(actor, Permission.AVAILABILITY_READ),
        elsewhere=waiting_elsewhere(session, actor, now),
        panels=panels_of(Place.INBOX, session, actor, "", now),
    )


def _one_per_series(
    decided: Sequence[service.RecentDecision],
) -> list[tuple[service.RecentDecision, int]]:
    """Each decision with how many dates it was about: many of a series are taken back together."""
    found: dict[tuple[str, str], list[service.RecentDecision]] = {}
    for each in decided:
        about = each.booking.series or each.booking.public_id
        found.setdefault((about, each.step.value), []).append(each)
    return [(some[0], len(some)) for some in found.values()]
