"""What the two parties of the latest loans said of the thing: alike, not yet, or not alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.demo.rules.dice import Dice
from mutuali.loans import service as loans
from mutuali.loans.rules import CONFIRM_WITHIN, Checked, Condition, Direction
from mutuali.organizations import service as organizations

#: What the lender of every third loan saw otherwise.
_DIFFERENT = "L’égratignure de la porte arrière n’y était pas au départ."
_SCRATCH = "égratignure, porte arrière"


def report_latest(
    session: Session,
    dice: Dice,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """Borrowers note in what state things went out and came back; of three lenders one confirms,
    one says something else and one says nothing."""
    seen: set[int] = set()
    number = 0
    for each in organizations.accepted_organizations(session):
        for facts in bookings.open_bookings_of(session, SYSTEM, each.id, now=now):
            direction = Direction.BACK if facts.state is State.RETURNED else Direction.OUT
            since = facts.returned_at if direction is Direction.BACK else facts.handed_over_at
            if facts.id in seen or since is None or since < now - CONFIRM_WITHIN:
                continue
            seen.add(facts.id)
            giver, taker = (_somebody(session, id_) for id_ in (facts.lender.id, facts.borrower.id))
            said = _well(dice, facts, taker[1])
            report = (facts.public_id, direction)
            loans.write_report(
                session,
                _acting(taker[0], facts.borrower.id),
                *report,
                said,
                public_id=new_public_id(),
                now=since,
            )
            answered = min(since + timedelta(hours=1), now)
            lender = _acting(giver[0], facts.lender.id)
            if number % 3 == 1:
                loans.confirm(session, lender, *report, giver[1], now=answered)
            elif number % 3 == 2:
                items = (*said.items[:-1], Checked(said.items[-1].item, False, _SCRATCH))
                loans.write_report(
                    session,
                    lender,
                    *report,
                    replace(said, items=items, signed_by=giver[1], note=""),
                    differs=_DIFFERENT,
                    public_id=new_public_id(),
                    now=answered,
                )
            number += 1


def write_papers(session: Session, *, operator_name: str, now: datetime) -> None:
    """The agreements of all that is promised, as jobs write them in a network that runs."""
    while loans.write_missing(session, operator_name=operator_name, now=now):
        pass


def _somebody(session: Session, organization_id: int) -> tuple[int, str]:
    """The first person of an organization and their name."""
    first = min(organizations.member_ids(session, organization_id))
    return first, accounts.people(session, frozenset({first}))[first].name


def _well(dice: Dice, facts: bookings.BookingFacts, name: str) -> Condition:
    seen = loans.seen_of(facts.listing)
    return Condition(
        items=tuple(Checked(item, True) for item in seen.items),
        signed_by=name,
        temperature=_cold(dice, seen.bounds.low, seen.bounds.high) if seen.bounds else None,
        cleaned=facts.state is State.RETURNED,
        odometer_km=dice.randint(40, 180) * 1000 + dice.randint(0, 999) if seen.moves else None,
        note="Tout est en ordre, merci!" if dice.random() < 0.4 else "",
    )


def _cold(dice: Dice, low: int | None, high: int | None) -> int:
    """A temperature within the bounds, in tenths of a degree."""
    warmest = high if high is not None else (low or 0) + 20
    return max(warmest - dice.randint(0, 15), warmest - 15 if low is None else low)


def _acting(person_id: int, organization_id: int) -> Actor:
    return Actor(
        person_id=person_id,
        memberships={organization_id: Role.MEMBER},
        organization_id=organization_id,
    )
