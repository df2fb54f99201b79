"""Look at agreements: one, all one may know of, those in force, those that wait."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement, AgreementAnalyst
from mutuali.agreements.rules import (
    AgreementDraft,
    AgreementState,
    Side,
    is_in_force,
    render,
)
from mutuali.agreements.service.records import (
    AgreementFacts,
    facts_of,
    get_known,
    may_know,
    stored_draft,
    terms_of,
)
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may, reach_of, require
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind


def agreement(session: Session, actor: Actor, public_id: str, *, now: datetime) -> AgreementFacts:
    """One agreement.

    Raises:
        NotFound: the actor is no steward, no manager of the partner, no analyst it names.
    """
    return facts_of(session, [get_known(session, actor, public_id)])[0]


def agreement_by_id(session: Session, id_: int, *, now: datetime) -> AgreementFacts:
    """One agreement, whoever asks: for other features and jobs. Raises NotFound."""
    row = session.get(Agreement, id_)
    if row is None:
        raise NotFound
    return facts_of(session, [row])[0]


def agreements(session: Session, actor: Actor) -> list[AgreementFacts]:
    """Every agreement that the actor may know of, newest first."""
    query = select(Agreement).order_by(Agreement.id.desc())
    condition = may_know(actor)
    if condition is not None:
        query = query.where(condition)
    return facts_of(session, session.scalars(query).all())


def in_force_for(session: Session, person_id: int, *, now: datetime) -> list[AgreementFacts]:
    """The agreements in force at ``now`` that name the person as analyst, oldest first."""
    rows = session.scalars(
        select(Agreement)
        .join(AgreementAnalyst, AgreementAnalyst.agreement_id == Agreement.id)
        .where(
            AgreementAnalyst.person_id == person_id,
            Agreement.state == AgreementState.IN_FORCE,
        )
        .order_by(Agreement.id)
    ).all()
    return [facts for facts in facts_of(session, rows) if is_in_force(facts, now)]


def sides_waiting_for(actor: Actor, facts: AgreementFacts, now: datetime) -> tuple[Side, ...]:
    """The sides for which the actor could accept the agreement right now."""
    if facts.state is not AgreementState.PROPOSED or facts.ends_at <= now:
        return ()
    if any(each.person_id == actor.person_id for each in facts.acceptances):
        return ()
    allowed = {
        Side.OPERATOR: may(actor, Permission.AGREEMENT_SIGN_AS_OPERATOR),
        Side.PARTNER: may(actor, Permission.AGREEMENT_SIGN_AS_PARTNER, over=facts.partner_id),
    }
    return tuple(side for side in Side if allowed[side] and facts.accepted_by(side) is None)


def count_waiting(session: Session, actor: Actor, now: datetime) -> int:
    """How many proposed agreements wait for this actor's acceptance."""
    query = select(Agreement).where(
        Agreement.state == AgreementState.PROPOSED, Agreement.ends_at > now
    )
    if not may(actor, Permission.AGREEMENT_SIGN_AS_OPERATOR):
        reach = reach_of(actor, Permission.AGREEMENT_SIGN_AS_PARTNER) or frozenset()
        if not reach:
            return 0
        query = query.where(Agreement.partner_id.in_(reach))
    rows = session.scalars(query).all()
    if not rows:
        return 0
    return sum(bool(sides_waiting_for(actor, each, now)) for each in facts_of(session, rows))


def draft_of(
    session: Session, actor: Actor, public_id: str
) -> tuple[AgreementFacts, AgreementDraft]:
    """An agreement and its terms as somebody would fill them in.

    Raises:
        Forbidden, NotFound.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    row = get_known(session, actor, public_id)
    return facts_of(session, [row])[0], stored_draft(session, row)


def preview(session: Session, actor: Actor, public_id: str) -> tuple[str, str]:
    """The texts, French and English, that proposing a draft now would fix.

    Raises:
        Forbidden, NotFound.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    terms = terms_of(session, get_known(session, actor, public_id))
    return render(terms, "fr"), render(terms, "en")


def partners(session: Session, actor: Actor) -> list[organizations.OrganizationFacts]:
    """With whom an agreement can be made: accepted partners by name, then the operator itself.

    Raises:
        Forbidden: the actor may not write agreements.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    operator_id = organizations.operator_id(session)
    found = organizations.accepted_organizations(session)
    others = [each for each in found if each.kind is OrganizationKind.PARTNER]
    return others + [each for each in found if each.id == operator_id]
