"""What is stored of what people learn."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

LEARNING: Mapping[str, Holding] = {
    "learned_card": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        Seen.PERSON,
        identifier=("person_id",),
        sensitive=("outcome",),
        plain=("card", "at"),
        created=OWN,
        kept_for=Why.LEARNING,
    ),
}
