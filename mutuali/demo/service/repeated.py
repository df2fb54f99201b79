"""What a borrower of the made-up network asks for week after week."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings.rules import Purpose
from mutuali.bookings.rules.recurrence import first_in, parse_rule
from mutuali.bookings.rules.series import Take
from mutuali.bookings.service import series
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Role
from mutuali.demo.rules.names import DOMAIN
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations

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
    person, lender = _person(session, "membre"), _person(session, "gestion")
    borrower_id = next(iter(organizations.memberships(session, person)))
    lender_id = next(iter(organizations.memberships(session, lender)))
    taker = Actor(person, memberships={borrower_id: Role.MEMBER}, organization_id=borrower_id)
    giver = Actor(lender, memberships={lender_id: Role.MANAGER}, organization_id=lender_id)
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


def _person(session: Session, part: str) -> int:
    found = accounts.find_person(session, f"{part}@{DOMAIN}")
    assert found is not None  # noqa: S101 - the network was filled just before
    return found.id
