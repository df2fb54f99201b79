"""An organization from its application to its delegations, as a browser sees it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person
from mutuali.core.permissions import Actor, Role
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Delegation, Membership, Organization, Site
from mutuali.web.secrets import signed_link_token
from tests.accounts.test_views import link_in, mails, stored
from tests.factories import World

APPLICATION = {
    "name": "La Corbeille",
    "kind": "food_bank",
    "sector": "community",
    "enterprise_number": "1143 920 115",
    "languages": ["fr", "en"],
    "phone": "514 555-0100",
    "site_name": "Entrepôt",
    "address": "123, rue des Érables",
    "place": "H2X 1Y4",
}


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


@pytest.fixture
def manager(client: FlaskClient, world: World) -> Actor:
    """Signed in: somebody who manages an accepted organization."""
    actor = world.member(world.organization("Le Garde-manger")[0])
    world.sign_in(client, actor)
    return actor


def test_an_application_is_told_accepted_and_answered(
    app: Flask, client: FlaskClient, world: World, tmp_path: Path, session: Session
) -> None:
    coordinator = world.person(role=Role.COORDINATOR, email="coordo@exemple.org")
    applicant = world.person(email="ada@exemple.org")
    world.sign_in(client, applicant)
    assert "Inscrire notre organisme" in client.get("/organisme").text
    assert client.post("/organisme/demande", data=APPLICATION).headers["Location"] == "/organisme"
    shown = client.get("/organisme").text
    assert "La Corbeille" in shown
    assert "Votre demande attend une réponse" in shown
    [row] = stored(session, select(Organization))
    assert (row.enterprise_number, row.languages, row.state) == ("1143920115", "fr,en", "applied")
    to, subject, body = mails(app, tmp_path)[-1]
    assert (to, subject) == ("coordo@exemple.org", "La Corbeille veut se joindre au réseau")
    assert link_in(body) == "/coordination/adhesions"

    desk = app.test_client()
    world.sign_in(desk, coordinator)
    waiting = desk.get("/coordination/adhesions").text
    assert "123, rue des Érables" in waiting
    assert "ada@exemple.org" in waiting
    path = f"/coordination/adhesions/{row.public_id}/accepter"
    assert desk.post(path).headers["Location"] == "/coordination/adhesions"
    assert desk.post(path).status_code == 409
    assert "La Corbeille" not in desk.get("/coordination/adhesions").text.split("<main")[1]
    to, subject, _ = mails(app, tmp_path)[-1]
    assert (to, subject) == ("ada@exemple.org", "La Corbeille fait partie du réseau")
    assert "Votre demande attend une réponse" not in client.get("/organisme").text


def test_a_refusal_is_told_too(
    app: Flask, client: FlaskClient, world: World, tmp_path: Path, session: Session
) -> None:
    world.member(world.organization("Trop loin", accepted=False)[0])
    world.sign_in(client, world.person(role=Role.ADMINISTRATOR))
    [public_id] = stored(session, select(Organization.public_id))
    assert client.post(f"/coordination/adhesions/{public_id}/refuser").status_code == 303
    assert mails(app, tmp_path)[-1][1] == "Réponse à la demande de Trop loin"


def test_a_refused_application_keeps_what_was_typed(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person())
    wrong = {**APPLICATION, "place": "Tombouctou", "name": "Chez <Nous>"}
    answer = client.post("/organisme/demande", data=wrong)
    assert answer.status_code == 422
    assert 'id="champ-place-erreur"' in answer.text
    assert "Chez &lt;Nous&gt;" in answer.text
    for field, value in (("enterprise_number", "1234567890"), ("kind", "operator")):
        answer = client.post("/organisme/demande", data={**APPLICATION, field: value})
        assert answer.status_code == 422
        assert f'id="champ-{field}-erreur"' in answer.text


def test_a_borough_is_a_place_as_well(client: FlaskClient, world: World, session: Session) -> None:
    world.sign_in(client, world.person())
    client.post("/organisme/demande", data={**APPLICATION, "place": "Verdun"})
    [site] = stored(session, select(Site))
    assert (site.borough, site.postal_code) == ("verdun", "")


def test_only_those_who_coordinate_see_applications(client: FlaskClient, manager: Actor) -> None:
    assert client.get("/coordination/adhesions").status_code == 403
    assert client.post("/coordination/adhesions/x/accepter").status_code == 403


def test_a_manager_changes_what_the_organization_says(
    client: FlaskClient, manager: Actor, session: Session
) -> None:
    assert "Le Garde-manger" in client.get("/organisme/modifier").text
    assert client.post("/organisme/modifier", data=APPLICATION).status_code == 303
    assert stored(session, select(Organization.name)) == ["La Corbeille"]
    answer = client.post("/organisme/modifier", data={**APPLICATION, "kind": "partner"})
    assert answer.status_code == 422


def test_a_partner_stays_a_partner(client: FlaskClient, manager: Actor, session: Session) -> None:
    session.get_one(Organization, manager.organization_id).kind = "partner"
    session.commit()
    assert 'value="partner" selected' in client.get("/organisme/modifier").text
    answer = client.post("/organisme/modifier", data={**APPLICATION, "kind": "partner"})
    assert answer.status_code == 303


def test_an_invitation_makes_a_member_of_its_addressee_only(
    app: Flask,
    client: FlaskClient,
    manager: Actor,
    world: World,
    tmp_path: Path,
    session: Session,
) -> None:
    invited = world.person(email="bea@exemple.org")
    world.session.commit()
    form = {"email": "Bea@exemple.org", "role": "member"}
    assert client.post("/organisme/invitations", data=form).status_code == 303
    assert "bea@exemple.org n’a pas encore répondu" in client.get("/organisme").text
    to, subject, body = mails(app, tmp_path)[-1]
    assert (to, subject) == ("bea@exemple.org", "Le Garde-manger vous invite sur MutuAli")
    stranger, guest = app.test_client(), app.test_client()
    world.sign_in(stranger, world.person())
    world.sign_in(guest, invited)
    link = link_in(body)
    assert "Le Garde-manger vous invite" in guest.get(link).text
    assert stranger.post(link).status_code == 409
    assert guest.post(link).headers["Location"] == "/organisme"
    assert guest.post(link).status_code == 409
    assert "Le Garde-manger" in guest.get("/organisme").text
    who = select(Membership.role).where(Membership.person_id == invited.person_id)
    assert stored(session, who) == ["member"]
    again = client.post("/organisme/invitations", data=form)
    assert again.status_code == 422
    assert 'id="champ-email-erreur"' in again.text


def test_a_link_for_something_else_is_no_invitation(
    app: Flask, client: FlaskClient, manager: Actor
) -> None:
    client.post("/organisme/invitations", data={"email": "bea@exemple.org"})
    with app.app_context():
        token = signed_link_token("confirm", "1")
    assert client.get(f"/invitation/{token}").status_code == 409
    assert client.get("/invitation/rien").status_code == 409


def test_members_do_not_invite(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.member(world.organization()[0], Role.MEMBER))
    shown = client.get("/organisme").text
    assert "/organisme/invitations" not in shown
    answer = client.post("/organisme/invitations", data={"email": "bea@exemple.org"})
    assert answer.status_code == 403


def public_id_of(session: Session, actor: Actor) -> str:
    [found] = stored(session, select(Person.public_id).where(Person.id == actor.person_id))
    return str(found)


def test_a_member_leaves_but_the_last_manager_stays(
    app: Flask, client: FlaskClient, manager: Actor, world: World, session: Session
) -> None:
    member = world.member(manager.organization_id or 0, Role.MEMBER)
    door = app.test_client()
    world.sign_in(door, member)
    boss, own = public_id_of(session, manager), public_id_of(session, member)
    assert f"/organisme/membres/{own}/retirer" in door.get("/organisme").text
    assert f"/organisme/membres/{boss}/retirer" not in door.get("/organisme").text
    assert door.post(f"/organisme/membres/{boss}/retirer").status_code == 403
    last = client.post(f"/organisme/membres/{boss}/retirer")
    assert last.status_code == 422
    assert "au moins une personne gestionnaire" in last.text
    assert door.post(f"/organisme/membres/{own}/retirer").status_code == 303
    assert "Le Garde-manger" not in door.get("/organisme").text
    assert client.post(f"/organisme/membres/{own}/retirer").status_code == 404


def test_a_person_of_two_organizations_chooses_for_which_to_act(
    client: FlaskClient, manager: Actor, world: World, session: Session
) -> None:
    other, _ = world.organization("La Récolte")
    world.organization("Ailleurs")
    organizations.add_member(session, other, manager.person_id or 0, Role.MEMBER, now=world.now)
    session.commit()
    ids = {row.name: row.public_id for row in stored(session, select(Organization))}
    assert f'value="{ids["La Récolte"]}"' in client.get("/compte").text
    chosen = client.post("/organisme/choisir", data={"organization": ids["La Récolte"]})
    assert chosen.headers["Location"] == "/organisme"
    assert "<h1>La Récolte</h1>" in client.get("/organisme").text
    for wrong in (ids["Ailleurs"], "rien", ""):
        answer = client.post("/organisme/choisir", data={"organization": wrong})
        assert answer.status_code == 404
    assert "<h1>La Récolte</h1>" in client.get("/organisme").text


def test_a_place_is_added(client: FlaskClient, manager: Actor, session: Session) -> None:
    assert client.get("/organisme/lieux/nouveau").status_code == 200
    form = {"site_name": "Cuisine", "address": "4, rue Verte", "place": "rosemont"}
    assert client.post("/organisme/lieux/nouveau", data=form).status_code == 303
    assert "Cuisine" in client.get("/organisme").text
    answer = client.post("/organisme/lieux/nouveau", data={**form, "place": "M5V 3L9"})
    assert answer.status_code == 422
    assert 'id="champ-place-erreur"' in answer.text


def test_a_delegation_is_given_and_taken_back(
    client: FlaskClient, manager: Actor, world: World, session: Session
) -> None:
    world.person(email="bea@exemple.org", name="Béa Roy")
    session.commit()
    form = {"delegate": "bea@exemple.org", "ends_on": in_days(14)}
    assert client.post("/organisme/delegations", data=form).status_code == 303
    assert "Béa Roy" in client.get("/organisme").text
    [row] = stored(session, select(Delegation))
    assert client.post(f"/organisme/delegations/{row.id}/terminer").status_code == 303
    assert "Béa Roy" not in client.get("/organisme").text


@pytest.mark.parametrize("day", [in_days(-2), in_days(400), "9999-12-31", "0001-01-01", "demain"])
def test_a_delegation_ends_within_a_year(client: FlaskClient, manager: Actor, day: str) -> None:
    form = {"delegate": "personne1@exemple.org", "ends_on": day}
    answer = client.post("/organisme/delegations", data=form)
    assert answer.status_code == 422
    assert 'id="champ-ends_on-erreur"' in answer.text
    assert 'id="champ-email-erreur"' not in answer.text


def test_nobody_ends_the_delegation_of_another_organization(
    app: Flask, client: FlaskClient, manager: Actor, world: World, session: Session
) -> None:
    world.person(email="bea@exemple.org")
    session.commit()
    form = {"delegate": "bea@exemple.org", "ends_on": in_days(14)}
    client.post("/organisme/delegations", data=form)
    [row] = stored(session, select(Delegation))
    other = app.test_client()
    world.sign_in(other, world.member(world.organization()[0]))
    assert other.post(f"/organisme/delegations/{row.id}/terminer").status_code == 403


def test_an_organization_that_waits_cannot_find_out_who_has_an_account(
    client: FlaskClient, world: World
) -> None:
    id_, _ = world.organization(accepted=False)
    world.sign_in(client, world.member(id_))
    assert "Déléguer les réponses" not in client.get("/organisme").text
    form = {"delegate": "personne1@exemple.org", "ends_on": in_days(14)}
    answer = client.post("/organisme/delegations", data=form)
    assert answer.status_code == 422
    assert "pas encore accepté" in answer.text
