"""What a network may say of itself."""

from dataclasses import dataclass
from datetime import timedelta

from mutuali.core.errors import Reason
from mutuali.core.places import BOROUGHS
from mutuali.organizations.rules import enterprise_number_objections

#: What is still to be set up can be put away that long after the beginning.
PUT_AWAY_AFTER = timedelta(days=30)
#: Bytes; it stands on every page.
MOST_LOGO = 12_000


@dataclass(frozen=True, slots=True)
class OperatorDraft:
    """The legal person that answers; the enterprise number (NEQ) may be empty."""

    name: str
    enterprise_number: str
    address: str
    contact: str


def operator_objections(draft: OperatorDraft) -> tuple[Reason, ...]:
    """Why this is not enough to answer: a name, somewhere to write to, a number that is one."""
    missing = [
        Reason("field.missing", {}, field)
        for field, said in (("name", draft.name), ("contact", draft.contact))
        if not said
    ]
    return (*missing, *enterprise_number_objections(draft.enterprise_number))


def borough_objections(slugs: tuple[str, ...]) -> tuple[Reason, ...]:
    """Why the network does not serve there: it is no borough of the island."""
    if set(slugs) <= set(BOROUGHS):
        return ()
    return (Reason("field.not_a_choice", {}, "boroughs"),)
