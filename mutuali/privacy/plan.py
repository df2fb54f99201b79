"""What a release must promise, as data: frozen, canonical, hashed."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from mutuali.privacy.errors import PlanError
from mutuali.privacy.hierarchy import ANY, Hierarchy, Leaf, leaf_text
from mutuali.privacy.models import (
    MODELS,
    AttributeModel,
    AverageRisk,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    Distance,
    Diversity,
    EntropyDiversity,
    KAnonymity,
    KMap,
    Model,
    PopulationModel,
    RecursiveDiversity,
    exact,
)

__all__ = [
    "ANY",
    "MODELS",
    "AttributeModel",
    "AverageRisk",
    "BetaLikeness",
    "Closeness",
    "Column",
    "DeltaDisclosure",
    "DeltaPresence",
    "Distance",
    "Diversity",
    "EntropyDiversity",
    "Hierarchy",
    "KAnonymity",
    "KMap",
    "Leaf",
    "Mean",
    "Model",
    "Plan",
    "PopulationModel",
    "RecodingModel",
    "RecursiveDiversity",
    "Role",
    "exact",
    "leaf_text",
]

#: The layout of the canonical JSON; part of the hash.
LAYOUT = 3

#: A column name may open a line of a CSV file, where a spreadsheet would run it.
_FORMULA = ("=", "+", "-", "@")


class Role(StrEnum):
    """What a column is to an attacker; identifiers and contributors never leave."""

    IDENTIFIER = "identifier"
    CONTRIBUTOR = "contributor"
    QUASI_IDENTIFIER = "quasi-identifier"
    SENSITIVE = "sensitive"
    PLAIN = "plain"


class Mean(StrEnum):
    """How the losses of the columns become one figure."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


class RecodingModel(StrEnum):
    """Whether a column has one level in the whole release, or each class its own; who says which.

    One level per column is what most analyses need; local recoding keeps far more of the data, and
    its labels tell an attacker more about why they were chosen. A fixed scheme tells nothing: its
    levels stand in the plan, whatever the rows are.
    """

    FULL_DOMAIN = "full-domain"
    LOCAL = "local"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; a hierarchy exactly for quasi-identifiers, ``weight`` > 0 in the loss.

    ``level`` names the level of a fixed scheme.

    Raises:
        PlanError: a hierarchy too many or missing, a level that it does not have, a weight that is
            not positive, a name that a spreadsheet would run or that does not print.
    """

    name: str
    role: Role
    hierarchy: Hierarchy | None = None
    weight: float = 1.0
    level: str | None = None

    def __post_init__(self) -> None:
        if not self.name.isprintable() or not self.name or self.name.startswith(_FORMULA):
            raise PlanError(f"not a column name: {self.name!r}")
        if (self.hierarchy is None) is (self.role is Role.QUASI_IDENTIFIER):
            raise PlanError(f"column {self.name!r}: quasi-identifiers, and only they, generalize")
        if not 0 < self.weight < float("inf"):
            raise PlanError(f"column {self.name!r}: weight {self.weight} is not positive")
        levels = self.hierarchy.names if self.hierarchy else ()
        if self.level is not None and self.level not in levels:
            raise PlanError(f"column {self.name!r} has no level {self.level!r}")

    @property
    def generalization(self) -> Hierarchy:
        """The hierarchy of a quasi-identifier.

        Raises:
            PlanError: the column is none.
        """
        if self.hierarchy is None:
            raise PlanError(f"column {self.name!r} has no hierarchy")
        return self.hierarchy


@dataclass(frozen=True, slots=True)
class Plan:
    """Roles, hierarchies, models and limits of one dataset, under its steward's ``version``.

    ``sides`` are the contributor columns k counts; none means rows. Every contributor column,
    counted or not, takes part when any ``coalition`` of them, 0 to k - 1, are taken away.
    ``suppression_limit`` is the share of rows, 0 to 1, that may be left out.

    Raises:
        PlanError: the parts contradict each other.
    """

    version: str
    columns: tuple[Column, ...]
    models: tuple[Model, ...]
    suppression_limit: float = 0.0
    sides: tuple[str, ...] = ()
    coalition: int = 1
    mean: Mean = Mean.ARITHMETIC
    recoding: RecodingModel = RecodingModel.FULL_DOMAIN

    def __post_init__(self) -> None:
        if problems := tuple(self._problems()):
            raise PlanError("; ".join(problems))

    def _problems(self) -> list[str]:
        roles = {column.name: column.role for column in self.columns}
        quasi = self.named(Role.QUASI_IDENTIFIER)
        sensitive = {column.name for column in self.named(Role.SENSITIVE)}
        once = Counter((model.name, getattr(model, "column", None)) for model in self.models)
        fixed = self.recoding is RecodingModel.FIXED
        verdicts = {
            "a column is named twice": len(roles) < len(self.columns),
            "there is no quasi-identifier": not quasi,
            "a k-anonymity is needed, or a k-map": not any(
                isinstance(model, KAnonymity | KMap) for model in self.models
            ),
            "a model is named twice": max(once.values(), default=1) > 1,
            "suppression limit outside 0 to 1": not 0 <= self.suppression_limit <= 1,
            "a coalition is of 0 to k - 1": not 0 <= self.coalition < max(self.k, 2),
            "a side is named twice": len(set(self.sides)) < len(self.sides),
            "each sensitive column needs a model of its own, and no other column has one": sensitive
            != {model.column for model in self.attribute_models},
            "a fixed scheme names the level of each quasi-identifier, and no other plan does": any(
                (column.level is not None) is not fixed for column in quasi
            ),
            "a comparison with a population needs one level per column": bool(
                self.population_models
            )
            and self.recoding is RecodingModel.LOCAL,
        }
        return [problem for problem, applies in verdicts.items() if applies] + [
            f"side {side!r} is not a contributor column"
            for side in self.sides
            if roles.get(side) is not Role.CONTRIBUTOR
        ]

    @property
    def k(self) -> int:
        """The least number of contributors (or rows) per class and side; 1 under a k-map alone."""
        return next((model.k for model in self.models if isinstance(model, KAnonymity)), 1)

    @property
    def attribute_models(self) -> tuple[AttributeModel, ...]:
        """What the sensitive columns must keep, in the order of the models."""
        return tuple(model for model in self.models if isinstance(model, AttributeModel))

    @property
    def diversities(self) -> tuple[Diversity, ...]:
        """The sensitive columns whose values must differ, in the order of the models."""
        return tuple(model for model in self.models if isinstance(model, Diversity))

    @property
    def population_models(self) -> tuple[PopulationModel, ...]:
        """What must hold against the population."""
        return tuple(model for model in self.models if isinstance(model, PopulationModel))

    def position(self, column: str) -> int:
        """The place of a sensitive column among the sensitive ones."""
        return [found.name for found in self.named(Role.SENSITIVE)].index(column)

    @property
    def released(self) -> tuple[str, ...]:
        """The columns that leave, in the order of the plan; the others are never written."""
        kept_home = (Role.IDENTIFIER, Role.CONTRIBUTOR)
        return tuple(column.name for column in self.columns if column.role not in kept_home)

    def named(self, role: Role) -> tuple[Column, ...]:
        """The columns of a role, in the order of the plan."""
        return tuple(column for column in self.columns if column.role is role)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no blanks, UTF-8 characters as they are."""
        content = {
            "layout": LAYOUT,
            "version": self.version,
            "columns": [_column_content(column) for column in self.columns],
            "models": [_model_content(model) for model in self.models],
            "suppression_limit": float(self.suppression_limit),
            "sides": self.sides,
            "coalition": self.coalition,
            "mean": self.mean.value,
            "recoding": self.recoding.value,
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _column_content(column: Column) -> dict[str, object]:
    content: dict[str, object] = {"name": column.name, "role": column.role.value}
    if column.hierarchy is not None:
        content |= {
            "levels": column.hierarchy.names,
            "chains": column.hierarchy.chains,
            "weight": float(column.weight),
            "level": column.level,
        }
    return content


def _model_content(model: Model) -> dict[str, object]:
    content = asdict(model)
    # 1 and 1.0 are one promise, and one hash.
    content |= {f.name: float(content[f.name]) for f in fields(model) if f.type is float}
    return {"model": model.name} | content
