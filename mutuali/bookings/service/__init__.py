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
from mutuali.bookings.service.ending import (
    detach_people,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.bookings.service.imported import (
    ImportedLoan,
    add_imported,
    all_taken,
    imported_refs,
)
from mutuali.bookings.service.lines import BookingLine, booking_line, booking_lines
from mutuali.bookings.service.look import (
    BookingFacts,
    InboxCard,
    StepFacts,
    availability_week,
    booking,
    booking_by_id,
    bookings_of,
    count_inbox,
    holds_of,
    inbox,
    loan_rows,
    open_bookings_of,
    past_bookings_of,
    steps_of,
)
from mutuali.bookings.service.month import Month, MonthRow, month
from mutuali.bookings.service.past import PastBooking, PastStep, record_past_bookings
from mutuali.bookings.service.search import Found, SearchResult, Wish, nearest_for, search

__all__ = [
    "BookingDraft",
    "BookingFacts",
    "BookingLine",
    "Found",
    "ImportedLoan",
    "InboxCard",
    "Month",
    "MonthRow",
    "PastBooking",
    "PastStep",
    "SearchResult",
    "StepFacts",
    "Wish",
    "add_imported",
    "all_taken",
    "approve",
    "availability_week",
    "booking",
    "booking_by_id",
    "booking_line",
    "booking_lines",
    "bookings_of",
    "cancel",
    "close_return",
    "close_seen_returns",
    "count_inbox",
    "decline",
    "detach_people",
    "expire_lapsed",
    "forget_person",
    "hand_over",
    "held_about_organization",
    "held_about_person",
    "holds_of",
    "imported_refs",
    "inbox",
    "loan_rows",
    "month",
    "nearest_for",
    "open_bookings_of",
    "past_bookings_of",
    "record_past_bookings",
    "request_booking",
    "request_line",
    "search",
    "steps_of",
    "take_back",
]
