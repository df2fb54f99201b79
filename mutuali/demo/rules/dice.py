"""The dice that the generators roll: what they use of the standard library's ``Random``."""

from collections.abc import MutableSequence, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Dice(Protocol):
    """A seeded source of chance: the same seed makes the same network."""

    def random(self) -> float:
        """A number from 0 up to and not including 1."""

    def randint(self, a: int, b: int, /) -> int:
        """A whole number from ``a`` to ``b``, both included."""

    def gauss(self, mu: float, sigma: float, /) -> float:
        """A normally distributed number."""

    def expovariate(self, lambd: float, /) -> float:
        """An exponentially distributed number with mean ``1 / lambd``."""

    def choice(self, seq: Sequence[T], /) -> T:
        """One of ``seq``."""

    def choices(
        self, population: Sequence[T], /, weights: Sequence[float] | None = ..., *, k: int = ...
    ) -> list[T]:
        """``k`` of ``population``, by weight."""

    def shuffle(self, x: MutableSequence[Any], /) -> None:
        """Put ``x`` into random order."""
