"""A table as it stands, under the measures of a plan: nothing coarser, nothing left out."""

import numpy as np
import pyarrow as pa

from mutuali.privacy.engines.source import Source
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.loss import Loss, ladder
from mutuali.privacy.recode.recoded import Recoded
from mutuali.privacy.recode.reported import report
from mutuali.privacy.report import Report


def as_it_stands(
    source: Source, plan: Plan, population: pa.Table | None = None
) -> tuple[Report, int]:
    """What a release of every row with its own values would say of itself, and how many of its
    rows are in classes that break the plan.

    Raises:
        NothingToRelease: no rows.
        PrivacyError: as ``files.deidentify_file``, the search and the check aside.
    """
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    ladders = [ladder(column.generalization) for column in quasi]
    outside = None if population is None else histogram.build_population(population, plan)
    census = Census(histogram.gather(source, plan, plain=False), ladders, plan, outside)
    loss = Loss(quasi, ladders, census.leaves, census.rows, plan.mean)
    classes = census.classes([0] * len(quasi))
    broken = int(classes.rows[census.failing(classes)].sum())
    nothing = np.zeros(len(classes.rows), dtype=np.bool_)
    finest = tuple(np.zeros(len(census.rows), dtype=np.int64) for _ in quasi)
    recoded = Recoded(finest, 0, classes, nothing)
    return report(plan, census, loss, recoded, None), broken
