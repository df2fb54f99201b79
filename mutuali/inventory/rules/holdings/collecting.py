"""What is stored of questions that are asked no more, or again."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

COLLECTING: Mapping[str, Holding] = {
    "collection_choice": Holding(
        About.THING,
        Keep.LOG,
        Seen.STEWARDS,
        identifier=("id", "public_id", "person_id"),
        plain=(
            *("question", "collects", "at", "purpose", "keep", "seen_by", "certificate", "key_id"),
            "signature",
        ),
        created=OWN | {"certificate", "key_id", "signature"},
    ),
}
