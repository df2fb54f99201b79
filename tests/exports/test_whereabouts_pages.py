"""Where data went, and who is told: an organization's manager of its own, a person of their own."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.bookings.models import Booking
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer
from mutuali.core.permissions import Actor, Role
from mutuali.exports import service
from mutuali.exports.rules.lineage import Kind
from mutuali.exports.rules.recalls import Answer as Attested
from mutuali.exports.service.recalls import Attestation
from mutuali.web.clock import utc_now
from tests.exports.stored import Network, built, is_in, shared_year, signed, work_through
from tests.exports.test_recalls import network, somebody_withdraws, taken
from tests.factories import World

ORGANIZATION, OWN = "/organisme/consentements/copies", "/compte/copies"
NOTHING = "Aucune exportation n’a été faite avec vos données."


def page(app: Flask, session: Session, actor: Actor, path: str) -> str:
    client = app.test_client()
    World(session, utc_now()).sign_in(client, actor)
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return answer.text


def status(app: Flask, session: Session, actor: Actor, path: str) -> int:
    client = app.test_client()
    World(session, utc_now()).sign_in(client, actor)
    return client.get(path).status_code


def copies(text: str) -> list[str]:
    """What is said of each copy, latest first."""
    return text.split('<section class="card"')[1:]


def test_a_manager_reads_the_true_state_of_each_copy_from_the_yes_to_the_attestations(
    app: Flask, session: Session
) -> None:
    net = network(session)
    taken(app, session, net)
    signed(session, net, built(app, session, net))  # nobody takes this one
    manager = net.managers[0]

    last, first = copies(page(app, session, manager, ORGANIZATION))
    assert "repose sur votre oui" in first
    assert "1 personne" in first
    assert "0 personne" in last
    assert "La Cantine" in first

    consent.withdraw(session, manager, net.organizations[0], net.notice_id, now=utc_now())
    session.commit()
    last, first = copies(page(app, session, manager, ORGANIZATION))
    assert "seront avisés" in first
    assert "personne n’en avait pris de copie" in last

    work_through(app)
    session.expire_all()
    last, first = copies(page(app, session, manager, ORGANIZATION))
    assert "Nous attendons leur attestation." in first
    assert "0 sur 2" in first
    assert "personne n’en avait pris de copie" in last

    for actor in (net.table.analyst, net.table.manager):
        (notice,) = service.notices(session, person_id=actor.person_id, now=utc_now())
        given = Attestation(Attested.DESTROYED, "Ana Lyse")
        service.attest(session, actor, notice.public_id, given, now=utc_now())
    session.commit()
    _, first = copies(page(app, session, manager, ORGANIZATION))
    assert "Nous ne pouvons pas vérifier leurs ordinateurs." in first
    assert "2 sur 2" in first
    assert "supprimé" not in first
    assert "Ana Lyse" not in first


def test_nobody_else_learns_where_an_organizations_data_went(app: Flask, session: Session) -> None:
    now = utc_now()
    world = World(session, now)
    net = shared_year(session, world, Dataset.EQUIPMENT_USE, now=now)
    stranger = world.member(world.organization()[0])
    member = world.member(net.organizations[0], Role.MEMBER)
    person = world.person()
    taken(app, session, net)
    somebody_withdraws(app, session, net)

    assert len(copies(page(app, session, net.managers[0], ORGANIZATION))) == 1
    text = page(app, session, stranger, ORGANIZATION)
    assert NOTHING in text
    assert copies(text) == []
    # A steward answers for the operator, which is an organization too: its page, and it is empty.
    assert copies(page(app, session, net.table.steward, ORGANIZATION)) == []
    for actor in (member, person, net.table.analyst):
        assert status(app, session, actor, ORGANIZATION) in {403, 404}
    assert ORGANIZATION not in page(app, session, member, "/organisme/consentements")
    assert ORGANIZATION in page(app, session, net.managers[0], "/organisme/consentements")


@dataclass(frozen=True, slots=True)
class Employed:
    """A network where a member, not the manager, asked for the loans of the first organization."""

    net: Network
    member: Actor
    colleague: Actor


def employed(app: Flask, session: Session) -> Employed:
    now = utc_now()
    world = World(session, now)
    net = shared_year(session, world, Dataset.LOANS, now=now)
    member, colleague = (world.member(net.organizations[0], Role.MEMBER) for _ in range(2))
    consent.answer_own(session, member, net.people_notice_id, Answer.GIVEN, now=now)
    session.execute(
        sa.update(Booking)
        .where(Booking.requested_by == net.managers[0].person_id)
        .values(requested_by=member.person_id)
    )
    row = taken(app, session, net)
    assert is_in(session, row, Kind.PERSON, member.person_id or 0)
    assert is_in(session, row, Kind.ORGANIZATION, net.organizations[0])
    return Employed(net, member, colleague)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_person_reads_of_their_own_only_and_their_employer_never(
    app: Flask, session: Session
) -> None:
    found = employed(app, session)
    manager = found.net.managers[0]

    (own,) = copies(page(app, session, found.member, OWN))
    assert "repose sur votre oui" in own
    for other in (manager, found.colleague):
        text = page(app, session, other, OWN)
        assert NOTHING in text
        assert copies(text) == []
    before = page(app, session, manager, ORGANIZATION)

    consent.answer_own(
        session, found.member, found.net.people_notice_id, Answer.WITHDRAWN, now=utc_now()
    )
    session.commit()
    (own,) = copies(page(app, session, found.member, OWN))
    assert "seront avisés" in own
    assert copies(page(app, session, manager, ORGANIZATION)) == copies(before)

    work_through(app)
    session.expire_all()
    (own,) = copies(page(app, session, found.member, OWN))
    assert "Nous attendons leur attestation." in own
    (copy,) = copies(page(app, session, manager, ORGANIZATION))
    assert "Nous attendons leur attestation." in copy
    assert "votre oui" not in copy


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_without_a_sign_in_neither_page_opens(app: Flask, session: Session) -> None:
    for path in (ORGANIZATION, OWN):
        assert "/connexion" in app.test_client().get(path).headers["Location"]
