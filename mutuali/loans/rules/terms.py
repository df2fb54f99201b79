"""What one loan is agreed on, as plain values."""

from dataclasses import dataclass
from typing import NamedTuple

from mutuali.core.period import Period


class Clause(NamedTuple):
    """A clause: its heading, its plain line, its text."""

    heading: str
    plain: str
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What is in the text of an agreement; money in cents of the whole booking.

    Titles and conditions are the lender's words: either language may be empty.
    """

    number: str
    operator: str
    lender: str
    borrower: str
    title_fr: str
    title_en: str
    units: int
    period: Period
    price_cents: int
    deposit_cents: int
    conditions_fr: str
    conditions_en: str

    @property
    def is_free(self) -> bool:
        """A loan for use; a rental otherwise."""
        return self.price_cents == 0
