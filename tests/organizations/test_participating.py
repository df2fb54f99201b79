"""The agreement of participation: read, accepted by a right, replaced, ended."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.canonical import sha256
from mutuali.core.errors import Conflict, DomainError, Forbidden, Refused
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.organizations import service
from mutuali.organizations.models import Organization, Participation
from mutuali.organizations.rules import (
    Capacity,
    Mandate,
    OrganizationKind,
    mandate_objections,
    texts,
)
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, OPERATOR, World, at, span
from tests.how_many import how_many

DIRECTION = Mandate(Capacity.EXECUTIVE_DIRECTION)
TODAY = date(2026, 3, 3)


@pytest.fixture
def manager(world: World) -> Actor:
    """Manages an organization that accepted nothing yet."""
    return world.member(world.organization("La Corbeille")[0], participates=False)


def own(actor: Actor) -> int:
    assert actor.organization_id is not None
    return actor.organization_id


def accepts(
    session: Session,
    actor: Actor,
    mandate: Mandate = DIRECTION,
    *,
    hash_: str | None = None,
    day: float = 0,
    operator: str = OPERATOR,
) -> None:
    offered = service.participation_text(session, own(actor), operator)
    service.accept_participation(
        session,
        actor,
        own(actor),
        offered.hash if hash_ is None else hash_,
        mandate,
        operator_name=operator,
        public_id=new_public_id(),
        now=at(day),
    )


def codes(caught: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [reason.code for reason in caught.value.reasons]


def test_both_texts_name_both_sides_and_say_how_to_leave_with_what() -> None:
    for text in texts("Le Réseau", "La Corbeille"):
        assert "Le Réseau" in text
        assert "La Corbeille" in text
        assert "30" in text
        assert "JSON" in text
        assert "CSV" in text
        assert "{" not in text
    french, english = texts("A", "B")
    assert french.count("\n\n") == english.count("\n\n")
    assert " :" not in french


def test_a_member_of_the_board_and_a_mandate_need_a_dated_resolution() -> None:
    def said(*mandate: object) -> list[str]:
        return [r.code for r in mandate_objections(Mandate(*mandate), TODAY)]  # type: ignore[arg-type]

    assert said(Capacity.PRESIDENCY) == []
    assert said(Capacity.BOARD_MEMBER, "12", TODAY) == []
    assert said(Capacity.MANDATE) == [
        "participation.resolution_unsaid",
        "participation.resolution_undated",
    ]
    assert said(Capacity.PRESIDENCY, "12") == ["participation.resolution_undated"]
    assert said(Capacity.PRESIDENCY, "", TODAY) == ["participation.resolution_unsaid"]
    assert said(Capacity.MANDATE, "12", date(2026, 3, 4)) == ["participation.resolution_to_come"]


def test_a_yes_keeps_the_exact_text_and_by_what_right_it_was_given(
    session: Session, manager: Actor
) -> None:
    assert not service.participates(session, own(manager), now=NOW)
    assert how_many(service.count_without_participation, session, manager, NOW) == 1
    assert service.signatory(session, own(manager), manager.person_id or 0) is None
    accepts(session, manager, Mandate(Capacity.MANDATE, "CA-7", TODAY))

    assert service.participates(session, own(manager), now=NOW)
    assert how_many(service.count_without_participation, session, manager, NOW) == 0
    found = service.participation(session, manager, own(manager))
    assert found is not None
    assert found.hash == sha256(found.exact_text.encode())
    assert "La Corbeille" in found.exact_text
    assert found.mandate == Mandate(Capacity.MANDATE, "CA-7", TODAY)
    assert service.signatory(session, own(manager), manager.person_id or 0) is Capacity.MANDATE
    [event] = session.scalars(select(AuditEvent).where(AuditEvent.name == "participation.accepted"))
    assert event.facts["hash"] == found.hash
    assert event.facts["capacity"] == "mandate"


def test_a_text_that_changed_meanwhile_is_not_accepted(session: Session, manager: Actor) -> None:
    with pytest.raises(Conflict) as caught:
        accepts(session, manager, hash_="0" * 64)
    assert codes(caught) == ["participation.text_changed"]
    assert not service.participates(session, own(manager), now=NOW)


def test_a_newer_text_replaces_the_older_and_the_same_is_not_accepted_twice(
    session: Session, manager: Actor
) -> None:
    accepts(session, manager)
    with pytest.raises(Conflict) as caught:
        accepts(session, manager)
    assert codes(caught) == ["participation.accepted_before"]
    accepts(session, manager, day=1, operator="Le nouveau Réseau")
    rows = session.scalars(select(Participation).order_by(Participation.id)).all()
    assert [row.ends_at for row in rows] == [at(1), None]
    assert service.leave_when_over(session, SYSTEM, now=at(90)) == []


def test_only_a_manager_accepts_and_only_for_who_lends_or_borrows(
    session: Session, world: World, manager: Actor
) -> None:
    for actor in (
        world.member(own(manager), Role.MEMBER),
        world.person(role=Role.COORDINATOR),
        world.person(role=Role.STEWARD),
    ):
        with pytest.raises(Forbidden):
            service.accept_participation(
                session,
                actor,
                own(manager),
                "",
                DIRECTION,
                operator_name=OPERATOR,
                public_id="x",
                now=NOW,
            )
    partner = world.member(world.organization(kind=OrganizationKind.PARTNER)[0])
    applicant = world.member(world.organization(accepted=False)[0])
    for actor in (partner, applicant):
        with pytest.raises(Refused) as caught:
            accepts(session, actor)
        assert codes(caught) == ["participation.not_asked"]
        assert how_many(service.count_without_participation, session, actor, NOW) == 0


def test_who_no_longer_manages_may_no_longer_say_yes(
    session: Session, world: World, manager: Actor
) -> None:
    accepts(session, manager)
    other = world.member(own(manager))
    assert service.signatory(session, own(manager), other.person_id or 0) is not None
    service.remove_member(session, manager, own(manager), other.person_id or 0, now=NOW)
    assert service.signatory(session, own(manager), other.person_id or 0) is None
    assert [each.person_id for each in service.signatories(session, manager, own(manager))] == [
        manager.person_id
    ]


def test_stating_another_right_replaces_the_one_before(session: Session, manager: Actor) -> None:
    accepts(session, manager)
    service.state_mandate(session, manager, own(manager), Mandate(Capacity.PRESIDENCY), now=at(1))
    assert service.signatory(session, own(manager), manager.person_id or 0) is Capacity.PRESIDENCY
    with pytest.raises(Refused):
        service.state_mandate(session, manager, own(manager), Mandate(Capacity.MANDATE), now=at(2))


def test_notice_ends_participation_at_once_and_membership_after_thirty_days(
    session: Session, manager: Actor
) -> None:
    with pytest.raises(Conflict):
        service.give_notice(session, manager, own(manager), now=NOW)
    accepts(session, manager)
    assert service.give_notice(session, manager, own(manager), now=at(1)) == at(31)
    assert not service.participates(session, own(manager), now=at(1))
    assert service.leave_when_over(session, SYSTEM, now=at(31) - timedelta(seconds=1)) == []
    assert service.leave_when_over(session, SYSTEM, now=at(31)) == [own(manager)]
    assert service.leave_when_over(session, SYSTEM, now=at(32)) == []
    assert session.get_one(Organization, own(manager)).state == "left"


def test_who_changes_their_mind_before_the_end_stays(session: Session, manager: Actor) -> None:
    accepts(session, manager)
    service.give_notice(session, manager, own(manager), now=at(1))
    accepts(session, manager, day=2)
    assert service.participates(session, own(manager), now=at(2))
    assert service.leave_when_over(session, SYSTEM, now=at(40)) == []


def test_a_manager_reads_and_accepts_on_a_page_and_the_card_goes(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    world.sign_in(client, manager)
    assert "1 entente de participation attend votre lecture" in client.get("/a-faire").text
    shown = client.get("/organisme/participation").text
    assert "La Corbeille y prend part" in shown
    offered = service.participation_text(session, own(manager), OPERATOR)
    session.rollback()
    refused = client.post(
        "/organisme/participation", data={"hash": offered.hash, "capacity": "mandate"}
    )
    assert refused.status_code == 422
    assert "Donnez la date de la résolution." in refused.text
    done = client.post(
        "/organisme/participation", data={"hash": offered.hash, "capacity": "presidency"}
    )
    assert done.status_code == 303
    shown = client.get("/organisme/participation").text
    assert "Présidence du conseil" in shown
    assert offered.hash in shown
    assert "attend votre lecture" not in client.get("/a-faire").text
    exact = client.get("/organisme/participation/texte")
    assert sha256(exact.data) == offered.hash
    token = {"Authorization": f"Bearer {world.api_token(manager)}"}
    public_id = service.organization(session, own(manager)).public_id
    session.rollback()
    told = client.get(f"/api/v1/organizations/{public_id}/participation", headers=token).get_json()
    assert (told["capacity"], told["hash"]) == ("presidency", offered.hash)


def test_borrowing_and_lending_do_not_depend_on_it(
    session: Session, world: World, manager: Actor
) -> None:
    booking = world.booking(world.listing(), span(2), borrower=manager)
    assert booking.id
