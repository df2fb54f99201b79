"""Use cases: starting a network, lessons learned, and governance kits from and to others."""

from mutuali.founding.service.bring import (
    NEEDS,
    ActionChanges,
    Preview,
    ReadKit,
    preview,
    read_kit,
    take_kit,
)
from mutuali.founding.service.checklist import Checklist, checklist, put_away
from mutuali.founding.service.lessons import (
    change_lesson,
    lesson,
    lessons,
    own_ids,
    remove_lesson,
    shown_lessons,
    write_lesson,
)
from mutuali.founding.service.make import MadeKit, make_kit
from mutuali.founding.service.operator import SaidOperator, operator, say_operator

__all__ = [
    "NEEDS",
    "ActionChanges",
    "Checklist",
    "MadeKit",
    "Preview",
    "ReadKit",
    "SaidOperator",
    "change_lesson",
    "checklist",
    "lesson",
    "lessons",
    "make_kit",
    "operator",
    "own_ids",
    "preview",
    "put_away",
    "read_kit",
    "remove_lesson",
    "say_operator",
    "shown_lessons",
    "take_kit",
    "write_lesson",
]
