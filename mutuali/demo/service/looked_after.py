"""What the made-up network decided in its check-ins, and how long that took."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.checkin import service as checkin
from mutuali.checkin.rules import Choice, month_of
from mutuali.core.period import local_midnight
from mutuali.core.permissions import Actor, Role
from mutuali.demo.rules.dice import Dice
from mutuali.demo.service.people import actor_of
from mutuali.organizations import service as organizations

_MONTHS = 5
#: Of those who have one, so many in a hundred finish it in a month.
_FINISH = 70
#: Pages that are looked at in a month, and seconds between two of them.
_PAGES, _SECONDS = (4, 9), (15, 150)
#: How many cards of this month are done.
_DONE = 2


def check_in(session: Session, dice: Dice, providers: checkin.Providers, *, now: datetime) -> None:
    """Earlier months of everybody; of the organization that one can sign in for, every month, and
    this one half done: its questions wait for whoever tries the demo."""
    own = actor_of(session, "gestion")
    own_id = own.organization_id or 0
    month = month_of(now)
    for _ in range(_MONTHS):
        month = month_of(local_midnight(month) - timedelta(days=1))
        for found in organizations.accepted_organizations(session):
            managers = organizations.manager_ids(session, found.id)
            if managers and (found.id == own_id or dice.randint(1, 100) <= _FINISH):
                manager = Actor(min(managers), memberships={found.id: Role.MANAGER})
                start = local_midnight(month) + timedelta(
                    days=dice.randint(1, 8), hours=dice.randint(8, 18)
                )
                _walk(session, dice, manager, found.id, start)
    _half_of_this_month(session, dice, own, own_id, providers, now=now)


def _walk(session: Session, dice: Dice, manager: Actor, id_: int, at: datetime) -> None:
    for _ in range(dice.randint(*_PAGES)):
        checkin.look(session, id_, now=at)
        at += timedelta(seconds=dice.randint(*_SECONDS))
    checkin.finish(session, manager, id_, now=at)


def _half_of_this_month(
    session: Session,
    dice: Dice,
    own: Actor,
    own_id: int,
    providers: checkin.Providers,
    *,
    now: datetime,
) -> None:
    at = max(local_midnight(month_of(now)), now - timedelta(minutes=20))
    cards = checkin.this_month(session, own, own_id, providers=providers, now=at).cards
    for card in cards[-_DONE:]:
        checkin.look(session, own_id, now=at)
        at += timedelta(seconds=dice.randint(*_SECONDS))
        checkin.decide(session, own, own_id, card.key, Choice.LATER, providers=providers, now=at)
