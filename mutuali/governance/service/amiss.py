"""What can be amiss with the registers, as questions to the database."""

from datetime import timedelta

from sqlalchemy import and_, exists, func, or_, select

from mutuali.counts import Amiss, ago
from mutuali.exports import service as exports
from mutuali.governance.models import AnonymizationEntry, Incident, PersonRequest

_TODAY = func.date(ago(timedelta()))


def requests_past() -> Amiss:
    """How many requests of persons about their data are past their thirty days."""
    return select(func.count(PersonRequest.id)).where(
        PersonRequest.answered_at.is_(None), PersonRequest.due_on < _TODAY
    )


def incidents_untold() -> Amiss:
    """How many serious incidents were told not to the Commission, or not to the persons."""
    persons = or_(Incident.persons_on.is_not(None), Incident.public_notice.is_(True))
    told = and_(Incident.commission_on.is_not(None), persons)
    return select(func.count(Incident.id)).where(Incident.serious.is_(True), ~told)


def releases_unregistered() -> Amiss:
    """How many releases of anonymized data do not stand in the register."""
    known = exists().where(AnonymizationEntry.export_id == _released.c.id)
    return select(func.count()).select_from(_released).where(~known)


_released = exports.released_anonymized().subquery("released")


def releases_to_look_at_again() -> Amiss:
    """How many releases that are still out are past the day on which to analyse them again."""
    return select(func.count(AnonymizationEntry.id)).where(
        AnonymizationEntry.what == "released",
        AnonymizationEntry.next_analysis_on < _TODAY,
        AnonymizationEntry.export_id.in_(exports.still_out()),
    )
