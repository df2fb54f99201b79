"""What the pages of trips say: plain values into words."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.core.period import local
from mutuali.core.places import BOROUGHS, borough_name
from mutuali.trips.rules import Load, Stop
from mutuali.trips.service import TripFacts
from mutuali.web.wording import clock, kilograms


def load_words(load: Load, offered: Load | None = None) -> str:
    """``2 palettes, 300 kg``; of what an offer does not count, nothing is said."""
    counts = offered or load
    parts = []
    if counts.pallets:
        parts.append(ngettext("%(num)d palette", "%(num)d palettes", load.pallets))
    if counts.kg:
        parts.append(kilograms(load.kg))
    return ", ".join(parts) or _("rien")


def route_words(trip: TripFacts) -> str:
    """``Saint-Laurent → Villeray–Saint-Michel–Parc-Extension → …``."""
    return " → ".join(borough_name(stop.borough) for stop in trip.stops)


def stop_words(stop: Stop) -> str:
    """``Saint-Laurent, 8 h 30``."""
    return f"{borough_name(stop.borough)}, {stop_clock(stop)}"


def stop_clock(stop: Stop) -> str:
    """``8 h 30``, on Montréal's clock."""
    return clock(local(stop.at))


def legs(trip: TripFacts) -> list[tuple[Stop, Stop, Load]]:
    """Each leg: from, to, the room left."""
    return list(zip(trip.stops, trip.stops[1:], trip.left, strict=False))


def typed_clock(instant: datetime) -> str:
    """An instant as a field of a form takes it."""
    return f"{local(instant):%Y-%m-%dT%H:%M}"


def boroughs() -> list[tuple[str, str]]:
    """(slug, name) of every borough, for a form."""
    return sorted(((each.slug, each.name) for each in BOROUGHS.values()), key=lambda e: e[1])


def places_words(count: int) -> str:
    """What waits for who offers a trip."""
    return ngettext(
        "%(num)d place demandée dans vos trajets attend votre réponse",
        "%(num)d places demandées dans vos trajets attendent votre réponse",
        count,
    )


#: Handed to every page of trips.
FUNCTIONS = {
    function.__name__: function
    for function in (
        borough_name,
        boroughs,
        legs,
        load_words,
        route_words,
        stop_clock,
        stop_words,
        typed_clock,
    )
}
