"""Somebody who helps, and an organization that has something to say."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Role
from mutuali.owndata import service
from mutuali.owndata.rules import (
    MOST_A_DAY,
    Everyday,
    MeetingDraft,
    OfferDraft,
    OfficerDraft,
    WhoCalls,
)
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

OFFICER = OfficerDraft("Rose Roy", "Direction générale", "vie-privee@exemple.org")
#: The day after NOW, from nine on.
TOMORROW = OfferDraft(date(2026, 3, 4), time(9), time(10), "514 555-0142")
CALLED = MeetingDraft("Garder la liste des allergies?", WhoCalls.HELPER, "514 555-0177")


def take(session: Session, actor: Actor, *templates: Everyday, now: datetime = NOW) -> list[str]:
    """Everyday holdings of the actor's organization, as one tap takes them."""
    id_ = actor.organization_id or 0
    return [
        service.take(session, actor, id_, each, public_id=new_public_id(), now=now)
        for each in templates
    ]


def published(session: Session, actor: Actor, *, now: datetime = NOW) -> None:
    """A policy over three holdings that everybody reads."""
    id_ = actor.organization_id or 0
    take(session, actor, Everyday.VOLUNTEERS, Everyday.KEYS, Everyday.MAILING, now=now)
    service.name_officer(session, actor, id_, OFFICER, now=now)
    service.publish(session, actor, id_, now=now)


def helper(world: World, draft: OfferDraft = TOMORROW, *, now: datetime = NOW) -> Actor:
    """A steward who offers moments."""
    steward = world.person(role=Role.STEWARD, name="Camille Aide")
    public_ids = [new_public_id() for _slot in range(MOST_A_DAY)]
    service.offer(world.session, steward, draft, public_ids=public_ids, now=now)
    return steward


def meet(
    session: Session,
    actor: Actor,
    slot: str,
    draft: MeetingDraft = CALLED,
    *,
    now: datetime = NOW,
) -> str:
    """Take a moment; returns the public id of the meeting."""
    public_id = new_public_id()
    service.take_slot(
        session, actor, actor.organization_id or 0, slot, draft, public_id=public_id, now=now
    )
    return public_id
