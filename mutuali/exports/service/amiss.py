"""What can be amiss with what left, as questions to the database."""

from datetime import timedelta

from sqlalchemy import Select, exists, func, select

from mutuali.counts import Amiss, ago
from mutuali.exports.models import Assessment, Export
from mutuali.exports.rules.assessments import Opinion
from mutuali.exports.rules.catalogue import CATALOGUE, DataClass

_TODAY = func.date(ago(timedelta()))


def left_unassessed() -> Amiss:
    """How many releases that are still out have no favourable privacy assessment, or no more."""
    favourable = exists().where(
        Assessment.dataset == Export.dataset,
        Assessment.opinion == Opinion.FAVOURABLE,
        Assessment.valid_until > _TODAY,
    )
    return select(func.count(Export.id)).where(
        Export.released_at.is_not(None), Export.recalled_at.is_(None), ~favourable
    )


def released_anonymized() -> Select[int]:
    """Every release of anonymized data, by its id."""
    anonymized = [each.value for each in CATALOGUE if CATALOGUE[each].data_class is _ANONYMIZED]
    return select(Export.id).where(Export.released_at.is_not(None), Export.dataset.in_(anonymized))


def still_out() -> Select[int]:
    """Every release that was not called back, by its id."""
    return select(Export.id).where(Export.released_at.is_not(None), Export.recalled_at.is_(None))


_ANONYMIZED = DataClass.ANONYMIZED
