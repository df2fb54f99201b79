"""Which zone a name in a file of somebody else's agenda means."""

from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON


def zone_of(name: str) -> tzinfo | None:
    """The zone behind a TZID: of the IANA, of Windows, or at the end of a path; None: unknown."""
    for said in (name, WINDOWS_TO_OLSON.get(name, ""), *_ends(name)):
        if said in _known():
            return ZoneInfo(said)
    return None


def _ends(name: str) -> list[str]:
    """``/mozilla.org/20050126_1/America/Toronto`` ends with the name of a zone."""
    parts = name.split("/")
    return ["/".join(parts[-count:]) for count in (3, 2) if len(parts) > count]


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
