"""The thirteen principles of Montréal's Digital Data Charter, under its three commitments.

The City published them in October 2020 and, with other titles for some, again in 2024; what is
said of each in words stands in the pages' list of words. Everything that the network does, and
every dataset, says which of them it serves.
"""

from collections.abc import Mapping
from enum import StrEnum


class Version(StrEnum):
    """Which publication of the Charter; a word that it changed is said with its version."""

    V2020 = "2020"
    V2024 = "2024"


#: What new agreements and releases are held against.
CURRENT = Version.V2024


class Commitment(StrEnum):
    """What the principles stand under."""

    RIGHTS = "rights"
    COMMON_GOOD = "common_good"
    FUTURE = "future"


class Principle(StrEnum):
    """One principle, in the order of the Charter."""

    PRIVACY = "privacy"
    INCLUSION = "inclusion"
    CYBERSECURITY = "cybersecurity"
    CONSENT = "consent"
    SOBRIETY = "sobriety"
    COMMON_GOOD = "common_good"
    SOVEREIGNTY = "sovereignty"
    INTEROPERABILITY = "interoperability"
    TRANSPARENCY = "transparency"
    ACCESS = "access"
    PARTICIPATION = "participation"
    INNOVATION = "innovation"
    TRANSITION = "transition"


_ALL = tuple(Principle)
COMMITMENTS: Mapping[Commitment, tuple[Principle, ...]] = {
    Commitment.RIGHTS: _ALL[:5],
    Commitment.COMMON_GOOD: _ALL[5:9],
    Commitment.FUTURE: _ALL[9:],
}
#: Those whose title the City changed between the two publications.
RETITLED = frozenset(
    {
        Principle.CONSENT,
        Principle.COMMON_GOOD,
        Principle.INTEROPERABILITY,
        Principle.INNOVATION,
        Principle.TRANSITION,
    }
)
