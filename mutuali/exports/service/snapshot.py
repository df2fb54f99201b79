"""What a build works on: read once, in one transaction, and only of those who said yes."""

from collections.abc import Callable, Mapping
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
from mutuali.exports.rules.catalogue import CATALOGUE, ELSEWHERE
from mutuali.exports.rules.ladder import ON_THE_LADDER, Rung, rung_for, tables_at
from mutuali.exports.rules.seasons import (
    Season,
    complete_halves,
    complete_quarters,
    complete_years,
)
from mutuali.organizations import service as organizations

if TYPE_CHECKING:
    import pyarrow as pa

#: How far back each dataset looks.
LOANS_QUARTERS = 12
_LOOKS_BACK: Mapping[str, tuple[Callable[[datetime, int], tuple[Season, ...]], int]] = {
    "quarter": (complete_quarters, 4),
    "half_year": (complete_halves, 2),
    "year": (complete_years, 1),
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of consenting organizations and what is needed to coarsen them.

    ``loans`` and ``offered`` hold only rows whose every organization is in ``consenting``, and
    loans that nobody known asked for, or one of ``people``;
    ``contributors`` tells which organizations count as one; ``members`` is how many take part.
    ``rung`` is the step of the ladder that holds this year; ``kinds`` are the listings'.
    """

    dataset: Dataset
    k: int
    now: datetime
    window: Period
    consenting: frozenset[int]
    people: frozenset[int]
    members: int
    contributors: Mapping[int, int]
    kinds: Mapping[int, str]
    boroughs: Mapping[int, str]
    collected_since: datetime | None
    rung: Rung
    loans: "pa.Table"
    offered: "pa.Table"

    @property
    def families(self) -> dict[int, str]:
        """The family of each listing."""
        return {id_: FAMILY[Kind(kind)].value for id_, kind in self.kinds.items()}


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
    contributors = organizations.contributors(session)
    rung = rung_for(len({contributors[id_] for id_ in yes}))
    window = window_of(dataset, now, rung)
    people = consent.consenting_people(
        session, purpose, recipient_id, now=now
    ) & bookings.loan_people(session, yes, window)
    loans = sources.read(
        session,
        bookings.loan_rows(yes, people, window),
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
        people=people,
        members=organizations.count_members(session),
        contributors=contributors,
        kinds=equipment.kinds(session),
        boroughs=organizations.home_boroughs(session),
        collected_since=equipment.first_published_at(session),
        rung=rung,
        loans=loans,
        offered=offered,
    )


def window_of(dataset: Dataset, now: datetime, rung: Rung) -> Period:
    """From the first to the last instant that a dataset of ``now`` is about."""
    if dataset in ON_THE_LADDER:
        times = {key for table in tables_at(dataset, rung) for key in table.keys if time_of(key)}
        found = [season for key in times or {"year"} for season in seasons_of(dataset, key, now)]
    else:
        found = list(complete_quarters(now, LOANS_QUARTERS))
    return Period(
        min(season.period.start for season in found), max(season.period.end for season in found)
    )


def time_of(key: str) -> str | None:
    """Which season a key of a table tells: quarter, half-year or year; None for other keys."""
    season = key.removeprefix("asked_")
    return season if season in _LOOKS_BACK else None


def seasons_of(dataset: Dataset, key: str, now: datetime) -> tuple[Season, ...]:
    """The closed seasons that a dataset tells under a key; the latest has come out by ``now``."""
    complete, count = _LOOKS_BACK[time_of(key) or key]
    return complete(now - CATALOGUE[dataset].comes_out, count)


def area_of(borough: str | None) -> str:
    """The borough of a borrower; elsewhere when no place of theirs is known."""
    return borough if borough is not None and borough in BOROUGHS else ELSEWHERE


def zone_of(borough: str | None) -> str:
    """The sector of a borrower; elsewhere when no place of theirs is known."""
    area = area_of(borough)
    return ELSEWHERE if area == ELSEWHERE else BOROUGHS[area].zone
