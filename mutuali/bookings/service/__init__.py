"""Use cases of bookings: ask, decide, carry out, look."""

from mutuali.bookings.service.ask import BookingDraft, request_booking, request_line
from mutuali.bookings.service.carry_out import (
    cancel,
    close_return,
    close_seen_returns,
    hand_over,
    take_back,
)
from mutuali.bookings.service.decide import approve, decline, expire_lapsed
from mutuali.bookings.service.demand import (
    close_quarter,
    forget_demand,
    quarters_to_close,
    record_unmet,
    unmet_rows,
)
from mutuali.bookings.service.ending import (
    detach_people,
    forget_loans,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.bookings.service.for_exports import (
    LoanGlimpse,
    has_requested,
    last_loan,
    loan_people,
    loan_rows,
    requesters,
)
from mutuali.bookings.service.imported import (
    ImportedLoan,
    add_imported,
    all_taken,
    imported_refs,
)
from mutuali.bookings.service.inbox import InboxCard, count_inbox, inbox
from mutuali.bookings.service.lines import BookingLine, booking_line, booking_lines
from mutuali.bookings.service.look import (
    BookingFacts,
    StepFacts,
    availability_week,
    booking,
    booking_by_id,
    bookings_of,
    holds_of,
    open_bookings_of,
    past_bookings_of,
    steps_of,
)
from mutuali.bookings.service.month import Month, MonthRow, month
from mutuali.bookings.service.named_units import (
    NamedUnit,
    ToName,
    booking_out_with,
    bring_back_units,
    name_units,
    named_units,
    units_to_name,
)
from mutuali.bookings.service.past import PastBooking, PastStep, record_past_bookings
from mutuali.bookings.service.search import Found, SearchResult, Wish, nearest_for, search

__all__ = [
    "BookingDraft",
    "BookingFacts",
    "BookingLine",
    "Found",
    "ImportedLoan",
    "InboxCard",
    "LoanGlimpse",
    "Month",
    "MonthRow",
    "NamedUnit",
    "PastBooking",
    "PastStep",
    "SearchResult",
    "StepFacts",
    "ToName",
    "Wish",
    "add_imported",
    "all_taken",
    "approve",
    "availability_week",
    "booking",
    "booking_by_id",
    "booking_line",
    "booking_lines",
    "booking_out_with",
    "bookings_of",
    "bring_back_units",
    "cancel",
    "close_quarter",
    "close_return",
    "close_seen_returns",
    "count_inbox",
    "decline",
    "detach_people",
    "expire_lapsed",
    "forget_demand",
    "forget_loans",
    "forget_person",
    "hand_over",
    "has_requested",
    "held_about_organization",
    "held_about_person",
    "holds_of",
    "imported_refs",
    "inbox",
    "last_loan",
    "loan_people",
    "loan_rows",
    "month",
    "name_units",
    "named_units",
    "nearest_for",
    "open_bookings_of",
    "past_bookings_of",
    "quarters_to_close",
    "record_past_bookings",
    "record_unmet",
    "request_booking",
    "request_line",
    "requesters",
    "search",
    "steps_of",
    "take_back",
    "units_to_name",
    "unmet_rows",
]
