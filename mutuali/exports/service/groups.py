"""What a release could make people think of a place or a people, even where it names nobody.

Looked at before anything leaves, of whatever rows it has: *small areas*, of which little is said by
few organizations; *single providers*, where the public listings show one lender of a family, so
that a figure on it is about them; *one-sided areas*, which borrow and never lend; and the words
that go with it. What is found is kept with the review, as figures and codes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mutuali.core.places import BOROUGHS, ZONES
from mutuali.equipment.rules import FAMILY, Kind
from mutuali.exports.rules.catalogue import ColumnRole
from mutuali.exports.rules.wording_of_groups import remarks
from mutuali.exports.service.built import LineWitness
from mutuali.exports.service.output import Output
from mutuali.exports.service.records import ExportFacts
from mutuali.exports.service.snapshot import Snapshot, zone_of
from mutuali.exports.service.use import loans_lent

#: Keys that say where somebody is: of who borrows or asks, and of who lends.
_BORROWS = ("borrower_zone", "borrower_area")
_LENDS = ("lender_zone", "zone")


@dataclass(frozen=True, slots=True)
class _Said:
    """A figure, or ``lines`` that say the same, of the ``area`` (a zone, or a borough) on one side,
    and of a ``family`` where it tells one; ``fewest`` contributors stand behind it, on the side
    that has fewest."""

    area: str
    borrows: bool
    family: str | None
    fewest: int
    lines: int = 1


def texts_of(export: ExportFacts) -> dict[str, str]:
    """The texts that go with a release, by what they are called."""
    agreement = export.agreement
    return {
        "question": export.question,
        **export.answers.to_dict(),
        "agreement_use": agreement.intended_use,
        "agreement_benefit": agreement.benefit,
        "agreement_outputs": agreement.outputs,
    }


def groups(
    outputs: Sequence[Output], snapshot: Snapshot, texts: Mapping[str, str]
) -> dict[str, Any]:
    """What is to be remarked of areas and of words, ready for JSON.

    An area is small where fewer than twice the agreement's k stand behind something said of it, or
    said yes in it.
    """
    said = [each for output in outputs for each in _said(output)]
    areas = [area for area in (*ZONES, *BOROUGHS) if any(each.area == area for each in said)]
    names_somebody = any(
        column.role is ColumnRole.NAME
        for output in outputs
        for column in output.built.table.columns
    )
    return {
        "of_lines": any(output.witness is not None for output in outputs),
        "areas": list(_small(said, areas, snapshot)),
        "providers": list(_single_providers(said, areas, snapshot)),
        "one_sided": [] if names_somebody else list(_one_sided(said, areas, snapshot)),
        "wording": [asdict(each) for each in remarks(texts)],
    }


def count_remarks(review: Mapping[str, Any] | None) -> int:
    """How many remarks on areas and words stand in a review; older ones have none."""
    found = (review or {}).get("groups", {})
    return sum(len(found.get(name, ())) for name in ("areas", "providers", "one_sided", "wording"))


def _small(
    said: Sequence[_Said], areas: Sequence[str], snapshot: Snapshot
) -> Iterator[dict[str, Any]]:
    few = 2 * snapshot.settings.k
    consenting: dict[str, set[int]] = {}
    for id_ in snapshot.consenting:
        borough = snapshot.boroughs.get(id_)
        for area in (borough or "", zone_of(borough)):
            consenting.setdefault(area, set()).add(snapshot.contributors[id_])
    for area in areas:
        mine = [each for each in said if each.area == area]
        fewest = min(each.fewest for each in mine)
        few_yes = len(consenting.get(area, ())) < few
        if fewest < few or few_yes:
            yield {
                "area": area,
                "said": sum(each.lines for each in mine),
                "fewest": fewest if fewest < few else None,
                "few_yes": few if few_yes else None,
            }


def _single_providers(
    said: Sequence[_Said], areas: Sequence[str], snapshot: Snapshot
) -> Iterator[dict[str, Any]]:
    alone = [where for where, some in snapshot.lenders.items() if len(some) == 1]
    for area in areas:
        for zone, family in sorted(alone):
            count = sum(each.lines for each in said if (each.area, each.family) == (area, family))
            if count and _zone(area) == zone:
                yield {"area": area, "family": family, "said": count}


def _one_sided(
    said: Sequence[_Said], areas: Sequence[str], snapshot: Snapshot
) -> Iterator[dict[str, Any]]:
    lending = set()
    for id_ in loans_lent(snapshot).column("lender_id").unique().to_pylist():
        borough = snapshot.boroughs.get(id_)
        lending |= {borough, zone_of(borough)}
    for area in areas:
        count = sum(each.lines for each in said if each.area == area and each.borrows)
        if count and area not in lending:
            yield {"area": area, "said": count}


def _zone(area: str) -> str:
    return BOROUGHS[area].zone if area in BOROUGHS else area


def _said(output: Output) -> Iterator[_Said]:
    places = [name for name in output.keys if name in (*_BORROWS, *_LENDS)]
    if output.witness is not None:
        for place in places:
            yield from _said_of_lines(output, output.witness, place)
        return
    for figure in output.shown if places else ():
        keys = dict(zip(output.keys, figure.keys, strict=True))
        fewest = min((len(part) for part in figure.parts), default=0)
        for place in places:
            yield _Said(keys[place], place in _BORROWS, _family(keys), fewest)


def _said_of_lines(output: Output, witness: LineWitness, place: str) -> Iterator[_Said]:
    """Lines: behind each stand those of all lines with the same area."""
    import pyarrow as pa

    cells = output.cells
    for side, people in witness.sides.items():
        cells = cells.append_column(side, pa.array(people, pa.int64()))
    each_side = [(side, "count_distinct") for side in witness.sides]
    fewest = {
        row[place]: min(row[f"{side}_count_distinct"] for side in witness.sides)
        for row in cells.group_by(place).aggregate(each_side).to_pylist()
    }
    for row in cells.group_by([place, "family"]).aggregate([([], "count_all")]).to_pylist():
        lines = row["count_all"]
        yield _Said(row[place], place in _BORROWS, _family(row), fewest[row[place]], lines)


def _family(keys: Mapping[str, str]) -> str | None:
    if "category" in keys:
        return FAMILY[Kind(keys["category"])].value
    return keys.get("family")
