"""Seeded networks of any size, as a build sees them; long tails, few regulars."""

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.core.places import BOROUGHS, ZONES
from mutuali.equipment.rules import Kind
from mutuali.exports.rules.ladder import Rung, rung_for
from mutuali.exports.service.loans import Before
from mutuali.exports.service.snapshot import Snapshot, window_of

_QUARTERS = [f"{year}-Q{n}" for year in (2025, 2026) for n in (1, 2, 3, 4)][:7]
_KINDS = (Kind.VEHICLE, Kind.KITCHEN, Kind.COLD_STORAGE, Kind.OTHER)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)

#: Nothing left before.
FIRST = Before(b"not a secret: 32 bytes of a test")


def network(
    dataset: Dataset,
    organizations: int,
    *,
    loans: int,
    consenting: float = 1.0,
    k: int = 5,
    seed: int = 7,
) -> Snapshot:
    """``organizations`` that share over the dataset's window; a share of them said yes."""
    dice = random.Random(seed)
    ids = list(range(1, organizations + 1))
    yes = frozenset(dice.sample(ids, round(organizations * consenting)))
    weights = [1 / (rank + 2) ** 0.8 for rank in range(organizations)]
    rung = rung_for(len(yes))
    window = window_of(dataset, NOW, rung)
    kinds = {}
    offered: list[dict[str, object]] = []
    lenders = {}
    for listing in range(1, organizations * 2 + 1):
        kinds[listing] = dice.choices(_KINDS, (5, 4, 3, 1))[0].value
        lenders[listing] = dice.choice(ids)
        if lenders[listing] in yes:
            offered.append(
                {
                    "listing": listing,
                    "lender": lenders[listing],
                    "units": dice.choice((1, 1, 1, 4, 40)),
                    "published_at": int((window.start - timedelta(days=9)).timestamp()),
                    "withdrawn_at": None,
                }
            )
    rows = []
    for number in range(loans):
        listing = dice.choices(list(lenders), [1 / (n + 3) ** 0.5 for n in lenders])[0]
        borrower = dice.choices(ids, weights)[0]
        start = window.start + dice.random() * (window.length - timedelta(days=4))
        length = timedelta(hours=dice.choice((2, 3, 5, 8, 26, 50)))
        late = timedelta(hours=dice.choice((-1, 0, 0, 0, 4)))
        state = dice.choices(("closed", "cancelled", "declined", "expired"), (16, 2, 1, 1))[0]
        if borrower == lenders[listing] or not {borrower, lenders[listing]} <= yes:
            continue
        rows.append(
            {
                "booking": number,
                "listing": listing,
                "lender": lenders[listing],
                "borrower": borrower,
                "person": None,
                "units": dice.choice((1, 1, 1, 3, 10)),
                "starts_at": int(start.timestamp()),
                "ends_at": int((start + length).timestamp()),
                "returned_at": int((start + length + late).timestamp())
                if state == "closed"
                else None,
                "created_at": int((start - timedelta(hours=dice.randint(3, 300))).timestamp()),
                "state": state,
                "meals": dice.choice((None, 30, 90, 400)),
                "is_history": False,
            }
        )
    slugs = sorted(BOROUGHS)
    return Snapshot(
        dataset=dataset,
        settings=ReleaseSettings(k=k),
        now=NOW,
        window=window,
        consenting=yes,
        people=frozenset(),
        members=organizations,
        contributors={id_: id_ for id_ in ids},
        kinds=kinds,
        boroughs={id_: dice.choice(slugs) for id_ in ids},
        collected_since=window.start - timedelta(days=30),
        rung=rung,
        names={id_: f"Organisme {id_}" for id_ in yes},
        searches=_searches(dice, yes, rung, dataset),
        loans=pa.Table.from_pylist(rows) if rows else EMPTY_LOANS,
        offered=pa.Table.from_pylist(offered) if offered else EMPTY_OFFERED,
    )


def _searches(dice: random.Random, yes: frozenset[int], rung: Rung, dataset: Dataset) -> pa.Table:
    """Closed searches of those who said yes, some families and zones wanted more than others."""
    among = sorted(yes) if dataset is Dataset.UNMET_DEMAND else []
    zones = sorted(ZONES)
    rows = [
        {
            "quarter": dice.choice(_QUARTERS),
            "family": dice.choices(("transport", "kitchen", "storage", "any"), (5, 3, 2, 1))[0],
            "zone": zones[id_ % len(zones)],
            "token": f"token{id_}",
            "searches": dice.choice((1, 1, 2, 5)),
        }
        for id_ in among
        for _ in range(8)
    ]
    return pa.Table.from_pylist(rows, EMPTY_SEARCHES.schema)


EMPTY_LOANS = pa.table(
    {
        name: pa.array([], pa.string() if name == "state" else pa.int64())
        for name in (
            *("booking", "listing", "lender", "borrower", "person"),
            *("units", "starts_at", "ends_at"),
            *("returned_at", "created_at", "state", "meals", "is_history"),
        )
    }
)
EMPTY_OFFERED = pa.table(
    {
        name: pa.array([], pa.int64())
        for name in ("listing", "lender", "units", "published_at", "withdrawn_at")
    }
)
EMPTY_SEARCHES = pa.table(
    {
        name: pa.array([], pa.int64() if name == "searches" else pa.string())
        for name in ("quarter", "family", "zone", "token", "searches")
    }
)
