"""What is stored of the network itself, and of what it learned; nobody is named in it."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen, Why

NETWORK: Mapping[str, Holding] = {
    "network": Holding(
        About.ORGANIZATION,
        Keep.TEXT,
        Seen.EVERYBODY,
        identifier=("operator_name", "operator_address", "operator_contact"),
        plain=(
            *("id", "name", "logo", "logo_key", "logo_width", "logo_height"),
            *("logo_alt_fr", "logo_alt_en", "boroughs", "english", "purposes"),
            *("kit_published_at", "begun_at", "put_away_at", "version"),
        ),
        created=OWN
        | {"logo_key", "logo_width", "logo_height", "kit_published_at", "begun_at", "put_away_at"},
        kept_for=Why.SERVICE,
        otherwise={
            Seen.ADMINISTRATION: ("begun_at", "put_away_at"),
            Seen.NOBODY: ("logo_key",),
        },
    ),
    "notice_words": Holding(
        About.THING,
        Keep.TEXT,
        Seen.STEWARDS,
        plain=("subject", "purpose", "text_fr", "text_en", "origin", "at"),
        created=OWN | {"subject", "purpose"},
    ),
    "lesson": Holding(
        About.THING,
        Keep.TEXT,
        Seen.EVERYBODY,
        plain=(
            *("id", "public_id", "origin", "written_on", "title_fr", "title_en", "tried_fr"),
            *("tried_en", "happened_fr", "happened_en", "again_fr", "again_en"),
        ),
        created=OWN | {"written_on"},
        kept_for=Why.LEARNING,
    ),
}
