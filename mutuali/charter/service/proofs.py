"""What can be counted, in public, of what is done for each principle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.charter.rules import Fact
from mutuali.charter.service.facts import Questions, amiss
from mutuali.consent import service as consent
from mutuali.equipment import service as equipment
from mutuali.exports import service as exports
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.inventory.rules import entries
from mutuali.trips import service as trips

_YEAR = timedelta(days=365)
#: Facts of the network that the page tells.
_TOLD = (
    *(Fact.DATA_STAYS_IN_QUEBEC, Fact.ASSESSED_BEFORE, Fact.CALLS_RETURNED),
    *(Fact.OFFICER_NAMED, Fact.REQUESTS_OF_PERSONS_IN_TIME),
)


@dataclass(frozen=True, slots=True)
class Proofs:
    """Figures that name and count no organization."""

    columns: int
    datasets: int
    listings: int
    in_both_languages: int
    questions: int
    released: int
    trips: int
    sealed_day: date | None
    sealed: int
    amiss: Mapping[Fact, int | None]


def proofs(session: Session, *, questions: Questions, now: datetime) -> Proofs:
    """The live figures of the page of the Charter."""
    head = audit.heads(session, now=now).last
    return Proofs(
        columns=len(tuple(entries())),
        datasets=len(CATALOGUE),
        listings=equipment.count_published(session),
        in_both_languages=equipment.count_bilingual(session),
        questions=len(consent.reached_at(session, now)),
        released=len(exports.released(session, now=now)),
        trips=trips.count_offered(session, since=now - _YEAR),
        sealed_day=head.day if head else None,
        sealed=head.count if head else 0,
        # Of the network: whichever organization is asked of.
        amiss=amiss(session, questions, _TOLD, 0, now=now),
    )
