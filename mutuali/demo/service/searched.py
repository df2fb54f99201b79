"""What the made-up network looked for and did not find, quarter after quarter."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Need
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.core.places import BOROUGHS
from mutuali.demo.rules.dice import Dice
from mutuali.equipment.rules import Kind
from mutuali.exports import service as exports

#: Searches of each organization in the past year, and how far back the first is.
_EACH, _DAYS = 12, 380
#: Cold is what is missing most.
_WANTED = (Kind.VEHICLE, Kind.VEHICLE, Kind.COLD_STORAGE, Kind.KITCHEN)


def look_in_vain(
    session: Session,
    dice: Dice,
    organizations: Sequence[int],
    *,
    new_key: Callable[[], str],
    now: datetime,
) -> None:
    """Each organization searches over a year; the quarters that are over are closed under the
    yeses of today, and their keys destroyed."""
    boroughs = sorted(BOROUGHS)
    for id_ in organizations:
        home = dice.choice(boroughs)
        actor = Actor(memberships={id_: Role.MEMBER}, organization_id=id_)
        for _ in range(_EACH):
            at = now - timedelta(days=dice.randint(1, _DAYS), minutes=dice.randint(0, 600))
            need = Need((dice.choice(_WANTED),), home, local(at).date() + timedelta(days=3))
            bookings.record_unmet(session, actor, need, fresh_key=new_key(), now=at)
    exports.close_quarters(session, SYSTEM, now=now)
