"""Use cases of loans: say in what state a thing changes hands, answer, settle, look."""

from mutuali.loans.service.ending import (
    detach_people,
    forget_loans,
    forget_person,
    forget_photos,
    held_about_organization,
    held_about_person,
)
from mutuali.loans.service.look import (
    DisputeFacts,
    DisputeTold,
    Passage,
    ReportFacts,
    Waiting,
    count_disputed,
    count_to_confirm,
    dispute_by_id,
    passage,
    passages,
    photo_bytes,
    waiting,
)
from mutuali.loans.service.naming import choices_back, choices_out, take_part_back
from mutuali.loans.service.records import PhotoFacts, seen_of
from mutuali.loans.service.report import add_photo, confirm, write_report
from mutuali.loans.service.settle import agree, settle

__all__ = [
    "DisputeFacts",
    "DisputeTold",
    "Passage",
    "PhotoFacts",
    "ReportFacts",
    "Waiting",
    "add_photo",
    "agree",
    "choices_back",
    "choices_out",
    "confirm",
    "count_disputed",
    "count_to_confirm",
    "detach_people",
    "dispute_by_id",
    "forget_loans",
    "forget_person",
    "forget_photos",
    "held_about_organization",
    "held_about_person",
    "passage",
    "passages",
    "photo_bytes",
    "seen_of",
    "settle",
    "take_part_back",
    "waiting",
    "write_report",
]
