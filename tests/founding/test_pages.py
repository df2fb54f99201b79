"""The pages of starting a network, of lessons and of kits, as people and programs meet them."""

from base64 import b64encode
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Role
from mutuali.founding import service
from mutuali.founding.models import LessonRow
from mutuali.jobs.models import Job
from mutuali.network import service as networks
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Invitation, Organization
from mutuali.organizations.rules import OrganizationKind
from tests.factories import World
from tests.founding.made import LESSON, files_in, lesson, retold, started

OPERATOR = {
    "name": "Coopérative des cuisines",
    "enterprise_number": "1143 920 115",
    "contact": "vie-privee@exemple.org",
    "signs": "me",
    "capacity": "executive_direction",
}
HEAD = "nom,genre,secteur,adresse,code postal,courriel\n"
THREE = HEAD + (
    'Cuisine du Parc,Cuisine communautaire,Communautaire,"1, rue A",H2X 1Y4,a@exemple.org\n'
    'Le Frigo,banque alimentaire,,"2, rue B",H4C 1K1,b@exemple.org\n'
    'Ferme du Nord,FERME,économie sociale,"3, rue C",H2M 1A1,\n'
)


@pytest.fixture
def administrator(client: FlaskClient, world: World) -> Actor:
    world.now = datetime.now(UTC)
    actor = world.person(role=Role.ADMINISTRATOR)
    world.sign_in(client, actor)
    return actor


def seen(session: Session, query: sa.Select[Any]) -> list[Any]:
    """What is stored now; on SQLite, a look that stays open keeps writers out."""
    session.rollback()
    found = list(session.scalars(query))
    session.rollback()
    return found


def csv(words: str | bytes) -> dict[str, object]:
    data = words.encode() if isinstance(words, str) else words
    return {"file": (BytesIO(data), "organismes.csv")}


def test_from_nothing_to_a_network_whose_checklist_is_gone(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    assert "Pour démarrer" in client.get("/a-faire").text
    steps = (
        ("exploitant", OPERATOR, "nom"),
        ("nom", {"name": "Les Voisines"}, "region"),
        ("region", {"boroughs": ["verdun"], "english": "1"}, "finalites"),
        ("finalites", {"purposes": ["network_statistics"]}, "responsable"),
        (
            "responsable",
            {"name": "Ana Roy", "title": "Directrice", "contact": "a@exemple.org"},
            "organismes",
        ),
    )
    for step, form, following in steps:
        assert client.get(f"/demarrer/{step}").status_code == 200
        answer = client.post(f"/demarrer/{step}", data=form)
        assert (answer.status_code, answer.location) == (303, f"/demarrer/{following}")
    looked = client.post("/demarrer/organismes", data=csv(THREE))
    assert "3 organismes peuvent entrer" in looked.text
    assert "2 personnes recevront une invitation." in looked.text
    assert "Hors de votre territoire" in looked.text
    assert seen(session, sa.select(sa.func.count(Organization.id))) == [1]
    client.post("/demarrer/organismes/ecrire", data={"content": THREE})
    assert "Pour démarrer" not in client.get("/a-faire").text
    assert "Tout est fait" in client.get("/demarrer").text
    kinds = dict(session.execute(sa.select(Organization.name, Organization.kind)).all())
    assert kinds["Le Frigo"] == "food_bank"
    assert kinds["Ferme du Nord"] == "grower"
    assert kinds["Coopérative des cuisines"] == "operator"
    invited = session.scalars(sa.select(Invitation.email).order_by(Invitation.email)).all()
    assert invited == ["a@exemple.org", "b@exemple.org"]
    letters = session.scalars(sa.select(Job.kind)).all()
    assert letters.count("organizations.send_invitation") == 2
    operator = organizations.operator_id(session) or 0
    assert organizations.signatory(session, operator, administrator.person_id or 0) is not None
    page = client.get("/").text
    assert "Les Voisines" in page
    assert "Réseau tenu par Coopérative des cuisines." in page


def test_each_bad_cell_is_said_by_line_and_column_and_good_lines_may_be_kept(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    bad = THREE.replace("FERME", "dragon").replace("b@exemple.org", "b chez exemple")
    page = client.post("/demarrer/organismes", data=csv(bad)).text
    assert "2 lignes ne vont pas" in page
    assert '<td data-label="Ligne">3</td><td data-label="Colonne">courriel</td>' in page
    assert '<td data-label="Ligne">4</td><td data-label="Colonne">genre</td>' in page
    assert "«\u00a0dragon\u00a0» n’est pas une valeur connue." in page
    assert client.post("/demarrer/organismes/ecrire", data={"content": bad}).status_code == 422
    assert seen(session, sa.select(Organization.id)) == []
    kept = {"content": bad, "keep_good": "1"}
    assert client.post("/demarrer/organismes/ecrire", data=kept).status_code == 303
    assert seen(session, sa.select(Organization.name)) == ["Cuisine du Parc"]
    again = client.post("/demarrer/organismes", data=csv(THREE)).text
    assert "1 ligne est déjà entrée" in again


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "Ce fichier est vide"),
        (b"\xff\xfen\x00o\x00", "n’est pas du texte en UTF-8"),
        (b"nom,genre\nA,autre\n", "Il manque ces colonnes\u00a0: adresse."),
        (b"nom,name,adresse\nA,B,C\n", "portent deux fois le même nom"),
        (HEAD.encode() + b"x,,,y,,\n" * 501, "plus de 500 lignes"),
        (b"x" * 200_001, "200 ko"),
    ],
    ids=["empty", "UTF-16", "no address", "twice", "long", "heavy"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    client: FlaskClient, administrator: Actor, file: bytes, words: str
) -> None:
    answer = client.post("/demarrer/organismes", data=csv(file))
    assert answer.status_code == 422
    assert words in answer.text


def test_semicolons_and_english_columns_are_read_too(
    client: FlaskClient, administrator: Actor
) -> None:
    text = "Name;Address;Postal code;Kind\nThe Fridge;2 B Street;H2X 1Y4;food bank\n"
    assert "The Fridge" in client.post("/demarrer/organismes", data=csv(text)).text
    blank = client.get("/demarrer/organismes/modele.csv").data.decode("utf-8-sig")
    assert blank.startswith("nom,genre,secteur,adresse,code postal")


@pytest.mark.parametrize(
    ("step", "form", "field"),
    [
        ("exploitant", {**OPERATOR, "name": ""}, "name"),
        ("exploitant", {**OPERATOR, "enterprise_number": "12"}, "enterprise_number"),
        ("exploitant", {**OPERATOR, "capacity": "mandate"}, "resolution"),
        ("exploitant", {**OPERATOR, "signs": "other"}, "signer_email"),
        ("nom", {"name": ""}, "name"),
        ("region", {"boroughs": ["laval"]}, "boroughs"),
        ("finalites", {"purposes": ["spy"]}, "purposes"),
        ("responsable", {"name": "A", "title": "B", "contact": "c"}, "contact"),
    ],
)
def test_bad_input_names_its_field_and_stores_nothing(
    client: FlaskClient,
    session: Session,
    administrator: Actor,
    step: str,
    form: dict[str, str],
    field: str,
) -> None:
    answer = client.post(f"/demarrer/{step}", data=form)
    assert answer.status_code == 422
    assert f'href="#champ-{field}"' in answer.text
    assert networks.network(session).version == 0
    assert organizations.operator_id(session) is None


def test_somebody_else_who_signs_is_invited_and_says_their_right_themselves(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    form = {**OPERATOR, "signs": "other", "signer_email": "dg@exemple.org"}
    assert client.post("/demarrer/exploitant", data=form).status_code == 303
    assert session.scalars(sa.select(Invitation.email)).all() == ["dg@exemple.org"]
    assert "Pour démarrer" in client.get("/a-faire").text


def test_nobody_slips_in_beside_those_who_manage_the_operator(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.now = datetime.now(UTC)
    operator = world.organization("Le Réseau", kind=OrganizationKind.OPERATOR)[0]
    world.member(operator)
    administrator = world.person(role=Role.ADMINISTRATOR)
    world.sign_in(client, administrator)
    answer = client.post("/demarrer/exploitant", data=OPERATOR)
    assert answer.status_code == 409
    assert "Quelqu’un gère déjà cet organisme" in answer.text
    assert operator not in organizations.memberships(session, administrator.person_id or 0)
    session.rollback()
    later = {**OPERATOR, "signs": "later"}
    assert client.post("/demarrer/exploitant", data=later).status_code == 303


def picture(size: tuple[int, int], kind: str = "PNG") -> BytesIO:
    made = BytesIO()
    Image.new("RGB", size, "#1f6f4a").save(made, kind)
    made.seek(0)
    return made


def test_a_logo_takes_the_place_of_the_name_small_and_without_what_it_carried(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    form = {"name": "Les Voisines", "alt_fr": "Un pain", "logo": (picture((900, 300)), "a.png")}
    assert client.post("/demarrer/nom", data=form).status_code == 303
    page = client.get("/aide").text
    logo = networks.network(session).logo
    session.rollback()
    assert logo is not None
    assert f'src="/logo-du-reseau/{logo.key}.webp" alt="Un pain" width="120" height="40"' in page
    file = client.get(f"/logo-du-reseau/{logo.key}.webp")
    assert file.mimetype == "image/webp"
    assert "immutable" in file.headers["Cache-Control"]
    assert len(file.data) < 12_000
    with Image.open(BytesIO(file.data)) as shown:
        assert shown.size == (240, 80)
    assert client.get("/logo-du-reseau/0000000000000000.webp").status_code == 404
    bad = {"name": "x", "logo": (BytesIO(b"no picture"), "a.png")}
    assert client.post("/demarrer/nom", data=bad).status_code == 422
    client.post("/demarrer/nom", data={"name": "Les Voisines", "no_logo": "1"})
    assert "logo-du-reseau" not in client.get("/aide").text


def test_a_steward_sees_the_list_and_does_what_their_role_lets_them(
    client: FlaskClient, world: World
) -> None:
    world.now = datetime.now(UTC)
    world.sign_in(client, world.person(role=Role.STEWARD))
    page = client.get("/a-faire").text
    assert "Pour démarrer" in page
    assert page.count("à faire par l’administration") == 5
    assert client.get("/demarrer/finalites").status_code == 200
    assert client.get("/demarrer/nom").status_code == 403


def test_a_lesson_is_written_changed_and_taken_away(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    started(session, administrator)
    session.commit()
    home = "/intendance/trousse"
    form = {"title_fr": "Un", "tried_fr": "<b>deux</b>", "happened_fr": "trois", "again_fr": "4"}
    assert client.post(f"{home}/lecons/nouvelle", data=form).status_code == 303
    page = client.get(home).text
    assert "&lt;b&gt;deux&lt;/b&gt;" in page
    [public_id] = seen(session, sa.select(LessonRow.public_id))
    refused = client.post(f"{home}/lecons/{public_id}", data={**form, "tried_fr": "a@b.ca"})
    assert refused.status_code == 422
    assert "a@b.ca" in refused.text
    assert client.post(f"{home}/lecons/{public_id}", data={**form, "title_fr": "Deux"}).location
    assert "Deux" in client.get(f"{home}/lecons/{public_id}").text
    client.post(f"{home}/lecons/{public_id}/retirer")
    assert seen(session, sa.select(LessonRow.id)) == []
    assert client.get(f"{home}/lecons/{public_id}").status_code == 404


def test_the_kit_is_public_only_once_it_was_published(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    started(session, administrator)
    lesson(session, administrator)
    session.commit()
    visitor = client.application.test_client()
    assert visitor.get("/trousse").status_code == 404
    assert visitor.get("/trousse.zip").status_code == 404
    client.post("/intendance/trousse/publier", data={"public": "1"})
    assert LESSON.title_fr in visitor.get("/trousse").text
    kit = visitor.get("/trousse.zip")
    assert kit.mimetype == "application/zip"
    assert kit.data == client.get("/intendance/trousse.zip").data
    assert '"/trousse"' in visitor.get("/transparence").text
    client.post("/intendance/trousse/publier", data={})
    assert visitor.get("/trousse.zip").status_code == 404


def test_a_kit_is_looked_at_chosen_from_and_taken(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    started(session, administrator)
    lesson(session, administrator)
    session.commit()
    kit = client.get("/intendance/trousse.zip").data
    row = session.scalars(sa.select(LessonRow)).one()
    session.delete(row)
    networks.serve(session, administrator, (), english=True, now=datetime.now(UTC))
    session.commit()
    sent = {"file": (BytesIO(kit), "trousse.zip")}
    page = client.post("/intendance/trousse/regarder", data=sent).text
    assert "Elle vient de Réseau A" in page
    assert "Anglais\u00a0: non là-bas, oui ici." in page
    assert LESSON.title_fr in page
    assert "Votre rôle ne permet pas de la reprendre." in page
    assert seen(session, sa.select(LessonRow.id)) == []
    content = b64encode(kit).decode()
    nothing = client.post("/intendance/trousse/prendre", data={"content": content})
    assert nothing.status_code == 422
    assert "Cochez au moins une partie" in nothing.text
    taken = {"content": content, "parts": ["lessons", "settings"]}
    assert client.post("/intendance/trousse/prendre", data=taken).status_code == 303
    [found] = service.lessons(session, "ici")
    assert found.origin == "Réseau A"
    assert not networks.network(session).english
    session.rollback()
    assert "Réseau A" in client.get("/intendance/trousse").text


def test_a_bad_kit_is_refused_with_every_reason_and_stores_nothing(
    client: FlaskClient, session: Session, administrator: Actor
) -> None:
    started(session, administrator)
    session.commit()
    kit = client.get("/intendance/trousse.zip").data
    bad = retold(kit, lambda files: files.__setitem__("<script>.exe", b"x"))
    sent = {"file": (BytesIO(bad), "trousse.zip")}
    answer = client.post("/intendance/trousse/regarder", data=sent)
    assert answer.status_code == 422
    assert "&lt;script&gt;.exe" in answer.text
    for content in ("%%%", b64encode(b"no zip").decode()):
        form = {"content": content, "parts": ["lessons"]}
        assert client.post("/intendance/trousse/prendre", data=form).status_code == 422
    assert client.post("/intendance/trousse/regarder", data={}).status_code == 422
    assert networks.network(session).version == 3


def test_programs_read_and_change_the_network_by_the_version_they_read(
    client: FlaskClient, session: Session, world: World
) -> None:
    actor = world.person(role=Role.ADMINISTRATOR)
    bearer = {"Authorization": f"Bearer {world.api_token(actor)}"}
    read = client.get("/api/v1/network", headers=bearer)
    assert (read.json or {})["purposes"] is None
    assert (read.json or {})["operator_name"] == "Réseau d’essai"
    change = {"name": "Les Voisines", "purposes": ["sharing_study"]}
    unnamed = client.patch("/api/v1/network", json=change, headers=bearer)
    assert unnamed.status_code == 428
    named = {**bearer, "If-Match": read.headers["ETag"]}
    changed = client.patch("/api/v1/network", json=change, headers=named)
    assert changed.status_code == 200
    assert (changed.json or {})["name"] == "Les Voisines"
    assert client.patch("/api/v1/network", json=change, headers=named).status_code == 412
    fresh = {**bearer, "If-Match": changed.headers["ETag"]}
    wrong = client.patch("/api/v1/network", json={"boroughs": ["laval"]}, headers=fresh)
    assert wrong.status_code == 422
    assert networks.network(session).purposes == ("sharing_study",)


def test_programs_take_the_kit_along_and_bring_it_back(
    client: FlaskClient, session: Session, world: World
) -> None:
    actor = world.person(role=Role.ADMINISTRATOR)
    started(session, actor)
    lesson(session, actor)
    bearer = {"Authorization": f"Bearer {world.api_token(actor)}"}
    kit = client.get("/api/v1/governance-kit", headers=bearer)
    assert "manifest.json" in files_in(kit.data)
    session.execute(sa.delete(LessonRow))
    session.commit()
    body = {"content": b64encode(kit.data).decode(), "parts": ["lessons"], "dry_run": True}
    looked = client.post("/api/v1/governance-kit", json=body, headers=bearer)
    assert (looked.json or {})["changes"] == ["lessons"]
    assert seen(session, sa.select(LessonRow.id)) == []
    taken = client.post("/api/v1/governance-kit", json={**body, "dry_run": False}, headers=bearer)
    assert (taken.json or {})["taken"] is True
    assert len(service.lessons(session, "")) == 1
    session.rollback()
    bad = {**body, "content": b64encode(b"x").decode()}
    refused = client.post("/api/v1/governance-kit", json=bad, headers=bearer)
    assert refused.status_code == 422
    assert (refused.json or {})["reasons"][0]["field"] == "content"
