"""Columns of many rows made at once: labels for ids, seasons for instants, bands for numbers.

Each works on what is distinct, or on a few edges, so that a million rows cost a handful of passes.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mutuali.exports.rules.seasons import Season

if TYPE_CHECKING:
    import pyarrow as pa


def labelled(column: "pa.ChunkedArray", labels: Mapping[Any, str], other: str = "") -> "pa.Array":
    """The label of each value; ``other`` for what has none and for NA."""
    encoded = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return coded(
        [labels.get(value, other) for value in encoded.dictionary.to_pylist()], encoded.indices
    )


def coded(labels: Sequence[str | None], positions: "pa.Array") -> "pa.Array":
    """``labels[p]`` for each of ``positions``; equal labels become one, NA where there is none."""
    import pyarrow as pa

    names = list(dict.fromkeys(label for label in labels if label is not None))
    at = {name: number for number, name in enumerate(names)}
    numbers = pa.array([None if label is None else at[label] for label in labels], pa.int32())
    return pa.DictionaryArray.from_arrays(numbers.take(positions), pa.array(names, pa.string()))


def seasons(starts: "pa.ChunkedArray", among: Sequence[Season]) -> "pa.Array":
    """The season that each second since 1970 falls in; NA outside of all.

    ``among`` follow one another without a gap.
    """
    edges = [int(season.period.start.timestamp()) for season in among]
    edges.append(int(among[-1].period.end.timestamp()))
    return coded([None, *(season.name for season in among), None], past_edges(starts, edges))


def past_edges(values: "pa.ChunkedArray", edges: Sequence[int]) -> "pa.Array":
    """How many of the ascending ``edges`` each value has reached: 0 below the first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    reached = pa.array([0] * len(values), pa.int32()) if not edges else None
    for edge in edges:
        here = pc.cast(pc.greater_equal(values, edge), pa.int32())
        reached = here if reached is None else pc.add(reached, here)
    return reached.combine_chunks() if isinstance(reached, pa.ChunkedArray) else reached
