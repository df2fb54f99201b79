"""Watching long work, and ending it."""

from collections.abc import Callable

#: Called with a stage and the share of it that is done, 0 to 1, from the caller's own thread and
#: several times a second while rows move. What it raises cancels the work and is passed on.
Progress = Callable[[str, float], None]

#: Asked again and again by a search that can end at any time with the best it has: is it time?
Expired = Callable[[], bool]


def unheard(stage: str, done: float) -> None:
    """The progress of work that nobody watches."""


def never() -> bool:
    """There is no hurry."""
    return False
