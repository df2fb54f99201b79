"""A recipient, somebody who publishes, and notices."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.consent import service
from mutuali.consent.models import ConsentEvent
from mutuali.consent.rules import Purpose, Subject
from mutuali.core.permissions import Actor, Role
from mutuali.organizations.rules import OrganizationKind
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

STATISTICS = Purpose.NETWORK_STATISTICS


@dataclass(frozen=True)
class Table:
    """Who sits at it: a steward, and a partner that would like to receive."""

    steward: Actor
    partner_id: int


def set_table(world: World) -> Table:
    partner_id = world.organization("Ville-Essai", kind=OrganizationKind.PARTNER)[0]
    return Table(world.person(role=Role.STEWARD), partner_id)


def answers(session: Session) -> list[str]:
    """What was answered, oldest first; being asked is no answer."""
    rows = session.scalars(select(ConsentEvent.event).order_by(ConsentEvent.id))
    return [event for event in rows if event not in {"asked", "re_asked"}]


def published(
    session: Session,
    table: Table,
    purpose: Purpose = STATISTICS,
    *,
    more: str = "",
    months: int = 24,
    subject: Subject = Subject.ORGANIZATION,
    now: datetime = NOW,
) -> str:
    """Publish the default notice, with ``more`` words; returns its public id."""
    draft = service.default_draft(session, purpose, table.partner_id, months, subject)
    public_id = new_public_id()
    draft = replace(draft, text_fr=draft.text_fr + more, text_en=draft.text_en + more)
    service.publish_notice(session, table.steward, draft, public_id=public_id, now=now)
    return public_id
