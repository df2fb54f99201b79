"""Look at agreements: one, all one may know of, those in force, those that wait."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.models import Agreement, AgreementAnalyst
from mutuali.agreements.rules import (
    Addresses,
    AgreementDraft,
    AgreementState,
    Clause,
    Dataset,
    Side,
    clauses,
    is_in_force,
    offer,
    policy,
    render,
)
from mutuali.agreements.service.facts import AgreementFacts, facts_of
from mutuali.agreements.service.records import (
    get_known,
    may_know,
    named_rows,
    stored_draft,
    terms_of,
)
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may, reach_of, require
from mutuali.counts import NOW, AtMost, Count, When
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
    """The agreements in force at ``now`` that give the person access, oldest first.

    They name the person for that day, and the person has signed their exact text.
    """
    rows = session.scalars(
        select(Agreement)
        .join(AgreementAnalyst, AgreementAnalyst.agreement_id == Agreement.id)
        .where(
            AgreementAnalyst.person_id == person_id,
            Agreement.state == AgreementState.IN_FORCE,
        )
        .order_by(Agreement.id)
    ).all()
    return [
        facts
        for facts in facts_of(session, rows)
        if is_in_force(facts, now) and facts.gives_access(person_id, now)
    ]


def naming(session: Session, person_id: int) -> list[AgreementFacts]:
    """The agreements that name the person, once they were proposed, newest first."""
    rows = session.scalars(
        select(Agreement)
        .join(AgreementAnalyst, AgreementAnalyst.agreement_id == Agreement.id)
        .where(
            AgreementAnalyst.person_id == person_id,
            Agreement.proposed_at.is_not(None),
            Agreement.state != AgreementState.DRAFT,
        )
        .order_by(Agreement.id.desc())
    ).all()
    return facts_of(session, rows)


def ending_soon(
    session: Session, organization_id: int, *, within: timedelta, now: datetime
) -> list[AgreementFacts]:
    """The agreements of an organization, on whichever side, whose term is over soon; the first
    first."""
    rows = session.scalars(
        select(Agreement)
        .where(
            or_(Agreement.partner_id == organization_id, Agreement.operator_id == organization_id),
            Agreement.state.in_((AgreementState.IN_FORCE, AgreementState.SUSPENDED)),
            Agreement.ends_at > now,
            Agreement.ends_at <= now + within,
        )
        .order_by(Agreement.ends_at, Agreement.id)
    ).all()
    return facts_of(session, rows)


def editions(session: Session, actor: Actor, facts: AgreementFacts) -> list[AgreementFacts]:
    """Every edition of an agreement that the actor may know of, the oldest first."""
    base = facts.number.partition(".")[0]
    query = select(Agreement).where(
        or_(Agreement.number == base, Agreement.number.startswith(f"{base}."))
    )
    condition = may_know(actor)
    if condition is not None:
        query = query.where(condition)
    return facts_of(session, session.scalars(query.order_by(Agreement.edition)).all())


def waits_for_signature(facts: AgreementFacts, person_id: int | None) -> bool:
    """Whether the agreement names the person, who has not yet promised to keep it confidential."""
    named = facts.naming(person_id)
    living = {AgreementState.PROPOSED, AgreementState.IN_FORCE, AgreementState.SUSPENDED}
    return named is not None and named.signed_at is None and facts.state in living


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


def count_waiting(actor: Actor) -> Count:
    """How many agreements wait for this actor: their acceptance, or their own undertaking."""
    among = _concerning(actor, NOW)
    if among is None:
        return None
    return AtMost(among.with_only_columns(func.count(Agreement.id)), _count_waiting)


def _count_waiting(session: Session, actor: Actor, now: datetime) -> int:
    among = _concerning(actor, now)
    rows = [] if among is None else session.scalars(among).all()
    return sum(
        bool(sides_waiting_for(actor, each, now)) or waits_for_signature(each, actor.person_id)
        for each in facts_of(session, rows)
    )


def _concerning(actor: Actor, now: When) -> Select[Agreement] | None:
    """Agreements, not over, that may wait for this actor; None when none can."""
    query = select(Agreement).where(
        Agreement.state.in_(
            (AgreementState.PROPOSED, AgreementState.IN_FORCE, AgreementState.SUSPENDED)
        ),
        Agreement.ends_at > now,
    )
    if may(actor, Permission.AGREEMENT_SIGN_AS_OPERATOR):
        return query
    reach = reach_of(actor, Permission.AGREEMENT_SIGN_AS_PARTNER) or frozenset()
    if not reach and not may(actor, Permission.EXPORT_REQUEST):
        return None
    named = select(AgreementAnalyst.agreement_id).where(
        AgreementAnalyst.person_id == actor.person_id
    )
    return query.where(or_(Agreement.partner_id.in_(reach), Agreement.id.in_(named)))


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


def drafted_clauses(
    session: Session, actor: Actor, public_id: str, language: str
) -> tuple[Clause, ...]:
    """The clauses of a draft as it stands, each with the question that it answers.

    Raises:
        Forbidden, NotFound.
    """
    require(actor, Permission.AGREEMENT_DRAFT)
    return clauses(terms_of(session, get_known(session, actor, public_id)), language)


def policy_of(
    session: Session, actor: Actor, public_id: str, address: Callable[[str], str]
) -> dict[str, object]:
    """The agreement for machines; ``address`` makes an IRI of a path of this instance.

    Raises:
        NotFound: the actor may not know of it, or its text is not fixed yet.
    """
    row = get_known(session, actor, public_id)
    if not row.hash:
        raise NotFound
    return policy_by_id(session, row.id, address)


def policy_by_id(session: Session, id_: int, address: Callable[[str], str]) -> dict[str, object]:
    """The agreement for machines, whoever asks: for the bundles of exports."""
    row = session.get_one(Agreement, id_)
    return policy(terms_of(session, row), _addresses(session, row, address), row.hash)


def offer_by_id(
    session: Session, id_: int, dataset: Dataset, address: Callable[[str], str]
) -> dict[str, object]:
    """What anybody may do with a dataset that an agreement lets be published, for machines."""
    row = session.get_one(Agreement, id_)
    uid = address(f"/jeux-de-donnees/{dataset.value}#licence")
    return offer(terms_of(session, row), dataset, uid, _addresses(session, row, address))


def _addresses(session: Session, row: Agreement, address: Callable[[str], str]) -> Addresses:
    parties = organizations.organizations(session, frozenset({row.operator_id, row.partner_id}))
    named = [each.person_id for each in named_rows(session, row.id)]
    people = accounts.people(session, frozenset(named))
    return Addresses(
        policy=address(f"/ententes/{row.public_id}/politique"),
        operator=address(f"/organismes/{parties[row.operator_id].public_id}"),
        partner=address(f"/organismes/{parties[row.partner_id].public_id}"),
        datasets=address("/jeux-de-donnees/"),
        people=tuple(address(f"/personnes/{people[each].public_id}") for each in named),
    )


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
