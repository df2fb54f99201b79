"""What is stored of trips that organizations share; nothing of it leaves in any dataset."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

TRIPS: Mapping[str, Holding] = {
    "trip": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.MEMBERS,
        identifier=(
            *("id", "public_id", "booking_id", "listing_id", "organization_id", "note"),
            "offered_by",
        ),
        quasi=("departs_at", "arrives_at", "pallets", "kg", "created_at"),
        plain=("turn", "state", "because", "join_by", "at_once"),
        created=OWN | {"booking_id", "listing_id", "organization_id", "offered_by", "because"},
        otherwise={Seen.ORGANIZATION: ("offered_by",)},
    ),
    "trip_stop": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.MEMBERS,
        identifier=("id", "trip_id"),
        quasi=("borough", "at"),
        plain=("position",),
        created=frozenset({"id", "trip_id", "position"}),
    ),
    "trip_place": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.PARTIES,
        identifier=(
            *("id", "public_id", "trip_id", "organization_id", "load_at", "unload_at", "note"),
            *("asked_by", "decided_by"),
        ),
        quasi=("from_stop", "to_stop", "pallets", "kg", "asked_at"),
        sensitive=("state", "decided_at"),
        plain=("answer_by",),
        created=OWN | {"trip_id", "organization_id", "asked_by", "asked_at", "answer_by"},
    ),
}
