"""What a change of somebody's second factors leaves behind."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.permissions import Actor
from mutuali.jobs import service as jobs


def leave_trace(
    session: Session,
    actor: Actor,
    name: str,
    person_id: int,
    facts: dict[str, Any],
    *,
    now: datetime,
) -> None:
    """Record the event ``name`` and write to the person: if it was not them, they learn it."""
    audit.record(session, actor, name, "person", person_id, now=now, facts=facts)
    told = {"person": person_id, "what": name.rpartition(".")[2], **facts}
    jobs.enqueue(session, "accounts.tell_factor", told, now=now)
