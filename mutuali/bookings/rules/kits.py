"""How free a kit is: as free as the scarcest of what it is made of. Pure."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from mutuali.bookings.rules.booking import Hold
from mutuali.core.period import Period
from mutuali.equipment.rules import Offer

#: Instants, or whole seconds since 1970: whatever the caller reckons with.
At = TypeVar("At", int, datetime)


def holds_on(offer: Offer, taken: Mapping[int, Sequence[Hold]]) -> list[Hold]:
    """What keeps units of a listing from others, out of what is ``taken`` of each listing.

    Of a kit, whatever takes its parts takes it too, whoever booked them; its own bookings are
    among those of its parts. Outages of parts count; those of the offer itself stay with it.
    """
    if not offer.parts:
        return list(taken.get(offer.listing_id, ()))
    of_parts = [
        (
            part.units,
            part.needed,
            [
                *((h.units, h.period.start, h.period.end) for h in taken.get(part.listing_id, ())),
                *((o.units, o.period.start, o.period.end) for o in part.outages),
            ],
        )
        for part in offer.parts
    ]
    blocked = blocked_kits(offer.units, of_parts)
    return [Hold(units, Period(start, end)) for units, start, end in blocked]


def part_id(public_id: str, n: int) -> str:
    """The public id of the ``n``-th row of a booking of a kit: nobody looks a part up by itself."""
    digest = hashlib.sha256(f"{public_id} {n}".encode()).digest()
    return base64.urlsafe_b64encode(digest)[:22].decode()


def blocked_kits(
    kits: int, parts: Sequence[tuple[int, int, Iterable[tuple[int, At, At]]]]
) -> list[tuple[int, At, At]]:
    """(kits that cannot be had, from, until), in order, without overlap; none where all can.

    ``parts`` are (units that exist, units that each kit needs, what is taken as (units, from,
    until)); while nothing is taken they are enough for all ``kits``. At any instant a part lets as
    many kits go as what is left of it suffices for.
    """
    steps = sorted(
        step
        for n, (_, _, taken) in enumerate(parts)
        for units, start, end in taken
        for step in ((start, n, units), (end, n, -units))
    )
    levels = [0] * len(parts)
    found: list[tuple[int, At, At]] = []
    blocked, since = 0, None
    for position, (at, n, change) in enumerate(steps):
        levels[n] += change
        if position + 1 < len(steps) and steps[position + 1][0] == at:
            continue
        possible = min(
            max(0, total - level) // needed
            for (total, needed, _), level in zip(parts, levels, strict=True)
        )
        now_blocked = max(0, kits - possible)
        if now_blocked == blocked:
            continue
        if blocked and since is not None:
            found.append((blocked, since, at))
        blocked, since = now_blocked, at
    return found
