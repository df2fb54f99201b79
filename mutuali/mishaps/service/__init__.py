"""Use cases of mishaps: report, add, close, look."""

from mutuali.mishaps.service.amiss import (
    open_for_long,
)
from mutuali.mishaps.service.ending import (
    detach_people,
    forget_loans,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.mishaps.service.look import (
    Entry,
    MishapFacts,
    MishapLine,
    MishapTold,
    count_open,
    mishap,
    mishap_told,
    mishaps,
    mishaps_of_booking,
    photo_bytes,
)
from mutuali.mishaps.service.records import MishapDraft
from mutuali.mishaps.service.write import (
    add_entry,
    add_photo,
    close,
    report_of_booking,
    report_of_listing,
)

__all__ = [
    "Entry",
    "MishapDraft",
    "MishapFacts",
    "MishapLine",
    "MishapTold",
    "add_entry",
    "add_photo",
    "close",
    "count_open",
    "detach_people",
    "forget_loans",
    "forget_person",
    "held_about_organization",
    "held_about_person",
    "mishap",
    "mishap_told",
    "mishaps",
    "mishaps_of_booking",
    "open_for_long",
    "photo_bytes",
    "report_of_booking",
    "report_of_listing",
]
