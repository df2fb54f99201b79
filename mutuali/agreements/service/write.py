"""Write an agreement and fix its text: for stewards."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.models import Agreement, AgreementAcceptance, AgreementAnalyst
from mutuali.agreements.rules import (
    AgreementDraft,
    AgreementState,
    Step,
    hash_of,
    next_state,
    objections,
    render,
    term_of,
)
from mutuali.agreements.service.records import (
    get_known,
    joined,
    leave_trace,
    stored_draft,
    tell,
    terms_of,
)
from mutuali.core.errors import Conflict, Reason, Refused, StaleVersion
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, Role, require
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind


def create_draft(
    session: Session,
    actor: Actor,
    partner_id: int,
    draft: AgreementDraft,
    *,
    public_id: str,
    now: datetime,
) -> int:
    """Begin an agreement with a partner, or with the operator itself for its own use.

    Raises:
        Forbidden: the actor may not write agreements.
        Refused: every reason at once.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    operator_id, analysts = _checked(session, partner_id, draft, now=now)
    row = Agreement(
        public_id=public_id,
        operator_id=operator_id,
        partner_id=partner_id,
        state=AgreementState.DRAFT,
        created_at=now,
    )
    _fill(row, draft)
    session.add(row)
    session.flush()
    _name(session, row, analysts)
    leave_trace(session, actor, row, "drafted", now=now, partner=partner_id)
    return row.id


def edit_draft(
    session: Session,
    actor: Actor,
    public_id: str,
    partner_id: int,
    draft: AgreementDraft,
    *,
    version: int,
    now: datetime,
) -> None:
    """Change a draft; once the partner has seen it, the partner stays the same.

    Raises:
        Forbidden, NotFound.
        StaleVersion: somebody changed it since ``version``.
        Conflict: it is no draft any more (``agreement.not_a_draft``).
        Refused: every reason at once.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    row = get_known(session, actor, public_id, lock=True)
    if row.state != AgreementState.DRAFT:
        raise Conflict("agreement.not_a_draft")
    if row.version != version:
        raise StaleVersion
    if row.proposed_at is not None and partner_id != row.partner_id:
        raise Refused(Reason("agreement.partner_fixed", {}, "partner"))
    row.operator_id, analysts = _checked(session, partner_id, draft, now=now)
    row.partner_id = partner_id
    row.version += 1
    _fill(row, draft)
    _name(session, row, analysts)
    leave_trace(session, actor, row, "edited", now=now)


def propose(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Fix the text and its hash, and ask both sides to accept it; the partner's managers are told.

    Raises:
        Forbidden, NotFound.
        Conflict: it is no draft.
        Refused: what was fine when it was written is not any more.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    row = get_known(session, actor, public_id, lock=True)
    reached = next_state(AgreementState(row.state), Step.PROPOSE)
    _checked(session, row.partner_id, stored_draft(session, row), now=now)
    terms = terms_of(session, row)
    row.text_fr, row.text_en = render(terms, "fr"), render(terms, "en")
    row.hash = hash_of(row.text_fr, row.text_en)
    row.state = reached
    row.proposed_at = now
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "proposed", now=now)
    tell(session, row, "proposed", now=now)


def send_back(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Take a proposed agreement back to the draft; whoever accepted it did so for nothing.

    Raises:
        Forbidden, NotFound.
        Conflict: it is not proposed.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    row = get_known(session, actor, public_id, lock=True)
    reached = next_state(AgreementState(row.state), Step.SEND_BACK)
    voided = row.hash
    session.execute(delete(AgreementAcceptance).where(AgreementAcceptance.agreement_id == row.id))
    row.state, row.text_fr, row.text_en, row.hash = reached, "", "", ""
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "sent_back", now=now, voided=voided)


def _checked(
    session: Session, partner_id: int, draft: AgreementDraft, *, now: datetime
) -> tuple[int, list[int]]:
    """The operator's id and the analysts' ids, or every reason against the draft at once."""
    reasons = list(objections(draft, local(now).date()))
    operator_id = organizations.operator_id(session)
    if operator_id is None:
        reasons.append(Reason("agreement.no_operator", {}, "partner"))
    partner = organizations.organizations(session, frozenset({partner_id})).get(partner_id)
    if partner is None or not (
        partner.accepted
        and partner.kind in {OrganizationKind.PARTNER, OrganizationKind.OPERATOR}
        and (partner.kind is not OrganizationKind.OPERATOR or partner_id == operator_id)
    ):
        reasons.append(Reason("agreement.not_a_partner", {}, "partner"))
    analysts: list[int] = []
    for email in dict.fromkeys(draft.analysts):
        person = accounts.find_person(session, email)
        if person is None:
            reasons.append(Reason("agreement.analyst_unknown", {"email": email}, "analysts"))
        elif Role.ANALYST not in person.roles:
            reasons.append(Reason("agreement.not_an_analyst", {"email": email}, "analysts"))
        else:
            analysts.append(person.id)
    if reasons or operator_id is None:
        raise Refused.because(reasons)
    return operator_id, analysts


def _fill(row: Agreement, draft: AgreementDraft) -> None:
    row.purposes = joined(draft.purposes)
    row.datasets = joined(draft.datasets)
    row.restrictions = joined(draft.restrictions)
    row.warranties = joined(draft.warranties)
    row.liability = draft.liability
    row.intended_use = draft.intended_use
    row.instrument = draft.instrument
    row.outside_quebec = draft.outside_quebec
    for name, value in asdict(draft.settings).items():
        setattr(row, name, value)
    row.starts_at, row.ends_at = term_of(draft.starts_on, draft.ends_on)


def _name(session: Session, row: Agreement, analysts: list[int]) -> None:
    session.execute(delete(AgreementAnalyst).where(AgreementAnalyst.agreement_id == row.id))
    session.add_all(
        AgreementAnalyst(agreement_id=row.id, person_id=person_id)
        for person_id in dict.fromkeys(analysts)
    )
    session.flush()
