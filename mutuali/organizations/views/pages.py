"""Pages of an organization: apply, members, places, delegations; and accepting applications."""

from typing import Any

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound
from mutuali.core.permissions import Actor, Permission, Role, may
from mutuali.core.places import borough_name
from mutuali.extensions import limiter
from mutuali.organizations import service
from mutuali.organizations.rules import APPLICANT_KINDS, INVITATION_LASTS, Sector
from mutuali.organizations.schemas import (
    ApplicationSchema,
    DelegationSchema,
    InvitationSchema,
    OrganizationSchema,
    SiteSchema,
)
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.identity import current_login_token
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.panels import Place, panels_of
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id, read_signed_link, token_hash

bp = Blueprint("organizations", __name__)


@bp.get("/organisme")
@door(SIGNED_IN)
def organization(session: Session, actor: Actor) -> ResponseReturnValue:
    """One's own organization; without one, how to get one."""
    return _organization_page(session, actor)


def _organization_again(
    session: Session, actor: Actor, *, error: DomainError
) -> ResponseReturnValue:
    return _organization_page(session, actor, error)


@bp.get("/organisme/demande")
@door(SIGNED_IN)
def apply_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """The application of an organization."""
    return _application_page()


def _apply_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _application_page(error)


@bp.post("/organisme/demande")
@door(SIGNED_IN, parse=lambda: load_form(ApplicationSchema()), again=_apply_again)
def apply(
    session: Session,
    actor: Actor,
    drafts: tuple[service.OrganizationDraft, service.SiteDraft],
) -> ResponseReturnValue:
    """Hand the application in and act for the new organization at once."""
    draft, site = drafts
    id_ = service.apply(
        session,
        actor,
        draft,
        site,
        public_id=new_public_id(),
        site_public_id=new_public_id(),
        now=utc_now(),
    )
    accounts.act_for(session, token_hash(current_login_token() or ""), id_)
    flash(_("Votre demande est reçue. La réponse vient d’habitude en deux jours."), "success")
    return see_other("/organisme")


@bp.post("/organisme/choisir")
@door(SIGNED_IN)
def act_for(session: Session, actor: Actor) -> ResponseReturnValue:
    """Act for another of one's organizations from now on."""
    chosen = service.by_public_id(session, request.form.get("organization", ""))
    if chosen.id not in actor.memberships:
        raise NotFound
    accounts.act_for(session, token_hash(current_login_token() or ""), chosen.id)
    return see_other("/organisme")


@bp.get("/organisme/modifier")
@door(Permission.ORGANIZATION_EDIT)
def edit_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the organization says of itself."""
    return _edit_page(session, actor)


@bp.post("/organisme/personne-seule")
@door(Permission.ORGANIZATION_EDIT)
def flag_sole_operator(session: Session, actor: Actor) -> ResponseReturnValue:
    """Say whether one person is the organization."""
    sole = "sole" in request.form
    service.flag_sole_operator(session, actor, _own(actor), sole=sole, now=utc_now())
    flash(_("C’est enregistré."), "success")
    return see_other("/organisme/modifier")


def _edit_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _edit_page(session, actor, error)


@bp.post("/organisme/modifier")
@door(
    Permission.ORGANIZATION_EDIT,
    parse=lambda: load_form(OrganizationSchema()),
    again=_edit_again,
)
def edit(session: Session, actor: Actor, draft: service.OrganizationDraft) -> ResponseReturnValue:
    """Change it."""
    service.edit(session, actor, _own(actor), draft, now=utc_now())
    flash(_("C’est enregistré."), "success")
    return see_other("/organisme")


@bp.post("/organisme/invitations")
@limiter.limit("10 per minute")
@door(
    Permission.MEMBER_INVITE,
    parse=lambda: load_form(InvitationSchema()),
    again=_organization_again,
)
def invite(session: Session, actor: Actor, invited: tuple[str, Role]) -> ResponseReturnValue:
    """Invite an address."""
    email, role = invited
    service.invite(session, actor, _own(actor), email, role, now=utc_now())
    flash(_("L’invitation est partie. Elle dure quatorze jours."), "success")
    return see_other("/organisme")


@bp.get("/invitation/<token>")
@door(SIGNED_IN)
def invitation(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """An invitation, to be accepted by a button."""
    found = service.invitation(session, _invitation_id(token), now=utc_now())
    return page("organizations/invitation.html", invitation=found, token=token)


@bp.post("/invitation/<token>")
@door(SIGNED_IN)
def accept_invitation(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Become a member."""
    id_ = service.accept_invitation(session, actor, _invitation_id(token), now=utc_now())
    accounts.act_for(session, token_hash(current_login_token() or ""), id_)
    flash(_("Bienvenue! Vous agissez maintenant pour cet organisme."), "success")
    return see_other("/organisme")


@bp.post("/organisme/membres/<public_id>/retirer")
@door(Permission.ORGANIZATION_READ, again=lambda s, a, public_id, *, error: _again(s, a, error))
def remove_member(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take a person out, or leave."""
    person = service.member_by_public_id(session, actor, _own(actor), public_id)
    service.remove_member(session, actor, _own(actor), person.person_id, now=utc_now())
    flash(_("Cette personne n’agit plus pour l’organisme."), "success")
    return see_other("/organisme")


@bp.get("/organisme/lieux/nouveau")
@door(Permission.ORGANIZATION_EDIT)
def site_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """A new place."""
    return _site_page()


def _site_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _site_page(error)


@bp.post("/organisme/lieux/nouveau")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(SiteSchema()), again=_site_again)
def add_site(session: Session, actor: Actor, site: service.SiteDraft) -> ResponseReturnValue:
    """Add a place."""
    service.add_site(session, actor, _own(actor), site, public_id=new_public_id(), now=utc_now())
    flash(_("Le lieu est ajouté."), "success")
    return see_other("/organisme")


@bp.post("/organisme/delegations")
@limiter.limit("10 per minute")
@door(
    Permission.DELEGATION_GIVE,
    parse=lambda: load_form(DelegationSchema()),
    again=_organization_again,
)
def delegate(session: Session, actor: Actor, given: tuple[str, Any, Any]) -> ResponseReturnValue:
    """Let a person decide for us, from a day to another."""
    email, starts_at, ends_at = given
    now = utc_now()
    service.delegate(session, actor, _own(actor), email, ends_at, starts_at=starts_at, now=now)
    if starts_at is None or starts_at <= now:
        flash(_("La délégation est en vigueur."), "success")
    else:
        flash(_("La délégation est notée\u00a0: elle commencera ce jour-là."), "success")
    return see_other("/organisme")


@bp.post("/organisme/delegations/<int:delegation_id>/terminer")
@door(Permission.DELEGATION_GIVE)
def end_delegation(session: Session, actor: Actor, delegation_id: int) -> ResponseReturnValue:
    """Take a delegation back."""
    service.end_delegation(session, actor, delegation_id, now=utc_now())
    flash(_("La délégation est terminée."), "success")
    return see_other("/organisme")


@bp.get("/coordination/adhesions")
@door(Permission.ORGANIZATION_ACCEPT)
def applications(session: Session, actor: Actor) -> ResponseReturnValue:
    """Applications that wait for an answer, oldest first."""
    found = service.applications(session, actor)
    return page(
        "organizations/applications.html",
        applications=found,
        sites={each.id: service.sites_of(session, each.id) for each in found},
        members={each.id: service.members(session, actor, each.id) for each in found},
        borough_name=borough_name,
    )


@bp.post("/coordination/adhesions/<public_id>/<any(accepter, refuser):answer>")
@door(Permission.ORGANIZATION_ACCEPT)
def decide(session: Session, actor: Actor, public_id: str, answer: str) -> ResponseReturnValue:
    """Accept or refuse an application."""
    found = service.by_public_id(session, public_id)
    service.decide(session, actor, found.id, accept=answer == "accepter", now=utc_now())
    flash(_("La réponse est partie."), "success")
    return see_other("/coordination/adhesions")


def _again(session: Session, actor: Actor, error: DomainError) -> ResponseReturnValue:
    return _organization_page(session, actor, error)


def _organization_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    if actor.organization_id is None:
        return page("organizations/none.html")
    id_, now = actor.organization_id, utc_now()
    facts = service.organization(session, id_)
    return page(
        "organizations/organization.html",
        organization=facts,
        panels=panels_of(Place.ORGANIZATION, session, actor, facts.public_id, now),
        members=service.members(session, actor, id_),
        invitations=service.invitations(session, actor, id_, now=now),
        sites=service.sites_of(session, id_),
        delegations=service.delegations(session, actor, id_, now=now),
        me=actor.person_id,
        manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        errors=errors_by_field(error),
        typed=request.form,
        borough_name=borough_name,
    )


def _application_page(error: DomainError | None = None) -> ResponseReturnValue:
    return page(
        "organizations/apply.html",
        errors=errors_by_field(error),
        typed=request.form,
        languages=request.form.getlist("languages"),
        kinds=[kind.value for kind in APPLICANT_KINDS],
        sectors=[sector.value for sector in Sector],
    )


def _edit_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.organization(session, _own(actor))
    typed = {
        "name": found.name,
        "kind": found.kind.value,
        "sector": found.sector.value,
        "enterprise_number": found.enterprise_number or "",
        "phone": found.phone,
        **request.form.to_dict(),
    }
    return page(
        "organizations/edit.html",
        organization=found,
        errors=errors_by_field(error),
        typed=typed,
        languages=request.form.getlist("languages") or list(found.languages),
        avoids=request.form.getlist("avoids") if error else [each.value for each in found.avoids],
        kinds=[kind.value for kind in dict.fromkeys((*APPLICANT_KINDS, found.kind))],
        sectors=[sector.value for sector in Sector],
    )


def _site_page(error: DomainError | None = None) -> ResponseReturnValue:
    return page("organizations/site.html", errors=errors_by_field(error), typed=request.form)


def _own(actor: Actor) -> int:
    if actor.organization_id is None:
        raise Forbidden
    return actor.organization_id


def _invitation_id(token: str) -> int:
    lasts = int(INVITATION_LASTS.total_seconds())
    reference = read_signed_link("invitation", token, max_age_seconds=lasts)
    if reference is None or not reference.isdecimal():
        raise Conflict("invitation.spent")
    return int(reference)
