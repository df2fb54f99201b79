"""Suspended at once, lifted by who suspended; revoked, amended, undertaken: on both engines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.agreements import service
from mutuali.agreements.guard import NOT_ACCEPTED, TEXT_FIXED
from mutuali.agreements.models import Agreement, AgreementAcceptance, AgreementSuspension
from mutuali.agreements.rules import (
    AgreementState,
    Cause,
    Instrument,
    Named,
    Side,
    changes,
    is_in_force,
)
from mutuali.core.errors import Conflict, Forbidden, Refused
from mutuali.core.permissions import SYSTEM, Role
from mutuali.jobs.models import Job
from mutuali.web.secrets import new_public_id
from tests.agreements.made import Table, accepted, in_force, proposed, set_table, undertaken
from tests.factories import NOW, World, at


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


def facts_of(session: Session, table: Table, public_id: str) -> service.AgreementFacts:
    return service.agreement(session, table.steward, public_id, now=NOW)


def open_to_analyst(session: Session, table: Table, days: float = 1) -> list[str]:
    found = service.in_force_for(session, table.analyst.person_id or 0, now=at(days))
    return [each.public_id for each in found]


def told(session: Session) -> list[str]:
    rows = session.scalars(select(Job).where(Job.kind == "agreements.tell").order_by(Job.id))
    return [row.arguments["what"] for row in rows]


@pytest.mark.parametrize("side", Side)
def test_either_side_stops_it_at_once_and_alone_takes_it_up_again(
    session: Session, table: Table, side: Side
) -> None:
    actors = {Side.OPERATOR: table.steward, Side.PARTNER: table.manager}
    other = Side.PARTNER if side is Side.OPERATOR else Side.OPERATOR
    public_id = in_force(session, table)
    assert open_to_analyst(session, table) == [public_id]
    service.suspend(session, actors[side], public_id, side, "une fuite", now=at(1))
    facts = facts_of(session, table, public_id)
    assert facts.state is AgreementState.SUSPENDED
    assert not is_in_force(facts, at(1))
    assert open_to_analyst(session, table) == []
    assert [each.reason for each in facts.open_suspensions] == ["une fuite"]
    with pytest.raises(Conflict, match=r"agreement\.not_yours_to_lift"):
        service.lift(session, actors[other], public_id, other, now=at(2))
    with pytest.raises(Conflict, match=r"agreement\.already_suspended"):
        service.suspend(session, actors[side], public_id, side, "encore", now=at(2))
    service.lift(session, actors[side], public_id, side, now=at(2))
    assert facts_of(session, table, public_id).state is AgreementState.IN_FORCE
    assert open_to_analyst(session, table, 2) == [public_id]
    assert told(session)[-2:] == ["suspended", "lifted"]


def test_while_the_other_side_still_suspends_it_nothing_starts_again(
    session: Session, table: Table
) -> None:
    public_id = in_force(session, table)
    service.suspend(session, table.steward, public_id, Side.OPERATOR, "a", now=at(1))
    service.suspend(session, table.manager, public_id, Side.PARTNER, "b", now=at(1))
    service.lift(session, table.steward, public_id, Side.OPERATOR, now=at(2))
    assert facts_of(session, table, public_id).state is AgreementState.SUSPENDED
    service.lift(session, table.manager, public_id, Side.PARTNER, now=at(2))
    assert facts_of(session, table, public_id).state is AgreementState.IN_FORCE


def test_what_the_law_suspends_only_the_operator_lifts(session: Session, table: Table) -> None:
    public_id = in_force(session, table)
    id_ = facts_of(session, table, public_id).id
    service.suspend_by_law(session, SYSTEM, id_, Cause.INCIDENT, "fichier perdu", now=at(1))
    with pytest.raises(Conflict, match=r"agreement\.not_yours_to_lift"):
        service.lift(session, table.manager, public_id, Side.PARTNER, now=at(2))
    service.lift(session, table.steward, public_id, Side.OPERATOR, now=at(2))
    assert open_to_analyst(session, table, 2) == [public_id]
    with pytest.raises(ValueError, match="no cause of law"):
        service.suspend_by_law(session, SYSTEM, id_, Cause.PARTY, "x", now=at(3))


def test_a_reason_is_asked_for_and_only_sides_act(session: Session, table: Table) -> None:
    public_id = in_force(session, table)
    with pytest.raises(Refused, match=r"field\.missing"):
        service.suspend(session, table.steward, public_id, Side.OPERATOR, "  ", now=at(1))
    for act in (service.suspend, service.revoke):
        with pytest.raises(Forbidden):
            act(session, table.analyst, public_id, Side.PARTNER, "non", now=at(1))
    assert facts_of(session, table, public_id).state is AgreementState.IN_FORCE


def test_a_revoked_signature_suspends_for_good_and_an_amendment_leads_on(
    session: Session, table: Table
) -> None:
    public_id = in_force(session, table)
    service.revoke(session, table.manager, public_id, Side.PARTNER, "sans mandat", now=at(1))
    assert open_to_analyst(session, table) == []
    for actor, side in ((table.manager, Side.PARTNER), (table.steward, Side.OPERATOR)):
        with pytest.raises(Conflict, match=r"agreement\.not_yours_to_lift"):
            service.lift(session, actor, public_id, side, now=at(2))
    with pytest.raises(Conflict, match=r"agreement\.no_such_step"):
        service.revoke(session, table.manager, public_id, Side.PARTNER, "encore", now=at(2))
    with pytest.raises(IntegrityError, match=NOT_ACCEPTED), session.begin_nested():
        session.execute(update(Agreement).values(state="in_force"))
    new = amended(session, table, public_id)
    accepted(session, table.manager, new, Side.PARTNER, now=at(2))
    accepted(session, table.steward, new, Side.OPERATOR, now=at(2))
    undertaken(session, table.analyst, new, now=at(2))
    assert open_to_analyst(session, table, 2) == [new]


def test_the_database_keeps_signatures_and_suspensions_as_they_were(
    session: Session, table: Table
) -> None:
    public_id = in_force(session, table)
    service.suspend(session, table.steward, public_id, Side.OPERATOR, "a", now=at(1))
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        session.execute(update(AgreementSuspension).values(reason="autre"))


def test_the_database_takes_nothing_up_again_while_a_suspension_is_open(
    session: Session, table: Table
) -> None:
    public_id = in_force(session, table)
    service.suspend(session, table.steward, public_id, Side.OPERATOR, "a", now=at(1))
    with pytest.raises(IntegrityError, match=NOT_ACCEPTED):
        session.execute(update(Agreement).values(state="in_force"))


def test_the_database_lets_a_signature_only_be_revoked(session: Session, table: Table) -> None:
    in_force(session, table)
    session.execute(update(AgreementAcceptance).values(revoked_at=at(1)))
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        session.execute(update(AgreementAcceptance).values(revoked_at=None))


def amended(session: Session, table: Table, public_id: str, **changed: object) -> str:
    new = new_public_id()
    service.amend(session, table.steward, public_id, new_public_id=new, now=at(1))
    facts, draft = service.draft_of(session, table.steward, new)
    settings = replace(draft.settings, **changed)  # type: ignore[arg-type]
    service.edit_draft(
        session,
        table.steward,
        new,
        facts.partner_id,
        replace(draft, settings=settings),
        version=facts.version,
        now=at(1),
    )
    service.propose(session, table.steward, new, now=at(1))
    return new


def test_an_amendment_leaves_the_old_one_in_force_until_both_have_signed(
    session: Session, table: Table
) -> None:
    old = in_force(session, table)
    new = amended(session, table, old, k=12)
    facts = facts_of(session, table, new)
    assert facts.number == f"{facts_of(session, table, old).number}.2"
    assert (facts.edition, facts.amends_id) == (2, facts_of(session, table, old).id)
    assert "remplace l’entente" in facts.text_fr
    accepted(session, table.manager, new, Side.PARTNER, now=at(1))
    assert open_to_analyst(session, table) == [old]
    accepted(session, table.steward, new, Side.OPERATOR, now=at(2))
    assert facts_of(session, table, old).state is AgreementState.ENDED
    assert facts_of(session, table, new).state is AgreementState.IN_FORCE
    assert open_to_analyst(session, table, 2) == []  # another text: signed anew
    undertaken(session, table.analyst, new, now=at(2))
    [under] = service.in_force_for(session, table.analyst.person_id or 0, now=at(2))
    assert (under.public_id, under.settings.k) == (new, 12)
    assert [each.public_id for each in service.editions(session, table.manager, facts)] == [
        old,
        new,
    ]


def test_an_amendment_says_in_plain_words_what_changes(session: Session, table: Table) -> None:
    old = in_force(session, table)
    new = amended(session, table, old, k=12)
    before, after = (facts_of(session, table, each).text_fr for each in (old, new))
    found = {
        (each.before.plain if each.before else None, each.after.plain if each.after else None)
        for each in changes(before, after, "fr")
    }
    assert (
        "Un chiffre qui repose sur moins de 5 organismes ne sort pas.",
        "Un chiffre qui repose sur moins de 12 organismes ne sort pas.",
    ) in found
    assert changes(before, before, "fr") == ()


def test_one_amendment_at_a_time_of_what_is_alive(session: Session, table: Table) -> None:
    old = in_force(session, table)
    amended(session, table, old)
    with pytest.raises(Conflict, match=r"agreement\.amendment_open"):
        service.amend(session, table.steward, old, new_public_id=new_public_id(), now=at(1))
    waiting = proposed(session, table)
    with pytest.raises(Conflict, match=r"agreement\.not_to_amend"):
        service.amend(session, table.steward, waiting, new_public_id=new_public_id(), now=at(1))


def test_an_amendment_of_what_has_ended_meanwhile_takes_no_effect(
    session: Session, table: Table
) -> None:
    old = in_force(session, table)
    new = amended(session, table, old)
    service.end(session, table.manager, old, Side.PARTNER, now=at(1))
    accepted(session, table.manager, new, Side.PARTNER, now=at(1))
    with pytest.raises(Conflict, match=r"agreement\.not_to_amend"):
        accepted(session, table.steward, new, Side.OPERATOR, now=at(1))


def test_without_their_own_signature_a_named_person_has_no_access(
    session: Session, table: Table, world: World
) -> None:
    other = world.person(role=Role.ANALYST, email="autre@exemple.org")
    public_id = in_force(
        session, table, analysts=(Named("analyste@exemple.org"), Named("autre@exemple.org"))
    )
    assert service.in_force_for(session, other.person_id or 0, now=at(1)) == []
    facts = facts_of(session, table, public_id)
    with pytest.raises(Conflict, match=r"agreement\.text_changed"):
        service.undertake(session, other, public_id, "0" * 64, now=at(1))
    with pytest.raises(Forbidden):
        service.undertake(session, table.manager, public_id, facts.hash, now=at(1))
    service.undertake(session, other, public_id, facts.hash, now=at(1))
    assert len(service.in_force_for(session, other.person_id or 0, now=at(1))) == 1
    with pytest.raises(Conflict, match=r"agreement\.already_undertaken"):
        service.undertake(session, other, public_id, facts.hash, now=at(1))


def test_each_persons_own_dates_bound_their_access(session: Session, table: Table) -> None:
    named = Named("analyste@exemple.org", "deux semaines", date(2026, 3, 10), date(2026, 3, 20))
    in_force(session, table, analysts=(named,))
    assert [bool(open_to_analyst(session, table, day)) for day in (6, 7, 17, 18)] == [
        *(False, True, True, False)
    ]


def test_one_for_research_begins_thirty_days_after_the_commission_got_it(
    session: Session, table: Table
) -> None:
    public_id = in_force(session, table, instrument=Instrument.RESEARCH, assessment_ref="EFVP-1")
    assert open_to_analyst(session, table, 60) == []
    with pytest.raises(Refused, match=r"agreement\.sent_in_future"):
        service.sent_to_cai(session, table.steward, public_id, date(2026, 3, 5), now=at(1))
    service.sent_to_cai(session, table.steward, public_id, date(2026, 3, 4), now=at(1))
    assert open_to_analyst(session, table, 30) == []
    assert open_to_analyst(session, table, 31) == [public_id]
    with pytest.raises(Conflict):
        service.sent_to_cai(session, table.steward, public_id, date(2026, 3, 3), now=at(2))


def test_people_are_reminded_sixty_and_fourteen_days_before_the_end_once_each(
    session: Session, table: Table
) -> None:
    public_id = in_force(session, table)
    end = facts_of(session, table, public_id).ends_at

    def reminded(days_before: float) -> int:
        service.watch(session, now=end - timedelta(days=days_before))
        return told(session).count("ending")

    assert [reminded(days) for days in (61, 60, 59, 15, 14, 13, 1)] == [0, 1, 1, 1, 2, 2, 2]
    service.watch(session, now=end + timedelta(days=1))
    assert told(session).count("ending") == 2
    assert not is_in_force(facts_of(session, table, public_id), end)  # no renewal by silence


def test_a_review_is_told_on_its_day_once(session: Session, table: Table) -> None:
    in_force(session, table, review_months=3)

    def reviews(days: float) -> int:
        service.watch(session, now=at(days))
        return told(session).count("review")

    assert [reviews(days) for days in (90, 93, 94, 184, 186)] == [0, 1, 1, 2, 2]


def test_a_suspension_that_nobody_lifts_ends_the_agreement(session: Session, table: Table) -> None:
    public_id = in_force(session, table, cure_days=10)
    service.suspend(session, table.manager, public_id, Side.PARTNER, "à voir", now=at(1))
    service.watch(session, now=at(11))
    assert facts_of(session, table, public_id).state is AgreementState.SUSPENDED
    service.watch(session, now=at(11, 1))
    facts = facts_of(session, table, public_id)
    assert (facts.state, facts.ended_side) == (AgreementState.ENDED, None)
    assert told(session)[-1] == "ended"
