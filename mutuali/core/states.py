"""Tables of states: which step leads from where to where, and nothing else does."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from mutuali.core.errors import Conflict

State = TypeVar("State", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


def follow(
    table: Mapping[tuple[State, Step], State], state: State, step: Step, refusal: str
) -> State:
    """The state that ``step`` leads to by ``table``.

    Raises:
        Conflict: it leads nowhere from ``state``; ``refusal`` is its code.
    """
    reached = table.get((state, step))
    if reached is None:
        raise Conflict(refusal, state=state.value, step=step.value)
    return reached
