"""Twenty minutes with a person of the network who helps: when they can be offered. Pure."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.core.period import NoSuchLocalTime, instant_at, local

#: How long a meeting lasts, and from one start to the next.
LASTS = timedelta(minutes=20)
APART = timedelta(minutes=30)
MOST_A_DAY = timedelta(days=1) // APART
#: How far ahead one may be offered.
AHEAD = timedelta(days=120)
#: After so long nothing of it is kept, the telephone first of all.
KEPT_FOR = timedelta(days=7)
LONGEST_TOPIC = 200
LONGEST_PHONE = 30


class WhoCalls(StrEnum):
    """Who picks up the telephone."""

    HELPER = "helper"
    US = "us"


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """Hours of a day in which somebody can be met; ``call_at`` is where they can be called."""

    day: date
    opens: time
    closes: time
    call_at: str = ""


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """What somebody wants to talk of, and who calls whom."""

    topic: str
    who_calls: WhoCalls
    phone: str = ""


def starts(offer: OfferDraft) -> list[datetime]:
    """When meetings begin in the offered hours: every half hour, the last one to end in time."""
    wall = datetime.combine(offer.day, offer.opens)
    last = datetime.combine(offer.day, offer.closes) - LASTS
    found = []
    while wall <= last:
        with suppress(NoSuchLocalTime):
            # Of a time that comes twice, the first.
            found.append(instant_at(wall.date(), wall.time(), fold=0))
        wall += APART
    return found


def offer_objections(offer: OfferDraft, now: datetime) -> tuple[Reason, ...]:
    """Why these hours cannot be offered."""
    today = local(now).date()
    if offer.day < today:
        return (Reason("meeting.in_the_past", {}, "day"),)
    if offer.day > today + AHEAD:
        return (Reason("meeting.too_far", {"days": AHEAD}, "day"),)
    found = starts(offer)
    if not found:
        return (Reason("meeting.too_short", {"minutes": LASTS}, "closes"),)
    if found[0] <= now:
        return (Reason("meeting.in_the_past", {}, "opens"),)
    return ()


def meeting_objections(draft: MeetingDraft, call_at: str) -> tuple[Reason, ...]:
    """What is missing so that the two find each other on the telephone."""
    found = []
    if not draft.topic:
        found.append(Reason("field.missing", {}, "topic"))
    if draft.who_calls is WhoCalls.HELPER and not draft.phone:
        found.append(Reason("meeting.phone_missing", {}, "phone"))
    if draft.who_calls is WhoCalls.US and not call_at:
        found.append(Reason("meeting.no_number", {}, "who_calls"))
    return tuple(found)
