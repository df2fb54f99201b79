"""What is stored of what organizations say of a loan once it is over."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

REVIEWS: Mapping[str, Holding] = {
    "loan_review": Holding(
        About.ORGANIZATION,
        Keep.LOAN,
        Seen.MEMBERS,
        identifier=(
            *("id", "public_id", "booking_id", "listing_id", "author_id", "about_id"),
            *("sentence", "private_word", "person_id"),
        ),
        quasi=("written_at",),
        sensitive=("as_described", "quality", "respect", "communication", "hidden_at"),
        plain=("side", "open_until", "word_seen_at"),
        created=OWN
        | {"booking_id", "listing_id", "author_id", "about_id", "open_until"}
        | {"hidden_at", "word_seen_at"},
        otherwise={
            Seen.COORDINATION: ("private_word", "word_seen_at"),
            Seen.ORGANIZATION: ("person_id",),
        },
    ),
    "loan_review_report": Holding(
        About.PERSON,
        Keep.CLAIM,
        Seen.COORDINATION,
        identifier=("id", "review_id", "person_id", "words", "decided_by"),
        sensitive=("reported_at", "verdict", "decided_at"),
        created=OWN | {"review_id", "decided_at"},
    ),
}
