"""Use cases of agreements: write, accept, end, look."""

from mutuali.agreements.service.look import (
    agreement,
    agreement_by_id,
    agreements,
    count_waiting,
    draft_of,
    in_force_for,
    partners,
    preview,
    sides_waiting_for,
)
from mutuali.agreements.service.records import Acceptance, AgreementFacts
from mutuali.agreements.service.sign import accept, end
from mutuali.agreements.service.write import create_draft, edit_draft, propose, send_back

__all__ = [
    "Acceptance",
    "AgreementFacts",
    "accept",
    "agreement",
    "agreement_by_id",
    "agreements",
    "count_waiting",
    "create_draft",
    "draft_of",
    "edit_draft",
    "end",
    "in_force_for",
    "partners",
    "preview",
    "propose",
    "send_back",
    "sides_waiting_for",
]
