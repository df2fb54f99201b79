"""What an organization is, who answers for the network, and who may say yes for whom."""

from mutuali.organizations.rules.offices import (
    Office,
    OfficeDraft,
    office_objections,
)
from mutuali.organizations.rules.organization import (
    APPLICANT_KINDS,
    INVITATION_LASTS,
    LONGEST_DELEGATION,
    Language,
    OrganizationKind,
    OrganizationState,
    Sector,
    contributors,
    delegation_objections,
    enterprise_number_objections,
    kind_objections,
)
from mutuali.organizations.rules.participation import (
    EXIT_NOTICE,
    TEXT_VERSION,
    Capacity,
    Mandate,
    exact_text,
    hash_of,
    mandate_objections,
    takes_part,
    texts,
)

__all__ = [
    "APPLICANT_KINDS",
    "EXIT_NOTICE",
    "INVITATION_LASTS",
    "LONGEST_DELEGATION",
    "TEXT_VERSION",
    "Capacity",
    "Language",
    "Mandate",
    "Office",
    "OfficeDraft",
    "OrganizationKind",
    "OrganizationState",
    "Sector",
    "contributors",
    "delegation_objections",
    "enterprise_number_objections",
    "exact_text",
    "hash_of",
    "kind_objections",
    "mandate_objections",
    "office_objections",
    "takes_part",
    "texts",
]
