"""What a release must promise, as data: frozen, canonical, hashed."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from mutuali.privacy.errors import PlanError
from mutuali.privacy.hierarchy import ANY, Hierarchy, Leaf, leaf_text
from mutuali.privacy.models import MODELS, Diversity, KAnonymity, Model, exact

__all__ = [
    "ANY",
    "MODELS",
    "Column",
    "Diversity",
    "Hierarchy",
    "KAnonymity",
    "Leaf",
    "Mean",
    "Model",
    "Plan",
    "RecodingModel",
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
    """Whether a column has one level in the whole release, or each class its own.

    One level per column is what most analyses need; local recoding keeps far more of the data, and
    its labels tell an attacker more about why they were chosen.
    """

    FULL_DOMAIN = "full-domain"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table; a hierarchy exactly for quasi-identifiers, ``weight`` > 0 in the loss.

    Raises:
        PlanError: a hierarchy too many or missing, a weight that is not positive, a name that a
            spreadsheet would run or that does not print.
    """

    name: str
    role: Role
    hierarchy: Hierarchy | None = None
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.name.isprintable() or not self.name or self.name.startswith(_FORMULA):
            raise PlanError(f"not a column name: {self.name!r}")
        if (self.hierarchy is None) is (self.role is Role.QUASI_IDENTIFIER):
            raise PlanError(f"column {self.name!r}: quasi-identifiers, and only they, generalize")
        if not 0 < self.weight < float("inf"):
            raise PlanError(f"column {self.name!r}: weight {self.weight} is not positive")

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
    counted or not, takes part when one contributor is taken away (``coalition`` 1; 0 leaves that
    test out). ``suppression_limit`` is the share of rows, 0 to 1, that may be left out.

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
        counters = sum(isinstance(model, KAnonymity) for model in self.models)
        watched = Counter(m.column for m in self.models if isinstance(m, Diversity))
        sensitive = {column.name for column in self.named(Role.SENSITIVE)}
        verdicts = {
            "a column is named twice": len(roles) < len(self.columns),
            "there is no quasi-identifier": not self.named(Role.QUASI_IDENTIFIER),
            "exactly one k-anonymity is needed": counters != 1,
            "suppression limit outside 0 to 1": not 0 <= self.suppression_limit <= 1,
            "only coalitions of 0 or 1 are supported": self.coalition not in (0, 1),
            "a side is named twice": len(set(self.sides)) < len(self.sides),
            "each sensitive column needs one diversity, and no other": watched
            != Counter(sensitive),
        }
        return [problem for problem, applies in verdicts.items() if applies] + [
            f"side {side!r} is not a contributor column"
            for side in self.sides
            if roles.get(side) is not Role.CONTRIBUTOR
        ]

    @property
    def k(self) -> int:
        """The least number of contributors (or rows) per class and side."""
        return next(model.k for model in self.models if isinstance(model, KAnonymity))

    @property
    def diversities(self) -> tuple[Diversity, ...]:
        """What each sensitive column must keep, in the order of the models."""
        return tuple(model for model in self.models if isinstance(model, Diversity))

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
        }
    return content


def _model_content(model: Model) -> dict[str, object]:
    content = asdict(model)
    # 1 and 1.0 are one promise, and one hash.
    content |= {f.name: float(content[f.name]) for f in fields(model) if f.type is float}
    return {"model": model.name} | content
