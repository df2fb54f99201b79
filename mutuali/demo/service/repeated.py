"""What a borrower of the made-up network asks for week after week."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings.rules import Purpose
from mutuali.bookings.rules.recurrence import first_in, parse_rule
from mutuali.bookings.rules.series import Take
from mutuali.bookings.service import series
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import local
from mutuali.demo.service.people import actor_of
from mutuali.equipment import service as equipment

#: Rule, purpose, word to the lender: for one listing after the other.
_ASKED = (
    (
        "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=16",
        Purpose.FOOD_DELIVERY,
        "Livraison des paniers.",
    ),
    ("FREQ=MONTHLY;BYDAY=1SA;COUNT=6", Purpose.COOKING, "Cuisine collective du premier samedi."),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;COUNT=8", Purpose.FOOD_RESCUE, "Tournée des surplus."),
)


def ask_every_week(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """The member of a borrowing organization asks the first lender for its things, again and again;
    dates that others have are left out."""
    taker, giver = actor_of(session, "membre"), actor_of(session, "gestion")
    borrower_id, lender_id = taker.organization_id or 0, giver.organization_id or 0
    listings = [
        each
        for each in equipment.listings_of(session, giver, lender_id)
        if each.state.value == "published"
    ]
    for listing, (written, purpose, note) in zip(listings, _ASKED, strict=False):
        soon = datetime.combine(local(now).date() + timedelta(days=5), time(9))
        rule = parse_rule(written, soon)
        starts = first_in(rule, soon, last=date.max) or soon
        ends = starts + timedelta(hours=3)
        draft = series.SeriesDraft(listing.public_id, 1, starts, ends, rule, purpose, 60, note)
        with suppress(Refused, Conflict):
            series.request_series(
                session,
                taker,
                borrower_id,
                draft,
                take=Take.FREE,
                new_public_id=new_public_id,
                now=now,
            )
