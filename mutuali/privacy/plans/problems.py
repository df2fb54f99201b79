"""What is wrong with a plan that somebody wrote, said all at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mutuali.privacy.errors import PlanError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct: ``code`` has its sentence in ``wording``, filled in by ``details``.

    ``place`` is the path of the table or key in the TOML file, empty for the whole; ``line`` counts
    from 1, None where it is not known.
    """

    code: str
    place: tuple[str, ...] = ()
    line: int | None = None
    details: dict[str, object] = field(default_factory=dict)


class PlanProblems(PlanError):
    """The plan cannot be read; ``problems`` holds at least one."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(_said(problem) for problem in problems))
        self.problems = problems


class Misfit(PlanError):
    """A rule that cannot be kept, to be told at the place where it was asked for."""

    def __init__(self, code: str, /, **details: object) -> None:
        super().__init__(" ".join([code, *(f"{name}={value}" for name, value in details.items())]))
        self.code = code
        self.details = details


def _said(problem: Problem) -> str:
    return " ".join(_parts(problem))


def _parts(problem: Problem) -> Iterator[str]:
    if problem.line is not None:
        yield f"line {problem.line}:"
    if problem.place:
        yield ".".join(problem.place)
    yield problem.code
    yield from (f"{name}={value!r}" for name, value in problem.details.items())
