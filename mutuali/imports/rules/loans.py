"""Rows about loans that were made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from mutuali.bookings.rules import Purpose, expected_back
from mutuali.core.errors import Reason
from mutuali.core.period import Period
from mutuali.equipment.rules import MOST_UNITS
from mutuali.imports.rules.cells import Cells

_DAY = timedelta(days=1)
_MOST_MEALS = 1_000_000

#: Fields that answer an optional question of the forms, by its name.
QUESTIONS = ("meals", "note")


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan as a file tells it: ``due_at`` is the promised end, ``returned_at`` the actual one."""

    line: int
    ref: str
    listing: str
    borrower: str
    units: int
    loaned_at: datetime
    due_at: datetime
    returned_at: datetime | None
    purpose: Purpose
    meals: int | None
    note: str

    def occupied(self, now: datetime) -> Period:
        """What it takes away from others: up to the return; as long as it is out, up to tomorrow.

        No turnaround: what happened afterwards is in the file itself.
        """
        if self.returned_at is not None:
            return Period(self.loaned_at, self.returned_at)
        return expected_back(Period(self.loaned_at, self.due_at), now)


def loan_row(
    cells: Cells, *, open_loans: bool, left_out: Collection[str], now: datetime
) -> LoanRow | None:
    """What a row says of a loan; None, with the objections in ``cells``, when it has no span.

    Of the QUESTIONS, those ``left_out`` are not read.
    """
    times = cells.mapping.times
    start = cells.moment("loaned_at", times.start)
    if start is None and not cells.objections:
        cells.object("loaned_at", Reason("field.missing"))
    returned = cells.moment("returned_at", times.end)
    if returned is None and not cells.objections and not open_loans:
        cells.object("returned_at", Reason("import.not_returned"))
    due = cells.moment("due_at", times.end)
    length = cells.length("length")
    if due is None and length is not None and start is not None:
        due = cells.moment("loaned_at", lambda text: times.after(text, length))
    due = due or returned
    if due is None and not cells.objections:
        cells.object("due_at", Reason("import.due_unknown"))
    ref = cells.ref(80)
    listing = cells.text("listing", 200, needed=True)
    borrower = cells.text("borrower", 200, needed=True)
    units = cells.whole("units", 1, MOST_UNITS) or 1
    purpose = cells.choice("purpose", Purpose, Purpose.OTHER)
    meals = None if "meals" in left_out else cells.whole("meals", 0, _MOST_MEALS)
    note = "" if "note" in left_out else cells.text("note", 1000, lines=True)
    if start is None or due is None:
        return None
    if returned is not None and returned <= start:
        cells.object("returned_at", Reason("time.end_before_start"))
    elif due <= start:
        cells.object("due_at", Reason("import.due_before_loan"))
    last_known = returned - _DAY if returned is not None and times.dates_only else returned
    if start > now or (last_known is not None and last_known > now):
        cells.object("returned_at" if start <= now else "loaned_at", Reason("import.in_the_future"))
    return LoanRow(
        cells.row.line,
        ref,
        listing,
        borrower,
        units,
        start,
        due,
        returned,
        purpose,
        meals,
        note,
    )
