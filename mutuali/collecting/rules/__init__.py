"""What may be asked less, what nothing reads, what stays empty, what is kept past its use."""

from mutuali.collecting.rules.asked import (
    ASKED,
    PLACES,
    RUNNING,
    Answers,
    Asked,
    Owner,
    Place,
    Question,
    objections,
    readers,
    wrong_answers,
)
from mutuali.collecting.rules.needs import (
    BY_LAW,
    FEWEST_ROWS,
    SMALL_SHARE,
    Filled,
    Unused,
    hardly_filled,
    kept_past_use,
    people_fill_in,
)
from mutuali.collecting.rules.reading import names_in_code, names_in_template, unread

__all__ = [
    "ASKED",
    "BY_LAW",
    "FEWEST_ROWS",
    "PLACES",
    "RUNNING",
    "SMALL_SHARE",
    "Answers",
    "Asked",
    "Filled",
    "Owner",
    "Place",
    "Question",
    "Unused",
    "hardly_filled",
    "kept_past_use",
    "names_in_code",
    "names_in_template",
    "objections",
    "people_fill_in",
    "readers",
    "unread",
    "wrong_answers",
]
