"""What is stored of what organizations hold elsewhere, and of meetings with a person who helps."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

OWNDATA: Mapping[str, Holding] = {
    "own_holding": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("id", "public_id", "organization_id"),
        quasi=("name_fr", "name_en", "what_fr", "what_en", "why_fr", "why_en"),
        plain=(
            *("template", "about_whom", "came_by", "kept_in", "seen_by", "term", "counted_from"),
            *("sensitivity", "ending", "created_at", "looked_at", "version"),
        ),
        created=OWN | {"organization_id", "looked_at"},
    ),
    "own_officer": Holding(
        About.PERSON,
        Keep.MEMBERSHIP,
        Seen.EVERYBODY,
        identifier=("organization_id", "name", "how_to_reach", "person_id"),
        quasi=("title",),
        plain=("delegated_on", "since"),
        created=OWN | {"organization_id"},
        otherwise={Seen.ORGANIZATION: ("person_id", "delegated_on")},
    ),
    "own_policy": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.EVERYBODY,
        identifier=("id", "organization_id", "text_fr", "text_en", "published_by"),
        plain=("version", "published_at", "withdrawn_at"),
        created=OWN | {"organization_id"},
    ),
    "help_slot": Holding(
        About.PERSON,
        Keep.WEEK,
        Seen.MEMBERS,
        identifier=("id", "public_id", "helper_id", "call_at"),
        quasi=("starts_at",),
        plain=("created_at", "withdrawn_at"),
        created=OWN | {"helper_id"},
    ),
    "help_meeting": Holding(
        About.PERSON,
        Keep.WEEK,
        Seen.COORDINATION,
        identifier=(
            *("id", "public_id", "slot_id", "organization_id", "person_id", "topic", "phone"),
        ),
        plain=("created_at", "cancelled_at"),
        created=OWN | {"slot_id", "organization_id", "cancelled_at"},
    ),
}
