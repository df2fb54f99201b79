"""Whom a lender trusts: chosen among those who asked it for something before."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.views.pages import bp
from mutuali.core.errors import DomainError, Forbidden
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other

_HOME = "/organisme/confiance"


@bp.get("/organisme/confiance")
@door(Permission.ORGANIZATION_EDIT)
def trusted(session: Session, actor: Actor) -> ResponseReturnValue:
    """Who asked us for something, how it went, and whom we trust."""
    return _page(session, actor)


def _again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _page(session, actor, error)


@bp.post("/organisme/confiance/<public_id>")
@door(Permission.ORGANIZATION_EDIT, again=_again)
def trust(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Trust an organization from now on."""
    borrower = organizations.by_public_id(session, public_id)
    organizations.trust(session, actor, _own(actor), borrower.id, now=utc_now())
    flash(_("%(name)s est maintenant de confiance.", name=borrower.name), "success")
    return see_other(_HOME)


@bp.post("/organisme/confiance/<public_id>/retirer")
@door(Permission.ORGANIZATION_EDIT, again=_again)
def end_trust(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Trust it no more; what was confirmed stays."""
    borrower = organizations.by_public_id(session, public_id)
    organizations.end_trust(session, actor, _own(actor), borrower.id, now=utc_now())
    flash(_("Les demandes de %(name)s attendent de nouveau une réponse.", name=borrower.name))
    return see_other(_HOME)


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    found = service.known_borrowers(session, actor, _own(actor), now=utc_now())
    return page(
        "bookings/trusted.html",
        trusted=[each for each in found if each.trusted_since is not None],
        others=[each for each in found if each.trusted_since is None],
        errors=errors_by_field(error),
    )


def _own(actor: Actor) -> int:
    if actor.organization_id is None:
        raise Forbidden
    return actor.organization_id
