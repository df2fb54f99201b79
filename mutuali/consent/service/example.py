"""What a subject sees of itself: its own last loan made coarse, and where it would stand out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.consent.service.answers import own_id
from mutuali.core.permissions import Actor, Permission, require
from mutuali.core.places import BOROUGHS
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import FAMILY, Kind
from mutuali.organizations import service as organizations

#: With fewer contributors than this behind it, nothing of a family of equipment leaves.
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One's last loan, as coarse as a row of it; ``zone`` is a slug, None where no place is known.

    ``hours`` and ``days_ahead`` are exact: only the subject itself sees the page.
    """

    kind: Kind
    starts_at: datetime
    hours: float
    days_ahead: float
    zone: str | None


@dataclass(frozen=True, slots=True)
class Standout:
    """The kinds one lends of which too few others lend the family, and the other kinds one lends;
    both are told by the public listings."""

    alone: tuple[Kind, ...]
    among_others: tuple[Kind, ...]


def example(session: Session, actor: Actor, organization_id: int | None) -> Example | None:
    """The last loan of the organization, or of the actor when None; None before the first.

    Raises:
        Forbidden: the actor may not read it.
    """
    if organization_id is None:
        found = bookings.last_loan(session, person_id=own_id(actor))
    else:
        require(actor, Permission.CONSENT_READ, over=organization_id)
        found = bookings.last_loan(session, organization_id=organization_id)
    if found is None:
        return None
    kinds, boroughs = equipment.kinds(session), organizations.home_boroughs(session)
    borough = boroughs.get(found.borrower_id)
    return Example(
        Kind(kinds[found.listing_id]),
        found.starts_at,
        (found.ends_at - found.starts_at).total_seconds() / 3600,
        (found.starts_at - found.created_at).total_seconds() / 86400,
        BOROUGHS[borough].zone if borough is not None and borough in BOROUGHS else None,
    )


def standout(session: Session, organization_id: int) -> Standout:
    """Where an organization would stand out among those who lend."""
    lenders = equipment.lenders_by_kind(session)
    merged = organizations.contributors(session)
    by_family: dict[str, set[int]] = {}
    for kind, ids in lenders.items():
        by_family.setdefault(FAMILY[kind], set()).update(merged.get(id_, id_) for id_ in ids)
    own = [kind for kind, ids in lenders.items() if organization_id in ids]
    alone = tuple(kind for kind in own if len(by_family[FAMILY[kind]]) < FEWEST)
    return Standout(alone, tuple(kind for kind in own if kind not in alone))
