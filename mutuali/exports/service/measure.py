"""What the people who answer for a bundle read: the risk before and after, by the engine's own
measures, and what attackers played on it found.

The three criteria of anonymization (Regulation respecting the anonymization of personal
information, s. 2), each with the measure that speaks of it:

*individualization*: the prosecutor's risk, one over the contributors behind a group of alike lines
or behind a figure (measures/risk.py), the worst of all;
*correlation*: of lines, the share that a public directory of who is where and offers what ties to
a single entry (attacks/directory.py); of sums, the same one over the contributors left once a
member has taken out what it knows of its own;
*inference*: of lines, how surely the outcome is guessed from what everybody sees
(measures/inference.py); of sums, how much of what the second largest cannot explain is the
largest's (dominance, p % rule).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from mutuali.agreements.rules import ReleaseSettings
from mutuali.exports.rules.catalogue import ColumnRole
from mutuali.exports.service import loans
from mutuali.exports.service.built import Built, LineWitness
from mutuali.exports.service.groups import groups
from mutuali.exports.service.output import Figure, Output
from mutuali.exports.service.snapshot import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

    from mutuali.privacy.attacks.result import AttackResult
    from mutuali.privacy.attacks.scene import Scene

#: Attackers are played on so many rows at most, evenly spread: what they find is a share.
_TARGETS = 2_000
#: A member of more rows than these attacks with that many of them.
_OWN = 1_000
#: Linear programs are solved for tables of up to so many hidden figures.
_HIDDEN = 60


def measure(
    built: Built, settings: ReleaseSettings, snapshot: Snapshot, texts: Mapping[str, str]
) -> dict[str, Any]:
    """Everything on the review page that is measured, ready for JSON; every risk is 0 to 1.

    ``texts`` are those that go with the release. Layout 1 had no remarks on areas and words.
    """
    outputs = [Output(table, settings, snapshot) for table in built.tables]
    lines = [(each, each.witness) for each in outputs if each.witness is not None]
    if any(role is ColumnRole.NAME for output in outputs for role in _roles(output)):
        found = _of_names(sum(output.cells.num_rows for output in outputs))
    else:
        found = _of_lines(*lines[0]) if lines else _of_sums(outputs, settings.k)
    return {
        "layout": 2,
        **found,
        "groups": {**found["groups"], **groups(outputs, snapshot, texts)},
        "coverage": built.report["coverage"],
        "columns": {table.table.name: list(table.table.column_names) for table in built.tables},
    }


def _roles(output: Output) -> Iterator[ColumnRole]:
    return (column.role for column in output.built.table.columns)


def _of_names(lines: int) -> dict[str, Any]:
    """Lines that name who said yes to being named: nobody hides, so every risk is certain."""
    risk = {"highest": 1.0, "average": 1.0, "alone": 1.0, "small": 0, "single": lines}
    return {
        "before": risk,
        "after": risk,
        "criteria": {
            "individualization": _criterion("prosecutor", 1.0),
            "correlation": _criterion("directory", 1.0),
            "inference": _criterion("guess", 1.0, base=1.0),
        },
        "neighbour": [],
        "groups": {"small": 0, "single": 0},
    }


def _of_lines(output: Output, witness: LineWitness) -> dict[str, Any]:
    import pyarrow as pa

    from mutuali.privacy.attacks import calendars, directory, homogeneity, member
    from mutuali.privacy.attacks.scene import Scene
    from mutuali.privacy.measures.grouping import group_by, values_of
    from mutuali.privacy.measures.inference import inference

    parts, k = output.built.parts, output.settings.k
    after = output.cells
    for side, people in witness.sides.items():
        after = after.append_column(side, pa.array(people).dictionary_encode())
    risks = [_risk_of_lines(each, output.keys, k) for each in (parts, after)]
    guessed = inference(
        group_by(after, list(output.keys)), values_of(after, "outcome").codes, "outcome"
    )
    plan = loans.plan(output.snapshot)
    scene = Scene(output.cells, plan, parts, pa.array(witness.rows).to_numpy())
    targets = _spread(parts.num_rows)
    found = [
        directory.play(scene, _directory(parts, side, column), side)
        for side, column in (("lender", "family"), ("borrower", "borrower_area"))
    ]
    robot = calendars.play(scene, *_spans_seen(parts))
    neighbours = [homogeneity.play(scene, targets), member.play(scene, targets, _largest(scene))]
    return {
        "before": risks[0],
        "after": risks[1],
        "criteria": {
            "individualization": _criterion("prosecutor", risks[1]["highest"]),
            "correlation": _criterion("directory", max(_claimed(each) for each in found)),
            "inference": _criterion("guess", guessed.highest, base=guessed.base_rate),
        },
        "neighbour": [_told(each) for each in (*neighbours, *found, robot)],
        "groups": {"small": risks[1]["small"], "single": risks[1]["single"]},
    }


def _risk_of_lines(table: "pa.Table", keys: Sequence[str], k: int) -> dict[str, Any]:
    """By contributors, the worse side of each measure."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from mutuali.privacy.measures.grouping import distinct_per_class, group_by, values_of
    from mutuali.privacy.measures.risk import linkage_risk

    classes = group_by(table, list(keys))
    sizes = [
        distinct_per_class(classes, values_of(table, side).codes) for side in ("lender", "borrower")
    ]
    fewest = pc.min_element_wise(*map(pa.array, sizes)).to_numpy()
    risks = [linkage_risk(each, threshold=1 / k).prosecutor for each in sizes]
    rows = max(table.num_rows, 1)
    return {
        "highest": max(each.highest for each in risks),
        "average": max(each.average for each in risks),
        "alone": float(classes.sizes[fewest == 1].sum() / rows),
        **_small(fewest.tolist(), k),
    }


def _of_sums(outputs: Sequence[Output], k: int) -> dict[str, Any]:
    everything = [each for output in outputs for each in output.figures if each.total]
    shown = [each for each in everything if each.status == "published"]
    left = [each for output in outputs for each in _left(output)]
    explained = [_explained(part) for each in shown for part in each.parts if part]
    after = _risk_of_sums(shown, k)
    return {
        "before": _risk_of_sums(everything, k),
        "after": after,
        "criteria": {
            "individualization": _criterion("behind", after["highest"]),
            "correlation": _criterion("left", 1 / max(min(left, default=1), 1)),
            "inference": _criterion("second", max(explained, default=0.0)),
        },
        "neighbour": [_told(each) for output in outputs for each in _reconstructed(output)],
        "groups": {"small": after["small"], "single": after["single"]},
    }


def _risk_of_sums(figures: Sequence[Figure], k: int) -> dict[str, Any]:
    """By contributors: of each figure the side with the fewest."""
    import pyarrow as pa

    from mutuali.privacy.measures.risk import linkage_risk

    fewest = [min((len(part) for part in each.parts), default=0) for each in figures]
    sizes = pa.array([max(each, 1) for each in fewest], pa.int64()).to_numpy()
    risk = linkage_risk(sizes, threshold=1 / k).prosecutor if len(sizes) else None
    return {
        "highest": risk.highest if risk else 0.0,
        "average": float((1 / sizes).mean()) if risk else 0.0,
        "alone": sum(each <= 1 for each in fewest) / len(fewest) if fewest else 0.0,
        **_small(fewest, k),
    }


def _small(fewest: Sequence[int], k: int) -> dict[str, int]:
    """How many groups or figures have hardly more contributors than they must, and only one."""
    return {
        "small": sum(k <= each < k + 3 for each in fewest),
        "single": sum(each == 1 for each in fewest),
    }


def _left(output: Output) -> Iterator[int]:
    """The contributors left on the poorer side of each figure that is shown when the member that
    takes most with it is gone."""
    import pyarrow as pa

    from mutuali.privacy.check.standing import standing

    for name in output.built.table.figures:
        shown = [each for each in output.shown if each.name == name]
        if not shown:
            continue
        sides = list(shown[0].sides)
        met = _meetings(output, name, sides, shown)
        if not met.num_rows:
            yield 0
            continue
        # One numbering for whoever is on one side here, on the other there.
        parts = [part for side in sides for part in met.column(side).chunks]
        people = pa.chunked_array(parts).combine_chunks().dictionary_encode().indices
        numbers = {
            side: people.slice(place * met.num_rows, met.num_rows).cast(pa.int64())
            for place, side in enumerate(sides)
        }
        once = pa.array([1], pa.int64()).take(pa.array([0] * met.num_rows, pa.int32()))
        groups = pa.table({"class": met.column("class"), **numbers, "rows": once})
        counted = standing(groups, sides, sides, len(shown), 1)
        yield from map(min, zip(*(left.tolist() for _, left in counted), strict=True))


def _meetings(
    output: Output, name: str, sides: Sequence[str], shown: Sequence[Figure]
) -> "pa.Table":
    """Who met whom behind each of the figures ``shown``, its number as "class", each meeting
    once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = output.built.parts
    carried = parts.filter(pc.greater(parts.column(name), 0))
    met = carried.group_by([*output.keys, *sides]).aggregate([])
    met = pa.table({each: met.column(each).cast(pa.string()) for each in (*output.keys, *sides)})
    numbers = pa.table(
        {
            **{
                key: pa.array([each.keys[place] for each in shown], pa.string())
                for place, key in enumerate(output.keys)
            },
            "class": pa.array(range(len(shown)), pa.int64()),
        }
    )
    return met.join(numbers, list(output.keys), join_type="inner")


def _explained(part: Sequence[int]) -> float:
    """What share of what the second largest cannot explain is the largest's; near 1, known."""
    second = part[1] if len(part) > 1 else 0
    return part[0] / (sum(part) - second)


def _reconstructed(output: Output) -> Iterable["AttackResult"]:
    """Hidden figures computed from what is shown, by the largest contributor, who knows its own
    part; a sum is known where nothing in it is hidden."""
    import pyarrow as pa

    from mutuali.privacy.attacks import cells
    from mutuali.privacy.hierarchy import ANY
    from mutuali.privacy.margins.table import Dimension, with_margins

    for name in output.built.table.figures:
        mine = [each for each in output.figures if each.name == name]
        secret = [each for each in mine if each.status == "suppressed"]
        if not 0 < len(secret) <= _HIDDEN or not 1 <= len(output.keys) <= 3:
            continue
        dimensions = [
            Dimension.flat(key, tuple(dict.fromkeys(each.keys[place] for each in mine)))
            for place, key in enumerate(output.keys)
        ]
        sides = [
            {
                each.keys: {str(person): amount for person, amount in each.sides[side].items()}
                for each in mine
                if each.sides[side]
            }
            for side in mine[0].sides
        ]
        table = with_margins(dimensions, sides)
        veiled = {
            table.cell(totals)
            for each in secret
            for totals in product(*((key, ANY) for key in each.keys))
        }
        hidden = pa.array([cell in veiled for cell in range(len(table.value))])
        largest = max(
            table.contributors, key=lambda who: sum(cell.get(who, 0) for cell in sides[0].values())
        )
        yield cells.play(table, hidden.to_numpy(zero_copy_only=False), member=largest)


def _directory(parts: "pa.Table", side: str, column: str) -> "pa.Table":
    """Who is where, or offers what: what anybody can read on the public pages of the network."""
    return parts.select([side, column]).group_by([side, column]).aggregate([])


def _spans_seen(parts: "pa.Table") -> tuple["pa.Table", Sequence[int]]:
    """What public calendars show of loans: whose kind of thing was out when, and for how long;
    each kind of span once, with a row that it is about."""
    import pyarrow as pa

    shown = ["family", "quarter", "duration_band"]
    numbered = parts.select(shown).append_column("row", pa.array(range(parts.num_rows), pa.int64()))
    spans = numbered.group_by(shown).aggregate([("row", "min")]).sort_by("row_min")
    return spans.select(shown), spans.column("row_min").to_pylist()


def _largest(scene: "Scene") -> list[int]:
    """The rows of the lender that has most of them."""
    import pyarrow.compute as pc

    lenders = scene.raw.column("lender")
    found = pc.value_counts(lenders).to_pylist()
    most = max(found, key=lambda each: (each["counts"], each["values"]))["values"]
    return pc.indices_nonzero(pc.equal(lenders, most)).to_pylist()[:_OWN]


def _spread(rows: int) -> list[int]:
    return list(range(0, rows, max(rows // _TARGETS, 1)))


def _claimed(result: "AttackResult") -> float:
    return result.claimed / result.tried if result.tried else 0.0


def _criterion(by: str, risk: float, **more: float) -> dict[str, Any]:
    return {"by": by, "risk": round(float(risk), 4), **more}


def _told(result: "AttackResult") -> Mapping[str, Any]:
    return {
        "attack": result.attack.name,
        "fr": result.sentence.fr,
        "en": result.sentence.en,
        "tried": result.tried,
        "disclosed": result.disclosed,
    }
