"""The twelve questions that make an agreement, one a screen, with the text growing beside them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service
from mutuali.agreements.rules import (
    BOUNDS,
    COMES_FROM,
    LAST_QUESTION,
    PROMISE_BOUNDS,
    QUESTIONS,
    REQUIRED_RESTRICTIONS,
    REQUIRED_WARRANTIES,
    AgreementDraft,
    AgreementState,
    Instrument,
    Liability,
    Measure,
    Named,
    OnWithdrawal,
    Regime,
    Restriction,
    Warranty,
    first_draft,
    offered,
    said,
    suggested,
)
from mutuali.agreements.schemas import SCHEMAS, Answered, answered, typed_of
from mutuali.agreements.views.pages import bp
from mutuali.agreements.views.shown import options
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, DomainError, NotFound, Reason, Refused, StaleVersion
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, Role
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.network import network
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.panels import Place, panels_of
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id
from mutuali.web.words import label

#: Rows for named persons that are shown beyond those that are filled in.
_SPARE_ROWS = 1


def _posted(number: int) -> Answered:
    return answered(number, load_form(SCHEMAS[number]()))


@bp.get("/ententes/nouvelle")
@door(Permission.AGREEMENT_DRAFT)
def new_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """The first question of a new agreement."""
    return _first_page(session, actor)


def _first_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _first_page(session, actor, error)


@bp.post("/ententes/nouvelle")
@door(Permission.AGREEMENT_DRAFT, parse=lambda: _posted(1), again=_first_again)
def create(session: Session, actor: Actor, posted: Answered) -> ResponseReturnValue:
    """Keep the first answer; nobody else sees the draft yet."""
    public_id, now = new_public_id(), utc_now()
    service.create_draft(
        session,
        actor,
        _partner_id(session, posted.partner),
        posted.change(first_draft(local(now).date())),
        public_id=public_id,
        now=now,
        question=1,
    )
    return _onwards(public_id, 1, later=posted.later)


@bp.get("/ententes/<public_id>/questions/<int:number>")
@door(Permission.AGREEMENT_DRAFT)
def question(session: Session, actor: Actor, public_id: str, number: int) -> ResponseReturnValue:
    """One question about a draft, with the answer it has, or a good one to start from."""
    if number not in QUESTIONS:
        raise NotFound
    facts, _draft = service.draft_of(session, actor, public_id)
    if facts.state is not AgreementState.DRAFT:
        return see_other(f"/ententes/{public_id}")
    if number > facts.answered + 1:
        return see_other(f"/ententes/{public_id}/questions/{facts.answered + 1}")
    return _question_page(session, actor, public_id, number)


def _question_again(
    session: Session, actor: Actor, public_id: str, number: int, *, error: DomainError
) -> ResponseReturnValue:
    if number not in QUESTIONS:
        raise NotFound
    return _question_page(session, actor, public_id, number, error)


@bp.post("/ententes/<public_id>/questions/<int:number>")
@door(
    Permission.AGREEMENT_DRAFT,
    parse=lambda: _posted(_number_asked()),
    again=_question_again,
)
def answer(
    session: Session, actor: Actor, posted: Answered, public_id: str, number: int
) -> ResponseReturnValue:
    """Keep the answer and go on, unless somebody else changed the draft meanwhile."""
    facts, draft = service.draft_of(session, actor, public_id)
    partner_id = _partner_id(session, posted.partner) if number == 1 else facts.partner_id
    try:
        service.edit_draft(
            session,
            actor,
            public_id,
            partner_id,
            posted.change(draft),
            version=posted.version,
            now=utc_now(),
            question=number,
        )
    except StaleVersion as error:
        # Shown on the form, so that nothing typed is lost.
        raise Conflict(*error.reasons) from error
    done = facts.answered >= LAST_QUESTION
    return _onwards(public_id, number, later=posted.later or done)


def _number_asked() -> int:
    number = int((request.view_args or {})["number"])
    if number not in QUESTIONS:
        raise NotFound
    return number


def _onwards(public_id: str, number: int, *, later: bool) -> ResponseReturnValue:
    if later or number == LAST_QUESTION:
        return see_other(f"/ententes/{public_id}")
    return see_other(f"/ententes/{public_id}/questions/{number + 1}")


def _first_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    draft = first_draft(local(utc_now()).date())
    choices = service.partners(session, actor)
    # With one partner in the network there is nothing to choose.
    typed = {
        **typed_of(draft),
        "partner": choices[0].public_id if len(choices) in {1, 2} else "",
        "version": 0,
    }
    return page(
        "agreements/question.html",
        agreement=None,
        number=1,
        last=LAST_QUESTION,
        typed=_as_posted(typed, error),
        errors=errors_by_field(error),
        bounds={**BOUNDS, **PROMISE_BOUNDS},
        growing=(),
        panels=_panels(session, actor, ""),
        **_choices(session, actor, 1, draft),
    )


def _question_page(
    session: Session,
    actor: Actor,
    public_id: str,
    number: int,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    facts, draft = service.draft_of(session, actor, public_id)
    if number > facts.answered:
        draft = _offered(session, facts, draft, number)
    partner = organizations.organization(session, facts.partner_id)
    typed = {**typed_of(draft), "partner": partner.public_id, "version": facts.version}
    written = max(facts.answered, number - 1)
    return page(
        "agreements/question.html",
        agreement=facts,
        number=number,
        last=LAST_QUESTION,
        typed=_as_posted(typed, error),
        errors=errors_by_field(error),
        bounds={**BOUNDS, **PROMISE_BOUNDS},
        growing=[
            clause
            for clause in service.drafted_clauses(session, actor, public_id, language())
            if clause.question <= written
        ],
        panels=_panels(session, actor, public_id) if number == 1 else (),
        **_choices(session, actor, number, draft),
    )


def _panels(session: Session, actor: Actor, public_id: str) -> list[Markup]:
    return panels_of(Place.AGREEMENT_BEGUN, session, actor, public_id, utc_now())


def _offered(
    session: Session, facts: service.AgreementFacts, draft: AgreementDraft, number: int
) -> AgreementDraft:
    """The draft with the answer that this question starts from."""
    draft = suggested(draft, number, is_internal=facts.is_internal)
    if number == 4 and not draft.intended_use:
        plain = [said(purpose, language()).plain for purpose in draft.purposes]
        return replace(draft, intended_use=" ".join(plain))
    if number == 6 and not draft.analysts:
        managers = organizations.manager_ids(session, facts.partner_id)
        found = [
            each for each in accounts.people_with_role(session, Role.ANALYST) if each.id in managers
        ]
        why = label("agreements.why", "default")
        return replace(draft, analysts=tuple(Named(each.email, why) for each in found))
    return draft


def _asked(draft: AgreementDraft) -> list[Purpose]:
    """The purposes for which this network asks, and those that the draft has already."""
    known = network()
    return [each for each in Purpose if known.asks_for(each) or each in draft.purposes]


def _choices(session: Session, actor: Actor, number: int, draft: AgreementDraft) -> dict[str, Any]:
    """What a question offers."""
    here = language()
    choices: dict[int, Callable[[], dict[str, Any]]] = {
        1: lambda: {
            "partners": service.partners(session, actor),
            "regimes": options(Regime, here),
        },
        2: lambda: {"purposes": options(_asked(draft), here)},
        3: lambda: {"datasets": options(offered(draft), here)},
        5: lambda: {"instruments": options(Instrument, here)},
        6: lambda: {
            "analysts": accounts.people_with_role(session, Role.ANALYST),
            "rows": range(1, len(draft.analysts) + 1 + _SPARE_ROWS),
        },
        7: lambda: {"measures": options(Measure, here)},
        9: lambda: {"withdrawals": options(OnWithdrawal, here)},
        10: lambda: {
            "restrictions": options(
                [each for each in Restriction if each not in REQUIRED_RESTRICTIONS], here
            ),
            "required": [
                (said(each, here), COMES_FROM[each])
                for each in Restriction
                if each in REQUIRED_RESTRICTIONS
            ],
        },
        11: lambda: {
            "liabilities": options(Liability, here),
            "warranties": options(
                [each for each in Warranty if each not in REQUIRED_WARRANTIES], here
            ),
            "required": [
                (said(each, here), COMES_FROM[each])
                for each in Warranty
                if each in REQUIRED_WARRANTIES
            ],
        },
    }
    return choices.get(number, dict)()


def _as_posted(typed: dict[str, Any], error: DomainError | None) -> dict[str, Any]:
    """What was typed, over what is stored, when an answer was refused."""
    if error is None:
        return typed
    several = ("purposes", "datasets", "measures", "restrictions", "warranties")
    return {
        **typed,
        **request.form.to_dict(),
        **{name: request.form.getlist(name) for name in several},
        "outside_quebec": "outside_quebec" in request.form,
    }


def _partner_id(session: Session, public_id: str) -> int:
    try:
        return organizations.by_public_id(session, public_id).id
    except NotFound:
        raise Refused(Reason("agreement.not_a_partner", {}, "partner")) from None
