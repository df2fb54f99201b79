"""Use cases of agreements: write, accept, suspend, end, look."""

from mutuali.agreements.service.amiss import (
    leaving_quebec,
    past_their_end,
)
from mutuali.agreements.service.ending import (
    forget_agreements,
    over_before,
)
from mutuali.agreements.service.facts import Acceptance, AgreementFacts, NamedPerson, Suspension
from mutuali.agreements.service.look import (
    agreement,
    agreement_by_id,
    agreements,
    count_waiting,
    draft_of,
    drafted_clauses,
    editions,
    ending_soon,
    in_force_for,
    naming,
    offer_by_id,
    partners,
    policy_by_id,
    policy_of,
    preview,
    sides_waiting_for,
    waits_for_signature,
)
from mutuali.agreements.service.sign import accept, end, revoke, sent_to_cai, undertake
from mutuali.agreements.service.suspend import lift, suspend, suspend_by_law
from mutuali.agreements.service.watch import watch
from mutuali.agreements.service.write import amend, create_draft, edit_draft, propose, send_back

__all__ = [
    "Acceptance",
    "AgreementFacts",
    "NamedPerson",
    "Suspension",
    "accept",
    "agreement",
    "agreement_by_id",
    "agreements",
    "amend",
    "count_waiting",
    "create_draft",
    "draft_of",
    "drafted_clauses",
    "edit_draft",
    "editions",
    "end",
    "ending_soon",
    "forget_agreements",
    "in_force_for",
    "leaving_quebec",
    "lift",
    "naming",
    "offer_by_id",
    "over_before",
    "partners",
    "past_their_end",
    "policy_by_id",
    "policy_of",
    "preview",
    "propose",
    "revoke",
    "send_back",
    "sent_to_cai",
    "sides_waiting_for",
    "suspend",
    "suspend_by_law",
    "undertake",
    "waits_for_signature",
    "watch",
]
