"""Use cases of the Charter: the public page, the lists of actions, how far one has come."""

from mutuali.charter.service.assess import (
    Assessment,
    assess,
    note_marks,
    say,
    set_size,
    standing,
)
from mutuali.charter.service.ending import (
    forget_answers,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.charter.service.facts import Questions, amiss
from mutuali.charter.service.lists import (
    Actions,
    ListFacts,
    back_to_starter,
    bring_list,
    current_actions,
    lists,
    starter,
)
from mutuali.charter.service.proofs import Proofs, proofs

__all__ = [
    "Actions",
    "Assessment",
    "ListFacts",
    "Proofs",
    "Questions",
    "amiss",
    "assess",
    "back_to_starter",
    "bring_list",
    "current_actions",
    "forget_answers",
    "forget_person",
    "held_about_organization",
    "held_about_person",
    "lists",
    "note_marks",
    "proofs",
    "say",
    "set_size",
    "standing",
    "starter",
]
