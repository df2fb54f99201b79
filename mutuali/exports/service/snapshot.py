"""What a build works on: read once, in one transaction, and only of those who said yes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import FARTHEST
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.period import Period
from mutuali.core.places import BOROUGHS
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import FAMILY, Kind
from mutuali.exports.rules.catalogue import CATALOGUE, ELSEWHERE
from mutuali.exports.rules.ladder import ON_THE_LADDER, Rung, tables_at
from mutuali.exports.rules.seasons import (
    Season,
    complete_halves,
    complete_quarters,
    complete_years,
)
from mutuali.exports.service.ladder import rung_of
from mutuali.organizations import service as organizations

if TYPE_CHECKING:
    import pyarrow as pa

#: How far back each dataset looks.
_QUARTERS_A_YEAR = 4
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
    ``lenders`` are who offers something in a zone, by zone and family, as anybody reads it in the
    public listings, whatever they said.
    ``names`` are only there for a dataset that names organizations, ``searches`` for the one that
    counts them: of closed quarters, under a notice of this purpose and recipient.
    """

    dataset: Dataset
    settings: ReleaseSettings
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
    names: Mapping[int, str]
    loans: "pa.Table"
    offered: "pa.Table"
    searches: "pa.Table"
    lenders: Mapping[tuple[str, str], frozenset[int]] = field(default_factory=dict)

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
    settings: ReleaseSettings,
    now: datetime,
) -> Snapshot:
    """Read what a dataset for one recipient and purpose may be made of, as of ``now``."""
    # Arrow comes with the first build, not with the pages that only mention one.
    import pyarrow as pa

    from mutuali.exports import sources

    yes = consent.consenting(session, purpose, recipient_id, now=now)
    rung = rung_of(session, dataset, purpose, recipient_id, now=now)
    window = window_of(dataset, now, rung, years=settings.years)
    starts = _starts(dataset, window)
    people = consent.consenting_people(
        session, purpose, recipient_id, now=now
    ) & bookings.loan_people(session, yes, starts)
    loans = sources.read(
        session,
        bookings.loan_rows(yes, people, starts),
        {
            "booking": pa.int64(),
            "listing": pa.int64(),
            "lender": pa.int64(),
            "borrower": pa.int64(),
            "person": pa.int64(),
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
    notices = frozenset(
        notice.id
        for notice in consent.current_notices(session)
        if (notice.purpose, notice.recipient_id) == (purpose, recipient_id)
        and dataset is Dataset.UNMET_DEMAND
    )
    searches = sources.read(
        session,
        bookings.unmet_rows(notices),
        {
            "quarter": pa.string(),
            "family": pa.string(),
            "zone": pa.string(),
            "token": pa.string(),
            "searches": pa.int64(),
        },
    )
    named = yes if CATALOGUE[dataset].names_organizations else frozenset()
    return Snapshot(
        dataset=dataset,
        settings=settings,
        now=now,
        window=window,
        consenting=yes,
        people=people,
        members=organizations.count_members(session),
        contributors=organizations.contributors(session),
        kinds=equipment.kinds(session),
        boroughs=organizations.home_boroughs(session),
        collected_since=equipment.first_published_at(session),
        rung=rung,
        names={
            id_: facts.name for id_, facts in organizations.organizations(session, named).items()
        },
        loans=loans,
        offered=offered,
        searches=searches,
        lenders=_lenders(session),
    )


def _lenders(session: Session) -> Mapping[tuple[str, str], frozenset[int]]:
    """Who stands in the public listings, by the zone of the thing and its family."""
    offered = equipment.offered_places(session)
    sites = organizations.sites(session, frozenset(site_id for _, _, site_id in offered))
    counted = organizations.contributors(session)
    found: dict[tuple[str, str], set[int]] = {}
    for kind, lender_id, site_id in offered:
        where = zone_of(sites[site_id].borough), FAMILY[kind].value
        found.setdefault(where, set()).add(counted[lender_id])
    return {where: frozenset(some) for where, some in found.items()}


def window_of(dataset: Dataset, now: datetime, rung: Rung, *, years: int = 3) -> Period:
    """From the first to the last instant that a dataset of ``now`` is about; loans look back over
    ``years`` years of complete quarters."""
    if dataset in ON_THE_LADDER:
        times = {key for table in tables_at(dataset, rung) for key in table.keys if time_of(key)}
        found = [season for key in times or {"year"} for season in seasons_of(dataset, key, now)]
    else:
        found = list(loan_quarters(now, years))
    return Period(
        min(season.period.start for season in found), max(season.period.end for season in found)
    )


def _starts(dataset: Dataset, window: Period) -> Period:
    """When a loan must start for the dataset to need it: a need is counted when it is asked."""
    if dataset is not Dataset.UNMET_DEMAND:
        return window
    return Period(window.start, window.end + FARTHEST)


def loan_quarters(now: datetime, years: int) -> tuple[Season, ...]:
    """The complete quarters that rows of loans are about, oldest first."""
    return complete_quarters(now, _QUARTERS_A_YEAR * years)


def time_of(key: str) -> str | None:
    """Which season a key of a table tells: quarter, half-year or year; None for other keys."""
    season = key.removeprefix("asked_")
    return season if season in _LOOKS_BACK else None


def seasons_of(dataset: Dataset, key: str, now: datetime) -> tuple[Season, ...]:
    """The closed seasons that a dataset tells under a key; the latest has come out by ``now``."""
    complete, count = _LOOKS_BACK[time_of(key) or key]
    return complete(now - CATALOGUE[dataset].comes_out, count)


def people_behind(snapshot: Snapshot, key: str, season: str) -> frozenset[int]:
    """Who asked for the loans of a season that a dataset tells under ``key``; a need is of the
    season in which somebody asked."""
    import pyarrow.compute as pc

    (period,) = (
        each.period
        for each in seasons_of(snapshot.dataset, key, snapshot.now)
        if each.name == season
    )
    at = "created_at" if snapshot.dataset is Dataset.UNMET_DEMAND else "starts_at"
    start, end = (int(each.timestamp()) for each in (period.start, period.end))
    instants = snapshot.loans.column(at)
    inside = pc.and_(pc.greater_equal(instants, start), pc.less(instants, end))
    people = snapshot.loans.filter(inside).column("person").drop_null()
    return frozenset(people.unique().to_pylist())


def area_of(borough: str | None) -> str:
    """The borough of a borrower; elsewhere when no place of theirs is known."""
    return borough if borough is not None and borough in BOROUGHS else ELSEWHERE


def zone_of(borough: str | None) -> str:
    """The sector of a borrower; elsewhere when no place of theirs is known."""
    area = area_of(borough)
    return ELSEWHERE if area == ELSEWHERE else BOROUGHS[area].zone
