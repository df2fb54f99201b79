"""What several pages of agreements show the same way."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service
from mutuali.agreements.rules import (
    QUESTIONS,
    AgreementState,
    Cause,
    Instrument,
    Side,
    changes,
    clauses_of,
    is_in_force,
    principles_of,
    said,
)
from mutuali.core.errors import DomainError
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Capacity
from mutuali.web.clock import utc_now
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page
from mutuali.web.words import label

#: States in which something can still be stopped.
LIVING = frozenset({AgreementState.PROPOSED, AgreementState.IN_FORCE, AgreementState.SUSPENDED})


def shown_state(facts: service.AgreementFacts, now: datetime) -> str:
    """The state in the words of the pages: one in force may not have begun, or be over."""
    if facts.state is AgreementState.IN_FORCE:
        if now < facts.starts_at:
            return "upcoming"
        if now >= facts.ends_at:
            return "expired"
        if facts.instrument is Instrument.RESEARCH and not is_in_force(facts, now):
            return "waits_for_cai"
    return facts.state.value


def last_day(facts: service.AgreementFacts) -> date:
    """The last day of the term, which belongs to it; the term ends at the midnight after."""
    return local(facts.ends_at).date() - timedelta(days=1)


def options(terms: Iterable[StrEnum], here: str) -> list[tuple[str, str, str]]:
    """Coded terms as a form offers them: value, name, plain line."""
    return [(term.value, *said(term, here)[:2]) for term in terms]


def right_said(capacity: str) -> str:
    """By what right somebody signed; agreements of before hold their own words for it."""
    return label("organizations.capacity", capacity) if capacity in set(Capacity) else capacity


def agreement_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    """One agreement: what it says, who accepted it, and the next step."""
    now = utc_now()
    facts = service.agreement(session, actor, public_id, now=now)
    writes = may(actor, Permission.AGREEMENT_DRAFT)
    texts = {"fr": facts.text_fr, "en": facts.text_en}
    if facts.state is AgreementState.DRAFT and writes:
        texts["fr"], texts["en"] = service.preview(session, actor, public_id)
    here = language()
    there = "en" if here == "fr" else "fr"
    sides = _sides_of(actor, facts)
    stood_for = {Side.OPERATOR: facts.operator_id, Side.PARTNER: facts.partner_id}
    waiting = service.sides_waiting_for(actor, facts, now)
    editions = service.editions(session, actor, facts)
    before = next((each for each in editions if each.id == facts.amends_id), None)
    return page(
        "agreements/agreement.html",
        agreement=facts,
        served=principles_of(facts.datasets),
        state=shown_state(facts, now),
        clauses=clauses_of(texts[here], here),
        other_clauses=clauses_of(texts[there], there),
        other_lang=there,
        unfolded=request.args.get("texte") == "complet",
        waiting=waiting,
        rights={
            side: organizations.signatory(session, stood_for[side], actor.person_id or 0)
            for side in waiting
        },
        acts_for=actor.organization_id,
        stood_for=stood_for,
        signs=service.waits_for_signature(facts, actor.person_id),
        ending=sides if facts.state in LIVING else (),
        suspending=_suspending(facts, sides),
        lifting=_lifting(facts, sides),
        revoking=_revoking(facts, sides),
        side_names={Side.OPERATOR: facts.operator_name, Side.PARTNER: facts.partner_name},
        sides=tuple(Side),
        people=accounts.people(session, frozenset(facts.analysts)),
        writes=writes,
        last_day=last_day(facts),
        begins_later=now < facts.starts_at,
        questions=tuple(QUESTIONS),
        editions=[each for each in editions if each.id != facts.id],
        changes=changes({"fr": before.text_fr, "en": before.text_en}[here], texts[here], here)
        if before and texts[here]
        else (),
        before=before,
        state_of=lambda each: shown_state(each, now),
        right_said=right_said,
        errors=errors_by_field(error),
    )


def _sides_of(actor: Actor, facts: service.AgreementFacts) -> tuple[Side, ...]:
    """The sides for which the actor may act."""
    allowed = {
        Side.OPERATOR: may(actor, Permission.AGREEMENT_SIGN_AS_OPERATOR),
        Side.PARTNER: may(actor, Permission.AGREEMENT_SIGN_AS_PARTNER, over=facts.partner_id),
    }
    return tuple(side for side in Side if allowed[side])


def _suspending(facts: service.AgreementFacts, sides: tuple[Side, ...]) -> tuple[Side, ...]:
    if facts.state not in {AgreementState.IN_FORCE, AgreementState.SUSPENDED}:
        return ()
    theirs = {each.side for each in facts.open_suspensions if each.cause is Cause.PARTY}
    return tuple(side for side in sides if side not in theirs)


def _lifting(facts: service.AgreementFacts, sides: tuple[Side, ...]) -> tuple[Side, ...]:
    found = {
        each.side if each.cause is Cause.PARTY else Side.OPERATOR
        for each in facts.open_suspensions
        if each.cause is not Cause.REVOKED
    }
    return tuple(side for side in sides if side in found)


def _revoking(facts: service.AgreementFacts, sides: tuple[Side, ...]) -> tuple[Side, ...]:
    if facts.state not in {AgreementState.IN_FORCE, AgreementState.SUSPENDED}:
        return ()
    given = {each.side for each in facts.acceptances if each.revoked_at is None}
    return tuple(side for side in sides if side in given)
