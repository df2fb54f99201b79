"""Proposing, answering, changing an end: the pages, the doors of programs, the letters."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import State
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Role
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from mutuali.web.secrets import new_public_id
from tests.bookings.letters import sent
from tests.factories import World


class Today:
    """A truck that somebody asked for in three days, in the world of right now."""

    def __init__(self, world: World) -> None:
        world.now = datetime.now(UTC)
        self.world, self.session = world, world.session
        self.lender = world.organization("La Remise")
        self.giver = world.member(self.lender[0])
        self.taker = world.member(world.organization("Le Frigo plein")[0])
        self.truck = world.listing(self.lender)
        self.start = (world.now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
        self.booking = world.booking(self.truck, self.hours(0, 2), borrower=self.taker)
        self.address = f"/reservations/{self.booking.public_id}"

    def hours(self, low: float, high: float) -> Period:
        return Period(self.start + timedelta(hours=low), self.start + timedelta(hours=high))

    def approved(self) -> None:
        service.approve(self.session, self.giver, self.booking.public_id, now=self.world.now)

    def typed(self, span: Period) -> dict[str, Any]:
        start, end = local(span.start), local(span.end)
        return {
            "day": start.date().isoformat(),
            "starts": f"{start:%H:%M}",
            "end_day": end.date().isoformat(),
            "ends": f"{end:%H:%M}",
        }


@pytest.fixture
def today(world: World) -> Today:
    return Today(world)


def test_a_proposal_goes_out_from_a_page_and_is_taken_in_one_tap(
    today: Today, client: FlaskClient
) -> None:
    van = today.world.listing(today.lender, title_fr="Fourgonnette")
    today.world.sign_in(client, today.giver)
    assert (
        f'href="{today.address}/proposer"'
        in client.get("/a-faire").text + client.get(today.address).text
    )
    form = client.get(f"{today.address}/proposer").text
    assert "Fourgonnette" in form
    assert "Ce qui pourrait convenir" in form
    data = {"listing": van, "word": "Elle est plus grande.", **today.typed(today.hours(1, 4))}
    sent_out = client.post(f"{today.address}/proposer", data=data)
    assert sent_out.status_code == 303
    assert "Vous avez proposé autre chose" in client.get(today.address).text
    assert 'class="decision"' not in client.get("/a-faire").text
    today.world.sign_in(client, today.taker)
    assert "1 proposition d’un prêteur attend votre réponse" in client.get("/a-faire").text
    shown = client.get(today.address).text
    assert "On vous propose autre chose" in shown
    assert "Elle est plus grande." in shown
    done = client.post(f"{today.address}/proposition/accepter", follow_redirects=True)
    assert "C’est confirmé" in done.text
    assert "Fourgonnette" in done.text


def test_what_is_wrong_with_a_proposal_stands_beside_its_field(
    today: Today, client: FlaskClient
) -> None:
    today.world.sign_in(client, today.giver)
    same = {"listing": today.truck, **today.typed(today.hours(0, 2))}
    refused = client.post(f"{today.address}/proposer", data=same)
    assert refused.status_code == 422
    assert "C’est ce qui était demandé" in refused.text
    backwards = same | {"starts": "10:00", "ends": "09:00", "word": "Un mot gardé"}
    del backwards["end_day"]
    refused = client.post(f"{today.address}/proposer", data=backwards)
    assert refused.status_code == 422
    assert "Un mot gardé" in refused.text
    today.world.sign_in(client, today.taker)
    assert client.get(f"{today.address}/proposer").status_code == 404
    assert client.post(f"{today.address}/proposer", data=same).status_code == 403


def test_turned_down_from_the_page_it_waits_again(today: Today, client: FlaskClient) -> None:
    draft = service.ProposalDraft(today.truck, 1, today.hours(4, 6))
    public_id = today.booking.public_id
    service.propose(
        today.session,
        today.giver,
        public_id,
        draft,
        public_id=new_public_id(),
        now=today.world.now,
    )
    today.world.sign_in(client, today.taker)
    data = {"word": "Trop tard pour nous."}
    done = client.post(f"{today.address}/proposition/refuser", data=data, follow_redirects=True)
    assert "Votre demande attend toujours" in done.text
    today.world.sign_in(client, today.giver)
    assert "Trop tard pour nous." in client.get(today.address).text
    assert client.get("/a-faire").text.count('class="decision"') == 1


def test_a_longer_loan_is_asked_and_answered_from_pages(today: Today, client: FlaskClient) -> None:
    today.approved()
    today.world.sign_in(client, today.taker)
    form = client.get(f"{today.address}/fin").text
    assert "cela pourrait durer jusqu’au" in form
    assert "le prêteur répond" in form
    later = today.typed(today.hours(0, 5))
    data = {"end_day": later["end_day"], "ends": later["ends"], "word": "On finit plus tard."}
    asked = client.post(f"{today.address}/fin", data=data, follow_redirects=True)
    assert "Prolongation demandée jusqu’au" in asked.text
    today.world.sign_in(client, today.giver)
    inbox = client.get("/a-faire").text
    assert "1 prolongation demandée" in inbox
    assert "On finit plus tard." in inbox
    address = re.search(r'action="(/reservations/\S+/prolongation/accepter)"', inbox)
    assert address is not None
    done = client.post(address[1], data={"from": "inbox"}, follow_redirects=True)
    assert "La réservation est prolongée" in done.text
    assert 'class="decision"' not in done.text
    assert "le prêteur répond" not in client.get(f"{today.address}/fin").text


def test_a_longer_loan_is_refused_with_a_reason(today: Today, client: FlaskClient) -> None:
    today.approved()
    service.change_end(
        today.session,
        today.taker,
        today.booking.public_id,
        today.hours(0, 5).end,
        public_id=new_public_id(),
        now=today.world.now,
    )
    today.world.sign_in(client, today.giver)
    refusal = f"{today.address}/prolongation/refuser"
    assert client.post(refusal).status_code == 422
    done = client.post(refusal, data={"reason": "On en a besoin."}, follow_redirects=True)
    assert "On en a besoin." in done.text
    assert client.post(refusal, data={"reason": "Non."}).status_code == 409


def test_an_end_that_cannot_be_says_until_when_it_could(today: Today, client: FlaskClient) -> None:
    today.approved()
    other = today.world.booking(today.truck, today.hours(4, 6))
    service.approve(today.session, today.giver, other.public_id, now=today.world.now)
    today.world.sign_in(client, today.taker)
    later = today.typed(today.hours(0, 5))
    data = {"end_day": later["end_day"], "ends": later["ends"]}
    refused = client.post(f"{today.address}/fin", data=data)
    assert refused.status_code == 409
    assert "Elle pourrait durer jusqu’au" in refused.text
    assert f'value="{later["ends"]}"' in refused.text


def test_a_request_that_waits_has_no_page_for_its_end(today: Today, client: FlaskClient) -> None:
    today.world.sign_in(client, today.taker)
    assert client.get(f"{today.address}/fin").status_code == 404


def test_programs_propose_answer_and_change_an_end(today: Today, client: FlaskClient) -> None:
    giver = {"Authorization": f"Bearer {today.world.api_token(today.giver)}"}
    taker = {"Authorization": f"Bearer {today.world.api_token(today.taker)}"}
    base = f"/api/v1/bookings/{today.booking.public_id}"
    assert client.get(f"{base}/proposal", headers=taker).status_code == 404
    span = today.hours(6, 8)
    body = {
        "listing": today.truck,
        "starts_at": span.start.isoformat(),
        "ends_at": span.end.isoformat(),
    }
    made = client.post(f"{base}/proposal", json=body, headers=giver)
    assert (made.status_code, made.get_json()["may_answer"]) == (201, False)
    assert client.get(f"{base}/proposal", headers=taker).get_json()["may_answer"]
    assert client.post(f"{base}/proposal/decline", headers=taker).get_json()["state"] == "requested"
    client.post(f"{base}/proposal", json=body, headers=giver)
    taken = client.post(f"{base}/proposal/accept", headers=taker).get_json()
    assert taken["state"] == "approved"
    assert datetime.fromisoformat(taken["starts_at"]) == span.start
    later = {"ends_at": (span.end + timedelta(hours=1)).isoformat()}
    asked = client.post(f"{base}/end", json=later, headers=taker).get_json()
    assert datetime.fromisoformat(asked["ends_at"]) == span.end
    assert client.get(f"{base}/proposal", headers=giver).get_json()["kind"] == "longer"
    no = client.post(f"{base}/extension/decline", json={"reason": "Non."}, headers=giver)
    assert no.status_code == 200
    client.post(f"{base}/end", json=later, headers=taker)
    yes = client.post(f"{base}/extension/approve", headers=giver).get_json()
    assert datetime.fromisoformat(yes["ends_at"]) == span.end + timedelta(hours=1)


def _subjects(app: Flask, start: str) -> list[str]:
    return [each.body for each in sent(app) if each.subject.startswith(start)]


def test_both_sides_are_written_to_about_a_proposal_and_what_became_of_it(
    app: Flask, today: Today
) -> None:
    draft = service.ProposalDraft(today.truck, 1, today.hours(4, 6), "Plutôt l’après-midi.")
    public_id, now = today.booking.public_id, today.world.now
    service.propose(
        today.session, today.giver, public_id, draft, public_id=new_public_id(), now=now
    )
    today.session.commit()
    (body,) = _subjects(app, "Autre proposition du prêteur")
    assert "Plutôt l’après-midi." in body
    assert "Répondez avant" in body
    service.accept_proposal(today.session, today.taker, public_id, now=now)
    today.session.commit()
    assert len(_subjects(app, "Réservation déplacée")) == 2


def test_a_lender_whose_thing_was_asked_for_first_reads_that_it_is_free_again(
    app: Flask, today: Today
) -> None:
    coordinator = today.world.person(role=Role.COORDINATOR)
    for_network = today.world.listing(
        today.lender, title_fr="Remorque", approver=Approver.COORDINATOR
    )
    today.booking = today.world.booking(for_network, today.hours(0, 2), borrower=today.taker)
    elsewhere = today.world.organization()
    today.world.member(elsewhere[0])
    draft = service.ProposalDraft(today.world.listing(elsewhere), 1, today.hours(0, 2))
    public_id, now = today.booking.public_id, today.world.now
    service.propose(
        today.session, coordinator, public_id, draft, public_id=new_public_id(), now=now
    )
    service.accept_proposal(today.session, today.taker, public_id, now=now)
    today.session.commit()
    moved = [each for each in sent(app) if each.subject.startswith("Réservation déplacée")]
    (told,) = (each for each in moved if each.subject.endswith("Remorque"))
    assert "a été déplacée ailleurs par la coordination" in told.body
    assert len(moved) == 3


@pytest.mark.parametrize(("hours_ago", "reminded"), [(47, 0), (49, 2)])
def test_whoever_decides_is_reminded_once_when_a_third_of_the_time_is_left(
    app: Flask, world: World, session: Session, hours_ago: int, reminded: int
) -> None:
    _asked(world, hours_ago, deputies=1)
    assert len(_subjects(app, "Une demande expire bientôt")) == reminded
    assert len(_subjects(app, "Une demande expire bientôt")) == reminded


def test_nobody_is_reminded_of_what_was_decided(app: Flask, world: World, session: Session) -> None:
    asked, giver = _asked(world, 49)
    service.decline(session, giver, asked.public_id, "Non.", now=world.now)
    session.commit()
    assert _subjects(app, "Une demande expire bientôt") == []


def _asked(world: World, hours_ago: int, deputies: int = 0) -> tuple[Booking, Actor]:
    """A request of so many hours ago that has three days to be answered, and who answers."""
    world.now = datetime.now(UTC) - timedelta(hours=hours_ago)
    lender = world.organization()
    giver = world.member(lender[0])
    for _ in range(deputies):
        _delegate(world, lender[0], giver)
    start = world.now + timedelta(days=20)
    asked = world.booking(world.listing(lender), Period(start, start + timedelta(hours=2)))
    world.session.commit()
    return asked, giver


def _delegate(world: World, lender_id: int, giver: Actor) -> Actor:
    from mutuali.organizations import service as organizations

    deputy = world.person(email="remplacante@exemple.org")
    organizations.delegate(
        world.session,
        giver,
        lender_id,
        "remplacante@exemple.org",
        world.now + timedelta(days=9),
        now=world.now,
    )
    return deputy


def test_silence_is_told_to_who_decides_and_to_who_asked(
    app: Flask, world: World, session: Session
) -> None:
    asked, _giver = _asked(world, 73)
    world.member(asked.borrower_id)
    assert service.expire_lapsed(session, now=datetime.now(UTC)) == 1
    session.commit()
    assert asked.state == State.EXPIRED
    told = [each.to for each in sent(app) if each.subject.startswith("Demande expirée")]
    assert len(told) == len(set(told)) == 3


def test_where_a_kit_was_moved_its_page_still_opens(today: Today, client: FlaskClient) -> None:
    kit = today.world.listing(today.lender)
    kit_id = equipment.listing_id_of(today.session, kit)
    equipment.set_parts(today.session, today.giver, kit_id, [(today.truck, 1)], now=today.world.now)
    draft = service.ProposalDraft(kit, 1, today.hours(4, 6))
    public_id, now = today.booking.public_id, today.world.now
    service.propose(
        today.session, today.giver, public_id, draft, public_id=new_public_id(), now=now
    )
    service.accept_proposal(today.session, today.taker, public_id, now=now)
    today.world.sign_in(client, today.taker)
    assert client.get(today.address).status_code == 200
