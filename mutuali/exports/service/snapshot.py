"""What a build works on: read once, in one transaction, and only of those who said yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.bookings import service as bookings
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.period import Period
from mutuali.core.places import BOROUGHS
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import FAMILY, Kind
from mutuali.exports.rules.catalogue import ELSEWHERE
from mutuali.exports.rules.seasons import complete_halves, complete_quarters
from mutuali.organizations import service as organizations

if TYPE_CHECKING:
    import pyarrow as pa

#: How far back each dataset looks.
LOANS_QUARTERS = 12
USE_QUARTERS = 4
USE_HALVES = 2


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of consenting organizations and what is needed to coarsen them.

    ``loans`` and ``offered`` hold only rows whose every organization is in ``consenting``;
    ``contributors`` tells which organizations count as one; ``members`` is how many take part.
    """

    dataset: Dataset
    k: int
    now: datetime
    window: Period
    consenting: frozenset[int]
    members: int
    contributors: Mapping[int, int]
    families: Mapping[int, str]
    boroughs: Mapping[int, str]
    collected_since: datetime | None
    loans: "pa.Table"
    offered: "pa.Table"


def take(
    session: Session,
    dataset: Dataset,
    *,
    purpose: Purpose,
    recipient_id: int,
    k: int,
    now: datetime,
) -> Snapshot:
    """Read what a dataset for one recipient and purpose may be made of, as of ``now``."""
    # Arrow comes with the first build, not with the pages that only mention one.
    import pyarrow as pa

    from mutuali.exports import sources

    yes = consent.consenting(session, purpose, recipient_id, now=now)
    window = window_of(dataset, now)
    kinds = equipment.kinds(session)
    loans = sources.read(
        session,
        bookings.loan_rows(yes, window),
        {
            "listing": pa.int64(),
            "lender": pa.int64(),
            "borrower": pa.int64(),
            "units": pa.int64(),
            "starts_at": pa.int64(),
            "ends_at": pa.int64(),
            "returned_at": pa.int64(),
            "created_at": pa.int64(),
            "state": pa.string(),
            "meals": pa.int64(),
            "is_history": pa.bool_(),
        },
    )
    offered = sources.read(
        session,
        equipment.offered_spans(yes),
        {
            "listing": pa.int64(),
            "lender": pa.int64(),
            "units": pa.int64(),
            "published_at": pa.int64(),
            "withdrawn_at": pa.int64(),
        },
    )
    return Snapshot(
        dataset=dataset,
        k=k,
        now=now,
        window=window,
        consenting=yes,
        members=organizations.count_members(session),
        contributors=organizations.contributors(session),
        families={id_: FAMILY[Kind(kind)].value for id_, kind in kinds.items()},
        boroughs=organizations.home_boroughs(session),
        collected_since=equipment.first_published_at(session),
        loans=loans,
        offered=offered,
    )


def window_of(dataset: Dataset, now: datetime) -> Period:
    """From the first to the last instant that a dataset of ``now`` is about."""
    if dataset is Dataset.LOANS:
        seasons = complete_quarters(now, LOANS_QUARTERS)
    else:
        seasons = (*complete_quarters(now, USE_QUARTERS), *complete_halves(now, USE_HALVES))
    return Period(
        min(season.period.start for season in seasons),
        max(season.period.end for season in seasons),
    )


def area_of(borough: str | None) -> str:
    """The borough of a borrower; elsewhere when no place of theirs is known."""
    return borough if borough is not None and borough in BOROUGHS else ELSEWHERE


def zone_of(borough: str | None) -> str:
    """The sector of a borrower; elsewhere when no place of theirs is known."""
    area = area_of(borough)
    return ELSEWHERE if area == ELSEWHERE else BOROUGHS[area].zone
