"""What a build and a release stand on, looked at before either."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, is_in_force
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Reason
from mutuali.core.period import local
from mutuali.exports.models import Export
from mutuali.exports.rules.regimes import Ground, Regime, obstacles
from mutuali.exports.service.assessments import assessment_in_force
from mutuali.organizations import service as organizations


def stand(
    session: Session, row: Export, *, hosted_outside: bool, now: datetime
) -> agreements.AgreementFacts:
    """The agreement of an export that may be built or let out now.

    ``hosted_outside``: this instance, or where it keeps its files, is outside Québec.

    Raises:
        Conflict: the agreement is over, or something the law asks for is missing; all at once.
    """
    agreement = agreements.agreement_by_id(session, row.agreement_id, now=now)
    if missing := what_is_missing(session, agreement, row, hosted_outside=hosted_outside, now=now):
        raise Conflict(*missing)
    return agreement


def what_is_missing(
    session: Session,
    agreement: agreements.AgreementFacts,
    row: Export,
    *,
    hosted_outside: bool,
    now: datetime,
) -> Sequence[Reason]:
    """Why the export may not be built or let out now; nothing when it may."""
    if not is_in_force(agreement, now):
        return (Reason("export.agreement_over"),)
    dataset = Dataset(row.dataset)
    outside = agreement.outside_quebec or hosted_outside
    ground = Ground(
        regime=Regime(row.regime),
        dataset=dataset,
        purpose=Purpose(row.purpose),
        to_operator=agreement.is_internal,
        assessed=assessment_in_force(session, dataset, outside=False, now=now) is not None,
        outside=outside,
        assessed_outside=outside
        and assessment_in_force(session, dataset, outside=True, now=now) is not None,
        cai_sent_on=agreement.cai_sent_on,
        in_charge=organizations.offices(session).person_in_charge is not None,
    )
    return tuple(obstacles(ground, local(now).date()))
