"""What is handed over for a loan, outside of this software, and what is noted of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class PaymentKind(StrEnum):
    """What money was for."""

    PRICE = "price"
    DEPOSIT = "deposit"
    DEPOSIT_BACK = "deposit_back"


class Means(StrEnum):
    """How it changed hands; no card is processed here."""

    CASH = "cash"
    CHEQUE = "cheque"
    TRANSFER = "transfer"
    OTHER = "other"


MOST_CENTS = 99_999_999


@dataclass(frozen=True, slots=True)
class Sums:
    """Cents paid for a loan, of its deposit handed over, and of that given back."""

    price: int = 0
    deposit: int = 0
    deposit_back: int = 0

    @property
    def held(self) -> int:
        """What the lender still has of the deposit."""
        return self.deposit - self.deposit_back


def sums(payments: Iterable[tuple[PaymentKind, int]]) -> Sums:
    """What these payments, (kind, cents), add up to."""
    totals = dict.fromkeys(PaymentKind, 0)
    for kind, cents in payments:
        totals[kind] += cents
    return Sums(
        totals[PaymentKind.PRICE],
        totals[PaymentKind.DEPOSIT],
        totals[PaymentKind.DEPOSIT_BACK],
    )
