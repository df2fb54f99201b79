"""The pages, files and API of an organization's own data, as people and programs meet them."""

import csv
import io
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Role
from mutuali.organizations import service as organizations
from mutuali.owndata import service
from mutuali.owndata.models import HelpMeeting, HelpSlot, OwnHolding, OwnOfficer
from mutuali.owndata.rules import TEMPLATES, Everyday, OfferDraft
from mutuali.web.clock import utc_now
from tests.factories import World
from tests.owndata.made import CALLED, TOMORROW, helper, meet, published, take
from tests.owndata.made import OFFICER as DIRECTION

HERE = "/organisme/nos-donnees"
ASK = "/organisme/demander-quelquun"
XSS = "<script>alert(1)</script>"
OWN = {
    "name_fr": "Cartes de fidélité",
    "what_fr": "nom, points",
    "why_fr": "offrir un café",
    "about_whom": ["members"],
    "came_by": ["in_person"],
    "kept_in": ["device", "phone"],
    "seen_by": ["staff"],
    "term": "years_2",
    "counted_from": "last_visit",
    "sensitivity": "private",
    "ending": "delete",
}
OFFICER = {"title": "Direction", "how_to_reach": "514 555-0123", "in_charge": "head"}


@pytest.fixture
def now_world(session: Session) -> World:
    return World(session, utc_now())


@pytest.fixture
def manager(world: World, client: FlaskClient) -> Actor:
    made = world.member(world.organization("La Corbeille")[0])
    world.sign_in(client, made)
    return made


def _public(session: Session, actor: Actor) -> str:
    id_ = organizations.organization(session, actor.organization_id or 0).public_id
    # On SQLite whoever reads in a test keeps the pages from writing.
    session.rollback()
    return f"/organismes/{id_}/confidentialite"


def _count(session: Session, model: type) -> int:
    count = session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    session.rollback()
    return count


def _only(session: Session) -> str:
    found = session.scalars(sa.select(OwnHolding.public_id)).one()
    session.rollback()
    return found


def _free(session: Session, actor: Actor) -> list[str]:
    found = service.free_slots(session, actor, now=utc_now())
    session.rollback()
    return [each.public_id for each in found]


def _tomorrow() -> OfferDraft:
    day = date.fromordinal(utc_now().date().toordinal() + 3)
    return OfferDraft(day, TOMORROW.opens, TOMORROW.closes, TOMORROW.call_at)


def test_ten_minutes_from_nothing_to_a_page_that_everybody_reads(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    assert HERE in client.get("/organisme").text
    page = client.get(HERE).text
    assert page.count('name="template"') == len(TEMPLATES)
    for code in ("volunteers", "allergies", "keys"):
        taken = client.post(f"{HERE}/prendre", data={"template": code})
        assert (taken.status_code, taken.headers["Location"]) == (303, f"{HERE}#autres")
    page = client.get(HERE).text
    assert page.count('name="template"') == len(TEMPLATES) - 3
    assert "3 notés" in page
    draft = client.get(f"{HERE}/politique").text
    assert "Il manque encore" in draft
    assert client.post(f"{HERE}/responsable", data=OFFICER).status_code == 303
    public = _public(session, manager)
    assert client.get(public).status_code == 404
    assert "rien n’est public avant" in client.get(f"{HERE}/politique").text
    assert client.post(f"{HERE}/politique/publier").status_code == 303
    client.post("/deconnexion")
    read = client.get(public).text
    assert "Politique de confidentialité\u00a0: La Corbeille" in read
    assert "Version 1, publiée le" in read
    assert "nom, allergies" in read
    english = client.get(f"{public}?lang=en").text
    assert "Allergies and diets" in english
    assert "Who sees it: staff" in english


def test_nothing_is_read_after_it_is_withdrawn(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    published(session, manager)
    session.commit()
    public = _public(session, manager)
    assert client.get(public).status_code == client.get(f"{public}.pdf").status_code == 200
    page = client.get(f"{HERE}/politique").text
    assert public in page
    assert "Publier</button>" not in page
    assert client.post(f"{HERE}/politique/retirer").status_code == 303
    assert client.get(public).status_code == client.get(f"{public}.pdf").status_code == 404
    assert "retirée le" in client.get(f"{HERE}/politique").text
    assert client.post(f"{HERE}/politique/retirer").status_code == 409


def test_a_listing_leads_to_what_its_lender_says_of_people_while_that_is_out(
    client: FlaskClient, session: Session, world: World
) -> None:
    lends = world.organization("Le Verger")
    manager, truck, other = world.member(lends[0]), world.listing(lends), world.listing()
    published(session, manager)
    session.commit()
    public = _public(session, manager)
    assert f'href="{public}"' in client.get(f"/annonces/{truck}").text
    assert "/organismes/" not in client.get(f"/annonces/{other}").text
    service.withdraw(session, manager, manager.organization_id or 0, now=utc_now())
    session.commit()
    assert public not in client.get(f"/annonces/{truck}").text


def test_what_is_edited_waits_for_publishing(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    published(session, manager)
    session.commit()
    public = _public(session, manager)
    client.post(f"{HERE}/prendre", data={"template": "cameras"})
    client.get(HERE)  # which says that it is noted
    assert "Images des caméras" not in client.get(public).text
    assert "À republier" in client.get(HERE).text
    assert client.post(f"{HERE}/politique/publier").status_code == 303
    assert "Images des caméras" in client.get(public).text
    assert "Version 2" in client.get(public).text
    again = client.post(f"{HERE}/politique/publier")
    assert again.status_code == 409
    assert "déjà publiée telle quelle" in again.text


def test_five_answers_are_changed_and_come_back(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    (public_id,) = take(session, manager, Everyday.VOLUNTEERS)
    session.commit()
    page = client.get(f"{HERE}/{public_id}").text
    assert "D’usage\u00a0: Un an après le départ de la personne." in page
    assert 'value="device" checked' in page
    sent = {
        "kept_in": ["phone", "cloud_outside"],
        "came_by": ["email"],
        "seen_by": ["everyone"],
        "term": "years_3",
        "ending": "delete",
    }
    assert client.post(f"{HERE}/{public_id}", data=sent).status_code == 303
    listed = client.get(HERE).text
    assert "Service en ligne (hors du Québec) et téléphone" in listed
    assert "3 ans après le départ de la personne" in listed
    assert "la loi veut qu’on pèse le risque" in listed
    assert "plus long que d’usage" in listed
    assert "Liste des bénévoles" in listed
    refused = client.post(f"{HERE}/{public_id}", data=sent | {"kept_in": [], "term": "ever"})
    assert refused.status_code == 422
    assert 'href="#champ-term"' in refused.text
    refused = client.post(f"{HERE}/{public_id}", data=sent | {"kept_in": []})
    assert 'href="#champ-kept_in"' in refused.text
    assert 'value="email" checked' in refused.text
    assert client.post(f"{HERE}/{public_id}/retirer").status_code == 303
    assert client.get(f"{HERE}/{public_id}").status_code == 404


def test_own_holdings_are_added_in_ones_own_words_and_keep_what_was_typed(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    refused = client.post(f"{HERE}/nouveau", data=OWN | {"why_fr": "", "about_whom": []})
    assert refused.status_code == 422
    assert 'href="#champ-why_fr"' in refused.text
    assert 'href="#champ-about_whom"' in refused.text
    assert 'value="Cartes de fidélité"' in refused.text
    assert _count(session, OwnHolding) == 0
    assert client.post(f"{HERE}/nouveau", data=OWN).status_code == 303
    public_id = _only(session)
    page = client.get(f"{HERE}/{public_id}").text
    assert 'value="nom, points"' in page
    assert 'name="sensitivity"' in page
    changed = OWN | {"name_en": "Loyalty cards"}
    assert client.post(f"{HERE}/{public_id}", data=changed).status_code == 303
    assert "Loyalty cards" in client.get(f"{HERE}?lang=en").text


@pytest.mark.parametrize("field", ["name_fr", "what_fr", "why_fr", "name_en", "what_en", "why_en"])
def test_words_that_do_not_fit_are_refused_by_their_field(
    client: FlaskClient, session: Session, manager: Actor, field: str
) -> None:
    for words in ("x" * 201, "a\x00b"):
        answer = client.post(f"{HERE}/nouveau", data=OWN | {field: words})
        assert answer.status_code == 422
        assert f'href="#champ-{field}"' in answer.text
    assert _count(session, OwnHolding) == 0


def test_what_people_write_is_never_run(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    session.execute(sa.text("UPDATE organization SET name = :name"), {"name": XSS})
    session.commit()
    written = OWN | dict.fromkeys(("name_fr", "what_fr", "why_fr", "name_en"), XSS)
    assert client.post(f"{HERE}/nouveau", data=written).status_code == 303
    officer = OFFICER | {"title": XSS, "name": XSS, "how_to_reach": XSS}
    assert client.post(f"{HERE}/responsable", data=officer).status_code == 303
    assert client.post(f"{HERE}/politique/publier").status_code == 303
    public_id = _only(session)
    pages = (HERE, f"{HERE}/{public_id}", f"{HERE}/responsable", f"{HERE}/politique")
    for address in (*pages, _public(session, manager)):
        for language in ("fr", "en"):
            text = client.get(f"{address}?lang={language}").text
            assert XSS not in text, address
            assert "&lt;script&gt;" in text, address


def test_the_files_say_what_the_page_says(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    for address in (f"{HERE}/politique.pdf", f"{HERE}/politique.txt"):
        assert client.get(address).status_code == 404
    published(session, manager)
    session.commit()
    client.post(f"{HERE}/nouveau", data=OWN | {"name_fr": "=1+1", "name_en": "=1+1"})
    paper = client.get(f"{HERE}/politique.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF-")
    assert client.get(f"{HERE}/durees.pdf").data.startswith(b"%PDF-")
    assert client.get(f"{_public(session, manager)}.pdf").data.startswith(b"%PDF-")
    text = client.get(f"{HERE}/politique.txt").text
    assert text.startswith("Politique de confidentialité\u00a0: La Corbeille\n")
    assert "- Qui le voit\u00a0: la direction et le personnel.\n" in text
    for language, word in (("fr", "Un an après le départ"), ("en", "One year after they leave")):
        answer = client.get(f"{HERE}/durees.csv?lang={language}")
        assert answer.mimetype == "text/csv"
        lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
        assert len(lines) == 5
        assert all(len(line) == 4 and all(line) for line in lines)
        assert word in answer.text
        assert lines[4][0] == "'=1+1"


def test_members_read_and_only_managers_change(
    client: FlaskClient, session: Session, world: World
) -> None:
    id_, _ = world.organization()
    manager = world.member(id_)
    published(session, manager)
    public_id = service.holdings(session, manager, id_)[0].public_id
    world.sign_in(client, world.member(id_, Role.MEMBER))
    page = client.get(HERE).text
    assert "Liste des bénévoles" in page
    assert "Nous l’avons" not in page
    assert "Publier</button>" not in client.get(f"{HERE}/politique").text
    assert "Direction générale" in client.get(f"{HERE}/responsable").text
    for address in (f"{HERE}/{public_id}", f"{HERE}/nouveau", ASK):
        assert client.get(address).status_code == 403
    for address in ("prendre", "toujours-vrai", "politique/publier", "politique/retirer"):
        answer = client.post(f"{HERE}/{address}", data={"template": "keys"})
        assert answer.status_code == 403, address


def test_another_organization_s_holding_is_not_there(
    client: FlaskClient, session: Session, world: World, manager: Actor
) -> None:
    other = world.member(world.organization()[0])
    (public_id,) = take(session, other, Everyday.KEYS)
    session.commit()
    assert client.get(f"{HERE}/{public_id}").status_code == 404
    assert client.post(f"{HERE}/{public_id}/retirer").status_code == 404
    assert _count(session, OwnHolding) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"how_to_reach": ""}, "how_to_reach"),
        ({"in_charge": "king"}, "in_charge"),
        ({"in_charge": "delegate"}, "delegated_on"),
        ({"in_charge": "delegate", "delegated_on": "demain"}, "delegated_on"),
        ({"in_charge": "delegate", "delegated_on": "2999-01-01"}, "delegated_on"),
    ],
)
def test_an_officer_that_cannot_be_named_is_refused_by_the_field(
    client: FlaskClient, session: Session, manager: Actor, changed: dict[str, str], field: str
) -> None:
    answer = client.post(f"{HERE}/responsable", data=OFFICER | {"name": "Rose Roy"} | changed)
    assert answer.status_code == 422
    assert f'href="#champ-{field}"' in answer.text
    assert 'value="Rose Roy"' in answer.text
    assert _count(session, OwnOfficer) == 0


def test_a_delegate_is_named_with_the_day_of_the_writing(
    client: FlaskClient, session: Session, manager: Actor
) -> None:
    sent = OFFICER | {"in_charge": "delegate", "delegated_on": "2026-01-05"}
    assert client.post(f"{HERE}/responsable", data=sent).status_code == 303
    assert 'value="2026-01-05"' in client.get(f"{HERE}/responsable").text
    back = OFFICER | {"delegated_on": "2026-01-05"}
    assert client.post(f"{HERE}/responsable", data=back).status_code == 303
    assert session.scalars(sa.select(OwnOfficer.delegated_on)).one() is None


def test_a_year_on_one_tap_says_that_all_is_still_true(
    client: FlaskClient, session: Session, world: World
) -> None:
    manager = world.member(world.organization()[0])
    take(session, manager, Everyday.KEYS, now=utc_now() - timedelta(days=400))
    world.sign_in(client, manager)
    assert "1 liste de votre inventaire" in client.get("/a-faire").text
    assert client.post(f"{HERE}/toujours-vrai").status_code == 303
    assert "1 liste de votre inventaire" not in client.get("/a-faire").text


def test_a_steward_offers_hours_and_an_organization_takes_twenty_minutes(
    client: FlaskClient, session: Session, now_world: World
) -> None:
    steward = now_world.person(role=Role.STEWARD, name="Camille Aide")
    manager = now_world.member(now_world.organization("La Corbeille")[0])
    now_world.sign_in(client, steward)
    day = _tomorrow().day.isoformat()
    sent = {"day": day, "opens": "09:00", "closes": "10:00", "call_at": "514 555-0142"}
    assert client.post("/intendance/rencontres", data=sent).status_code == 303
    assert client.get("/intendance/rencontres").text.count("Libre") == 2
    now_world.sign_in(client, manager)
    page = client.get(ASK).text
    assert "avec Camille Aide" in page
    assert "514 555-0142" not in page
    slots = _free(session, manager)
    asked = {"slot": slots[0], "topic": XSS, "who_calls": "us", "phone": "514 555-0177"}
    assert client.post(ASK, data=asked).status_code == 303
    mine = client.get(ASK).text
    assert "514 555-0142" in mine
    assert "&lt;script&gt;" in mine
    meeting, phone = session.execute(sa.select(HelpMeeting.public_id, HelpMeeting.phone)).one()
    session.rollback()
    assert phone == ""
    file = client.get(f"/rencontres/{meeting}.ics")
    assert file.mimetype == "text/calendar"
    assert b"BEGIN:VEVENT" in file.data
    now_world.sign_in(client, steward)
    theirs = client.get("/intendance/rencontres").text
    assert "La Corbeille" in theirs
    assert XSS not in theirs
    assert "1 rencontre de vingt minutes est prise avec vous" in client.get("/a-faire").text
    now_world.sign_in(client, now_world.member(now_world.organization()[0]))
    assert client.get(f"/rencontres/{meeting}.ics").status_code == 404
    lost = client.post(ASK, data=asked)
    assert lost.status_code == 409
    assert "Quelqu’un vient de prendre ce moment. Encore libre" in lost.text
    assert 'href="#champ-slot"' in lost.text
    assert "514 555-0177" in lost.text
    assert client.post(f"{ASK}/{meeting}/annuler").status_code == 404
    now_world.sign_in(client, manager)
    assert client.post(f"{ASK}/{meeting}/annuler").status_code == 303
    assert len(_free(session, manager)) == 2
    now_world.sign_in(client, steward)
    for slot in slots:
        assert client.post(f"/intendance/rencontres/{slot}/retirer").status_code == 303
    now_world.sign_in(client, manager)
    assert "Aucun moment libre" in client.get(ASK).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slot": ""}, "slot"),
        ({"topic": ""}, "topic"),
        ({"topic": "x" * 201}, "topic"),
        ({"who_calls": ""}, "who_calls"),
        ({"phone": ""}, "phone"),
        ({"phone": "5" * 31}, "phone"),
    ],
)
def test_what_is_missing_of_a_meeting_is_said_by_its_field(
    client: FlaskClient,
    session: Session,
    now_world: World,
    changed: dict[str, str],
    field: str,
) -> None:
    manager = now_world.member(now_world.organization()[0])
    helper(now_world, _tomorrow(), now=utc_now())
    now_world.sign_in(client, manager)
    slot = _free(session, manager)[0]
    sent = {"slot": slot, "topic": "La paie", "who_calls": "helper", "phone": "514 555-0177"}
    answer = client.post(ASK, data=sent | changed)
    assert answer.status_code == 422
    assert f'href="#champ-{field}"' in answer.text
    assert _count(session, HelpMeeting) == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": "hier"}, "day"),
        ({"day": "2020-01-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"closes": "09:10"}, "closes"),
        ({"opens": "neuf"}, "opens"),
        ({"call_at": "5" * 31}, "call_at"),
    ],
)
def test_hours_that_cannot_be_offered_are_refused_by_their_field(
    client: FlaskClient,
    session: Session,
    now_world: World,
    changed: dict[str, str],
    field: str,
) -> None:
    now_world.sign_in(client, now_world.person(role=Role.COORDINATOR))
    sent = {"day": _tomorrow().day.isoformat(), "opens": "09:00", "closes": "10:00"}
    answer = client.post("/intendance/rencontres", data=sent | changed)
    assert answer.status_code == 422
    assert f'href="#champ-{field}"' in answer.text
    assert _count(session, HelpSlot) == 0


def test_a_meeting_that_began_is_not_called_off(
    client: FlaskClient, session: Session, now_world: World
) -> None:
    manager = now_world.member(now_world.organization()[0])
    helper(now_world, _tomorrow(), now=utc_now())
    session.commit()
    slot = _free(session, manager)[0]
    made = meet(session, manager, slot, CALLED, now=utc_now())
    session.execute(
        sa.update(HelpSlot)
        .values(starts_at=utc_now() - timedelta(minutes=5))
        .where(HelpSlot.public_id == slot)
    )
    now_world.sign_in(client, manager)
    answer = client.post(f"{ASK}/{made}/annuler")
    assert answer.status_code == 409
    assert "La rencontre est commencée" in answer.text


def test_a_program_keeps_the_inventory_and_reads_the_policy(
    client: FlaskClient, session: Session, world: World
) -> None:
    manager = world.member(world.organization()[0])
    headers = {"Authorization": f"Bearer {world.api_token(manager)}"}
    here = "/api/v1/own-holdings"
    empty = client.get("/api/v1/own-policy", headers=headers).get_json()
    assert set(empty.values()) == {None}
    made = client.post(here, json={"template": "staff", "kept_in": ["device"]}, headers=headers)
    assert made.status_code == 201
    first = made.get_json()
    assert made.headers["Location"] == f"{here}/{first['id']}"
    assert first["kept_in"] == ["device"]
    assert first["seen_by"] == ["direction", "accountant", "government"]
    assert first["fr"]["until"] == "7 ans après le départ de la personne"
    assert first["en"]["name"] == "Staff files"
    assert client.post(here, json={"template": "staff"}, headers=headers).status_code == 409
    lacking = client.post(here, json={"name_fr": "Cartes"}, headers=headers)
    assert lacking.status_code == 422
    assert {each["field"] for each in lacking.get_json()["reasons"]} == {
        *("what_fr", "why_fr", "about_whom", "came_by", "kept_in", "seen_by"),
    }
    assert client.post(here, json=OWN, headers=headers).status_code == 201
    assert [each["template"] for each in client.get(here, headers=headers).get_json()] == [
        "staff",
        None,
    ]
    one = f"{here}/{first['id']}"
    assert client.patch(one, json={"term": "years_3"}, headers=headers).status_code == 428
    matching = {**headers, "If-Match": made.headers["ETag"]}
    assert client.patch(one, json={"term": "never"}, headers=matching).status_code == 422
    changed = client.patch(one, json={"term": "years_3"}, headers=matching)
    assert changed.status_code == 200
    assert changed.get_json() | {"term": "years_7"} != changed.get_json()
    assert changed.get_json()["kept_in"] == ["device"]
    assert client.patch(one, json={"term": "years_5"}, headers=matching).status_code == 412
    assert client.get(one, headers=headers).headers["ETag"] == changed.headers["ETag"]
    service.name_officer(session, manager, manager.organization_id or 0, DIRECTION, now=utc_now())
    service.publish(session, manager, manager.organization_id or 0, now=utc_now())
    session.commit()
    policy = client.get("/api/v1/own-policy", headers=headers).get_json()
    assert policy["version"] == 1
    assert policy["text_fr"] == policy["draft_fr"]
    assert policy["text_en"].startswith("# Privacy policy: ")
    assert client.delete(one, headers=headers).status_code == 204
    assert client.get(one, headers=headers).status_code == 404
    later = client.get("/api/v1/own-policy", headers=headers).get_json()
    assert later["text_fr"] == policy["text_fr"] != later["draft_fr"]


def test_a_program_of_another_organization_meets_nothing(
    client: FlaskClient, session: Session, world: World
) -> None:
    manager = world.member(world.organization()[0])
    (public_id,) = take(session, manager, Everyday.KEYS)
    token = world.api_token(world.member(world.organization()[0]))
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/own-holdings", headers=headers).get_json() == []
    one = f"/api/v1/own-holdings/{public_id}"
    assert client.get(one, headers=headers).status_code == 404
    assert client.delete(one, headers=headers).status_code == 404
    assert client.get("/api/v1/own-holdings").status_code == 401
