"""What borrowers hold of what listings demand; no question where nothing is demanded."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.bookings.rules import document_refusals, while_documents_hold
from mutuali.core.errors import Reason, Refused
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Offer
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Held


def read_held(session: Session, offer: Offer, borrower_id: int | None) -> list[Held]:
    """The borrower's documents, where the listing demands any."""
    if not offer.demands or borrower_id is None:
        return []
    return organizations.held_documents(session, [borrower_id]).get(borrower_id, [])


def documents_against(
    session: Session, offer: Offer, borrower_id: int, end: datetime
) -> tuple[Reason, ...]:
    """What the borrower lacks up to ``end`` of what the listing demands."""
    return document_refusals(offer.demands, read_held(session, offer, borrower_id), end)


def require_documents(session: Session, offer: Offer, borrower_id: int, end: datetime) -> None:
    """Let through a borrower that holds what the listing demands, checked, up to ``end``.

    Raises:
        Refused: a reason for each document that it lacks.
    """
    if reasons := documents_against(session, offer, borrower_id, end):
        raise Refused(*reasons)


def offer_to(session: Session, offer: Offer, borrower_id: int | None, *, now: datetime) -> Offer:
    """The offer as long as the borrower's documents hold."""
    held = read_held(session, offer, borrower_id)
    return while_documents_hold(offer, held, now=now) if borrower_id is not None else offer


def documents_lacking(
    session: Session,
    listings: Collection[equipment.ListingFacts],
    borrower_id: int | None,
    end: datetime,
) -> Mapping[int, tuple[Reason, ...]]:
    """By listing, what the borrower lacks up to ``end``; two questions at most for all of them, and
    none where nothing is demanded."""
    if borrower_id is None:
        return {}
    demands = equipment.demands_of(session, listings)
    if not any(demands.values()):
        return {}
    held = organizations.held_documents(session, [borrower_id]).get(borrower_id, [])
    return {id_: document_refusals(needs, held, end) for id_, needs in demands.items()}
