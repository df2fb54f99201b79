"""What a whole release says of a population, and on average; counted again in plain Python."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mutuali.privacy.check.remeasure_models import MeasuredModel
from mutuali.privacy.check.reread import Cells, harmless, plain_text
from mutuali.privacy.plan import AverageRisk, Column, DeltaPresence, KMap, Plan, Role

_NEAR = 1e-9


def remeasure_whole(
    plan: Plan,
    classes: Mapping[Cells, Sequence[int]],
    raw: Mapping[str, Sequence[object]],
    sizes: Mapping[str, Sequence[int]],
    population: Iterable[Mapping[str, object]],
) -> tuple[list[MeasuredModel], list[str]]:
    """The figures of the models that look at more than one class, and which are broken.

    ``classes`` are lines by their quasi-identifiers, ``raw`` the raw values of each line, ``sizes``
    those of the classes in each unit that counts.
    """
    measured: list[MeasuredModel] = []
    findings: list[str] = []
    behind = _behind(plan, classes, raw, population) if plan.population_models else Counter()
    for model in plan.models:
        match model:
            case KMap(k=k):
                least = min(behind[cells] for cells in classes)
                measured.append(_found(model, "population", "k-map", k, least))
                if least < k:
                    findings.append(f"a class could be {least} of the population; {k} are promised")
            case DeltaPresence(low=low, high=high):
                shares = [len(lines) / max(behind[key], 1) for key, lines in classes.items()]
                measured.append(_found(model, "population", "lowest presence", low, min(shares)))
                measured.append(_found(model, "population", "highest presence", high, max(shares)))
                if low and behind.keys() - classes.keys():
                    findings.append("some of the population is under no label that was released")
                if min(shares) < low - _NEAR or max(shares) > high + _NEAR:
                    findings.append(f"presence from {min(shares):.6g} to {max(shares):.6g}")
            case AverageRisk(most=most):
                for unit, counted in sizes.items():
                    risk = len(counted) / sum(counted)
                    measured.append(_found(model, unit, "average risk", most, risk))
                    if risk > most + _NEAR:
                        findings.append(f"average risk {risk:.6g} on {unit!r}; {most} is promised")
    return measured, findings


def _found(
    model: KMap | DeltaPresence | AverageRisk, unit: str, name: str, promised: float, figure: float
) -> MeasuredModel:
    return MeasuredModel(model.name, None, unit, name, promised, figure)


def _behind(
    plan: Plan,
    classes: Mapping[Cells, Sequence[int]],
    raw: Mapping[str, Sequence[object]],
    population: Iterable[Mapping[str, object]],
) -> Counter[Cells]:
    """The rows of the population under each combination of labels, one level per column."""
    quasi = [column for column in plan.columns if column.role is Role.QUASI_IDENTIFIER]
    labels = []
    for place, column in enumerate(quasi):
        chains = _chains(column)
        fitting = [
            {
                level
                for level, label in enumerate(chains[plain_text(raw[column.name][line])])
                if label == cells[place]
            }
            for cells, lines in classes.items()
            for line in lines
        ]
        level = min(set.intersection(*fitting))
        labels.append({value: chain[level] for value, chain in chains.items()})
    return Counter(
        tuple(
            known[plain_text(person[column.name])]
            for column, known in zip(quasi, labels, strict=True)
        )
        for person in population
    )


def _chains(column: Column) -> dict[str, Cells]:
    """The cells that each value may be released as, level by level."""
    hierarchy = column.generalization
    top = len(hierarchy.names) - 1
    chains: dict[str, tuple[str | None, ...]] = {"": (None,) * top + ("*",)}
    chains |= {chain[0] or "": chain for chain in hierarchy.chains}
    return {value: tuple(harmless(c or "") for c in chain) for value, chain in chains.items()}
