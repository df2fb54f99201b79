"""Networks whose members come and go between releases, and an attacker who keeps every file.

The attacker shares no code with the check: it reads the CSV files, knows who had said yes when each
line was first published, on which side of which lines each contributor stands, and the base of the
rounding; and it is the largest other contributor, who knows its own part.
"""

import csv
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.optimize import linprog

from mutuali.agreements.rules import Dataset, OnWithdrawal, ReleaseSettings
from mutuali.core.places import BOROUGHS
from mutuali.equipment.rules import FAMILY, Kind
from mutuali.exports.rules.ladder import rung_for
from mutuali.exports.rules.lineage import Kind as Who
from mutuali.exports.rules.lineage import Part, fingerprints
from mutuali.exports.service import datasets
from mutuali.exports.service.closed import Earlier, Followed, StoredPart, follow_earlier
from mutuali.exports.service.loans import Before
from mutuali.exports.service.snapshot import Snapshot, window_of
from mutuali.privacy.errors import NothingToRelease
from mutuali.privacy.sequences.told import from_bytes
from tests.exports.networks import EMPTY_LOANS, EMPTY_OFFERED, EMPTY_SEARCHES

KEY = b"not a secret: 32 bytes of a test"
SETTINGS = ReleaseSettings(k=5, share_percent=10, base=5, on_withdrawal=OnWithdrawal.REPLACE)
MEASURES = ("loans", "unit_hours_lent")
SIDES = ("lender", "borrower")
_FIRST, _LAST = datetime(2024, 1, 2, tzinfo=UTC), datetime(2026, 6, 28, tzinfo=UTC)
_THERE = ZoneInfo("America/Toronto")

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Release:
    """A file as a recipient keeps it: table -> lines by column, and who had said yes."""

    yes: frozenset[int]
    tables: Mapping[str, Sequence[Mapping[str, str]]]
    #: (table, period) -> who was in it, where it is not everybody who had said yes; nobody where
    #: the lines are those of an earlier file.
    members: Mapping[tuple[str, str], frozenset[int]]


@dataclass(slots=True)
class Story:
    """One network over time: its loans, and what was let out of it."""

    dice: random.Random
    organizations: list[int]
    loans: list[dict[str, object]]
    kinds: dict[int, str]
    boroughs: dict[int, str]
    parts: dict[tuple[str, str], list[StoredPart]] = field(default_factory=dict)
    records: list[bytes] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    reports: list[Mapping[str, Any]] = field(default_factory=list)
    #: The same before anything was followed.
    alone: list[dict[str, Any]] = field(default_factory=list)
    #: What became of periods: how many of each kind.
    follows: dict[str, int] = field(default_factory=dict)

    def snapshot(self, yes: frozenset[int], now: datetime) -> Snapshot:
        rung = rung_for(len(yes))
        window = window_of(Dataset.EQUIPMENT_USE, now, rung)
        start, end = (int(each.timestamp()) for each in (window.start, window.end))
        rows = [
            loan
            for loan in self.loans
            if {loan["lender"], loan["borrower"]} <= yes
            and start <= int(str(loan["starts_at"])) < end
        ]
        return Snapshot(
            dataset=Dataset.EQUIPMENT_USE,
            settings=SETTINGS,
            now=now,
            window=window,
            consenting=yes,
            people=frozenset(),
            members=len(self.organizations),
            contributors={id_: id_ for id_ in self.organizations},
            kinds=self.kinds,
            boroughs=self.boroughs,
            collected_since=_FIRST - timedelta(days=30),
            rung=rung,
            names={},
            loans=_table(rows),
            offered=EMPTY_OFFERED,
            searches=EMPTY_SEARCHES,
        )

    def release(self, yes: frozenset[int], now: datetime, *, checked: bool) -> None:
        """One more file to one more recipient; ``checked`` by the rules, or simply built again."""
        snapshot = self.snapshot(yes, now)
        members: Mapping[tuple[str, str], frozenset[int]] = {}
        try:
            built = datasets.make(snapshot, Before(KEY))
            alone = built.report
            if checked:
                known = frozenset(fingerprints(KEY, Who.ORGANIZATION, yes).values())
                earlier = Earlier(
                    {where: tuple(some) for where, some in self.parts.items()},
                    tuple(each for record in self.records for each in from_bytes(record)),
                    known,
                )
                followed = follow_earlier(snapshot, built, earlier, SETTINGS, KEY)
                built = followed.built
                members = self._keep(followed, yes)
        except NothingToRelease:
            return
        tables = {
            each.table.name: list(csv.DictReader(io.StringIO(each.data.decode())))
            for each in built.tables
        }
        self.releases.append(Release(yes, tables, members))
        self.reports.append(built.report)
        self.alone.append(alone)

    def _keep(
        self, followed: Followed, yes: frozenset[int]
    ) -> dict[tuple[str, str], frozenset[int]]:
        """Store what is kept beside an export; who is in each period that was not simply built."""
        members: dict[tuple[str, str], frozenset[int]] = {}
        marks = fingerprints(KEY, Who.ORGANIZATION, yes)
        for each in followed.built.report["periods"]:
            where, what = (each["table"], each["period"]), each["follow"]
            self.follows[what] = self.follows.get(what, 0) + 1
            if what == "copy":
                members[where] = frozenset()
            elif what == "replace":
                were = frozenset().union(*self.parts[where][-1].part.behind.values())
                members[where] = frozenset(id_ for id_ in yes if marks[id_] in were)
        for each in followed.parts:
            part = Part(len(self.releases), each.table, each.period, SETTINGS, each.behind)
            stored = StoredPart(part, each.lines)
            self.parts.setdefault((each.table, each.period), []).append(stored)
        if followed.record is not None:
            self.records.append(followed.record)
        return members


def _table(rows: list[dict[str, object]]) -> pa.Table:
    """The rows with the types of a snapshot, also where a column is empty."""
    return pa.table(
        {
            name: pa.array([row[name] for row in rows], EMPTY_LOANS.schema.field(name).type)
            for name in EMPTY_LOANS.column_names
        }
    )


def network(seed: int, *, size: int | None = None) -> Story:
    """12 to 40 organizations that lend and borrow for two years and a half; few of them a lot."""
    dice = random.Random(seed)
    ids = list(range(1, (size or dice.randint(12, 40)) + 1))
    listings = {number: dice.choice(ids) for number in range(1, len(ids) * 2 + 1)}
    things = (Kind.VEHICLE, Kind.VEHICLE, Kind.KITCHEN)
    kinds = {number: dice.choice(things).value for number in listings}
    weights = [1 / (rank + 2) ** 0.7 for rank in range(len(ids))]
    slugs = sorted(BOROUGHS)[:: max(1, len(BOROUGHS) // 3)]
    loans: list[dict[str, object]] = []
    for number in range(len(ids) * dice.randint(25, 50)):
        listing = dice.choice(list(listings))
        borrower = dice.choices(ids, weights)[0]
        start = _FIRST + dice.random() * (_LAST - _FIRST)
        end = start + timedelta(hours=dice.choice((2, 3, 5, 8, 26, 50)))
        if borrower == listings[listing]:
            continue
        loans.append(
            {
                "booking": number,
                "listing": listing,
                "lender": listings[listing],
                "borrower": borrower,
                "person": None,
                "units": dice.choice((1, 1, 3, 10)),
                "starts_at": int(start.timestamp()),
                "ends_at": int(end.timestamp()),
                "returned_at": int(end.timestamp()),
                "created_at": int(start.timestamp()) - 7200,
                "state": "closed",
                "meals": None,
                "is_history": 0,
            }
        )
    return Story(dice, ids, loans, kinds, {id_: dice.choice(slugs) for id_ in ids})


def play(story: Story, *, checked: bool, releases: int = 4) -> Story:
    """Several recipients, one release after the other; in between some leave and some join."""
    dice = story.dice
    everybody = story.organizations
    yes = {
        recipient: set(
            dice.sample(everybody, max(10, round(len(everybody) * dice.uniform(0.7, 1))))
        )
        for recipient in range(dice.randint(2, 3))
    }
    months = sorted(dice.choices(range(14, 32), k=releases))
    for month in months:
        recipient = dice.choice(list(yes))
        now = datetime(2024 + (month - 1) // 12, (month - 1) % 12 + 1, 15, 15, tzinfo=UTC)
        story.release(frozenset(yes[recipient]), now, checked=checked)
        for mine in yes.values():
            leaving = dice.choice((0, 1, 1, 2, 6))
            mine -= set(dice.sample(sorted(mine), min(leaving, len(mine) - 1)))
            away = sorted(set(everybody) - mine)
            mine |= set(dice.sample(away, min(dice.choice((0, 0, 1, 3)), len(away))))
    return story


class Attacker:
    """What is known after all releases, for one measure: each loan, and which lines hold it."""

    def __init__(self, story: Story, measure: str) -> None:
        loans = story.loans
        self.who = {side: np.array([loan[side] for loan in loans]) for side in SIDES}
        self.amount = np.array([_amount(loan, measure) for loan in loans])
        self.labels = _labels(story)
        self.held, self.told = _lines(story, measure, self)
        self.yes = np.array(
            [
                [{loan["lender"], loan["borrower"]} <= set(release.yes) for loan in loans]
                for release in story.releases
            ]
        )

    def known(self, percent: int) -> Iterator[tuple[str, int, float, float, int]]:
        """Parts that are known more closely than agreed: side, whose, between what, and the truth.

        A part is what one contributor adds to a cell, a row, a column or the whole of a table: in
        all, and of what the same releases rest on.
        """
        out = self.yes.any(axis=0) & self.held.any(axis=0)
        _, column = np.unique(self.held, axis=1, return_inverse=True)
        column = np.asarray(column).reshape(-1)
        _, held_by = np.unique(self.yes, axis=1, return_inverse=True)
        held_by = np.asarray(held_by).reshape(-1)
        matrix = np.zeros((len(self.told), column.max() + 1))
        matrix[:, column] = self.held
        for side, who in self.who.items():
            for place in self._places():
                inside = out & place
                groups = [inside, *(inside & (held_by == one) for one in set(held_by[inside]))]
                for group in groups if len(groups) > 2 else groups[:1]:
                    for target in set(who[group]):
                        found = self._between(matrix, column, who, inside, group, target)
                        truth = int(self.amount[group & (who == target)].sum())
                        low, high = found
                        need = truth * percent / 100
                        if high < truth + need - 1e-6 or low > truth - need + 1e-6:
                            yield side, int(target), low, high, truth

    def _places(self) -> Iterator[BoolArray]:
        seen = set()
        for names in (
            (),
            ("family",),
            ("zone",),
            ("half",),
            ("year",),
            ("family", "half"),
            ("zone", "year"),
        ):
            columns = [self.labels[name] for name in names]
            keys = (
                np.array([""] * len(self.amount))
                if not columns
                else np.array(["|".join(parts) for parts in zip(*columns, strict=True)])
            )
            for key in set(keys):
                place = keys == key
                if place.tobytes() not in seen:
                    seen.add(place.tobytes())
                    yield place

    def _between(
        self,
        matrix: npt.NDArray[np.float64],
        column: IntArray,
        who: IntArray,
        inside: BoolArray,
        group: BoolArray,
        target: int,
    ) -> tuple[float, float]:
        attacker = _largest(who, self.amount, group, target) or _largest(
            who, self.amount, inside, target
        )
        count = matrix.shape[1]
        mine = np.bincount(column[group & (who == target)], minlength=count) > 0
        own = np.bincount(column, self.amount * (who == attacker), minlength=count)
        rest = np.bincount(column, self.amount * (who != attacker), minlength=count)
        part = np.bincount(column, self.amount * (group & (who == target)), minlength=count)
        truth = part.sum()
        # Whoever shares a column with others can give to them and take from them, unseen.
        if (rest - part)[mine].sum() >= truth and part[mine & (rest > part)].sum() >= truth:
            return 0.0, 2 * truth
        known = matrix @ own
        low = np.array([low for low, _ in self.told]) - known
        high = np.array([high for _, high in self.told]) - known
        ends = []
        for sign, wanted in ((1, mine & (rest <= part)), (-1, mine)):
            result = linprog(
                sign * wanted.astype(float),
                np.vstack([matrix, -matrix]),
                np.concatenate([high, -low]),
                bounds=[(0, None if some else 0) for some in rest],
            )
            ends.append(sign * result.fun if result.status == 0 else (0.0, np.inf)[sign < 0])
        return float(ends[0]), float(ends[1])


def _largest(who: IntArray, amount: IntArray, among: BoolArray, target: int) -> int | None:
    others = among & (who != target)
    sums = np.bincount(who[others], amount[others])
    return int(sums.argmax()) if len(sums) else None


def _amount(loan: Mapping[str, object], measure: str) -> int:
    if measure == "loans":
        return 1
    seconds = int(str(loan["returned_at"])) - int(str(loan["starts_at"]))
    return int(str(loan["units"])) * -(-seconds // 3600)


def _labels(story: Story) -> dict[str, npt.NDArray[np.str_]]:
    starts = [
        datetime.fromtimestamp(int(str(loan["starts_at"])), UTC).astimezone(_THERE)
        for loan in story.loans
    ]
    return {
        "family": np.array(
            [FAMILY[Kind(story.kinds[int(str(loan["listing"]))])].value for loan in story.loans]
        ),
        "zone": np.array(
            [BOROUGHS[story.boroughs[int(str(loan["borrower"]))]].zone for loan in story.loans]
        ),
        "half": np.array([f"{start.year}-H{(start.month + 5) // 6}" for start in starts]),
        "year": np.array([str(start.year) for start in starts]),
    }


def _lines(
    story: Story, measure: str, attacker: Attacker
) -> tuple[BoolArray, list[tuple[float, float]]]:
    """Which loans each published line holds, and between what its sum lies; a line that was copied
    says nothing new."""
    names = {"family": "family", "borrower_zone": "zone", "half_year": "half", "year": "year"}
    held: list[BoolArray] = []
    told: list[tuple[float, float]] = []
    for release in story.releases:
        for table, lines in release.tables.items():
            for line in lines:
                status, period = line[f"{measure}_status"], line.get("half_year") or line["year"]
                members = release.members.get((table, period), release.yes)
                inside = np.isin(attacker.who["lender"], list(members))
                inside &= np.isin(attacker.who["borrower"], list(members))
                for key, label in names.items():
                    if key in line:
                        inside &= attacker.labels[label] == line[key]
                if status in ("published", "zero") and inside.any():
                    value, spread = int(line[measure] or 0), 2 if status == "published" else 0
                    held.append(inside)
                    told.append((max(0, value - spread), value + spread))
    return np.array(held, dtype=np.bool_).reshape((len(held), len(story.loans))), told
