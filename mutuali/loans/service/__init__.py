"""Use cases of loans: say in what state a thing changes hands, answer, settle, look."""

from mutuali.loans.service.contact import (
    ContactFacts,
    contacts_of,
    forget_days,
    set_contact,
)
from mutuali.loans.service.driver import (
    DriverLinkFacts,
    Errand,
    driver_photo,
    driver_reports,
    errand,
    links_of,
    make_link,
    revoke_link,
)
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
from mutuali.loans.service.records import PhotoFacts, seen_of, sides_of
from mutuali.loans.service.report import add_photo, confirm, write_report
from mutuali.loans.service.settle import agree, settle

__all__ = [
    "ContactFacts",
    "DisputeFacts",
    "DisputeTold",
    "DriverLinkFacts",
    "Errand",
    "Passage",
    "PhotoFacts",
    "ReportFacts",
    "Waiting",
    "add_photo",
    "agree",
    "choices_back",
    "choices_out",
    "confirm",
    "contacts_of",
    "count_disputed",
    "count_to_confirm",
    "detach_people",
    "dispute_by_id",
    "driver_photo",
    "driver_reports",
    "errand",
    "forget_days",
    "forget_loans",
    "forget_person",
    "forget_photos",
    "held_about_organization",
    "held_about_person",
    "links_of",
    "make_link",
    "passage",
    "passages",
    "photo_bytes",
    "revoke_link",
    "seen_of",
    "set_contact",
    "settle",
    "sides_of",
    "take_part_back",
    "waiting",
    "write_report",
]
