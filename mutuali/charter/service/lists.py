"""Which actions organizations work through: those of the software, or a list brought in."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.charter.models import ActionList
from mutuali.charter.rules import Action, read_actions
from mutuali.core.errors import Conflict
from mutuali.core.permissions import Actor, Permission, require

_STARTER = Path(__file__).parent.parent / "rules" / "starter.csv"


@dataclass(frozen=True, slots=True)
class Actions:
    """A list of actions; without a public id, it is the one that comes with the software."""

    actions: tuple[Action, ...]
    public_id: str | None = None
    name: str = ""
    source: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list that was brought in at some time."""

    public_id: str
    name: str
    source: str
    created_at: datetime
    replaced_at: datetime | None


def current_actions(session: Session) -> Actions:
    """The list that counts now."""
    row = session.scalars(select(ActionList).where(ActionList.replaced_at.is_(None))).one_or_none()
    if row is None:
        return Actions(starter())
    content = session.scalars(select(ActionList.content).where(ActionList.id == row.id)).one()
    return Actions(_parsed(content), row.public_id, row.name, row.source, row.created_at)


@lru_cache(maxsize=1)
def starter() -> tuple[Action, ...]:
    """The actions that come with the software: our own, and said to be."""
    return read_actions(_STARTER.read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _parsed(content: str) -> tuple[Action, ...]:
    return read_actions(content)


def bring_list(
    session: Session,
    actor: Actor,
    content: str,
    *,
    name: str,
    source: str,
    public_id: str,
    now: datetime,
) -> int:
    """Let another list count from now on; answers stay with the codes of actions they are of.

    Returns how many actions it has. Raises Forbidden; Refused: it cannot be read.
    """
    require(actor, Permission.REGISTER_KEEP)
    actions = read_actions(content)
    _replace(session, now)
    row = ActionList(
        public_id=public_id,
        name=name,
        source=source,
        content=content,
        person_id=actor.person_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    facts = {"actions": len(actions)}
    audit.record(session, actor, "actions.brought", "action_list", row.id, now=now, facts=facts)
    return len(actions)


def back_to_starter(session: Session, actor: Actor, *, now: datetime) -> None:
    """Let the list of the software count again. Raises Forbidden; Conflict: it does already."""
    require(actor, Permission.REGISTER_KEEP)
    id_ = _replace(session, now)
    if id_ is None:
        raise Conflict("actions.starter_already")
    audit.record(session, actor, "actions.starter_again", "action_list", id_, now=now)


def _replace(session: Session, now: datetime) -> int | None:
    row = session.scalars(
        select(ActionList).where(ActionList.replaced_at.is_(None)).with_for_update()
    ).one_or_none()
    if row is None:
        return None
    row.replaced_at = now
    session.flush()
    return row.id


def lists(session: Session, actor: Actor) -> list[ListFacts]:
    """Every list that was ever brought in, latest first. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    rows = session.scalars(select(ActionList).order_by(ActionList.id.desc()))
    return [
        ListFacts(row.public_id, row.name, row.source, row.created_at, row.replaced_at)
        for row in rows
    ]
