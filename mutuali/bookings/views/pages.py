"""Pages of bookings: search, a listing, asking, what one has, what waits."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.rules import State
from mutuali.bookings.schemas import (
    Asked,
    ReasonSchema,
    RequestFormSchema,
    WishSchema,
    default_span,
    week_days,
)
from mutuali.bookings.schemas.series import SeriesForm, SeriesFormSchema
from mutuali.bookings.views import demanding, fairness, recurring
from mutuali.bookings.views.preview import preview_page
from mutuali.bookings.views.shown import FUNCTIONS, first_day, quick_spans, week_before
from mutuali.bookings.views.unmet import note_unmet
from mutuali.core.errors import Conflict, DomainError, Reason, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.core.places import borough_name
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer, OtherHours
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, SIGNED_IN, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.panels import Place, panels_of
from mutuali.web.parsing import load_form, load_query
from mutuali.web.secrets import new_public_id
from mutuali.web.wording import month

bp = Blueprint("bookings", __name__)
#: How far ahead a listing's page names the days that differ from its weekly hours.
_LOOKING_AHEAD = timedelta(days=60)
bp.context_processor(
    lambda: FUNCTIONS | demanding.FUNCTIONS | fairness.FUNCTIONS | recurring.FUNCTIONS
)


@bp.get("/")
@door(PUBLIC)
def search(session: Session, actor: Actor) -> ResponseReturnValue:
    """Search, date first; without a date, the form with tomorrow morning filled in."""
    now = utc_now()
    typed: dict[str, Any] = {**default_span(now), **request.args.to_dict()}
    typed["kinds"] = request.args.getlist("kind")
    asked: Asked | None = None
    result: service.SearchResult | None = None
    error: DomainError | None = None
    if "day" in request.args:
        try:
            asked = load_query(WishSchema())
            result = service.search(
                session, asked.wish, borrower_id=actor.organization_id, now=now, page=asked.page
            )
            note_unmet(actor, asked, result, now=now)
        except Refused as refused:
            error = refused
    return page(
        "bookings/search.html",
        422 if error else 200,
        typed=typed,
        asked=asked,
        quick=quick_spans(now, _url_with),
        result=result,
        errors=errors_by_field(error),
        borough_name=borough_name,
        sees_calendar=may(actor, Permission.AVAILABILITY_READ),
        in_cart=0 if actor.is_visitor else service.count_in_cart(session, actor),
        url_with=_url_with,
        panels=panels_of(Place.SEARCH, session, actor, str(result.total), now) if result else [],
    )


@bp.get("/annonces/<public_id>")
@door(PUBLIC)
def listing(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A listing with its week and the request form, filled in from the search."""
    return _listing_page(session, actor, public_id)


def listing_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    """The page of a listing when its request form is refused."""
    return _listing_page(session, actor, public_id, error=error)


def _repeats() -> bool:
    """Whether the form asks for many dates: then they are only shown, and nothing is written."""
    return bool(request.form.get("repeat"))


@bp.post("/annonces/<public_id>/demander")
@door(
    Permission.BOOKING_REQUEST,
    parse=lambda: load_form(SeriesFormSchema() if _repeats() else RequestFormSchema()),
    again=listing_again,
    reads=_repeats,
)
def request_booking(
    session: Session, actor: Actor, form: dict[str, Any] | SeriesForm, public_id: str
) -> ResponseReturnValue:
    """Ask, then say what to expect; of what repeats, the dates are shown first."""
    if isinstance(form, SeriesForm):
        borrower_id = acting_for(session, actor, form.borrower)
        return preview_page(session, actor, borrower_id, public_id, form)
    borrower_id = acting_for(session, actor, form["borrower"])
    draft = service.BookingDraft(
        public_id, form["units"], form["period"], form["purpose"], form["meals"], form["note"]
    )
    booking = service.request_booking(
        session, actor, borrower_id, draft, public_id=new_public_id(), now=utc_now()
    )
    return see_other(f"/reservations/{booking.public_id}?nouvelle=1")


@bp.get("/reservations")
@door(SIGNED_IN)
def bookings(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one's organization lends and borrows: now, coming, past."""
    now = utc_now()
    if actor.organization_id is None:
        return page("bookings/none.html")
    asked_page = request.args.get("page", 1, type=int)
    past = service.past_bookings_of(session, actor, actor.organization_id, now=now, page=asked_page)
    groups = _by_next_step(
        service.open_bookings_of(session, actor, actor.organization_id, now=now), now
    )
    to_decide, dates = _one_per_series(groups["to_decide"])
    return page(
        "bookings/mine.html",
        pressing=groups["now"],
        to_decide=to_decide,
        dates=dates,
        soon=groups["soon"],
        months=_by_month(groups["later"]),
        past=past.found,
        past_page=past.page,
        past_pages=past.pages,
        turns="page" in request.args,
        past_url=lambda number: f"{_url_with(page=number)}#passees",
        own_id=actor.organization_id,
    )


@bp.get("/reservations/<public_id>")
@door(Permission.BOOKING_READ)
def booking(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One booking: what happened, and the one next step."""
    return _booking_page(session, actor, public_id)


def booking_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _booking_page(session, actor, public_id, error=error)


@bp.post("/reservations/<public_id>/annuler")
@door(Permission.BOOKING_READ, parse=lambda: load_form(ReasonSchema()), again=booking_again)
def cancel(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Take a request or a booking back."""
    service.cancel(session, actor, public_id, reason=form["reason"], now=utc_now())
    flash(_("La réservation est annulée. L’autre organisme est averti."), "success")
    return see_other(f"/reservations/{public_id}")


@bp.post("/reservations/<public_id>/terminer")
@door(Permission.BOOKING_READ, again=booking_again)
def close(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The lender has looked: all is well."""
    service.close_return(session, actor, public_id, now=utc_now())
    flash(_("La réservation est terminée. Merci d’avoir partagé."), "success")
    return see_other(f"/reservations/{public_id}")


def _listing_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = equipment.listing(session, actor, public_id)
    typed = {**default_span(now), **request.args.to_dict(), **request.form.to_dict()}
    first = first_day(typed.get("semaine") or typed["day"], now)
    days = week_days(first)
    knows = may(actor, Permission.AVAILABILITY_READ)
    spans = [span for _day, parts in days for span in parts]
    words = service.availability_week(session, facts.id, spans, now=now)
    shown = words if knows else ["free" if word == "free" else "unavailable" for word in words]
    offer = equipment.offer(session, facts.id, Period(now, now + _LOOKING_AHEAD))
    on_behalf = (
        organizations.accepted_organizations(session)
        if may(actor, Permission.BOOKING_DECIDE_FOR_NETWORK)
        else []
    )
    return page(
        "bookings/listing.html",
        listing=facts,
        typed=typed,
        errors=errors_by_field(error),
        suggestions=error.nearest if error else (),
        free=error.free if error else None,
        days=[(day, shown[n * 3 : n * 3 + 3]) for n, (day, _parts) in enumerate(days)],
        other_hours=_differing_days(offer, now),
        demands=sorted(set(offer.demands)),
        borrower=organizations.organization(session, actor.organization_id)
        if actor.organization_id is not None
        else None,
        quotas=offer.quotas,
        week_before=week_before(first, now),
        week_after=first + timedelta(days=7),
        borough_name=borough_name,
        parts=equipment.kit_parts(session, facts.id) if facts.is_kit else [],
        panels=panels_of(Place.LISTING, session, actor, public_id, now),
        refused_panels=panels_of(Place.REQUEST_REFUSED, session, actor, public_id, now)
        if isinstance(error, Conflict)
        else [],
        may_request=may(actor, Permission.BOOKING_REQUEST) and actor.organization_id is not None,
        may_edit=may(actor, Permission.LISTING_EDIT, over=facts.lender_id),
        is_own=facts.lender_id in actor.memberships,
        is_trusted=service.is_trusted(session, actor, facts),
        on_behalf=on_behalf,
        weekdays_typed=request.values.getlist("weekday"),
        local=local,
    )


def _differing_days(offer: Offer, now: datetime) -> list[OtherHours]:
    """The days to come that differ from the weekly hours, as far as ``offer`` was read."""
    today = local(now).date()
    return [each for each in offer.timetable.others if each.day >= today]


def _booking_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = service.booking(session, actor, public_id, now=now)
    steps = service.steps_of(session, facts.id)
    risk = service.risk_of(session, facts, now=now)
    return page(
        "bookings/booking.html",
        risk=risk,
        substitutes=service.substitutes_of(session, facts, risk, now=now) if risk else [],
        replacement=service.replacement_of(session, facts.id) if risk else None,
        may_take=may(actor, Permission.BOOKING_REQUEST, over=facts.borrower.id),
        may_report_defect=service.may_report_defect(facts),
        booking=facts,
        steps=steps,
        next_panels=panels_of(Place.BOOKING_NEXT, session, actor, public_id, now),
        parts=equipment.kit_parts(session, facts.listing.id) if facts.listing.is_kit else [],
        named=service.named_units(session, facts.id),
        panels=panels_of(Place.BOOKING, session, actor, public_id, now),
        new="nouvelle" in request.args,
        card=service.read_cards(session, [facts], now=now)[0] if facts.may_decide else None,
        undo_until=service.undo_until(session, actor, facts, now=now),
        came_until=service.no_show_undo_until(session, facts, now=now),
        errors=errors_by_field(error),
        borough_name=borough_name,
        now=now,
    )


def acting_for(session: Session, actor: Actor, borrower: str) -> int:
    """The organization that borrows: the one chosen in the form, or the one acted for."""
    if borrower:
        return organizations.by_public_id(session, borrower).id
    if actor.organization_id is None:
        raise Refused(Reason("organization.none_chosen", {}, "borrower"))
    return actor.organization_id


def _by_next_step(
    found: list[service.BookingFacts], now: datetime
) -> dict[str, list[service.BookingFacts]]:
    """Open bookings, in the order given, by what they ask of one: now, a decision, or patience."""
    groups: dict[str, list[service.BookingFacts]] = {
        "now": [],
        "to_decide": [],
        "soon": [],
        "later": [],
    }
    for each in found:
        groups[_next_step(each, now)].append(each)
    return groups


def _next_step(facts: service.BookingFacts, now: datetime) -> str:
    if facts.may_decide:
        return "to_decide"
    if facts.may_answer or facts.state in {State.ON_LOAN, State.RETURNED}:
        return "now"
    if facts.state is State.APPROVED and facts.period.start <= now + timedelta(hours=12):
        return "now"
    return "soon" if facts.period.start <= now + timedelta(days=3) else "later"


def _one_per_series(
    to_decide: list[service.BookingFacts],
) -> tuple[list[service.BookingFacts], Mapping[str, int]]:
    """The first date of each series stands for all of its dates, and all else for itself; how many
    dates each such series has, by the public id of the series."""
    dates = Counter(each.series for each in to_decide if each.series)
    shown: list[service.BookingFacts] = []
    met: set[str] = set()
    for each in to_decide:
        if each.series is None or each.series not in met:
            shown.append(each)
        if each.series is not None:
            met.add(each.series)
    return shown, dates


def _by_month(
    coming: list[service.BookingFacts],
) -> list[tuple[str, list[service.BookingFacts]]]:
    """What is to come, month by month in words, in the order given."""
    found: dict[date, list[service.BookingFacts]] = {}
    for each in coming:
        found.setdefault(local(each.period.start).date().replace(day=1), []).append(each)
    return [(month(first), some) for first, some in found.items()]


def _url_with(**changes: object) -> str:
    """The current search with some parts changed; None takes a part away."""
    args: dict[str, list[str]] = request.args.to_dict(flat=False)
    args.pop("page", None)
    for name, value in changes.items():
        if value is None:
            args.pop(name, None)
        else:
            args[name] = value if isinstance(value, list) else [str(value)]
    return f"{request.path}?{urlencode(args, doseq=True)}"
