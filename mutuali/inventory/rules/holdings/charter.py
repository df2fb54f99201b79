"""What is stored of the actions of the Charter, and of what organizations say of them."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

CHARTER: Mapping[str, Holding] = {
    "action_list": Holding(
        About.THING,
        Keep.TEXT,
        Seen.EVERYBODY,
        identifier=("id", "public_id", "person_id"),
        plain=("name", "source", "content", "created_at", "replaced_at"),
        created=OWN | {"replaced_at"},
        kept_for=Why.SERVICE,
        otherwise={Seen.STEWARDS: ("person_id",)},
    ),
    "action_answer": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id", "sentence", "person_id"),
        sensitive=("answer",),
        plain=("code", "at"),
        created=OWN | {"organization_id", "code"},
    ),
    "charter_size": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id",),
        quasi=("size",),
        plain=("at",),
        created=OWN | {"organization_id"},
    ),
    "charter_mark": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id",),
        sensitive=("done", "concerned"),
        plain=("month", "principle"),
        created=frozenset({"organization_id", "month", "principle"}),
        inferred=frozenset({"done", "concerned"}),
    ),
}
