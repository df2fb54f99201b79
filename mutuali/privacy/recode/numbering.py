"""Numbers for values, batch by batch: each distinct value of a batch is looked up once."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mutuali.privacy.plan import Hierarchy

IntArray = npt.NDArray[np.int64]

#: The number of a value that has none.
FAULT = -1


def encoded(column: Any) -> Any:
    """The column as dictionary and positions in it."""
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def texts_of(dictionary: Any) -> list[str | None]:
    """The values as text, NA and empty text as None."""
    return [text or None for text in dictionary.cast(pa.string()).to_pylist()]


class Numbers(ABC):
    """Numbers of the values of one column; batches that share a dictionary share the look-up."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._dictionary: Any = None
        self._numbers = np.zeros(0, dtype=np.int64)
        self.faulty = False

    def of(self, column: Any) -> IntArray:
        """The number of each value, ``FAULT`` where there is none; ``faulty`` says it may occur."""
        column = encoded(column)
        if self._dictionary is None or not column.dictionary.equals(self._dictionary):
            self._dictionary = column.dictionary
            numbers = [*self._look_up(column.dictionary), FAULT]
            self._numbers = np.array(numbers, dtype=np.int64)
        places = column.indices
        if places.null_count:
            self._numbers[-1] = self._missing()
            places = places.fill_null(len(self._numbers) - 1)
        self.faulty = bool((self._numbers[:-1] < 0).any()) or (
            places is not column.indices and bool(self._numbers[-1] < 0)
        )
        found: IntArray = self._numbers[places.to_numpy(zero_copy_only=False)]
        return found

    @abstractmethod
    def _look_up(self, dictionary: Any) -> Iterable[int]:
        """The number of each value of a dictionary."""

    @abstractmethod
    def _missing(self) -> int:
        """The number of NA."""


class LeafNumbers(Numbers):
    """Positions in the chains of a hierarchy, times ``stride``; NA is past the last if unnamed."""

    def __init__(self, name: str, hierarchy: Hierarchy, stride: int) -> None:
        super().__init__(name)
        self.stride = stride
        self._leaves = {chain[0]: leaf for leaf, chain in enumerate(hierarchy.chains)}
        self._leaves.setdefault(None, len(self._leaves))

    @staticmethod
    def size(hierarchy: Hierarchy) -> int:
        """How many positions there can be, NA included."""
        return len(hierarchy.chains) + all(chain[0] is not None for chain in hierarchy.chains)

    def _look_up(self, dictionary: Any) -> Iterable[int]:
        for text in texts_of(dictionary):
            leaf = self._leaves.get(text, FAULT)
            yield leaf if leaf < 0 else leaf * self.stride

    def _missing(self) -> int:
        return self._leaves[None] * self.stride


class Pool:
    """Values of one or more columns, numbered as they come; NA is a value."""

    def __init__(self) -> None:
        self._numbers: dict[str | None, int] = {}
        self._values: list[Any] = []
        self._type = pa.null()

    @property
    def size(self) -> int:
        """How many values are known."""
        return len(self._values)

    def add(self, dictionary: Any) -> list[int]:
        """The number of each value, a new one for a value not seen before."""
        self._type = dictionary.type if pa.types.is_null(self._type) else self._type
        return [
            self.number(text, value)
            for text, value in zip(texts_of(dictionary), dictionary.to_pylist(), strict=True)
        ]

    def number(self, text: str | None, value: Any) -> int:
        """The number of a value by its text."""
        known = self._numbers.setdefault(text, len(self._values))
        if known == len(self._values):
            self._values.append(None if text is None else value)
        return known

    def ranks(self) -> IntArray:
        """The place of each number in the order of the texts, NA last."""
        ranks = np.zeros(self.size, dtype=np.int64)
        ranks[self._order()] = np.arange(self.size)
        return ranks

    def values(self) -> pa.Array:
        """The values in the order of their texts, NA last."""
        type_ = pa.string() if pa.types.is_null(self._type) else self._type
        return pa.array([self._values[number] for number in self._order()], type_)

    def _order(self) -> list[int]:
        texts = sorted(text for text in self._numbers if text is not None)
        ordered = [self._numbers[text] for text in texts]
        return ordered + ([self._numbers[None]] if None in self._numbers else [])


class ValueNumbers(Numbers):
    """Numbers from a pool; ``required``: NA has none."""

    def __init__(self, name: str, pool: Pool, *, required: bool = False) -> None:
        super().__init__(name)
        self.pool = pool
        self._required = required

    def _look_up(self, dictionary: Any) -> Iterable[int]:
        if not self._required:
            return self.pool.add(dictionary)
        texts = texts_of(dictionary)
        return [FAULT if text is None else self.pool.number(text, text) for text in texts]

    def _missing(self) -> int:
        return FAULT if self._required else self.pool.number(None, None)
