"""What can be amiss with the agreements of the network."""

from sqlalchemy import func, select

from mutuali.agreements.models import Agreement
from mutuali.agreements.rules import AgreementState
from mutuali.counts import NOW, Amiss


def leaving_quebec() -> Amiss:
    """How many agreements in force let data leave Québec."""
    return select(func.count(Agreement.id)).where(
        Agreement.state == AgreementState.IN_FORCE,
        Agreement.ends_at > NOW,
        Agreement.outside_quebec.is_(True),
    )


def past_their_end() -> Amiss:
    """How many agreements stand as in force, or suspended, though their term is over."""
    return select(func.count(Agreement.id)).where(
        Agreement.state.in_((AgreementState.IN_FORCE, AgreementState.SUSPENDED)),
        Agreement.ends_at <= NOW,
    )
