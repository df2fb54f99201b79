"""The distinct values of a released column, in the order of their cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.apply import Decision
from mutuali.privacy.recode.histogram import IntArray
from mutuali.privacy.text import cell_text


@dataclass(frozen=True, slots=True)
class Values:
    """The distinct values of a column in the order of their cells.

    ``place`` tells where each stands; values whose cells read the same share one. NA comes first.
    """

    known: pa.Array
    place: IntArray

    @classmethod
    def of(cls, values: Sequence[Any], type_: pa.DataType) -> tuple["Values", IntArray]:
        """The values put in order, and the new number of each."""
        order = sorted(range(len(values)), key=lambda n: (cell_text(values[n]), repr(values[n])))
        number = np.zeros(len(values), dtype=np.int64)
        number[order] = np.arange(len(values))
        cells = [cell_text(values[n]) for n in order]
        new = [cell != before for cell, before in zip(cells[1:], cells, strict=False)]
        place = np.cumsum([0, *new])
        return cls(pa.array([values[n] for n in order], type_), place), number

    @property
    def tied(self) -> bool:
        """Whether two values read the same."""
        return int(self.place[-1]) + 1 < len(self.place)

    def column(self, codes: IntArray) -> pa.DictionaryArray:
        """The values with these numbers; NA is in no dictionary."""
        missing = self.known.null_count
        places = pa.array((codes - missing).astype(np.int32), mask=codes < missing)
        return pa.DictionaryArray.from_arrays(places, self.known[missing:])


class Labels:
    """The labels of all quasi-identifiers, tuple by tuple."""

    def __init__(self, plan: Plan, decision: Decision) -> None:
        self.values: dict[str, Values] = {}
        self._codes: dict[str, IntArray] = {}
        for column, step, levels, leaves in zip(
            plan.named(Role.QUASI_IDENTIFIER),
            decision.ladders,
            decision.recoded.levels,
            decision.census.leaves,
            strict=True,
        ):
            texts = [text for level in step.texts for text in level]
            distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
            known, number = Values.of(list(distinct), pa.string())
            of_text = number[[distinct[text] for text in texts]]
            starts = np.cumsum([0, *(len(level) for level in step.texts)])
            self.values[column.name] = known
            self._codes[column.name] = of_text[starts[levels] + step.label[levels, leaves]]

    def of(self, name: str, tuples: IntArray) -> IntArray:
        """The number of the label of each tuple."""
        return self._codes[name][tuples]
