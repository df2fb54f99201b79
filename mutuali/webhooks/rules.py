"""What is told to the programs of organizations, how it is signed, and when it is tried again.

Signed as the Standard Webhooks specification describes: ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature`` over ``id.timestamp.body``, HMAC-SHA256 in base64 after ``v1,``.
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from mutuali.core.permissions import Permission

#: What a secret begins with; the rest is base64.
PREFIX = "whsec_"
#: How many hooks an organization may have.
MOST_HOOKS = 5
#: How many of its latest deliveries a page shows.
SHOWN = 50
#: How long the secret before a change still signs beside the new one.
OVERLAP = timedelta(hours=24)
#: How long one delivery waits before each further attempt; after the last it has failed.
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: What an address answers that never wants to hear more.
GONE = 410


class About(StrEnum):
    """What an organization can have told."""

    BOOKING = "booking"
    TRIP = "trip"
    OUTAGE = "outage"
    #: What is said of a thing's state when it changes hands.
    REPORT = "report"


#: What one must be allowed to read to have it told: no token hears by a hook what it may not ask.
READ_BY: Mapping[About, Permission] = {
    About.BOOKING: Permission.BOOKING_READ,
    About.TRIP: Permission.BOOKING_READ,
    About.OUTAGE: Permission.LISTING_EDIT,
    About.REPORT: Permission.BOOKING_READ,
}


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class PausedBecause(StrEnum):
    """Why nothing is sent to an address for now."""

    BY_HAND = "by_hand"
    FAILING = "failing"
    GONE = "gone"


def body_of(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """What is sent: the kind of event, when, ids and states; JSON in one line."""
    content = {"type": event, "timestamp": at.isoformat(), "data": dict(data)}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def new_secret(random: bytes) -> str:
    """A secret as its owner keeps it."""
    return PREFIX + b64encode(random).decode()


def signature(secret: str, message_id: str, timestamp: int, body: str) -> str:
    """``v1,`` and the signature of one message under one secret."""
    key = b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + b64encode(hmac.digest(key, signed, sha256)).decode()


def headers_of(
    secrets: Sequence[str], message_id: str, timestamp: int, body: str
) -> dict[str, str]:
    """The headers of one attempt; under several secrets during a change of them."""
    signatures = (signature(each, message_id, timestamp, body) for each in secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": "MutuAli",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def succeeded(status: int | None) -> bool:
    """Whether the other side said that it has it."""
    return status is not None and 200 <= status < 300


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts (at least 1); None: it has failed."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def address_seal(public_id: str) -> str:
    """The context in which the address of a hook is sealed: it opens in no other row."""
    return f"webhook address {public_id}"


def secret_seal(public_id: str) -> str:
    """The context in which the secrets of a hook are sealed."""
    return f"webhook secret {public_id}"
