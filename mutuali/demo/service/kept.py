"""What an organization of the made-up network holds of people elsewhere, and who helps with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Role
from mutuali.demo.rules.names import DOMAIN
from mutuali.demo.service.people import actor_of
from mutuali.organizations import service as organizations
from mutuali.owndata import service as owndata
from mutuali.owndata.rules import (
    MOST_A_DAY,
    Everyday,
    HoldingDraft,
    KeptIn,
    MeetingDraft,
    OfferDraft,
    OfficerDraft,
    SeenBy,
    WhoCalls,
)

_TAKEN = (
    Everyday.VOLUNTEERS,
    Everyday.FAMILIES,
    Everyday.SHARED_PHONE,
    Everyday.ALLERGIES,
    Everyday.SIGN_IN,
)


def keep_an_inventory(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """The organization that one can sign in for has five lists and a policy that is out; the
    steward offers two moments, and another organization took one."""
    manager = actor_of(session, "gestion")
    id_ = manager.organization_id or 0
    asked = now - timedelta(days=20)
    for template in _TAKEN:
        owndata.take(session, manager, id_, template, public_id=new_public_id(), now=asked)
    families = owndata.holdings(session, manager, id_)[1]
    draft: HoldingDraft = replace(
        families.draft,
        kept_in=(KeptIn.PAPER_LOCKED, KeptIn.DEVICE),
        seen_by=(SeenBy.DIRECTION, SeenBy.SOME_VOLUNTEERS),
    )
    owndata.change(session, manager, id_, families.public_id, draft, now=asked)
    officer = OfficerDraft("", "Direction générale", f"vie-privee.gestion@{DOMAIN}")
    owndata.name_officer(session, manager, id_, officer, now=asked)
    owndata.publish(session, manager, id_, now=asked)
    _meet(session, id_, new_public_id, now)


def _meet(session: Session, known: int, new_public_id: Callable[[], str], now: datetime) -> None:
    helper = accounts.find_person(session, f"intendance@{DOMAIN}")
    assert helper is not None  # noqa: S101 - the network was filled just before
    steward = Actor(helper.id, roles=frozenset({Role.STEWARD}), second_factor=True)
    day = local(now).date() + timedelta(days=3)
    offer = OfferDraft(day, time(10), time(11), "514 555-0142")
    public_ids = [new_public_id() for _slot in range(MOST_A_DAY)]
    owndata.offer(session, steward, offer, public_ids=public_ids, now=now)
    other = next(
        each
        for each in organizations.accepted_organizations(session)
        if each.id != known and organizations.manager_ids(session, each.id)
    )
    taker = Actor(
        min(organizations.manager_ids(session, other.id)),
        memberships={other.id: Role.MANAGER},
        organization_id=other.id,
    )
    free = owndata.free_slots(session, taker, now=now)
    words = "Peut-on garder la liste des allergies d’une saison à l’autre?"
    meeting = MeetingDraft(words, WhoCalls.HELPER, "514 555-0177")
    owndata.take_slot(
        session, taker, other.id, free[0].public_id, meeting, public_id=new_public_id(), now=now
    )
