"""How many people answer for a release, and what follows from what they say.

Where two are needed, neither reads the other's opinion before both are in: the second is then an
opinion too, and not an echo.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mutuali.exports.rules.regimes import Regime


class Verdict(StrEnum):
    """What one person says of a built bundle."""

    SIGN = "sign"
    RETURN = "return"


class Outcome(StrEnum):
    """What follows from the opinions given so far."""

    WAIT = "wait"
    SIGN = "sign"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Voice:
    """One opinion: whose, for the operator or as an outside reviewer, and what it says."""

    person_id: int
    for_operator: bool
    verdict: Verdict


def opinions_needed(regime: Regime, *, row_level: bool) -> int:
    """Two for what holds a line per loan and for what everybody may read; else one."""
    return 2 if row_level or regime is Regime.OPEN else 1


def outcome(voices: Sequence[Voice], needed: int) -> Outcome:
    """What follows; one of the people must answer for the operator, and each counts once."""
    heard = {voice.person_id for voice in voices}
    if len(heard) < needed or not any(voice.for_operator for voice in voices):
        return Outcome.WAIT
    if all(voice.verdict is Verdict.SIGN for voice in voices):
        return Outcome.SIGN
    return Outcome.RETURN


def may_speak(voices: Sequence[Voice], needed: int, person_id: int, *, for_operator: bool) -> bool:
    """Whether one more opinion of this person is asked for.

    An outside reviewer gives a second opinion, never the first and only one, and leaves room for
    somebody of the operator.
    """
    if any(voice.person_id == person_id for voice in voices):
        return False
    if for_operator:
        return outcome(voices, needed) is Outcome.WAIT
    outside = sum(not voice.for_operator for voice in voices)
    return outside < needed - 1 and len(voices) < needed
