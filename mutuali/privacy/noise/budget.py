"""What noisy releases have cost and what is left, as data that only the caller stores.

Costs are exact fractions and add up. A ledger is of one dataset and one recipient; recipients who
put their releases together have spent the sum of their ledgers.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from typing import Any

from mutuali.privacy.errors import Overspent, PlanError

#: Digits carried while an epsilon is computed, and digits it is said with, rounded up.
_CARRIED = 60
_SAID = Decimal("0.000001")


class Guarantee(StrEnum):
    """How a cost is measured: rho of zero-concentrated differential privacy, or pure epsilon.

    zCDP: Bun and Steinke, "Concentrated Differential Privacy", 2016, definition 1.1.
    """

    CONCENTRATED = "zcdp"
    PURE = "pure"


@dataclass(frozen=True, slots=True)
class Cost:
    """Rho or epsilon, and the ``delta``, 0 to 1, with which the guarantee may fail altogether.

    Raises:
        PlanError: a negative amount, or a delta outside 0 to 1.
    """

    guarantee: Guarantee
    amount: Fraction
    delta: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if self.amount < 0 or not 0 <= self.delta <= 1:
            raise PlanError(f"a cost is at least 0, its delta 0 to 1: {self}")

    def under(self, guarantee: Guarantee) -> "Cost":
        """The same cost in the measure of a budget.

        Pure epsilon is zCDP of epsilon^2 / 2 (Bun and Steinke 2016, proposition 1.4).

        Raises:
            PlanError: zCDP asked from a budget of pure epsilon, which can never cover it.
        """
        if guarantee is self.guarantee:
            return self
        if guarantee is Guarantee.PURE:
            raise PlanError("a budget of pure epsilon cannot pay for concentrated noise")
        return Cost(guarantee, self.amount**2 / 2, self.delta)

    def __str__(self) -> str:
        name = "rho" if self.guarantee is Guarantee.CONCENTRATED else "epsilon"
        return f"{name} {self.amount}, delta {self.delta}"


def epsilon_at(rho: Fraction, delta: Fraction) -> Decimal:
    """An epsilon such that zCDP of ``rho`` is (epsilon, delta)-differential privacy, rounded up.

    Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy", 2020, corollary
    13, at alpha = 1 + sqrt(ln(1/delta) / rho): any alpha above 1 is sound, this one is near the
    best and never worse than rho + 2 sqrt(rho ln(1/delta)).

    Raises:
        PlanError: a delta that is not between 0 and 1, a negative rho.
    """
    if not 0 < delta < 1 or rho < 0:
        raise PlanError(f"no epsilon for rho {rho} and delta {delta}")
    if not rho:
        return Decimal(0)
    with localcontext(Context(prec=_CARRIED)):
        cost = Decimal(rho.numerator) / rho.denominator
        log = (Decimal(delta.denominator) / delta.numerator).ln()
        above = (log / cost).sqrt()
        alpha = 1 + above
        epsilon = alpha * cost + (log - alpha.ln()) / above + (above / alpha).ln()
        # Each step above is rounded in its last digits; what is said is coarser by far.
        guarded = max(epsilon, Decimal(0)) + Decimal(10) ** (20 - _CARRIED)
        return guarded.quantize(_SAID, rounding=ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Entry:
    """One release: the hash of its plan, the names of its figures and its cost as planned."""

    plan_hash: str
    figures: tuple[str, ...]
    cost: Cost


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one recipient of one dataset has been given, never above ``limit``.

    Raises:
        Overspent: the entries cost more than the limit.
        PlanError: an entry that the measure of the limit cannot express.
    """

    dataset: str
    recipient: str
    limit: Cost
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        spent = self.spent
        if spent.amount > self.limit.amount or spent.delta > self.limit.delta:
            raise Overspent(left=str(self.limit), asked=str(spent))

    @property
    def spent(self) -> Cost:
        """The sum of all entries in the measure of the limit."""
        guarantee = self.limit.guarantee
        return _sum((entry.cost.under(guarantee) for entry in self.entries), guarantee)

    @property
    def left(self) -> Cost:
        """What may still be spent."""
        spent = self.spent
        return Cost(
            self.limit.guarantee,
            self.limit.amount - spent.amount,
            self.limit.delta - spent.delta,
        )

    def charge(self, plan_hash: str, figures: tuple[str, ...], cost: Cost) -> "Ledger":
        """The ledger with one more entry; this one stays as it is.

        Charge before the noise is drawn, and store the result in the transaction that publishes:
        a build that is aborted in between has shown nothing and spent nothing.

        Raises:
            Overspent: ``cost`` is above what is left.
            PlanError: a cost that the measure of the limit cannot express.
        """
        asked, left = cost.under(self.limit.guarantee), self.left
        if asked.amount > left.amount or asked.delta > left.delta:
            raise Overspent(left=str(left), asked=str(asked))
        entry = Entry(plan_hash, figures, cost)
        return Ledger(self.dataset, self.recipient, self.limit, (*self.entries, entry))

    def epsilon(self, delta: Fraction) -> Decimal:
        """What is spent as the epsilon of (epsilon, delta)-differential privacy, rounded up.

        Raises:
            PlanError: the ``delta`` is not above the delta already spent (zCDP), or is below it.
        """
        spent = self.spent
        if self.limit.guarantee is Guarantee.CONCENTRATED:
            return epsilon_at(spent.amount, delta - spent.delta)
        if delta < spent.delta:
            raise PlanError(f"delta {delta} is below the delta already spent, {spent.delta}")
        with localcontext(Context(prec=_CARRIED, rounding=ROUND_CEILING)):
            epsilon = Decimal(spent.amount.numerator) / spent.amount.denominator
            return epsilon.quantize(_SAID)

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no blanks, fractions as they are ("1/8")."""
        content = {
            "dataset": self.dataset,
            "recipient": self.recipient,
            "limit": _content(self.limit),
            "entries": [
                {"plan": entry.plan_hash, "figures": entry.figures, "cost": _content(entry.cost)}
                for entry in self.entries
            ],
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Ledger":
        """The ledger that wrote ``text``."""
        content = json.loads(text)
        return cls(
            content["dataset"],
            content["recipient"],
            _cost(content["limit"]),
            tuple(
                Entry(entry["plan"], tuple(entry["figures"]), _cost(entry["cost"]))
                for entry in content["entries"]
            ),
        )


def _sum(costs: Iterable[Cost], guarantee: Guarantee) -> Cost:
    amount = delta = Fraction(0)
    for cost in costs:
        amount += cost.amount
        delta += cost.delta
    return Cost(guarantee, amount, min(delta, Fraction(1)))


def _content(cost: Cost) -> dict[str, str]:
    return {
        "guarantee": cost.guarantee.value,
        "amount": str(cost.amount),
        "delta": str(cost.delta),
    }


def _cost(content: dict[str, Any]) -> Cost:
    return Cost(
        Guarantee(content["guarantee"]), Fraction(content["amount"]), Fraction(content["delta"])
    )
