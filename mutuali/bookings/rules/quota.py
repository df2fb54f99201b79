"""Whether one more booking stays within what a lender allows each borrower. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from mutuali.core.errors import Reason
from mutuali.core.period import Period, local
from mutuali.equipment.rules import Counts, Offer, Per, Quota, calendar_span

_HOUR = timedelta(hours=1)
_CODES = {
    (Counts.BOOKINGS, Per.WEEK): "booking.quota_bookings_a_week",
    (Counts.BOOKINGS, Per.MONTH): "booking.quota_bookings_a_month",
    (Counts.UNIT_HOURS, Per.WEEK): "booking.quota_hours_a_week",
    (Counts.UNIT_HOURS, Per.MONTH): "booking.quota_hours_a_month",
}


@dataclass(frozen=True, slots=True)
class Use:
    """A booking that a borrower has of a lender already, asked for or promised."""

    listing_id: int
    units: int
    period: Period


def quota_refusals(
    units: int, period: Period, offer: Offer, uses: Sequence[Use]
) -> Iterator[Reason]:
    """Every quota that ``units`` over ``period`` would go beyond, the borrower's ``uses`` given;
    each says how much is used already and when it begins anew."""
    for quota in offer.quotas:
        within = calendar_span(period.start, quota.per)
        counted = [use for use in uses if _counts(quota, use, offer, within)]
        if quota.counts is Counts.BOOKINGS:
            used, too_much = len(counted), len(counted) + 1 > quota.most
            said: dict[str, object] = {"most": quota.most, "used": used}
        else:
            time = sum((use.units * use.period.length for use in counted), timedelta())
            too_much = time + units * period.length > quota.most * _HOUR
            said = {"most": quota.most, "used": time}
        if too_much:
            params = {**said, "again": local(within.end).date()}
            yield Reason(_CODES[quota.counts, quota.per], params, "starts_at")


def quota_span(offer: Offer, period: Period) -> Period | None:
    """From when to when bookings count, if starts within ``period`` are asked for; None when
    nothing is counted."""
    if not offer.quotas:
        return None
    spans = [calendar_span(at, q.per) for q in offer.quotas for at in (period.start, period.end)]
    return Period(min(span.start for span in spans), max(span.end for span in spans))


def _counts(quota: Quota, use: Use, offer: Offer, within: Period) -> bool:
    return within.contains(use.period.start) and (
        quota.of_all or use.listing_id == offer.listing_id
    )
