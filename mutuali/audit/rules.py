"""The chain: what a seal covers, in each layout, and what the head of a day says."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from mutuali.core.canonical import canonical
from mutuali.core.period import local

#: What the first seal chains to.
GENESIS = "0" * 64

#: A seal of this layout covers the content of its event; it can only be checked by reading it.
DIRECT = 1
#: A seal of this layout covers the hash of its event, so anybody can check it without reading.
HASHED = 2


@dataclass(frozen=True, slots=True)
class Deed:
    """What an event says."""

    event_id: int
    occurred_at: datetime
    person_id: int | None
    name: str
    subject_kind: str
    subject_id: int
    facts: Mapping[str, object]

    @property
    def content(self) -> dict[str, object]:
        """The deed as seals cover it and files carry it; UTC, to the microsecond."""
        return {
            "event": self.event_id,
            "at": self.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "person": self.person_id,
            "name": self.name,
            "subject": f"{self.subject_kind}:{self.subject_id}",
            "facts": self.facts,
        }


def seal_of_content(previous: str, content: Mapping[str, object]) -> str:
    """Layout 1: SHA-256, hex, over the previous seal and all that the event says."""
    return _sha256({"previous": previous, **content})


def event_hash(content: Mapping[str, object], blind: str) -> str:
    """SHA-256, hex, of what an event says.

    ``blind`` is random and known to readers of the log only: without it somebody who guesses at a
    deed could try the guess on the hash.
    """
    return _sha256({"blind": blind, **content})


def seal_of_hash(previous: str, sequence: int, hashed: str) -> str:
    """Layout 2: SHA-256, hex, over the previous seal, the link's number and the event's hash."""
    return _sha256({"event": hashed, "layout": HASHED, "previous": previous, "sequence": sequence})


@dataclass(frozen=True, slots=True)
class Link:
    """A stored seal and the deed that it covers; none when somebody took the event away."""

    sequence: int
    layout: int
    seal: str
    blind: str | None
    deed: Deed | None

    @property
    def full(self) -> dict[str, object]:
        """The link as readers of the log get it: numbers and plain values, no name."""
        content = self.deed.content if self.deed else None
        return {**self._covered(content), "blind": self.blind}

    @property
    def public(self) -> dict[str, object]:
        """The link as everybody gets it: of the event only its hash, where it has one."""
        return self._covered(self._hashed())

    def follows(self, previous: str) -> bool:
        """Whether its seal is the one that its event and the seal before it make."""
        if self.deed is None:
            return False
        if self.layout == DIRECT:
            return self.seal == seal_of_content(previous, self.deed.content)
        hashed = self._hashed()
        return hashed is not None and self.seal == seal_of_hash(previous, self.sequence, hashed)

    def _hashed(self) -> str | None:
        if self.deed is None or self.blind is None:
            return None
        return event_hash(self.deed.content, self.blind)

    def _covered(self, event: object) -> dict[str, object]:
        return {
            "sequence": self.sequence,
            "layout": self.layout,
            "event": event,
            "seal": self.seal,
        }


class Signed(Protocol):
    """A signature: which key, and its value in base64."""

    @property
    def key_id(self) -> str:
        """What the key is called."""

    @property
    def value(self) -> str:
        """64 bytes in base64."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain stood when a day in Montréal had ended: how many links, the last seal."""

    day: date
    count: int
    seal: str
    signed_at: datetime
    key_id: str = ""
    signature: str = ""

    @property
    def signed_bytes(self) -> bytes:
        """What its signature covers."""
        return canonical(
            {
                "what": "mutuali.log.head",
                "day": self.day.isoformat(),
                "count": self.count,
                "seal": self.seal,
                "signed_at": self._signed_at(),
            }
        )

    @property
    def public(self) -> dict[str, object]:
        """The head as it is published."""
        return {
            "day": self.day.isoformat(),
            "count": self.count,
            "seal": self.seal,
            "signed_at": self._signed_at(),
            "key": self.key_id,
            "signature": self.signature,
        }

    def _signed_at(self) -> str:
        return self.signed_at.astimezone(UTC).isoformat(timespec="seconds")


def ended_day(now: datetime) -> date:
    """The last day that is over in Montréal."""
    return local(now).date() - timedelta(days=1)


def missing_days(signed: Sequence[date], first: datetime | None, now: datetime) -> list[date]:
    """The days that are over and have no head, since the day of the ``first`` seal."""
    if first is None:
        return []
    day, last, known = local(first).date(), ended_day(now), set(signed)
    days = (day + timedelta(days=n) for n in range((last - day).days + 1))
    return [each for each in days if each not in known]


class Fault(StrEnum):
    """What is wrong with a chain."""

    #: The seal is not the one that its event and the seal before it make.
    CHANGED = "changed"
    #: A link with this number should stand here.
    MISSING = "missing"
    #: A later layout was in use already.
    LAYOUT = "layout"
    #: The seal is another than the one published for the end of a day.
    HEAD = "head"
    #: The chain ends before the end of a day for which a head was published.
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Read:
    """A chain read to its end or to its first fault: links that hold, the last seal, what failed.

    ``at`` is the number of the first link that does not hold.
    """

    held: int
    last: str
    fault: Fault | None = None
    at: int | None = None


def read_chain(links: Iterable[Link], heads: Iterable[Head]) -> Read:
    """Follow ``links`` from the first, and hold them against the published ``heads``."""
    published: dict[int, set[str]] = {}
    for head in heads:
        published.setdefault(head.count, set()).add(head.seal)
    held, previous, layout = 0, GENESIS, DIRECT
    for link in links:
        number = held + 1
        fault = _fault(link, number, previous, layout)
        if fault is None and published.get(number, set()) - {link.seal}:
            fault = Fault.HEAD
        if fault is not None:
            return Read(held, previous, fault, number)
        held, previous, layout = number, link.seal, link.layout
    if any(count > held for count in published):
        return Read(held, previous, Fault.CUT, held + 1)
    return Read(held, previous)


def _fault(link: Link, number: int, previous: str, layout: int) -> Fault | None:
    if link.sequence != number:
        return Fault.MISSING
    if link.layout < layout:
        return Fault.LAYOUT
    return None if link.follows(previous) else Fault.CHANGED


def json_lines(records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Each record as one line of JSON."""
    return (f"{_written(record)}\n" for record in records)


def _sha256(value: Mapping[str, object]) -> str:
    return hashlib.sha256(_written(value).encode()).hexdigest()


def _written(value: Mapping[str, object]) -> str:
    # Not `canonical`: the facts of an event may hold a fraction, which JSON brings back as it was.
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
