"""Use cases of reviews: say how a loan went, look, report, judge."""

from mutuali.reviews.service.ending import (
    detach_people,
    forget_loans,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.reviews.service.judge import (
    Judged,
    ToJudge,
    count_to_judge,
    judge,
    judged,
    report,
    see_word,
    sentence,
    to_judge,
)
from mutuali.reviews.service.look import (
    ListingReviews,
    LoanReviews,
    OrganizationRecord,
    ReviewFacts,
    Said,
    borrower_record,
    of_booking,
    of_listing,
    of_loan,
    records,
)
from mutuali.reviews.service.records import ReviewDraft
from mutuali.reviews.service.remind import Reminder, plan_reminder, reminder
from mutuali.reviews.service.write import write_review

__all__ = [
    "Judged",
    "ListingReviews",
    "LoanReviews",
    "OrganizationRecord",
    "Reminder",
    "ReviewDraft",
    "ReviewFacts",
    "Said",
    "ToJudge",
    "borrower_record",
    "count_to_judge",
    "detach_people",
    "forget_loans",
    "forget_person",
    "held_about_organization",
    "held_about_person",
    "judge",
    "judged",
    "of_booking",
    "of_listing",
    "of_loan",
    "plan_reminder",
    "records",
    "reminder",
    "report",
    "see_word",
    "sentence",
    "to_judge",
    "write_review",
]
