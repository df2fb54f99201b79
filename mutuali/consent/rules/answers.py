"""Purposes, answers, and when a yes is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from mutuali.core.period import local
from mutuali.organizations.rules import APPLICANT_KINDS, OrganizationKind, OrganizationState


class Purpose(StrEnum):
    """Why data is used; consent and agreements name the same list."""

    NETWORK_STATISTICS = "network_statistics"
    SHARING_STUDY = "sharing_study"
    MOBILITY_PLANNING = "mobility_planning"
    NAMED_PUBLICLY = "named_publicly"
    OPEN_DATA = "open_data"


class Subject(StrEnum):
    """Whom a question is put to, each for itself: neither answers for the other."""

    ORGANIZATION = "organization"
    PERSON = "person"


class Answer(StrEnum):
    """What a subject says; ``withdrawn`` is a no after a yes."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What happened between one notice and one subject.

    ``re_asked`` stands for ``asked`` where an earlier version of the notice was put to them.
    """

    ASKED = "asked"
    RE_ASKED = "re_asked"
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Standing(StrEnum):
    """What counts now; all but ``given`` are a no."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNANSWERED = "unanswered"


#: Events that are no answer.
ASKED = frozenset({Event.ASKED, Event.RE_ASKED})
#: Standings under which a question waits for an answer.
WAITING = frozenset({Standing.UNANSWERED, Standing.EXPIRED})

#: What one may ask whom: a list that names organizations says nothing about a person.
PURPOSES_OF: Mapping[Subject, frozenset[Purpose]] = {
    Subject.ORGANIZATION: frozenset(Purpose),
    Subject.PERSON: frozenset(Purpose) - {Purpose.NAMED_PUBLICLY},
}
#: What everybody may read and copy once it is out.
PUBLISHED = frozenset({Purpose.NAMED_PUBLICLY, Purpose.OPEN_DATA})

#: How long a yes lasts unless the notice says otherwise, and the most it may say.
MONTHS = 24
MOST_MONTHS = 36
#: No yes is in force longer than this after it was said.
LONGEST = timedelta(days=3 * 366)

_BANDS = ((0, 4), (5, 9), (10, 19), (20, 49), (50, None))


@dataclass(frozen=True, slots=True)
class Said:
    """The latest event under one notice; ``until`` is set for a yes only."""

    notice_id: int
    event: Event
    at: datetime
    until: datetime | None


def standing(newest_notice_id: int, last: Said | None, now: datetime) -> Standing:
    """What ``last``, the latest that happened with a subject, counts for at ``now``.

    An answer under an older notice than the newest counts as none: what was asked has changed. A
    yes ends at the very instant of its end, whether or not anybody wrote that down yet.
    """
    if last is None or last.notice_id != newest_notice_id or last.event in ASKED:
        return Standing.UNANSWERED
    if last.event is not Event.GIVEN:
        return Standing(last.event.value)
    if last.until is None or last.until <= now:
        return Standing.EXPIRED
    return Standing.GIVEN


def until_of(at: datetime, months: int) -> datetime:
    """When a yes of ``at`` ends: the same day and hour in Montréal, ``months`` months later."""
    return (local(at) + relativedelta(months=months)).astimezone(UTC)


def is_asked(kind: OrganizationKind, state: OrganizationState) -> bool:
    """Whether an organization is asked at all: accepted, and not one that receives data."""
    return state is OrganizationState.ACCEPTED and kind in APPLICANT_KINDS


def may_receive(kind: OrganizationKind, state: OrganizationState) -> bool:
    """Whether an organization may be the recipient that a notice names."""
    return state is OrganizationState.ACCEPTED and kind not in APPLICANT_KINDS


def band(count: int) -> tuple[int, int | None]:
    """The band that stands for ``count`` where the number itself would say too much.

    Both bounds are included; None means that there is no upper one.
    """
    return next((low, high) for low, high in reversed(_BANDS) if count >= low)
