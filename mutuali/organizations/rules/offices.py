"""Who answers for personal information at the operator (P-39.1, s. 3.1), and who may be named."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mutuali.core.errors import Reason


class Office(StrEnum):
    """What a person answers for. Until somebody is named, the highest authority is in charge."""

    PERSON_IN_CHARGE = "person_in_charge"
    SUBSTITUTE = "substitute"
    #: Supervises anonymization; may be shared with other networks, or come from outside.
    QUALIFIED_PERSON = "qualified_person"


@dataclass(frozen=True, slots=True)
class OfficeDraft:
    """Who is named: title and contact are published (s. 3.1), the name is not.

    ``delegated_on`` and ``delegation`` are the date and the reference of the writing that
    delegates; both are absent for the highest authority itself. ``competence`` says why a
    qualified person is one; ``is_external`` that they are not of the operator's staff.
    """

    office: Office
    name: str
    title: str
    contact: str
    delegated_on: date | None = None
    delegation: str = ""
    competence: str = ""
    is_external: bool = False


def office_objections(draft: OfficeDraft, today: date) -> tuple[Reason, ...]:
    """Why this person may not be named like that.

    A delegation is in writing, so it has a date, not one to come, and a reference (s. 3.1); a
    substitute always has one. A qualified person has a stated competence (r. 0.1, s. 4).
    """
    found = []
    delegated = draft.delegated_on is not None or draft.office is Office.SUBSTITUTE
    if delegated and not draft.delegation:
        found.append(Reason("office.delegation_unsaid", {}, "delegation"))
    if (draft.delegation or draft.office is Office.SUBSTITUTE) and draft.delegated_on is None:
        found.append(Reason("office.delegation_undated", {}, "delegated_on"))
    if draft.delegated_on is not None and draft.delegated_on > today:
        found.append(Reason("office.delegation_to_come", {}, "delegated_on"))
    if draft.office is Office.QUALIFIED_PERSON and not draft.competence:
        found.append(Reason("office.competence_unsaid", {}, "competence"))
    return tuple(found)
