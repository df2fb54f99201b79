"""Pages of agreements: the list, the form, the text with who accepted it."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import Blueprint, Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service
from mutuali.agreements.rules import (
    BOUNDS,
    REQUIRED_RESTRICTIONS,
    REQUIRED_WARRANTIES,
    AgreementState,
    Dataset,
    Liability,
    Restriction,
    Side,
    Warranty,
    clauses_of,
    exact_text,
    said,
)
from mutuali.agreements.schemas import (
    AcceptanceSchema,
    AgreementForm,
    AgreementFormSchema,
    SideSchema,
    first_draft,
    typed_of,
)
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, DomainError, NotFound, Reason, Refused, StaleVersion
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

bp = Blueprint("agreements", __name__)

#: Fields of the form that hold several values.
_LISTS = ("purposes", "datasets", "restrictions", "warranties")


@bp.get("/ententes")
@door(SIGNED_IN)
def agreements(session: Session, actor: Actor) -> ResponseReturnValue:
    """Every agreement one may know of: those that wait for a yes first."""
    now = utc_now()
    found = service.agreements(session, actor)
    waiting = [each for each in found if service.sides_waiting_for(actor, each, now)]
    return page(
        "agreements/agreements.html",
        waiting=waiting,
        others=[each for each in found if each not in waiting],
        state_of=lambda each: shown_state(each, now),
        writes=may(actor, Permission.AGREEMENT_DRAFT),
        last_day=_last_day,
    )


@bp.get("/ententes/nouvelle")
@door(Permission.AGREEMENT_DRAFT)
def new_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """A new agreement, with the good defaults filled in."""
    typed = {**typed_of(first_draft(local(utc_now()).date())), "partner": ""}
    return _form_page(session, actor, typed)


def _new_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _form_page(session, actor, _typed(), error=error)


@bp.post("/ententes/nouvelle")
@door(
    Permission.AGREEMENT_DRAFT,
    parse=lambda: load_form(AgreementFormSchema()),
    again=_new_again,
)
def create(session: Session, actor: Actor, form: AgreementForm) -> ResponseReturnValue:
    """Keep a draft; nobody else sees it yet."""
    public_id = new_public_id()
    service.create_draft(
        session,
        actor,
        _partner_id(session, form),
        form.draft,
        public_id=public_id,
        now=utc_now(),
    )
    flash(_("Le brouillon est gardé. Relisez le texte avant de le proposer."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.get("/ententes/<public_id>/modifier")
@door(Permission.AGREEMENT_DRAFT)
def edit_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A draft, to be changed."""
    facts, draft = service.draft_of(session, actor, public_id)
    if facts.state is not AgreementState.DRAFT:
        return see_other(f"/ententes/{public_id}")
    partner = organizations.organization(session, facts.partner_id)
    typed = {**typed_of(draft), "partner": partner.public_id, "version": facts.version}
    return _form_page(session, actor, typed, facts=facts)


def _edit_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    facts = service.agreement(session, actor, public_id, now=utc_now())
    return _form_page(session, actor, _typed(), facts=facts, error=error)


@bp.post("/ententes/<public_id>/modifier")
@door(
    Permission.AGREEMENT_DRAFT,
    parse=lambda: load_form(AgreementFormSchema()),
    again=_edit_again,
)
def edit(
    session: Session, actor: Actor, form: AgreementForm, public_id: str
) -> ResponseReturnValue:
    """Change a draft, unless somebody else did since the form was shown."""
    try:
        service.edit_draft(
            session,
            actor,
            public_id,
            _partner_id(session, form),
            form.draft,
            version=form.version,
            now=utc_now(),
        )
    except StaleVersion as error:
        # Shown on the form, so that nothing typed is lost.
        raise Conflict(*error.reasons) from error
    flash(_("Le brouillon est modifié."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.get("/ententes/<public_id>")
@door(SIGNED_IN)
def agreement(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One agreement: what it says, who accepted it, and the next step."""
    return _agreement_page(session, actor, public_id)


def _agreement_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _agreement_page(session, actor, public_id, error)


@bp.get("/ententes/<public_id>/texte")
@door(SIGNED_IN)
def text(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The exact text in one file, so that anybody can work out its hash."""
    facts = service.agreement(session, actor, public_id, now=utc_now())
    if not facts.hash:
        raise NotFound
    answer = Response(exact_text(facts.text_fr, facts.text_en), mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="entente-{facts.number}.txt"'
    return answer


@bp.post("/ententes/<public_id>/proposer")
@door(Permission.AGREEMENT_DRAFT, again=_agreement_again)
def propose(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Fix the text and ask both sides."""
    service.propose(session, actor, public_id, now=utc_now())
    flash(_("L’entente est proposée. Le partenaire est averti par courriel."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/renvoyer")
@door(Permission.AGREEMENT_DRAFT, again=_agreement_again)
def send_back(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Take the text back to the draft."""
    service.send_back(session, actor, public_id, now=utc_now())
    flash(_("L’entente est de nouveau un brouillon. Les acceptations sont tombées."), "success")
    return see_other(f"/ententes/{public_id}")


@bp.post("/ententes/<public_id>/accepter")
@door(SIGNED_IN, parse=lambda: load_form(AcceptanceSchema()), again=_agreement_again)
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


@bp.post("/ententes/<public_id>/terminer")
@door(SIGNED_IN, parse=lambda: load_form(SideSchema()), again=_agreement_again)
def end(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """End it at once."""
    service.end(session, actor, public_id, form["side"], now=utc_now())
    flash(_("L’entente est terminée. L’autre partie est avertie par courriel."), "success")
    return see_other(f"/ententes/{public_id}")


def shown_state(facts: service.AgreementFacts, now: datetime) -> str:
    """The state in the words of the pages: one in force may not have begun, or be over."""
    if facts.state is AgreementState.IN_FORCE:
        if now < facts.starts_at:
            return "upcoming"
        if now >= facts.ends_at:
            return "expired"
    return facts.state.value


def _agreement_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = service.agreement(session, actor, public_id, now=now)
    writes = may(actor, Permission.AGREEMENT_DRAFT)
    texts = {"fr": facts.text_fr, "en": facts.text_en}
    if facts.state is AgreementState.DRAFT and writes:
        texts["fr"], texts["en"] = service.preview(session, actor, public_id)
    here = language()
    there = "en" if here == "fr" else "fr"
    return page(
        "agreements/agreement.html",
        agreement=facts,
        state=shown_state(facts, now),
        clauses=clauses_of(texts[here], here),
        other_clauses=clauses_of(texts[there], there),
        other_lang=there,
        waiting=service.sides_waiting_for(actor, facts, now),
        ending=_ending_sides(actor, facts),
        side_names={
            Side.OPERATOR: facts.operator_name,
            Side.PARTNER: facts.partner_name,
        },
        sides=tuple(Side),
        people=accounts.people(session, frozenset(facts.analysts)),
        writes=writes,
        last_day=_last_day(facts),
        begins_later=now < facts.starts_at,
        errors=errors_by_field(error),
    )


def _ending_sides(actor: Actor, facts: service.AgreementFacts) -> tuple[Side, ...]:
    """The sides for which the actor could end the agreement."""
    if facts.state not in {AgreementState.PROPOSED, AgreementState.IN_FORCE}:
        return ()
    allowed = {
        Side.OPERATOR: may(actor, Permission.AGREEMENT_SIGN_AS_OPERATOR),
        Side.PARTNER: may(actor, Permission.AGREEMENT_SIGN_AS_PARTNER, over=facts.partner_id),
    }
    return tuple(side for side in Side if allowed[side])


def _form_page(
    session: Session,
    actor: Actor,
    typed: dict[str, Any],
    *,
    facts: service.AgreementFacts | None = None,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    here = language()
    return page(
        "agreements/form.html",
        agreement=facts,
        typed=typed,
        errors=errors_by_field(error),
        partners=service.partners(session, actor),
        purposes=_options(Purpose, here),
        datasets=_options(Dataset, here),
        restrictions=_options([r for r in Restriction if r not in REQUIRED_RESTRICTIONS], here),
        required=[said(r, here) for r in Restriction if r in REQUIRED_RESTRICTIONS],
        liabilities=_options(Liability, here),
        warranties=_options([w for w in Warranty if w not in REQUIRED_WARRANTIES], here),
        required_warranties=[said(w, here) for w in Warranty if w in REQUIRED_WARRANTIES],
        k_low=BOUNDS["k"][0],
        k_high=BOUNDS["k"][1],
    )


def _options(terms: Iterable[StrEnum], here: str) -> list[tuple[str, str, str]]:
    """Coded terms as a form offers them: value, name, plain line."""
    return [(term.value, *said(term, here)[:2]) for term in terms]


def _typed() -> dict[str, Any]:
    """The form as it was posted."""
    return {**request.form.to_dict(), **{name: request.form.getlist(name) for name in _LISTS}}


def _partner_id(session: Session, form: AgreementForm) -> int:
    try:
        return organizations.by_public_id(session, form.partner).id
    except NotFound:
        raise Refused(Reason("agreement.not_a_partner", {}, "partner")) from None


def _last_day(facts: service.AgreementFacts) -> date:
    """The last day of the term, which belongs to it; the term ends at the midnight after."""
    return local(facts.ends_at).date() - timedelta(days=1)
