"""What can be amiss with the incidents of loans of an organization."""

from datetime import timedelta

from sqlalchemy import and_, or_

from mutuali.counts import ORGANIZATION, Amiss, ago, amiss_among
from mutuali.mishaps.models import Mishap

_CLOSED_WITHIN = timedelta(days=30)


def open_for_long() -> Amiss:
    """How many have been open for more than a month."""
    lasts = and_(Mishap.closed_at.is_(None), Mishap.reported_at < ago(_CLOSED_WITHIN))
    return amiss_among(
        lasts, or_(Mishap.lender_id == ORGANIZATION, Mishap.borrower_id == ORGANIZATION)
    )
