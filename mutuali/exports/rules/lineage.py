"""Closed periods are released once: what a later export may say of a period already let out.

A *part* is one table of one closed period, as one export let it out first, to whomever.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from mutuali.agreements.rules import OnWithdrawal, ReleaseSettings

#: Side -> keyed fingerprints of those behind something on it; persons are a side of their own.
Behind = Mapping[str, frozenset[str]]


class Kind(StrEnum):
    """Whom a fingerprint is of."""

    ORGANIZATION = "organization"
    PERSON = "person"


#: The side on which the persons behind rows stand.
PERSONS = "person"


def fingerprints(key: bytes, kind: Kind, ids: Iterable[int]) -> dict[int, str]:
    """Id -> its fingerprint, 64 hex digits of HMAC-SHA-256 (RFC 2104) under a secret key."""
    return {id_: hmac.digest(key, f"{kind}:{id_}".encode(), "sha256").hex() for id_ in ids}


#: What a report says to those who answer for it only. It tells of how few contributors two releases
#: differ, which is what hiding a figure is to keep from whoever holds both.
_INSIDE = frozenset({"findings", "held_back"})


def told_outside(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report as its recipient may read it."""
    return {name: value for name, value in report.items() if name not in _INSIDE}


class Follow(StrEnum):
    """What becomes of a closed period in a new export."""

    #: Never let out: it is built.
    BUILD = "build"
    #: Let out before and everybody in it still says yes: the same lines again.
    COPY = "copy"
    #: Somebody in it says yes no more, and enough left together: built without them.
    REPLACE = "replace"
    #: Somebody in it says yes no more: nothing is said of it.
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was let out: by which export, under which settings, and who was behind it."""

    export_id: int
    table: str
    period: str
    settings: ReleaseSettings
    behind: Behind


def follow(
    parts: Sequence[Part], yes: frozenset[str], settings: ReleaseSettings
) -> tuple[Follow, Part | None]:
    """What may be said of a period of a table that ``parts`` let out, oldest first, and the part
    that it is copied from or takes the place of; ``yes`` are the fingerprints of who says yes."""
    if not parts:
        return Follow.BUILD, None
    for part in reversed(parts):
        if not left(part.behind, yes) and as_strict(part.settings, settings):
            return Follow.COPY, part
    latest = parts[-1]
    gone = left(latest.behind, yes)
    together = gone and all(len(some) >= settings.k for some in gone.values())
    if together and settings.on_withdrawal is OnWithdrawal.REPLACE:
        return Follow.REPLACE, latest
    return Follow.LEAVE_OUT, None


def left(behind: Behind, yes: frozenset[str]) -> dict[str, frozenset[str]]:
    """Who is behind something and says yes no more, on each side where there is anybody."""
    return {side: gone for side, people in behind.items() if (gone := people - yes)}


def as_strict(one: ReleaseSettings, other: ReleaseSettings) -> bool:
    """Whether figures made under ``one`` keep what ``other`` promises."""
    return (
        one.k >= other.k and one.share_percent >= other.share_percent and one.base % other.base == 0
    )
