"""What may be said to everybody, put together from the features that know it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.checkin import service as checkin
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.period import local
from mutuali.exports import service as exports
from mutuali.exports.rules.seasons import Season, complete_quarters

_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Released:
    """One export that was let out; ``month`` is the first day of its month."""

    dataset: Dataset
    recipient: str
    purpose: Purpose
    month: date


@dataclass(frozen=True, slots=True)
class Account:
    """What the network answers for in public; counts of organizations are bands.

    ``reach`` and ``withdrawn`` stand still between two quarters, so that nobody can watch one
    answer arrive; they are of ``counted_at``. ``check_in`` is the last month that is over, and the
    seconds that its check-in took in the middle; None where too few finished.
    """

    counted_at: datetime
    reach: Sequence[consent.Reached]
    withdrawn: Sequence[tuple[Season, tuple[int, int | None]]]
    released: Sequence[Released]
    heads: audit.Heads
    check_in: tuple[date, int] | None


def public_account(session: Session, *, now: datetime) -> Account:
    """Everything on the public page."""
    quarters = complete_quarters(now, _QUARTERS)
    counted = quarters[-1].period.end
    withdrawals = consent.withdrawals(session, [each.period for each in quarters])
    return Account(
        counted_at=counted,
        reach=consent.reached_at(session, counted),
        withdrawn=list(zip(quarters, withdrawals, strict=True)),
        released=[
            Released(
                each.dataset,
                each.agreement.partner_name,
                each.purpose,
                local(each.released_at or each.created_at).date().replace(day=1),
            )
            for each in exports.released(session, now=now)
        ],
        heads=audit.heads(session, now=now),
        check_in=checkin.median_of_network(session, now=now),
    )
