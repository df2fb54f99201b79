"""What is still to be set up, by facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.founding.rules import STEPS, Step
from mutuali.founding.rules.steps import LEAST_ORGANIZATIONS
from mutuali.network import service as network
from mutuali.network.rules import PUT_AWAY_AFTER
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class Checklist:
    """Whether each step is done; ``may_be_put_away`` once those who answer are named, and thirty
    days have passed."""

    done: Mapping[Step, bool]
    put_away: bool
    may_be_put_away: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is to be shown any more."""
        return self.put_away or all(self.done.values())

    @property
    def first_open(self) -> Step | None:
        """What is to be done next."""
        return next((step for step in STEPS if not self.done[step]), None)


def checklist(session: Session, *, now: datetime) -> Checklist:
    """What is done, seen from what is stored: nobody ticks anything."""
    known = network.network(session)
    operator = organizations.operator_id(session)
    done = {
        Step.OPERATOR: operator is not None and organizations.is_spoken_for(session, operator),
        Step.NAME: bool(known.name),
        Step.REGION: known.boroughs is not None,
        Step.PURPOSES: known.purposes is not None,
        Step.OFFICER: organizations.offices(session).person_in_charge is not None,
        Step.ORGANIZATIONS: organizations.count_members(session) >= LEAST_ORGANIZATIONS,
    }
    old = known.begun_at is not None and now >= known.begun_at + PUT_AWAY_AFTER
    return Checklist(done, known.put_away_at is not None, old and _answered_for(done))


def put_away(session: Session, actor: Actor, *, now: datetime) -> None:
    """Put away what is left of it. Raises Forbidden, Conflict: nobody answers yet, or too early."""
    done = checklist(session, now=now).done
    network.put_away(session, actor, ready=_answered_for(done), now=now)


def _answered_for(done: Mapping[Step, bool]) -> bool:
    return done[Step.OPERATOR] and done[Step.OFFICER]
