"""Who answers for personal information: what everybody reads, and naming them."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service
from mutuali.organizations.rules import Office, OfficeDraft
from mutuali.organizations.schemas import OfficeSchema
from mutuali.organizations.views.pages import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form

_HOME = "/intendance/responsables"


@bp.get("/confidentialite")
@door(PUBLIC)
def privacy(session: Session, actor: Actor) -> ResponseReturnValue:
    """What is kept, why, one's rights, and who answers."""
    return page("organizations/privacy.html", offices=service.offices(session))


@bp.get("/intendance/responsables")
@door(Permission.OFFICE_NAME)
def offices(session: Session, actor: Actor) -> ResponseReturnValue:
    """Who answers now and who did before; naming the next."""
    return _offices_page(session)


def _offices_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _offices_page(session, error)


@bp.post("/intendance/responsables")
@door(
    Permission.OFFICE_NAME,
    parse=lambda: load_form(OfficeSchema()),
    again=_offices_again,
)
def name_officer(session: Session, actor: Actor, draft: OfficeDraft) -> ResponseReturnValue:
    """Name somebody."""
    service.name_officer(session, actor, draft, now=utc_now())
    flash(_("C’est noté, et publié à la page Confidentialité."), "success")
    return see_other(_HOME)


@bp.post(
    "/intendance/responsables/<any(person_in_charge, substitute, qualified_person):office>/fin"
)
@door(
    Permission.OFFICE_NAME,
    again=lambda session, actor, office, *, error: _offices_page(session, error),
)
def end_office(session: Session, actor: Actor, office: str) -> ResponseReturnValue:
    """Leave an office empty."""
    service.end_office(session, actor, Office(office), now=utc_now())
    flash(_("La charge est libre."), "success")
    return see_other(_HOME)


def _offices_page(session: Session, error: DomainError | None = None) -> ResponseReturnValue:
    return page(
        "organizations/offices.html",
        offices=service.offices(session),
        past=service.past_offices(session),
        all_offices=[office.value for office in Office],
        errors=errors_by_field(error),
        typed=request.form,
    )
