"""Who writes, accepts, ends and sees an agreement, on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.agreements import service
from mutuali.agreements.models import AgreementAcceptance
from mutuali.agreements.rules import (
    AgreementState,
    Method,
    Side,
    clauses_of,
    hash_of,
    is_in_force,
)
from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused, StaleVersion
from mutuali.core.permissions import VISITOR, Actor, Role
from mutuali.jobs.models import Job
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Organization
from mutuali.organizations.rules import Capacity, Mandate, OrganizationKind
from mutuali.web.secrets import new_public_id
from tests.agreements.made import (
    DRAFT,
    Table,
    accepted,
    drafted,
    drafting,
    in_force,
    proposed,
    set_table,
    undertaken,
)
from tests.factories import NOW, World, at
from tests.how_many import how_many


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


def events(session: Session, id_: int) -> list[str]:
    return list(
        session.scalars(
            select(AuditEvent.name)
            .where(AuditEvent.subject_kind == "agreement", AuditEvent.subject_id == id_)
            .order_by(AuditEvent.id)
        )
    )


def told(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(Job).where(Job.kind == "agreements.tell").order_by(Job.id))
    return [(row.arguments["what"], row.arguments["by"]) for row in rows]


def refusals(error: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str | None]]:
    return {(reason.code, reason.field) for reason in error.value.reasons}


def test_a_draft_keeps_what_was_filled_in_and_has_no_text_yet(
    session: Session, table: Table
) -> None:
    public_id = drafted(session, table)
    facts, draft = service.draft_of(session, table.steward, public_id)
    assert draft == DRAFT
    assert facts.number == f"E-2026-{facts.id:02d}"
    assert (facts.state, facts.hash, facts.text_fr) == (AgreementState.DRAFT, "", "")
    assert facts.analysts == (table.analyst.person_id,)
    assert not facts.is_internal
    assert events(session, facts.id) == ["agreement.drafted"]


def test_both_yeses_to_the_exact_text_put_it_in_force_at_once(
    session: Session, table: Table
) -> None:
    public_id = proposed(session, table)
    facts = service.agreement(session, table.steward, public_id, now=NOW)
    assert facts.hash == hash_of(facts.text_fr, facts.text_en)
    assert accepted(session, table.manager, public_id, Side.PARTNER) is AgreementState.PROPOSED
    assert not is_in_force(service.agreement_by_id(session, facts.id, now=NOW), NOW)
    assert accepted(session, table.steward, public_id, Side.OPERATOR) is AgreementState.IN_FORCE
    now_facts = service.agreement_by_id(session, facts.id, now=NOW)
    assert is_in_force(now_facts, NOW)
    assert (now_facts.in_force_at, now_facts.hash) == (NOW, facts.hash)
    assert {(a.side, a.person_id, a.hash, a.at) for a in now_facts.acceptances} == {
        (Side.PARTNER, table.manager.person_id, facts.hash, NOW),
        (Side.OPERATOR, table.steward.person_id, facts.hash, NOW),
    }
    assert events(session, facts.id) == [
        *("agreement.drafted", "agreement.proposed"),
        *("agreement.accepted", "agreement.accepted", "agreement.put_in_force"),
    ]
    assert told(session) == [
        ("proposed", ""),
        ("accepted", "partner"),
        ("in_force", "operator"),
    ]


def test_another_hash_than_the_stored_one_is_not_accepted(session: Session, table: Table) -> None:
    public_id = proposed(session, table)
    read = service.agreement(session, table.manager, public_id, now=NOW).hash
    service.send_back(session, table.steward, public_id, now=NOW)
    version = service.agreement(session, table.steward, public_id, now=NOW).version
    service.edit_draft(
        session,
        table.steward,
        public_id,
        table.partner_id,
        drafting(k=10),
        version=version,
        now=NOW,
    )
    service.propose(session, table.steward, public_id, now=NOW)
    for stale in (read, "", read[:10]):
        with pytest.raises(Conflict, match=r"agreement\.text_changed"):
            service.accept(session, table.manager, public_id, Side.PARTNER, stale, now=NOW)
    assert session.scalars(select(AgreementAcceptance)).all() == []


def test_sending_it_back_voids_the_acceptances(session: Session, table: Table) -> None:
    public_id = proposed(session, table)
    accepted(session, table.manager, public_id, Side.PARTNER)
    service.send_back(session, table.other_steward, public_id, now=NOW)
    facts = service.agreement(session, table.steward, public_id, now=NOW)
    assert (facts.state, facts.acceptances, facts.hash) == (AgreementState.DRAFT, (), "")
    service.propose(session, table.steward, public_id, now=NOW)
    assert accepted(session, table.steward, public_id, Side.OPERATOR) is AgreementState.PROPOSED


def test_one_side_accepts_once(session: Session, table: Table) -> None:
    public_id = proposed(session, table)
    accepted(session, table.steward, public_id, Side.OPERATOR)
    for steward in (table.steward, table.other_steward):
        with pytest.raises(Conflict, match=r"agreement\.already_accepted"):
            accepted(session, steward, public_id, Side.OPERATOR)


@pytest.mark.parametrize("side", list(Side))
def test_who_never_said_by_what_right_does_not_sign(
    session: Session, table: Table, world: World, side: Side
) -> None:
    public_id = proposed(session, table)
    if side is Side.PARTNER:
        actor = world.member(table.partner_id, participates=False)
        id_, name = table.partner_id, "La Cantine"
    else:
        actor, id_, name = world.person(role=Role.STEWARD), table.operator_id, "Le Réseau"
    with pytest.raises(Refused, match=r"agreement\.no_capacity") as refused:
        accepted(session, actor, public_id, side)
    assert refused.value.reasons[0].params == {"name": name}
    if side is Side.PARTNER:
        organizations.state_mandate(session, actor, id_, Mandate(Capacity.PRESIDENCY), now=NOW)
    else:
        world.speaks_for(id_, actor)
    accepted(session, actor, public_id, side)
    [given] = service.agreement(session, table.steward, public_id, now=NOW).acceptances
    assert given.capacity == ("presidency" if side is Side.PARTNER else "executive_direction")


@pytest.mark.parametrize(
    ("passed", "method"), [(False, Method.PASSWORD), (True, Method.SECOND_FACTOR)]
)
def test_a_signature_says_how_the_person_had_signed_in(
    session: Session, table: Table, passed: bool, method: Method
) -> None:
    public_id = proposed(session, table)
    accepted(session, replace(table.manager, second_factor=passed), public_id, Side.PARTNER)
    [given] = service.agreement(session, table.steward, public_id, now=NOW).acceptances
    assert given.method is method


def test_nobody_accepts_for_both_sides(session: Session, table: Table, world: World) -> None:
    both = replace(
        table.manager, roles=frozenset({Role.STEWARD}), memberships={table.partner_id: Role.MANAGER}
    )
    world.speaks_for(table.operator_id, both)
    public_id = proposed(session, table)
    accepted(session, both, public_id, Side.OPERATOR)
    with pytest.raises(Refused, match=r"agreement\.same_person"):
        accepted(session, both, public_id, Side.PARTNER)
    assert how_many(service.count_waiting, session, both, NOW) == 0


def test_the_operators_own_use_takes_a_manager_and_another_person_as_steward(
    session: Session, table: Table
) -> None:
    both = replace(table.operator_manager, roles=frozenset({Role.STEWARD}))
    public_id = proposed(session, table, partner_id=table.operator_id)
    facts = service.agreement(session, both, public_id, now=NOW)
    assert facts.is_internal
    accepted(session, both, public_id, Side.PARTNER)
    with pytest.raises(Refused, match=r"agreement\.same_person"):
        accepted(session, both, public_id, Side.OPERATOR)
    assert accepted(session, table.steward, public_id, Side.OPERATOR) is AgreementState.IN_FORCE


@pytest.mark.parametrize("side", Side)
def test_only_a_steward_accepts_for_the_operator_and_only_a_manager_for_the_partner(
    session: Session, table: Table, world: World, side: Side
) -> None:
    public_id = proposed(session, table)
    hash_ = service.agreement(session, table.steward, public_id, now=NOW).hash
    allowed = {Side.OPERATOR: table.steward, Side.PARTNER: table.manager}
    knowing = {table.steward.person_id: table.steward, table.manager.person_id: table.manager}
    for actor in [*knowing.values(), table.analyst]:
        if actor is allowed[side]:
            continue
        with pytest.raises(Forbidden):
            service.accept(session, actor, public_id, side, hash_, now=NOW)
        with pytest.raises(Forbidden):
            service.end(session, actor, public_id, side, now=NOW)
    stranger = world.member(world.organization(kind=OrganizationKind.PARTNER)[0])
    plain = world.member(table.partner_id, Role.MEMBER)
    for actor in (stranger, plain, table.operator_manager, world.person(role=Role.ANALYST)):
        with pytest.raises(NotFound):
            service.accept(session, actor, public_id, side, hash_, now=NOW)


def test_only_stewards_write(session: Session, table: Table) -> None:
    public_id = drafted(session, table)
    for actor in (table.manager, table.analyst, table.operator_manager, VISITOR):
        with pytest.raises(Forbidden):
            service.create_draft(
                session, actor, table.partner_id, DRAFT, public_id=new_public_id(), now=NOW
            )
        with pytest.raises(Forbidden):
            service.propose(session, actor, public_id, now=NOW)
        with pytest.raises(Forbidden):
            service.send_back(session, actor, public_id, now=NOW)
        with pytest.raises(Forbidden):
            service.partners(session, actor)
        with pytest.raises(Forbidden):
            service.preview(session, actor, public_id)


def test_an_agreement_is_known_to_its_own_and_hidden_from_all_others(
    session: Session, table: Table, world: World
) -> None:
    public_id = drafted(session, table)
    theirs = (table.manager, table.analyst)
    strangers = (
        VISITOR,
        table.operator_manager,
        world.member(table.partner_id, Role.MEMBER),
        world.member(world.organization(kind=OrganizationKind.PARTNER)[0]),
        world.person(role=Role.ANALYST),
        world.person(role=Role.COORDINATOR),
        Actor(person_id=table.analyst.person_id),  # no analyst any more
        replace(table.manager, scopes=frozenset({"booking.read"})),  # a token for something else
    )
    for actor in (*theirs, *strangers):  # nobody knows of a draft
        with pytest.raises(NotFound):
            service.agreement(session, actor, public_id, now=NOW)
    service.propose(session, table.steward, public_id, now=NOW)
    for actor in theirs:
        assert service.agreement(session, actor, public_id, now=NOW).public_id == public_id
        assert [each.public_id for each in service.agreements(session, actor)] == [public_id]
    for actor in strangers:
        with pytest.raises(NotFound):
            service.agreement(session, actor, public_id, now=NOW)
        assert service.agreements(session, actor) == []


@pytest.mark.parametrize("side", Side)
def test_either_side_ends_it_at_once(session: Session, table: Table, side: Side) -> None:
    public_id = in_force(session, table)
    actor = {Side.OPERATOR: table.other_steward, Side.PARTNER: table.manager}[side]
    service.end(session, actor, public_id, side, now=at(1))
    facts = service.agreement(session, actor, public_id, now=at(1))
    assert (facts.state, facts.ended_at, facts.ended_side) == (AgreementState.ENDED, at(1), side)
    assert not is_in_force(facts, at(1))
    assert service.in_force_for(session, table.analyst.person_id or 0, now=at(1)) == []
    assert told(session)[-1] == ("ended", side.value)
    with pytest.raises(Conflict, match=r"agreement\.no_such_step"):
        service.end(session, actor, public_id, side, now=at(1))


def test_a_proposal_can_be_refused_and_a_draft_has_nothing_to_end(
    session: Session, table: Table
) -> None:
    public_id = drafted(session, table)
    with pytest.raises(Conflict, match=r"agreement\.no_such_step"):
        service.end(session, table.steward, public_id, Side.OPERATOR, now=NOW)
    service.propose(session, table.steward, public_id, now=NOW)
    service.end(session, table.manager, public_id, Side.PARTNER, now=NOW)
    with pytest.raises(Conflict, match=r"agreement\.no_such_step"):
        accepted(session, table.steward, public_id, Side.OPERATOR)


def test_in_force_for_an_analyst_means_named_accepted_and_within_the_term(
    session: Session, table: Table, world: World
) -> None:
    person_id = table.analyst.person_id or 0
    proposed(session, table)
    assert service.in_force_for(session, person_id, now=NOW) == []
    public_id = in_force(session, table, starts_on=date(2026, 3, 10))

    def found(days: float) -> list[str]:
        facts = service.in_force_for(session, person_id, now=at(days))
        return [each.public_id for each in facts]

    assert found(0) == []  # accepted, and not begun
    assert found(7) == [public_id]
    assert found(363) == [public_id]
    assert found(365) == []
    other = world.person(role=Role.ANALYST)
    assert service.in_force_for(session, other.person_id or 0, now=at(7)) == []


def test_a_term_that_is_over_cannot_be_accepted(session: Session, table: Table) -> None:
    public_id = proposed(session, table, ends_on=date(2026, 3, 9))
    with pytest.raises(Refused, match=r"agreement\.term_over"):
        accepted(session, table.manager, public_id, Side.PARTNER, now=at(7))
    assert how_many(service.count_waiting, session, table.manager, at(6)) == 1
    assert how_many(service.count_waiting, session, table.manager, at(7)) == 0


def test_what_waits_is_counted_for_who_can_still_accept(
    session: Session, table: Table, world: World
) -> None:
    everybody = (table.steward, table.manager, table.analyst, table.operator_manager, VISITOR)

    def waiting() -> list[int]:
        return [how_many(service.count_waiting, session, actor, NOW) for actor in everybody]

    public_id = drafted(session, table)
    assert waiting() == [0, 0, 0, 0, 0]
    service.propose(session, table.steward, public_id, now=NOW)
    assert waiting() == [1, 1, 1, 0, 0]  # the analyst can sign already
    accepted(session, table.steward, public_id, Side.OPERATOR)
    assert waiting() == [0, 1, 1, 0, 0]
    assert how_many(service.count_waiting, session, table.other_steward, NOW) == 0
    accepted(session, table.manager, public_id, Side.PARTNER)
    assert waiting() == [0, 0, 1, 0, 0]
    undertaken(session, table.analyst, public_id)
    assert waiting() == [0, 0, 0, 0, 0]


def test_analysts_are_confirmed_people_who_hold_the_role(
    session: Session, table: Table, world: World
) -> None:
    world.person(email="role@exemple.org")
    waits = world.person(role=Role.ANALYST, email="attend@exemple.org")
    session.get_one(Person, waits.person_id).confirmed_at = None
    session.flush()
    with pytest.raises(Refused) as refused:
        drafted(
            session,
            table,
            k=1,
            analysts=("role@exemple.org", "attend@exemple.org", "personne@exemple.org"),
        )
    assert [(r.code, dict(r.params)) for r in refused.value.reasons if r.field == "analysts"] == [
        ("agreement.not_an_analyst", {"email": "role@exemple.org"}),
        ("agreement.analyst_unknown", {"email": "attend@exemple.org"}),
        ("agreement.analyst_unknown", {"email": "personne@exemple.org"}),
    ]
    assert ("field.out_of_range", "k") in refusals(refused)
    twice = drafted(session, table, analysts=("analyste@exemple.org", "ANALYSTE@exemple.org"))
    facts = service.agreement(session, table.steward, twice, now=NOW)
    assert facts.analysts == (table.analyst.person_id,)


def test_the_partner_is_an_accepted_partner_or_the_operator(
    session: Session, table: Table, world: World
) -> None:
    waiting = world.organization(kind=OrganizationKind.PARTNER, accepted=False)[0]
    for partner_id in (world.organization()[0], waiting, 999_999):
        with pytest.raises(Refused) as refused:
            drafted(session, table, partner_id=partner_id)
        assert refusals(refused) == {("agreement.not_a_partner", "partner")}
    assert [each.id for each in service.partners(session, table.steward)] == [
        table.partner_id,
        table.operator_id,
    ]


def test_without_an_operator_nobody_can_agree_to_anything(session: Session, table: Table) -> None:
    session.get_one(Organization, table.operator_id).kind = OrganizationKind.OTHER
    session.flush()
    with pytest.raises(Refused) as refused:
        drafted(session, table)
    assert refusals(refused) == {("agreement.no_operator", "partner")}


def test_a_role_lost_before_the_proposal_stops_it(
    session: Session, table: Table, world: World
) -> None:
    from mutuali.accounts.models import NetworkRole

    public_id = drafted(session, table)
    session.delete(session.get_one(NetworkRole, (table.analyst.person_id, Role.ANALYST.value)))
    session.flush()
    with pytest.raises(Refused, match=r"agreement\.not_an_analyst"):
        service.propose(session, table.steward, public_id, now=NOW)


def test_a_draft_is_changed_by_who_read_its_newest_version_and_only_as_a_draft(
    session: Session, table: Table, world: World
) -> None:
    public_id = drafted(session, table)
    other = world.organization(kind=OrganizationKind.PARTNER)[0]

    def edit(version: int, partner_id: int = table.partner_id) -> None:
        service.edit_draft(
            session,
            table.steward,
            public_id,
            partner_id,
            drafting(k=7),
            version=version,
            now=NOW,
        )

    edit(1, other)
    edit(2)
    with pytest.raises(StaleVersion):
        edit(2)
    assert service.draft_of(session, table.steward, public_id)[1].settings.k == 7
    service.propose(session, table.steward, public_id, now=NOW)
    with pytest.raises(Conflict, match=r"agreement\.not_a_draft"):
        edit(4)
    service.send_back(session, table.steward, public_id, now=NOW)
    with pytest.raises(Refused) as refused:
        edit(5, other)
    assert refusals(refused) == {("agreement.partner_fixed", "partner")}
    edit(5)


def test_the_preview_is_what_the_proposal_fixes(session: Session, table: Table) -> None:
    public_id = drafted(session, table)
    shown = service.preview(session, table.steward, public_id)
    service.propose(session, table.steward, public_id, now=NOW)
    facts = service.agreement(session, table.manager, public_id, now=NOW)
    assert (facts.text_fr, facts.text_en) == shown
    access = clauses_of(facts.text_fr, "fr")[4].text
    assert "- Ana Lyse (analyste@exemple.org)" in access
    assert "La Cantine" in facts.text_en


def test_a_new_name_of_the_partner_leaves_the_accepted_text_as_it_is(
    session: Session, table: Table
) -> None:
    public_id = in_force(session, table)
    before = service.agreement(session, table.manager, public_id, now=NOW)
    session.get_one(Organization, table.partner_id).name = "La Cantine inc."
    session.flush()
    after = service.agreement(session, table.manager, public_id, now=NOW + timedelta(days=1))
    assert (after.text_fr, after.hash) == (before.text_fr, before.hash)
    assert after.partner_name == "La Cantine inc."


def test_the_log_holds_hashes_and_ids_and_no_names(session: Session, table: Table) -> None:
    in_force(session, table)
    kept = repr(
        session.scalars(
            select(AuditEvent.facts).where(AuditEvent.subject_kind == "agreement")
        ).all()
    )
    for name in ("Ana", "exemple.org", "Cantine", "camions"):
        assert name not in kept
