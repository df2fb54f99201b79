"""An organization that leaves, and the page its board decides on."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.core.errors import Forbidden
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.governance import service
from mutuali.governance.views.files import file
from mutuali.governance.views.mine import bp
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import EXIT_NOTICE
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.network import said
from mutuali.web.pages import page, see_other
from mutuali.web.wording import day


@bp.get("/organisme/quitter")
@door(Permission.PARTICIPATION_ACCEPT)
def leaving(session: Session, actor: Actor) -> ResponseReturnValue:
    """What leaving does, what is returned, what is kept and why."""
    id_ = own(actor)
    ends_at = service.waiting_to_leave(session, actor, id_)
    return page(
        "governance/leave.html",
        organization=organizations.organization(session, id_),
        participates=organizations.participates(session, id_, now=utc_now()),
        last_day=local(ends_at).date() if ends_at else None,
        notice_days=EXIT_NOTICE.days,
    )


@bp.post("/organisme/quitter")
@door(Permission.PARTICIPATION_ACCEPT)
def leave(session: Session, actor: Actor) -> ResponseReturnValue:
    """Give notice; every yes ends."""
    ends_at = service.leave(session, actor, own(actor), now=utc_now())
    last = day(local(ends_at).date())
    flash(_("Votre préavis est donné. Dernier jour\u00a0: %(day)s.", day=last), "success")
    return see_other("/organisme/quitter")


@bp.get("/organisme/nos-donnees.json")
@door(Permission.PARTICIPATION_ACCEPT)
def our_data_json(session: Session, actor: Actor) -> ResponseReturnValue:
    """What is returned to the organization, at any time."""
    told = service.our_data(session, actor, own(actor), now=utc_now())
    return file(service.as_json(told, now=utc_now()), "application/json", "nos-donnees.json")


@bp.get("/organisme/nos-donnees.zip")
@door(Permission.PARTICIPATION_ACCEPT)
def our_data_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same as spreadsheets."""
    told = service.our_data(session, actor, own(actor), now=utc_now())
    return file(service.as_csv(told), "application/zip", "nos-donnees.zip")


@bp.get("/organisme/conseil")
@door(Permission.ORGANIZATION_READ)
def board(session: Session, actor: Actor) -> ResponseReturnValue:
    """One page for the board: what is asked, what leaves, what a no changes, what to adopt."""
    id_, now = own(actor), utc_now()
    return page(
        "governance/board.html",
        organization=organizations.organization(session, id_),
        participates=organizations.participates(session, id_, now=now),
        questions=consent.questions(session, actor, id_, now=now),
        offered=organizations.participation_text(session, id_, said(session).operator_name),
        today=local(now).date(),
    )


def own(actor: Actor) -> int:
    """The organization that the actor acts for. Raises Forbidden: none."""
    if actor.organization_id is None:
        raise Forbidden
    return actor.organization_id
