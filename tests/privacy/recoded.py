"""Small tables released cell by cell on any level, for hypothesis, and how to read them naively."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from hypothesis import strategies as st

from mutuali.privacy.plan import Column, Role
from tests.privacy.small_tables import hierarchies

Chain = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Recoded:
    """Chains of the raw rows, column by column, the level of each cell, and what left.

    ``levels[row]`` is None for a row that did not leave; ``witness`` is in another order.
    """

    columns: tuple[Column, ...]
    chains: list[list[Chain]]
    levels: list[tuple[int, ...] | None]
    witness: list[int]

    @property
    def raw(self) -> pa.Table:
        """The raw table."""
        return self._table([[chain[0] for chain in chains] for chains in self.chains])

    @property
    def released(self) -> pa.Table:
        """What left, in the order of the witness."""
        return self._table(
            [
                [self.chains[place][row][self._left(row)[place]] for row in self.witness]
                for place in range(len(self.columns))
            ]
        )

    @property
    def suppressed(self) -> list[bool]:
        """Which raw rows did not leave, or left as nothing but '*' while others did not."""
        stars = [
            level is not None and level == tuple(c.generalization.top for c in self.columns)
            for level in self.levels
        ]
        all_stars = all(
            star or level is None for star, level in zip(stars, self.levels, strict=True)
        )
        return [
            level is None or (star and not all_stars)
            for star, level in zip(stars, self.levels, strict=True)
        ]

    def level(self, row: int, place: int) -> int:
        """The level of a cell; the top where its row is suppressed."""
        if self.suppressed[row]:
            return self.columns[place].generalization.top
        return self._left(row)[place]

    def _left(self, row: int) -> tuple[int, ...]:
        levels = self.levels[row]
        assert levels is not None
        return levels

    def _table(self, columns: Sequence[Sequence[str | None]]) -> pa.Table:
        return pa.table(
            {
                column.name: pa.array(values, pa.string())
                for column, values in zip(self.columns, columns, strict=True)
            }
        )


@st.composite
def recoded(draw: st.DrawFn) -> Recoded:
    """One to 16 rows of one to three columns, any cell on any level; labels tell their level."""
    columns = tuple(
        Column(f"q{n}", Role.QUASI_IDENTIFIER, draw(hierarchies()), draw(st.sampled_from([1, 2.5])))
        for n in range(draw(st.integers(1, 3)))
    )
    rows = draw(st.integers(1, 16))
    chains = [
        [draw(st.sampled_from(column.generalization.chains)) for _ in range(rows)]
        for column in columns
    ]
    mixed = draw(st.booleans())
    scheme = tuple(draw(st.integers(0, column.generalization.top)) for column in columns)
    levels: list[tuple[int, ...] | None] = []
    for _ in range(rows):
        if draw(st.integers(0, 4)) == 0:
            levels.append(None)
        elif mixed:
            levels.append(tuple(draw(st.integers(0, c.generalization.top)) for c in columns))
        else:
            levels.append(scheme)
    left = [row for row, level in enumerate(levels) if level is not None]
    return Recoded(columns, chains, levels, draw(st.permutations(left)))
