"""What is stored of what organizations write to each other."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

MESSAGES: Mapping[str, Holding] = {
    "message_thread": Holding(
        About.ORGANIZATION,
        Keep.TALK,
        Seen.CORRESPONDENTS,
        identifier=("id", "public_id", "listing_id", "booking_id", "lender_id", "borrower_id"),
        quasi=("created_at", "last_at", "last_number"),
        plain=("last_side",),
        created=OWN | {"booking_id", "last_at", "last_number", "last_side"},
    ),
    "message": Holding(
        About.PERSON,
        Keep.TALK,
        Seen.CORRESPONDENTS,
        identifier=("id", "thread_id", "person_id", "text"),
        quasi=("sent_at", "number"),
        sensitive=("hidden_at",),
        plain=("side",),
        created=OWN | {"thread_id", "number", "hidden_at", "side"},
    ),
    "message_file": Holding(
        About.PERSON,
        Keep.TALK,
        Seen.CORRESPONDENTS,
        identifier=("id", "public_id", "message_id", "name", "content"),
        plain=("kind", "size"),
        created=OWN | {"message_id", "kind", "size"},
    ),
    "thread_reader": Holding(
        About.PERSON,
        Keep.TALK,
        Seen.NOBODY,
        identifier=("thread_id", "person_id"),
        sensitive=("read_number", "read_at", "told_number", "told_at"),
        created=frozenset(
            {"thread_id", "person_id", "read_number", "read_at", "told_number", "told_at"}
        ),
    ),
    "message_report": Holding(
        About.PERSON,
        Keep.TALK,
        Seen.COORDINATION,
        identifier=(
            *("id", "public_id", "message_id", "person_id", "words", "decided_by"),
            "decision_words",
        ),
        sensitive=("grounds", "reported_at", "decision", "decided_at"),
        created=OWN | {"message_id", "decided_by", "decided_at"},
    ),
    "message_block": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id", "blocked_id", "person_id"),
        sensitive=("since",),
        created=frozenset({"person_id", "since"}),
    ),
}
