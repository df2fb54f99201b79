"""What the made-up network waits for, and which searches it keeps."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Ask, Purpose, State
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import Period, local, local_midnight
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.demo.service.people import actor_of
from mutuali.equipment.rules import Kind
from mutuali.organizations import service as organizations
from mutuali.waiting import service
from mutuali.waiting.rules import Pace, SearchDraft


def wait(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """The member waits for two moments that others have, one of which somebody gives back; and
    keeps two searches, one of which has found something."""
    member = actor_of(session, "membre")
    borrower = member.organization_id or 0
    taken = _join_two(session, member, borrower, new_public_id, now)
    if taken:
        cancelled = taken[0]
        bookings.cancel(
            session, SYSTEM, cancelled.public_id, reason="L’activité est reportée.", now=now
        )
        service.ask_waiting(session, cancelled.listing.id, now=now)
    before = now - timedelta(days=40)
    draft = SearchDraft(
        "Froid près de chez nous", None, 1, (Kind.COLD_STORAGE, Kind.REFRIGERATION), "Verdun", 10
    )
    service.save_search(session, member, draft, public_id=new_public_id(), now=before)
    starts = local_midnight(local(now).date() + timedelta(days=20)) + timedelta(hours=10)
    weekend = Period(starts, starts + timedelta(hours=5))
    tables = SearchDraft(
        "Tables pour la fête", weekend, 12, (Kind.OTHER,), pace=Pace.WEEKLY, by_mail=False
    )
    service.save_search(session, member, tables, public_id=new_public_id(), now=now)


def _join_two(
    session: Session,
    member: Actor,
    borrower: int,
    new_public_id: Callable[[], str],
    now: datetime,
) -> list[bookings.BookingFacts]:
    """The bookings of others for whose moments the member waits."""
    joined: list[bookings.BookingFacts] = []
    for each in organizations.accepted_organizations(session):
        for lent in bookings.open_bookings_of(session, SYSTEM, each.id, now=now):
            if len(joined) == 2:
                return joined
            coming = lent.period.start > now + timedelta(days=3)
            promised = lent.state is State.APPROVED and coming and lent.lender.id == each.id
            if not promised or borrower in {lent.borrower.id, each.id}:
                continue
            asked = Ask(borrower, lent.listing.draft.units, lent.period)
            reasons = bookings.reasons_against(session, lent.listing.id, asked, now=now)
            if {reason.code for reason in reasons} != {"booking.not_enough_units"}:
                continue
            draft = service.WaitDraft(asked.units, asked.period, Purpose.FOOD_DELIVERY)
            try:
                service.join(
                    session,
                    member,
                    borrower,
                    lent.listing.public_id,
                    draft,
                    public_id=new_public_id(),
                    now=now,
                )
            except (Refused, Conflict):
                continue
            joined.append(lent)
    return joined
