"""Tokens for programs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts.models import ApiToken
from mutuali.accounts.rules import API_TOKEN_LASTS
from mutuali.audit import service as audit
from mutuali.core.errors import Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """An API token as its owner sees it; the token itself is shown once, by the door."""

    id: int
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    #: Whether the login that made it passed a second factor; else it carries no network role.
    second_factor: bool


def create_api_token(
    session: Session,
    actor: Actor,
    *,
    name: str,
    scopes: frozenset[str],
    token_hash: str,
    now: datetime,
) -> None:
    """Keep the hash of a new API token of the actor, for a year, limited to ``scopes``.

    Raises:
        Forbidden: tokens cannot make tokens; a role of the actor waits for a second factor
            (``account.second_factor_needed``).
        Refused: no scope, or one the actor does not hold.
    """
    if actor.scopes is not None or actor.person_id is None:
        raise Forbidden
    if actor.withheld:
        raise Forbidden("account.second_factor_needed")
    held = {permission.value for permission in Permission if may(actor, permission)}
    if not scopes or not scopes <= held:
        raise Refused(Reason("token.scope_unknown", {}, "scopes"))
    token = ApiToken(
        token_hash=token_hash,
        person_id=actor.person_id,
        organization_id=actor.organization_id,
        name=name,
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + API_TOKEN_LASTS,
        second_factor_at=now if actor.second_factor else None,
    )
    session.add(token)
    session.flush()
    audit.record(session, actor, "token.created", "api_token", token.id, now=now)


def api_tokens(session: Session, actor: Actor, *, now: datetime) -> list[TokenFacts]:
    """The actor's tokens in force, newest first."""
    rows = session.scalars(
        select(ApiToken)
        .where(
            ApiToken.person_id == actor.person_id,
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
        )
        .order_by(ApiToken.id.desc())
    )
    return [
        TokenFacts(
            row.id,
            row.name,
            tuple(row.scopes),
            row.created_at,
            row.expires_at,
            row.second_factor_at is not None,
        )
        for row in rows
    ]


def revoke_api_token(session: Session, actor: Actor, token_id: int, *, now: datetime) -> None:
    """End one of the actor's own tokens.

    Raises:
        NotFound: no such token of theirs.
    """
    row = session.get(ApiToken, token_id)
    if row is None or row.person_id != actor.person_id:
        raise NotFound
    row.revoked_at = now
    audit.record(session, actor, "token.revoked", "api_token", row.id, now=now)
