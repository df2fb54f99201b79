"""What members looked for and did not find: kept by quarter, family and zone, under a token.

The token is an HMAC (RFC 2104, SHA-256) of the organization under a key that lives as long as the
quarter runs. Nobody can go from a token to an organization without the key, and the key is
destroyed when the quarter closes.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mutuali.core.period import local
from mutuali.core.places import BOROUGHS
from mutuali.equipment.rules import FAMILY, Kind

#: Any kind would have done.
ANY_FAMILY = "any"
#: Where no place is known, of the search or of who searched.
NO_ZONE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Need:
    """What a search asked for that nothing was free for: kinds, where, and for which day."""

    kinds: tuple[Kind, ...]
    borough: str | None
    day: date


def quarter_of(now: datetime) -> str:
    """``2026-Q1``, on Montréal's calendar."""
    today = local(now)
    return f"{today.year}-Q{(today.month + 2) // 3}"


def families_of(need: Need) -> tuple[str, ...]:
    """The families that would have done, in the order of their names."""
    return tuple(sorted({FAMILY[kind].value for kind in need.kinds})) or (ANY_FAMILY,)


def zone_of(borough: str | None) -> str:
    """The zone of a borough."""
    return BOROUGHS[borough].zone if borough is not None and borough in BOROUGHS else NO_ZONE


def token_of(key: str, organization_id: int) -> str:
    """What stands for an organization while the quarter runs; hex."""
    return _keyed(key, f"organization {organization_id}")


def closed_token(key: str, contributor_id: int) -> str:
    """What stands for a contributor once the quarter is closed; hex."""
    return _keyed(key, f"contributor {contributor_id}")


def marks(
    key: str, organization_id: int, need: Need, zone: str, today: date
) -> Iterator[tuple[str, str]]:
    """(family, mark) of each row of a need: the same mark on the same day is the same search."""
    for family in families_of(need):
        said = f"need {organization_id} {family} {zone} {need.day} {today}"
        yield family, _keyed(key, said)


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
