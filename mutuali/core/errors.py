"""What can be refused, as data: stable codes, their parameters and the field they belong to.

Sentences live in ``web.sentences``, HTTP statuses in ``web.errors``; nothing here knows either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from mutuali.core.period import Period


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to refuse: ``feature.what_is_wrong``, values for its sentence, a field name."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a closed list among the parameters of a reason; the pages hold its words."""

    kind: str
    value: str


class DomainError(Exception):
    """A refusal with every reason at once; raised by services, answered by doors.

    ``nearest`` are the spans, nearest first, that would have been taken in place of the asked one;
    ``free`` is all the free time around the first of them.
    """

    nearest: tuple[Period, ...] = ()
    free: Period | None = None

    def __init__(self, *reasons: Reason | str, **params: object) -> None:
        self.reasons: tuple[Reason, ...] = tuple(
            Reason(reason, params) if isinstance(reason, str) else reason for reason in reasons
        )
        super().__init__(", ".join(reason.code for reason in self.reasons))


class Unreadable(DomainError):
    """The request cannot be read at all."""


class Refused(DomainError):
    """A field or a rule says no; nothing was stored."""

    @classmethod
    def because(cls, reasons: Iterable[Reason]) -> "Refused":
        """A refusal for all of ``reasons``, which holds at least one."""
        return cls(*reasons)


class Conflict(DomainError):
    """Somebody else was first, or the thing is no longer in a state that allows this."""


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    def __init__(self, code: str = "not_found", **params: object) -> None:
        super().__init__(code, **params)


class Forbidden(DomainError):
    """The actor may not do this."""

    def __init__(self, code: str = "forbidden", **params: object) -> None:
        super().__init__(code, **params)


class SignInNeeded(DomainError):
    """Nobody is signed in and the door asks for somebody."""

    def __init__(self) -> None:
        super().__init__("sign_in_needed")


class StaleVersion(DomainError):
    """The caller edits a version that is no longer the newest (412), or names none (428)."""

    def __init__(self, *, missing: bool = False) -> None:
        self.missing = missing
        super().__init__("version.missing" if missing else "version.stale")
