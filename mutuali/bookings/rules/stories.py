"""What became of a request, as numbers are counted from it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.bookings.rules.states import State
from mutuali.core.period import Period


class RefusedAs(StrEnum):
    """Why a request came to nothing."""

    #: Somebody said no.
    PERSON = "person"
    #: Another request for the same units was approved.
    RIVAL = "rival"
    #: Nobody answered in time.
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class RequestStory:
    """A request, and what became of it; times that did not come are None.

    ``answered_after``: how long a person took to say yes or no, the last time they did.
    """

    booking_id: int
    listing_id: int
    lender_id: int
    asked_at: datetime
    period: Period
    state: State
    answered_after: timedelta | None
    refused_as: RefusedAs | None
    no_show: bool
    late: bool
