"""What is stored of lenders' answers for the public feed of vehicles."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

MOBILITY: Mapping[str, Holding] = {
    "vehicle_answer": Holding(
        About.ORGANIZATION,
        Keep.AGREEMENT,
        Seen.ORGANIZATION,
        identifier=("id", "listing_id", "lender_id", "said_by"),
        plain=("answer", "shape", "propulsion", "range_km", "said_at", "until"),
        created=OWN | {"listing_id", "lender_id", "said_by", "said_at", "until"},
        # What a vehicle is, and the yes itself by the vehicle being there, are in the public feed.
        otherwise={Seen.EVERYBODY: ("answer", "shape", "propulsion", "range_km")},
    ),
}
