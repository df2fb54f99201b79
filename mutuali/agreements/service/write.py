"""Write an agreement and fix its text: for stewards."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementAnalyst,
    AgreementParty,
    AgreementUndertaking,
)
from mutuali.agreements.rules import (
    LAST_QUESTION,
    QUESTIONS,
    AgreementDraft,
    AgreementState,
    Side,
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
    named_rows,
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
    question: int | None = None,
) -> int:
    """Begin an agreement with a partner, or with the operator itself for its own use.

    ``question`` is the one that was answered, when not all were: then only it is looked at.

    Raises:
        Forbidden: the actor may not write agreements.
        Refused: every reason at once.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    operator_id, analysts = _checked(session, partner_id, draft, now=now, question=question)
    row = Agreement(
        public_id=public_id,
        number="",
        operator_id=operator_id,
        partner_id=partner_id,
        state=AgreementState.DRAFT,
        created_at=now,
        answered=question or LAST_QUESTION,
    )
    _fill(row, draft)
    session.add(row)
    session.flush()
    row.number = f"E-{local(now).year}-{row.id:02d}"
    _around(session, row, draft, analysts)
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
    question: int | None = None,
) -> None:
    """Change a draft; once the partner has seen it, the partner stays the same.

    ``question`` is the one that was answered, when not all were: then only it is looked at.

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
    seen = row.proposed_at is not None or row.amends_id is not None
    if seen and partner_id != row.partner_id:
        raise Refused(Reason("agreement.partner_fixed", {}, "partner"))
    if row.amends_id is not None and draft.starts_on != local(row.starts_at).date():
        raise Refused(Reason("agreement.start_fixed", {}, "starts_on"))
    row.operator_id, analysts = _checked(
        session,
        partner_id,
        draft,
        now=now,
        question=question,
        amends=row.amends_id is not None,
    )
    row.partner_id = partner_id
    row.answered = max(row.answered, question or LAST_QUESTION)
    row.version += 1
    _fill(row, draft)
    _around(session, row, draft, analysts)
    leave_trace(session, actor, row, "edited", now=now)


def amend(
    session: Session, actor: Actor, public_id: str, *, new_public_id: str, now: datetime
) -> int:
    """Begin the next edition of an agreement, which stays as it is until both sides accept it.

    Raises:
        Forbidden, NotFound.
        Conflict: it is not in force nor suspended, or an amendment of it is open already.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    amended = get_known(session, actor, public_id, lock=True)
    if amended.state not in {AgreementState.IN_FORCE, AgreementState.SUSPENDED}:
        raise Conflict("agreement.not_to_amend")
    if session.scalar(
        select(Agreement.id).where(
            Agreement.amends_id == amended.id, Agreement.state != AgreementState.ENDED
        )
    ):
        raise Conflict("agreement.amendment_open")
    draft = stored_draft(session, amended)
    edition = amended.edition + 1
    row = Agreement(
        public_id=new_public_id,
        number=f"{amended.number.partition('.')[0]}.{edition}",
        edition=edition,
        amends_id=amended.id,
        operator_id=amended.operator_id,
        partner_id=amended.partner_id,
        state=AgreementState.DRAFT,
        created_at=now,
        answered=LAST_QUESTION,
        cai_sent_on=None,
    )
    _fill(row, draft)
    session.add(row)
    session.flush()
    _around(session, row, draft, [each.person_id for each in named_rows(session, amended.id)])
    leave_trace(session, actor, row, "drafted", now=now, amends=amended.id)
    return row.id


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
    _checked(
        session,
        row.partner_id,
        stored_draft(session, row),
        now=now,
        amends=row.amends_id is not None,
    )
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
    for kind in (AgreementAcceptance, AgreementUndertaking):
        session.execute(delete(kind).where(kind.agreement_id == row.id))
    row.state, row.text_fr, row.text_en, row.hash = reached, "", "", ""
    row.version += 1
    session.flush()
    leave_trace(session, actor, row, "sent_back", now=now, voided=voided)


def _checked(
    session: Session,
    partner_id: int,
    draft: AgreementDraft,
    *,
    now: datetime,
    question: int | None = None,
    amends: bool = False,
) -> tuple[int, list[int]]:
    """The operator's id and the analysts' ids, or every reason against the draft at once."""
    operator_id = organizations.operator_id(session)
    reasons = list(
        objections(draft, local(now).date(), is_internal=partner_id == operator_id, amends=amends)
    )
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
    for email in dict.fromkeys(each.email for each in draft.analysts):
        person = accounts.find_person(session, email)
        if person is None:
            reasons.append(Reason("agreement.analyst_unknown", {"email": email}, "analysts"))
        elif Role.ANALYST not in person.roles:
            reasons.append(Reason("agreement.not_an_analyst", {"email": email}, "analysts"))
        else:
            analysts.append(person.id)
    if question is not None:
        reasons = [each for each in reasons if _asked_by(each, question)]
    if reasons or operator_id is None:
        raise Refused.because(reasons)
    return operator_id, analysts


def _asked_by(reason: Reason, question: int) -> bool:
    """Whether a question asks what the reason is about; without operator, none can be answered."""
    if reason.code == "agreement.purpose_without_dataset":
        # Said where the datasets are chosen: the purposes were asked before.
        return "datasets" in QUESTIONS[question]
    return reason.field in QUESTIONS[question] or reason.code == "agreement.no_operator"


def _fill(row: Agreement, draft: AgreementDraft) -> None:
    for name in ("purposes", "datasets", "restrictions", "warranties", "measures"):
        setattr(row, name, joined(getattr(draft, name)))
    for name in (
        *("liability", "intended_use", "benefit", "outputs", "attribution", "instrument"),
        *("assessment_ref", "ethics_ref", "outside_quebec", "kept_at"),
    ):
        setattr(row, name, getattr(draft, name))
    for name, value in {**asdict(draft.settings), **asdict(draft.promises)}.items():
        setattr(row, name, value)
    row.starts_at, row.ends_at = term_of(draft.starts_on, draft.ends_on)


def _around(session: Session, row: Agreement, draft: AgreementDraft, analysts: list[int]) -> None:
    """Whom the agreement names, and how it names its parties."""
    for kind in (AgreementAnalyst, AgreementParty):
        session.execute(delete(kind).where(kind.agreement_id == row.id))
    named = {each.email: each for each in draft.analysts}
    people = accounts.people(session, frozenset(analysts))
    session.add_all(
        AgreementAnalyst(
            agreement_id=row.id,
            person_id=person_id,
            why=named[people[person_id].email].why,
            starts_on=named[people[person_id].email].starts_on,
            ends_on=named[people[person_id].email].ends_on,
        )
        for person_id in dict.fromkeys(analysts)
    )
    session.add_all(
        AgreementParty(agreement_id=row.id, side=side, **asdict(party))
        for side, party in ((Side.OPERATOR, draft.operator), (Side.PARTNER, draft.partner))
    )
    session.flush()
