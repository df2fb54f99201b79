"""The pages of one's own listings: nothing typed is lost, nobody edits what is not theirs."""

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.equipment import service
from mutuali.equipment.models import Closure, Listing
from mutuali.equipment.rules import ListingState, OpenHours
from mutuali.organizations import service as organizations
from tests.factories import World, span

FORM = {
    "kind": "vehicle",
    "units": "4",
    "title_fr": "Camion",
    "refrigerated": "1",
    "permits": "mapaq",
    "opens_0": "08:00",
    "closes_0": "12:00",
    "opens_0b": "13:00",
    "closes_0b": "00:00",
    "shortest": "30",
    "shortest_unit": "minutes",
    "longest": "3",
    "longest_unit": "days",
    "lead": "24",
    "lead_unit": "hours",
    "price": "12,50",
    "price_per": "hour",
    "approver": "lender",
    "hold_hours": "4",
}


@pytest.fixture
def lender(world: World) -> tuple[int, int]:
    return world.organization("La Corbeille")


@pytest.fixture
def actor(world: World, lender: tuple[int, int], client: FlaskClient) -> Actor:
    """A member of the lender, signed in."""
    member = world.member(lender[0])
    world.sign_in(client, member)
    return member


@pytest.fixture
def form(session: Session, lender: tuple[int, int]) -> dict[str, str]:
    site = organizations.sites_of(session, lender[0])[0].public_id
    session.commit()
    return {**FORM, "site": site}


def jpeg() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (90, 60), "green").save(file, "JPEG")
    file.seek(0)
    return file


def facts_of(session: Session, actor: Actor, public_id: str) -> service.ListingFacts:
    """What is stored now; the transaction ends, so that the next request can write."""
    session.expire_all()
    facts = service.listing(session, actor, public_id)
    session.rollback()
    return facts


def created(client: FlaskClient, form: dict[str, str]) -> str:
    answer = client.post("/organisme/annonces/nouvelle", data=form)
    assert answer.status_code == 303
    return answer.headers["Location"].split("/")[2]


def test_a_listing_is_written_as_typed_and_shown_again_as_typed(
    client: FlaskClient, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    public_id = created(client, {**form, "publish": "1"})
    facts = facts_of(session, actor, public_id)
    draft = facts.draft
    assert draft.hours == (OpenHours(0, 480, 720), OpenHours(0, 780, 1440))
    assert (draft.price_cents, draft.hold_minutes, draft.longest_minutes) == (1250, 240, 4320)
    assert facts.state is ListingState.PUBLISHED
    shown = client.get(f"/annonces/{public_id}/modifier").text
    fields = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', shown))
    for name in ("opens_0", "closes_0", "opens_0b", "closes_0b", "price", "longest", "hold_hours"):
        assert fields[name] == form[name], name


def test_saving_an_unchanged_form_changes_nothing(
    client: FlaskClient, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    public_id = created(client, form)
    before = facts_of(session, actor, public_id).draft
    answer = client.post(f"/annonces/{public_id}/modifier", data={**form, "version": "1"})
    assert answer.status_code == 303
    assert facts_of(session, actor, public_id).draft == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"price": "abc"}, "price"),
        ({"opens_3": "09:00"}, "closes_3"),
        ({"opens_3": "17:00", "closes_3": "09:00"}, "closes_3"),
        ({"opens_1": "11:60", "closes_1": "12:00"}, "opens_1"),
        ({"opens_0b": "11:00", "closes_0b": "14:00"}, "any_time"),
        ({"title_fr": ""}, "title_fr"),
        ({"shortest": "9", "shortest_unit": "days"}, "shortest"),
        ({"longest": "9999", "longest_unit": "days"}, "longest"),
        ({"site": "nulle-part"}, "site"),
        ({"hold_hours": "73"}, "hold_hours"),
    ],
)
def test_a_refused_form_says_where_and_keeps_what_was_typed(
    client: FlaskClient, actor: Actor, form: dict[str, str], wrong: dict[str, str], field: str
) -> None:
    typed = {**form, "description_fr": "Hayon & <lève-palette>", **wrong}
    answer = client.post("/organisme/annonces/nouvelle", data=typed)
    assert answer.status_code == 422
    assert f'href="#champ-{field}"' in answer.text
    assert f'id="champ-{field}"' in answer.text
    assert "Hayon &amp; &lt;lève-palette&gt;" in answer.text
    assert 'value="13:00"' in answer.text or "opens_0b" in wrong


def test_no_hours_at_all_is_not_taken_for_any_time(
    client: FlaskClient, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    without = {name: value for name, value in form.items() if "_0" not in name}
    assert client.post("/organisme/annonces/nouvelle", data=without).status_code == 422
    public_id = created(client, {**without, "any_time": "1"})
    assert facts_of(session, actor, public_id).draft.hours == ()


def test_an_edit_over_somebody_elses_edit_is_refused_and_kept_on_the_page(
    client: FlaskClient, actor: Actor, form: dict[str, str]
) -> None:
    public_id = created(client, form)
    address = f"/annonces/{public_id}/modifier"
    first = client.post(address, data={**form, "version": "1", "title_fr": "Le premier"})
    assert first.status_code == 303
    second = client.post(address, data={**form, "version": "1", "title_fr": "Le second"})
    assert second.status_code == 409
    assert 'value="Le second"' in second.text
    assert "entre-temps" in second.text


def test_units_that_are_promised_cannot_be_taken_off_the_form(
    client: FlaskClient, world: World, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    public_id = created(client, {**form, "any_time": "1", "publish": "1"})
    world.booking(public_id, span(3), units=3)
    session.commit()
    less = {**form, "any_time": "1", "version": "1"}
    answer = client.post(f"/annonces/{public_id}/modifier", data={**less, "units": "2"})
    assert answer.status_code == 409
    assert 'href="#champ-units"' in answer.text
    answer = client.post(f"/annonces/{public_id}/modifier", data={**less, "units": "3"})
    assert answer.status_code == 303


def test_a_listing_of_another_organization_is_not_there(
    client: FlaskClient, world: World, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    public_id = world.listing()
    session.commit()
    address = f"/annonces/{public_id}"
    assert client.get(f"{address}/modifier").status_code == 404
    assert client.get(f"{address}/indisponibilites").status_code == 404
    assert client.post(f"{address}/modifier", data=form).status_code == 404
    assert client.post(f"{address}/etat", data={"state": "withdrawn"}).status_code == 404
    photo = {"photo": (jpeg(), "a.jpg"), "alt_fr": "Un camion"}
    assert client.post(f"{address}/photos", data=photo).status_code == 404
    assert facts_of(session, actor, public_id).state is ListingState.PUBLISHED


def test_an_organization_without_a_place_is_sent_to_add_one(
    client: FlaskClient, session: Session, lender: tuple[int, int], actor: Actor
) -> None:
    session.execute(sa.text("DELETE FROM site"))
    session.commit()
    shown = client.get("/organisme/annonces/nouvelle").text
    assert 'href="/organisme/lieux/nouveau"' in shown
    assert 'name="title_fr"' not in shown


def test_withdrawing_twice_keeps_the_first_moment(
    client: FlaskClient, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    public_id = created(client, {**form, "publish": "1"})
    address = f"/annonces/{public_id}/etat"
    moments = set()
    for _ in range(2):
        assert client.post(address, data={"state": "withdrawn"}).status_code == 303
        moments.add(session.scalar(sa.select(Listing.withdrawn_at)))
        session.rollback()
    assert len(moments) == 1
    assert None not in moments
    assert client.post(address, data={"state": "draft"}).status_code == 422


def test_ones_own_listings_come_published_first_and_withdrawn_last(
    client: FlaskClient, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    withdrawn = created(client, {**form, "title_fr": "Retirée"})
    client.post(f"/annonces/{withdrawn}/etat", data={"state": "withdrawn"})
    draft = created(client, form)
    published = created(client, {**form, "publish": "1"})
    found = service.listings_of(session, actor, actor.organization_id or 0)
    assert [each.public_id for each in found] == [published, draft, withdrawn]


def test_a_closure_on_the_repeated_hour_asks_which_and_is_then_taken(
    client: FlaskClient, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    address = f"/annonces/{created(client, form)}/indisponibilites"
    typed = {"day": "2027-11-07", "starts": "01:30", "ends": "06:00"}
    asked = client.post(address, data=typed)
    assert asked.status_code == 422
    assert 'name="starts_fold"' in asked.text
    assert 'value="06:00"' in asked.text
    assert client.post(address, data={**typed, "starts_fold": "1"}).status_code == 303
    id_, starts_at = session.execute(sa.select(Closure.id, Closure.starts_at)).one()
    session.rollback()
    assert f"{starts_at:%H:%M}" == "06:30"
    assert client.post(f"/annonces/indisponibilites/{id_}/retirer").status_code == 303
    assert session.scalars(sa.select(Closure.id)).all() == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"day": "2027-03-14", "starts": "02:30", "ends": "06:00"}, "starts"),
        ({"day": "2027-03-15", "starts": "08:00", "ends": "08:00"}, "ends"),
        ({"day": "2020-03-15", "starts": "08:00", "ends": "09:00"}, "ends"),
        ({"day": "9999-12-31", "starts": "08:00", "ends": "24:00"}, "day"),
    ],
)
def test_a_closure_that_cannot_be_is_refused_beside_its_field(
    client: FlaskClient, actor: Actor, form: dict[str, str], typed: dict[str, str], field: str
) -> None:
    address = f"/annonces/{created(client, form)}/indisponibilites"
    answer = client.post(address, data=typed)
    assert answer.status_code == 422
    assert f'id="champ-{field}-erreur"' in answer.text


def test_a_photo_is_public_and_kept_for_good_until_it_is_removed(
    client: FlaskClient, session: Session, actor: Actor, form: dict[str, str]
) -> None:
    public_id = created(client, form)
    sent = {"photo": (jpeg(), "a.jpg"), "alt_fr": "Un camion vert"}
    assert client.post(f"/annonces/{public_id}/photos", data=sent).status_code == 303
    photo = facts_of(session, actor, public_id).photos[0].public_id
    visitor = client.application.test_client()
    for size in ("grande", "petite"):
        answer = visitor.get(f"/photos/{photo}-{size}.webp")
        assert answer.content_type == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.data[8:12] == b"WEBP"
    assert visitor.get(f"/photos/{photo}-moyenne.webp").status_code == 404
    assert visitor.post(f"/photos/{photo}/retirer").status_code == 303
    assert visitor.get(f"/photos/{photo}-petite.webp").status_code == 200
    assert client.post(f"/photos/{photo}/retirer").status_code == 303
    assert visitor.get(f"/photos/{photo}-petite.webp").status_code == 404


def test_a_photo_needs_words_and_a_picture(
    client: FlaskClient, actor: Actor, form: dict[str, str]
) -> None:
    address = f"/annonces/{created(client, form)}/photos"
    for sent, field in (
        ({"photo": (jpeg(), "a.jpg")}, "alt_fr"),
        ({"alt_fr": "Un camion"}, "photo"),
        ({"photo": (BytesIO(b"rien"), "a.jpg"), "alt_fr": "Un camion"}, "photo"),
    ):
        answer = client.post(address, data=sent)
        assert answer.status_code == 422
        assert f'id="champ-{field}-erreur"' in answer.text


def test_a_visitor_cannot_make_us_decode_a_picture(
    client: FlaskClient, world: World, session: Session
) -> None:
    public_id = world.listing()
    session.commit()
    answer = client.post(
        f"/annonces/{public_id}/photos", data={"photo": (BytesIO(b"rien"), "a.jpg"), "alt_fr": "x"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/connexion")


def test_the_raster_of_loans_is_chosen_from_a_list_and_told(
    client: FlaskClient, actor: Actor, form: dict[str, str]
) -> None:
    public_id = created(client, {**form, "granularity_minutes": "60", "publish": "1"})
    edit = client.get(f"/annonces/{public_id}/modifier?lang=fr").text
    assert '<option value="60" selected>À l’heure pile</option>' in edit
    assert "On the hour" in client.get(f"/annonces/{public_id}?lang=en").text
    wrong = client.post("/organisme/annonces/nouvelle", data={**form, "granularity_minutes": "45"})
    assert wrong.status_code == 422
    assert "champ-granularity_minutes-erreur" in wrong.text
