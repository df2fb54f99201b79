"""Pages of agreements: the list, one with what is done to it, what is taken away on paper."""

from typing import Any

from flask import Blueprint, Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.agreements import service
from mutuali.agreements.rules import AgreementState, clauses_of, exact_text
from mutuali.agreements.schemas import (
    AcceptanceSchema,
    SentSchema,
    SideSchema,
    StopSchema,
    UndertakingSchema,
)
from mutuali.agreements.views.shown import agreement_page, last_day, shown_state
from mutuali.core.canonical import canonical
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.language import language
from mutuali.web.mail import address
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

bp = Blueprint("agreements", __name__)


@bp.get("/ententes")
@door(SIGNED_IN)
def agreements(session: Session, actor: Actor) -> ResponseReturnValue:
    """Every agreement one may know of: those that wait for a yes first."""
    now = utc_now()
    found = service.agreements(session, actor)
    waiting = [
        each
        for each in found
        if service.sides_waiting_for(actor, each, now)
        or (each.ends_at > now and service.waits_for_signature(each, actor.person_id))
    ]
    return page(
        "agreements/agreements.html",
        waiting=waiting,
        others=[each for each in found if each not in waiting],
        state_of=lambda each: shown_state(each, now),
        writes=may(actor, Permission.AGREEMENT_DRAFT),
        last_day=last_day,
    )


@bp.get("/ententes/les-miennes")
@door(SIGNED_IN)
def mine(session: Session, actor: Actor) -> ResponseReturnValue:
    """The agreements that name the reader, and what is missing for them to have access."""
    now = utc_now()
    found = service.naming(session, actor.person_id or 0)
    open_to = {each.id for each in service.in_force_for(session, actor.person_id or 0, now=now)}
    return page(
        "agreements/mine.html",
        agreements=found,
        open_to=open_to,
        state_of=lambda each: shown_state(each, now),
        person_id=actor.person_id,
        last_day=last_day,
    )


@bp.get("/ententes/<public_id>")
@door(SIGNED_IN)
def agreement(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One agreement: what it says, who accepted it, and the next step."""
    return agreement_page(session, actor, public_id)


def _again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return agreement_page(session, actor, public_id, error)


@bp.get("/ententes/<public_id>/signer")
@door(SIGNED_IN)
def undertaking(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What a named person promises, for them to read and sign."""
    return _undertaking_page(session, actor, public_id)


def _undertaking_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _undertaking_page(session, actor, public_id, error)


def _undertaking_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    facts = service.agreement(session, actor, public_id, now=utc_now())
    named = facts.naming(actor.person_id)
    if named is None or not facts.hash:
        raise NotFound
    here = language()
    return page(
        "agreements/undertaking.html",
        agreement=facts,
        named=named,
        signs=service.waits_for_signature(facts, actor.person_id),
        unfolded=request.args.get("texte") == "complet",
        clauses=clauses_of({"fr": facts.text_fr, "en": facts.text_en}[here], here),
        last_day=last_day(facts),
        errors=errors_by_field(error),
    )


@bp.post("/ententes/<public_id>/signer")
@door(SIGNED_IN, parse=lambda: load_form(UndertakingSchema()), again=_undertaking_again)
def undertake(
    session: Session, actor: Actor, form: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Promise, as a named person, to keep the data confidential."""
    service.undertake(session, actor, public_id, form["hash"], now=utc_now())
    flash(_("C’est signé. Vous avez accès dès que l’entente est en vigueur."), "success")
    return see_other(f"/ententes/{public_id}/signer")


@bp.get("/ententes/<public_id>/texte")
@door(SIGNED_IN)
def text(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The exact text in one file, so that anybody can work out its hash."""
    facts = _fixed(session, actor, public_id)
    return _file(
        exact_text(facts.text_fr, facts.text_en).encode(),
        "text/plain; charset=utf-8",
        f"entente-{facts.number}.txt",
    )


@bp.get("/ententes/<public_id>/politique")
@door(SIGNED_IN)
def policy(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The same for machines."""
    facts = _fixed(session, actor, public_id)
    made = service.policy_of(session, actor, public_id, address)
    return _file(canonical(made), "application/ld+json", f"entente-{facts.number}.jsonld")


@bp.get("/ententes/<public_id>/resume")
@door(SIGNED_IN)
def summary(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """All of it on one page: each clause in its plain line."""
    facts = _fixed(session, actor, public_id)
    here = language()
    return page(
        "agreements/summary.html",
        agreement=facts,
        clauses=clauses_of({"fr": facts.text_fr, "en": facts.text_en}[here], here),
        state=shown_state(facts, utc_now()),
        last_day=last_day(facts),
    )


@bp.get("/ententes/<public_id>/entente.pdf")
@door(SIGNED_IN)
def text_pdf(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The whole text as a PDF in the language of the request."""
    # It brings in a font engine that no other page needs.
    from mutuali.agreements.views.paper import text_on_paper

    facts, here = _fixed(session, actor, public_id), language()
    name = f"entente-{facts.number}-{here}.pdf"
    return _file(text_on_paper(facts, here), "application/pdf", name)


@bp.get("/ententes/<public_id>/resume.pdf")
@door(SIGNED_IN)
def summary_pdf(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Its summary as a PDF in the language of the request."""
    from mutuali.agreements.views.paper import summary_on_paper

    facts, here = _fixed(session, actor, public_id), language()
    name = f"resume-{facts.number}-{here}.pdf"
    return _file(summary_on_paper(facts, here), "application/pdf", name)


@bp.post("/ententes/<public_id>/proposer")
@door(Permission.AGREEMENT_DRAFT, again=_again)
def propose(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Fix the text and ask both sides."""
    service.propose(session, actor, public_id, now=utc_now())
    flash(_("L’entente est proposée. Le partenaire est averti par courriel."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/renvoyer")
@door(Permission.AGREEMENT_DRAFT, again=_again)
def send_back(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take the text back to the draft."""
    service.send_back(session, actor, public_id, now=utc_now())
    flash(_("L’entente est de nouveau un brouillon. Les acceptations sont tombées."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/modifier")
@door(Permission.AGREEMENT_DRAFT, again=_again)
def amend(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Begin the next edition; this one stays as it is until both sides accept it."""
    new = new_public_id()
    service.amend(session, actor, public_id, new_public_id=new, now=utc_now())
    flash(
        _("Voici la prochaine version. L’entente actuelle vaut jusqu’à son acceptation."), "success"
    )
    return see_other(f"/ententes/{new}")


@bp.post("/ententes/<public_id>/accepter")
@door(SIGNED_IN, parse=lambda: load_form(AcceptanceSchema()), again=_again)
def accept(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Say yes, for one side, to the text that was shown."""
    reached = service.accept(session, actor, public_id, form["side"], form["hash"], now=utc_now())
    if reached is AgreementState.IN_FORCE:
        flash(_("Les deux parties ont accepté\u00a0: l’entente prend effet."), "success")
    else:
        flash(_("C’est accepté. L’autre partie est avertie par courriel."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/suspendre")
@door(SIGNED_IN, parse=lambda: load_form(StopSchema()), again=_again)
def suspend(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Stop it at once."""
    service.suspend(session, actor, public_id, form["side"], form["reason"], now=utc_now())
    flash(_("L’entente est suspendue\u00a0: plus rien ne sort."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/reprendre")
@door(SIGNED_IN, parse=lambda: load_form(SideSchema()), again=_again)
def lift(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Lift what this side suspended."""
    service.lift(session, actor, public_id, form["side"], now=utc_now())
    flash(_("La suspension est levée. L’autre partie est avertie par courriel."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/revoquer")
@door(SIGNED_IN, parse=lambda: load_form(StopSchema()), again=_again)
def revoke(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Take back an acceptance."""
    service.revoke(session, actor, public_id, form["side"], form["reason"], now=utc_now())
    flash(_("L’acceptation est révoquée\u00a0: plus rien ne sort."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/cai")
@door(Permission.AGREEMENT_DRAFT, parse=lambda: load_form(SentSchema()), again=_again)
def sent_to_cai(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Write down when the Commission was sent an agreement for research."""
    service.sent_to_cai(session, actor, public_id, form["sent_on"], now=utc_now())
    flash(_("C’est noté. L’entente prend effet 30 jours après cet envoi."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/terminer")
@door(SIGNED_IN, parse=lambda: load_form(SideSchema()), again=_again)
def end(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """End it at once."""
    service.end(session, actor, public_id, form["side"], now=utc_now())
    flash(_("L’entente est terminée. L’autre partie est avertie par courriel."), "success")
    return see_other(f"/ententes/{public_id}")


def _fixed(session: Session, actor: Actor, public_id: str) -> service.AgreementFacts:
    """An agreement whose text is fixed, else NotFound."""
    facts = service.agreement(session, actor, public_id, now=utc_now())
    if not facts.hash:
        raise NotFound
    return facts


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, content_type=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
