"""What a release says about itself, from the histogram it was chosen on."""

import math

import numpy as np

from mutuali.privacy.models import (
    AverageRisk,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    Diversity,
    EntropyDiversity,
    KMap,
    RecursiveDiversity,
)
from mutuali.privacy.plan import AttributeModel, Plan, Role
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.classes import BoolArray
from mutuali.privacy.recode.loss import Loss
from mutuali.privacy.recode.recoded import Recoded
from mutuali.privacy.report import ClassSizes, ColumnReport, ModelFound, Report


def report(
    plan: Plan, census: Census, loss: Loss, recoded: Recoded, least_loss: float | None
) -> Report:
    """The figures of a release, and the proved bound of its loss."""
    kept = ~recoded.failing & (recoded.classes.rows > 0)
    total = int(census.rows.sum())
    scores = loss.found(recoded.levels, recoded.kept)
    columns = _columns(plan, census, loss, recoded, scores)
    sizes = _sizes(plan, census, recoded, kept)
    return Report(
        plan_hash=plan.hash,
        plan_version=plan.version,
        rows_in=total,
        rows_out=total - recoded.suppressed,
        rows_suppressed=recoded.suppressed,
        classes=int(kept.sum()),
        loss=loss.total(math.fsum(scores)),
        least_loss=least_loss,
        mean=plan.mean.value,
        columns=columns,
        sizes=sizes,
        models=(
            *_of_attributes(census, recoded, kept),
            *_of_the_whole(plan, census, recoded, kept),
        ),
        highest_risk=1 / min(size.minimum for size in (sizes[1:] or sizes)),
        columns_below_top=sum(sum(column.rows_at[:-1]) > 0 for column in columns),
    )


def _sizes(plan: Plan, census: Census, recoded: Recoded, kept: BoolArray) -> tuple[ClassSizes, ...]:
    coalition = max(plan.coalition, 1)
    sizes = []
    for unit in (None, *plan.sides):
        counts = census.counts(recoded.classes, unit)[kept]
        left = census.without(recoded.classes, unit, among=kept, coalition=coalition)[kept]
        sizes.append(
            ClassSizes(
                unit=unit or "rows",
                minimum=int(counts.min()),
                median=float(np.median(counts)),
                minimum_without=int(left.min()),
                median_without=float(np.median(left)),
            )
        )
    return tuple(sizes)


def _columns(
    plan: Plan, census: Census, loss: Loss, recoded: Recoded, scores: list[float]
) -> tuple[ColumnReport, ...]:
    kept = recoded.kept
    columns = []
    for position, column in enumerate(plan.named(Role.QUASI_IDENTIFIER)):
        names = column.generalization.names
        at = np.bincount(
            recoded.levels[position][kept], weights=census.rows[kept], minlength=len(names)
        )
        level = int(np.flatnonzero(at)[-1])
        columns.append(
            ColumnReport(
                name=column.name,
                level=level,
                level_name=names[level],
                levels=len(names),
                rows_at=tuple(int(rows) for rows in at),
                loss=loss.of_column(scores[position], position),
            )
        )
    return tuple(columns)


def _of_attributes(census: Census, recoded: Recoded, kept: BoolArray) -> list[ModelFound]:
    return [
        ModelFound(
            model=found.model.name,
            column=attribute.column,
            unit=attribute.unit,
            name=found.name,
            promised=_promised(found.model, found.name),
            figure=found.figure,
            without_one=found.without_one if math.isfinite(found.without_one) else None,
        )
        for attribute in census.attributes
        for found in attribute.figures(recoded.classes, kept)
    ]


def _promised(model: AttributeModel, name: str) -> float:
    match model:
        case Diversity():
            return model.distinct if name == "distinct" else model.most
        case EntropyDiversity():
            return model.l
        case RecursiveDiversity():
            return model.c
        case Closeness():
            return model.t
        case DeltaDisclosure():
            return model.delta
        case _:
            return model.beta


def _of_the_whole(
    plan: Plan, census: Census, recoded: Recoded, kept: BoolArray
) -> list[ModelFound]:
    classes = recoded.classes
    found = []
    for model in plan.models:
        match model:
            case KMap(k=k):
                least = int(census.in_population(classes)[kept].min())
                found.append(_found(model, "population", "k-map", k, least))
            case DeltaPresence(low=low, high=high):
                share = classes.rows[kept] / census.in_population(classes)[kept]
                found += [
                    _found(model, "population", "lowest presence", low, float(share.min())),
                    _found(model, "population", "highest presence", high, float(share.max())),
                ]
            case AverageRisk(most=most):
                for unit in census.units:
                    counts = census.counts(classes, unit)[kept]
                    risk = len(counts) / int(counts.sum())
                    found.append(_found(model, unit or "rows", "average risk", most, risk))
    return found


def _found(
    model: KMap | DeltaPresence | AverageRisk, unit: str, name: str, promised: float, figure: float
) -> ModelFound:
    return ModelFound(model.name, None, unit, name, promised, figure, None)
