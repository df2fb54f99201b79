"""What waiting adds to the pages of a search, of a listing and of a series."""

from datetime import datetime

from flask import render_template, request
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.service import series as serial
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.waiting import service
from mutuali.waiting.rules import RADII
from mutuali.web.language import language
from mutuali.web.parsing import SPAN_FIELDS
from mutuali.web.words import label

#: What a search says, apart from how to hear of it.
_SEARCHED = (
    *(*SPAN_FIELDS, "kind", "units", "place", "refrigerated", "driver_included"),
    *("free_of_charge", "payload_kg", "permit", "words"),
)
_HANDED_ON = (*SPAN_FIELDS, "units", "purpose", "meals", "borrower")


def search_to_keep(_session: Session, actor: Actor, found: str, _now: datetime) -> Markup | None:
    """Under a search: keep it, to hear of what is new; ``found`` is how many there are now."""
    if actor.is_visitor:
        return None
    typed = [(n, v) for n in _SEARCHED for v in request.args.getlist(n) if v]
    kinds = [label("equipment.kind", kind) for kind in request.args.getlist("kind")]
    place = request.args.get("place", "")
    words = request.args.get("words", "")
    name = ", ".join(each for each in (words, *kinds, place) if each)[:80]
    radii = [(str(km), _("%(km)s\u00a0km", km=km)) for km in RADII]
    return _rendered(
        "waiting/_search.html",
        typed=typed,
        name=name,
        has_place=bool(place),
        radii=radii,
        nothing=found == "0",
    )


def refused_request(_session: Session, actor: Actor, listing: str, _now: datetime) -> Markup | None:
    """Where a request was refused for lack of units: wait for them."""
    if not may(actor, Permission.BOOKING_REQUEST):
        return None
    typed = {name: request.form[name] for name in _HANDED_ON if request.form.get(name)}
    return _rendered("waiting/_refused.html", listing=listing, typed=typed)


def listing_line(session: Session, actor: Actor, listing: str, now: datetime) -> Markup | None:
    """To its lender, how many wait for a listing; to who waits, for what."""
    if actor.is_visitor:
        return None
    facts = equipment.listing(session, actor, listing)
    count = service.count_waiting(session, actor, facts, now=now)
    mine = service.waiting_for(session, actor, facts.id, now=now)
    if not count and not mine:
        return None
    return _rendered("waiting/_listing.html", count=count, mine=mine)


def at_risk_line(session: Session, actor: Actor, booking: str, now: datetime) -> Markup | None:
    """Where a promised booking may come to nothing and nothing stands in: wait for others of the
    kind."""
    facts = bookings.booking(session, actor, booking, now=now)
    risk = bookings.risk_of(session, facts, now=now)
    if risk is None or not may(actor, Permission.BOOKING_REQUEST, over=facts.borrower.id):
        return None
    if bookings.substitutes_of(session, facts, risk, now=now):
        return None
    found = bookings.worth_waiting_for(session, facts, now=now)
    if not found:
        return None
    start, end = local(facts.period.start), local(facts.period.end)
    typed = {
        "day": start.date().isoformat(),
        "starts": f"{start:%H:%M}",
        "start_fold": start.fold,
        "end_day": end.date().isoformat(),
        "ends": f"{end:%H:%M}",
        "end_fold": end.fold,
        "units": facts.units,
        "purpose": facts.purpose.value,
        "borrower": facts.borrower.public_id,
    }
    return _rendered("waiting/_at_risk.html", found=found, typed=typed, lang=language())


def series_line(session: Session, actor: Actor, series: str, now: datetime) -> Markup | None:
    """Where dates were left out of a series: wait for them."""
    facts = serial.series(session, actor, series, now=now)
    if not facts.left_out or not facts.may_change:
        return None
    return _rendered("waiting/_series.html", series=series, count=len(facts.left_out))


def _rendered(template: str, **context: object) -> Markup:
    # Rendered by the engine, which escapes what people wrote.
    return Markup(render_template(template, **context))  # noqa: S704
