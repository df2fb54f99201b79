"""What is stored of people and of how they sign in."""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.everywhere import OWN
from mutuali.inventory.rules.words import About, Holding, Keep, Seen

ACCOUNTS: Mapping[str, Holding] = {
    "person": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        Seen.PERSON,
        identifier=("id", "public_id", "email", "name"),
        quasi=("language",),
        sensitive=("password_hash",),
        plain=("confirmed_at", "notice_version", "is_demo", "created_at"),
        created=OWN | {"confirmed_at", "notice_version", "password_hash"},
        otherwise={
            Seen.ORGANIZATION: ("name", "email"),
            Seen.NOBODY: ("notice_version", "is_demo"),
        },
    ),
    "login": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.PERSON,
        identifier=("token_hash", "person_id", "organization_id"),
        sensitive=("created_at", "expires_at", "revoked_at", "second_factor_at", "challenge"),
        plain=("challenge_until",),
        created=OWN | {"organization_id", "second_factor_at", "challenge", "challenge_until"},
        otherwise={Seen.NOBODY: ("organization_id", "challenge", "challenge_until")},
    ),
    "second_factor": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        Seen.PERSON,
        identifier=("id", "person_id", "credential_id", "public_key"),
        sensitive=("sealed_secret", "counter", "used_at"),
        plain=("kind", "name", "created_at"),
        created=OWN | {"sealed_secret", "counter", "kind"},
        otherwise={Seen.NOBODY: ("credential_id", "public_key", "sealed_secret", "counter")},
    ),
    "recovery_code": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        Seen.NOBODY,
        identifier=("code_hash", "person_id"),
        sensitive=("used_at",),
        plain=("created_at",),
        created=OWN | {"code_hash"},
    ),
    "factor_lockout": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.NOBODY,
        identifier=("person_id",),
        sensitive=("failures", "last_failure_at"),
        created=OWN | {"failures", "last_failure_at"},
    ),
    "api_token": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        Seen.PERSON,
        identifier=("id", "token_hash", "person_id", "organization_id"),
        plain=("name", "scopes", "created_at", "expires_at", "revoked_at", "second_factor_at"),
        created=OWN | {"organization_id", "second_factor_at"},
    ),
    "one_time_link": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.NOBODY,
        identifier=("id", "person_id"),
        plain=("purpose", "expires_at", "used_at"),
        created=OWN | {"purpose"},
    ),
    "lockout": Holding(
        About.PERSON,
        Keep.DAYS,
        Seen.NOBODY,
        identifier=("email_hash",),
        sensitive=("failures", "last_failure_at"),
        created=frozenset({"email_hash", "failures", "last_failure_at"}),
    ),
    "network_role": Holding(
        About.PERSON,
        Keep.ACCOUNT,
        Seen.ADMINISTRATION,
        identifier=("person_id",),
        quasi=("role",),
        created=OWN,
    ),
}
