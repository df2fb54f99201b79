"""Confidentiality incidents: the eight things the register says (r. 3.1, s. 7), and how serious."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from mutuali.core.errors import Reason

#: From the day the operator became aware of it (r. 3.1, s. 8).
KEPT_FOR = relativedelta(years=5)


class Level(StrEnum):
    """How much of each of the three things that the law weighs (s. 3.7)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class IncidentDraft:
    """What is known of an incident; no name and no value of anybody's.

    ``unknown_because`` says why the information cannot be described; ``persons`` is None while
    nobody knows how many; ``in_quebec`` counts those who live there.
    """

    information: str
    unknown_because: str
    circumstances: str
    started_on: date
    ended_on: date | None
    aware_on: date
    persons: int | None
    in_quebec: int | None
    sensitivity: Level
    consequences: Level
    likelihood: Level
    serious: bool
    elements: str
    consulted_on: date | None
    measures: str


@dataclass(frozen=True, slots=True)
class Notices:
    """When the Commission and the persons were told; by public notice only for a reason."""

    commission_on: date | None
    persons_on: date | None
    public_notice: bool
    public_because: str


def is_serious(sensitivity: Level, consequences: Level, likelihood: Level) -> bool:
    """What the three levels propose; a person concludes.

    Serious when injury is likely to some degree and the two others weigh: one of them high, or
    both medium.
    """
    if likelihood is Level.LOW:
        return Level.HIGH is sensitivity and Level.HIGH is consequences
    weight = {Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 2}
    return weight[sensitivity] + weight[consequences] >= 2


def incident_objections(draft: IncidentDraft, today: date) -> tuple[Reason, ...]:
    """Why the register cannot take it: a part of its eight is missing, or dates run backwards."""
    found = []
    if not draft.information and not draft.unknown_because:
        found.append(Reason("incident.information_unsaid", {}, "information"))
    if draft.ended_on is not None and draft.ended_on < draft.started_on:
        found.append(Reason("incident.ends_before_start", {}, "ended_on"))
    if draft.aware_on < draft.started_on:
        found.append(Reason("incident.aware_before_start", {}, "aware_on"))
    if max(draft.aware_on, draft.started_on) > today:
        found.append(Reason("incident.to_come", {}, "aware_on"))
    proposed = is_serious(draft.sensitivity, draft.consequences, draft.likelihood)
    if draft.serious != proposed and len(draft.elements) < 20:
        found.append(Reason("incident.elements_unsaid", {}, "elements"))
    return tuple(found)


def notice_objections(notices: Notices, aware_on: date, today: date) -> tuple[Reason, ...]:
    """Why these dates cannot stand: before anybody knew, or to come; a public notice has a why."""
    found = []
    for field, day in (
        ("commission_on", notices.commission_on),
        ("persons_on", notices.persons_on),
    ):
        if day is not None and not aware_on <= day <= today:
            found.append(Reason("incident.notice_out_of_time", {}, field))
    if notices.public_notice and not notices.public_because:
        found.append(Reason("incident.public_because_unsaid", {}, "public_because"))
    return tuple(found)


def keep_until(aware_on: date) -> date:
    """The day until which the register keeps an incident at least."""
    return aware_on + KEPT_FOR
