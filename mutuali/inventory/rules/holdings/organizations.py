"""What is stored of organizations, who acts for them, and their places."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

ORGANIZATIONS: Mapping[str, Holding] = {
    "membership": Holding(
        About.PERSON,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id", "person_id"),
        quasi=("role", "since"),
        created=OWN | {"organization_id"},
    ),
    "delegation": Holding(
        About.PERSON,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("id", "organization_id", "person_id"),
        plain=("starts_at", "ends_at", "revoked_at"),
        created=OWN | {"organization_id"},
    ),
    "trusted_borrower": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.ORGANIZATION,
        identifier=("organization_id", "borrower_id"),
        plain=("since",),
        created=OWN | {"organization_id", "borrower_id"},
    ),
    "invitation": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.ORGANIZATION,
        identifier=("id", "organization_id", "email"),
        quasi=("role",),
        plain=("expires_at", "accepted_at"),
        created=OWN | {"organization_id"},
    ),
    "organization": Holding(
        About.ORGANIZATION,
        Keep.PARTY,
        Seen.COORDINATION,
        identifier=(
            *("id", "public_id", "name", "enterprise_number", "phone", "parent_id"),
            *("source", "source_ref"),
        ),
        quasi=("kind", "sector", "languages", "avoids"),
        sensitive=("is_sole_operator",),
        plain=("state", "created_at", "decided_at", "version"),
        created=OWN,
        otherwise={
            Seen.EVERYBODY: ("public_id", "name"),
            Seen.PARTIES: ("phone", "avoids"),
            Seen.NOBODY: ("source", "source_ref"),
        },
    ),
    "office_holder": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.EVERYBODY,
        identifier=("id", "name", "contact"),
        quasi=("office", "title", "is_external"),
        plain=("delegated_on", "delegation", "competence", "since", "ended_at"),
        created=OWN,
        otherwise={Seen.ADMINISTRATION: ("delegated_on", "delegation", "competence")},
    ),
    "participation": Holding(
        About.ORGANIZATION,
        Keep.AGREEMENT,
        Seen.ORGANIZATION,
        identifier=("id", "public_id", "organization_id", "person_id", "text_fr", "text_en"),
        quasi=("capacity", "resolution", "resolved_on"),
        plain=("text_version", "hash", "accepted_at", "notice_at", "ends_at"),
        created=OWN | {"organization_id", "text_fr", "text_en", "text_version", "ends_at"},
    ),
    "signatory": Holding(
        About.PERSON,
        Keep.AGREEMENT,
        Seen.ORGANIZATION,
        identifier=("id", "organization_id", "person_id"),
        quasi=("capacity", "resolution", "resolved_on"),
        plain=("since", "ended_at"),
        created=OWN | {"organization_id"},
    ),
    "document": Holding(
        About.PERSON,
        Keep.DOCUMENT,
        Seen.COORDINATION,
        identifier=(
            *("id", "public_id", "organization_id", "person_id", "person_name", "reference"),
            *("file", "added_by", "checked_by"),
        ),
        quasi=("kind", "detail", "expires_on"),
        sensitive=("refused_reason",),
        plain=("file_type", "added_at", "checked_at", "reminded_days"),
        created=OWN
        | {"organization_id", "added_by", "added_at", "checked_by", "checked_at", "file_type"}
        | {"refused_reason", "reminded_days"},
    ),
    "site": Holding(
        About.ORGANIZATION,
        Keep.MEMBERSHIP,
        Seen.PARTIES,
        identifier=(
            *("id", "public_id", "organization_id", "name", "address", "latitude", "longitude"),
            *("grid_row", "grid_column", "access_notes"),
        ),
        quasi=("postal_code", "borough"),
        created=OWN | {"organization_id"},
        inferred=frozenset({"borough", "latitude", "longitude", "grid_row", "grid_column"}),
        otherwise={
            Seen.EVERYBODY: ("borough", "grid_row", "grid_column"),
            Seen.ORGANIZATION: ("latitude", "longitude"),
        },
    ),
}
