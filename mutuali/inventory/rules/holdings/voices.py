"""What is stored of what the public says, and of the answers that everybody reads."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

VOICES: Mapping[str, Holding] = {
    "voice": Holding(
        About.PERSON,
        Keep.VOICE,
        Seen.COORDINATION,
        identifier=(
            *("id", "public_id", "email", "words", "answer", "fingerprint"),
            *("public_answer_id", "closed_by"),
        ),
        quasi=("page", "language", "said_at"),
        sensitive=("junk",),
        plain=(*("topic", "may_publish", "due_on", "reminders", "state", "closed_at", "told_at"),),
        created=OWN
        | {"answer", "fingerprint", "public_answer_id", "closed_by", "said_at", "junk"}
        | {"due_on", "reminders", "closed_at", "told_at"},
        otherwise={Seen.NOBODY: ("email", "fingerprint")},
    ),
    "public_answer": Holding(
        About.THING,
        Keep.PUBLIC,
        Seen.EVERYBODY,
        identifier=("id", "public_id"),
        plain=(
            *("topic", "heading_fr", "heading_en", "words_fr", "words_en", "changed_fr"),
            *("changed_en", "changed_link", "published_at"),
        ),
        created=OWN | {"topic"},
    ),
    "public_question": Holding(
        About.PERSON,
        Keep.PUBLIC,
        Seen.EVERYBODY,
        identifier=("id", "public_answer_id", "voice_id", "words"),
        quasi=("language", "asked_on"),
        plain=("is_edited",),
        created=OWN | {"public_answer_id", "voice_id", "asked_on", "is_edited"},
        otherwise={Seen.NOBODY: ("voice_id",)},
    ),
}
