"""Which loans of one listing fit its units, those of the file and those stored together."""

from collections.abc import Sequence
from heapq import heappop, heappush

from mutuali.bookings.rules import Hold, peak_units


def fitting(claims: Sequence[Hold], stored: Sequence[Hold], units: int) -> list[bool]:
    """For each of ``claims`` whether it fits into ``units`` beside ``stored`` and those before it.

    Claims come in the order in which they have a right to the units, starts ascending: the first
    that fit are kept. One sweep, O(n log n) where nothing that is stored begins inside a claim.

    Raises:
        ValueError: the starts do not ascend.
    """
    coming = sorted(stored, key=lambda hold: hold.period.start)
    #: What is out at the start of the claim that is looked at: a heap by end, and its sum.
    out: list[tuple[object, int, Hold]] = []
    level, entered, reached = 0, 0, None
    verdicts: list[bool] = []
    for number, claim in enumerate(claims):
        start, end = claim.period.start, claim.period.end
        if reached is not None and start < reached:
            raise ValueError("claims come by their start")
        reached = start
        while entered < len(coming) and coming[entered].period.start <= start:
            hold = coming[entered]
            heappush(out, (hold.period.end, -1 - entered, hold))
            level += hold.units
            entered += 1
        while out and out[0][0] <= start:  # type: ignore[operator]
            level -= heappop(out)[2].units
        inside: list[Hold] = []
        for hold in coming[entered:]:
            if hold.period.start >= end:
                break
            inside.append(hold)
        # Claims kept earlier began earlier: without a stored start inside, the start is the peak.
        peak = peak_units([each[2] for each in out] + inside, claim.period) if inside else level
        fits = peak + claim.units <= units
        verdicts.append(fits)
        if fits:
            heappush(out, (end, number, claim))
            level += claim.units
    return verdicts
