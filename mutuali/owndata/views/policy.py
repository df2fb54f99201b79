"""Who is in charge, the policy, its files; and the page that everybody reads once it is out."""

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, NotFound
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.owndata import service
from mutuali.owndata.rules import OfficerDraft, plain_text, retention_table
from mutuali.owndata.schemas import OfficerSchema
from mutuali.owndata.views.blueprint import bp
from mutuali.owndata.views.inventory import HERE
from mutuali.owndata.views.shown import (
    blocks,
    downloaded,
    own,
    policy_paper,
    table_file,
    table_head,
    table_paper,
)
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.wording import day

_POLICY = f"{HERE}/politique"


@bp.get("/organisme/nos-donnees/responsable")
@door(Permission.ORGANIZATION_READ)
def officer(session: Session, actor: Actor) -> ResponseReturnValue:
    """Who is in charge."""
    return _officer_page(session, actor)


def _officer_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    id_ = own(actor)
    found = service.officer(session, actor, id_)
    typed = {
        "title": found.title if found else "",
        "name": found.name if found else "",
        "how_to_reach": found.how_to_reach if found else "",
        "in_charge": "delegate" if found and found.delegated_on else "head",
        "delegated_on": found.delegated_on.isoformat() if found and found.delegated_on else "",
        **request.form.to_dict(),
    }
    return page(
        "owndata/officer.html",
        officer=found,
        typed=typed,
        phone=organizations.organization(session, id_).phone,
        manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        errors=errors_by_field(error),
    )


def _officer_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _officer_page(session, actor, error)


@bp.post("/organisme/nos-donnees/responsable")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(OfficerSchema()), again=_officer_again)
def name_officer(session: Session, actor: Actor, draft: OfficerDraft) -> ResponseReturnValue:
    """Name them."""
    service.name_officer(session, actor, own(actor), draft, now=utc_now())
    flash(_("C’est noté. Cela sera public quand vous publierez votre politique."), "success")
    return see_other(_POLICY)


def _policy_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    id_ = own(actor)
    state = service.policy(session, actor, id_)
    organization = organizations.organization(session, id_)
    text = state.drafted.get(language(), "")
    return page(
        "owndata/policy.html",
        state=state,
        organization=organization,
        blocks=blocks(text)[1:],
        plain=plain_text(text) if text else "",
        table=retention_table(state.holdings, language()),
        head=table_head(),
        manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        errors=errors_by_field(error),
    )


@bp.get("/organisme/nos-donnees/politique")
@door(Permission.ORGANIZATION_READ)
def policy(session: Session, actor: Actor) -> ResponseReturnValue:
    """The policy as it would be published, the retention table, what is out."""
    return _policy_page(session, actor)


def _policy_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _policy_page(session, actor, error)


@bp.post("/organisme/nos-donnees/politique/publier")
@door(Permission.ORGANIZATION_EDIT, again=_policy_again)
def publish(session: Session, actor: Actor) -> ResponseReturnValue:
    """Let everybody read it."""
    number = service.publish(session, actor, own(actor), now=utc_now())
    flash(_("La version %(number)s est publiée.", number=number), "success")
    return see_other(_POLICY)


@bp.post("/organisme/nos-donnees/politique/retirer")
@door(Permission.ORGANIZATION_EDIT, again=_policy_again)
def withdraw(session: Session, actor: Actor) -> ResponseReturnValue:
    """Let nobody read it any more: one tap."""
    service.withdraw(session, actor, own(actor), now=utc_now())
    flash(_("La politique est retirée. Plus personne ne la lit ici."), "success")
    return see_other(_POLICY)


@bp.get("/organisme/nos-donnees/politique.pdf")
@door(Permission.ORGANIZATION_READ)
def policy_pdf(session: Session, actor: Actor) -> ResponseReturnValue:
    """The policy on paper, in the reader's language."""
    state = service.policy(session, actor, own(actor))
    return policy_paper(_drafted(state), language(), _foot(state))


@bp.get("/organisme/nos-donnees/politique.txt")
@door(Permission.ORGANIZATION_READ)
def policy_txt(session: Session, actor: Actor) -> ResponseReturnValue:
    """The policy as plain text."""
    text = plain_text(_drafted(service.policy(session, actor, own(actor))))
    return downloaded(text.encode(), "text/plain", _("confidentialite.txt"))


@bp.get("/organisme/nos-donnees/durees.csv")
@door(Permission.ORGANIZATION_READ)
def table_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The retention table for a spreadsheet."""
    state = service.policy(session, actor, own(actor))
    return table_file(retention_table(state.holdings, language()))


@bp.get("/organisme/nos-donnees/durees.pdf")
@door(Permission.ORGANIZATION_READ)
def table_pdf(session: Session, actor: Actor) -> ResponseReturnValue:
    """The retention table on paper."""
    state = service.policy(session, actor, own(actor))
    title = _("Combien de temps nous gardons\u00a0: %(name)s", name=state.organization)
    made_on = day(local(utc_now()).date())
    return table_paper(retention_table(state.holdings, language()), title, language(), made_on)


@bp.get("/organismes/<public_id>/confidentialite")
@door(PUBLIC)
def public_policy(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The policy of an organization, for everybody, while it is out."""
    found = service.published(session, public_id)
    title, *parts = blocks(found.texts[language()])
    return page(
        "owndata/public.html",
        found=found,
        title=title.words[0],
        blocks=parts,
        pdf=f"/organismes/{public_id}/confidentialite.pdf",
    )


@bp.get("/organismes/<public_id>/confidentialite.pdf")
@door(PUBLIC)
def public_pdf(session: Session, actor: Actor, public_id: str) -> Response:
    """The same on paper."""
    found = service.published(session, public_id)
    return policy_paper(found.texts[language()], language(), version_words(found.version))


def version_words(version: service.Version) -> str:
    """``Version 2, publiée le mardi 3 mars 2026``."""
    return _(
        "Version %(number)s, publiée le %(day)s",
        number=version.number,
        day=day(version.published_at),
    )


def _drafted(state: service.PolicyState) -> str:
    if not state.drafted:
        raise NotFound
    return state.drafted[language()]


def _foot(state: service.PolicyState) -> str:
    if state.out is None or state.has_news:
        return _("Projet, pas encore publié")
    return version_words(state.out.version)


bp.context_processor(lambda: {"version_words": version_words})
