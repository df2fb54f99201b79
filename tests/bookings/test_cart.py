"""A cart over several lenders: all of it is asked for, or none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking, CartLine
from mutuali.bookings.rules import MOST_IN_CART, Purpose, State
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.permissions import Actor
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, span


def check_out(session: Session, taker: Actor, basket: str = "b" * 22) -> list[str]:
    made = service.check_out(
        session,
        taker,
        taker.organization_id or 0,
        purpose=Purpose.EVENT,
        meals=300,
        note="Fête de quartier",
        public_ids=[new_public_id() for _ in range(MOST_IN_CART)],
        basket=basket,
        now=NOW,
    )
    return [each.public_id for each in made]


@pytest.fixture
def taker(world: World) -> Actor:
    return world.member(world.organization()[0])


def put(session: Session, taker: Actor, *listings: str, units: int = 1) -> None:
    for listing in listings:
        service.put_in_cart(session, taker, listing, units, span(2), now=NOW)


def test_everything_in_a_cart_is_asked_for_at_once_of_each_lender(
    world: World, session: Session, taker: Actor
) -> None:
    truck, kitchen = world.listing(approver=Approver.NOBODY), world.listing()
    put(session, taker, truck, kitchen)
    check_out(session, taker)
    found = service.basket(session, taker, "b" * 22, now=NOW)
    assert {each.state for each in found} == {State.APPROVED, State.REQUESTED}
    # No sum counts the meals of one feast twice.
    assert sorted(each.meals or 0 for each in found) == [0, 300]
    assert service.count_in_cart(session, taker) == 0


def test_when_one_thing_is_missing_none_is_asked_for_and_each_missing_line_is_named(
    world: World, session: Session, taker: Actor
) -> None:
    truck, kitchen, cold = (world.listing(approver=Approver.NOBODY) for _ in range(3))
    world.booking(kitchen, span(2))
    world.booking(cold, span(2))
    put(session, taker, truck, kitchen, cold)
    session.commit()
    with pytest.raises(Conflict) as refused:
        check_out(session, taker)
    session.rollback()
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("booking.not_enough_units", "lines.1.units"),
        ("booking.not_enough_units", "lines.2.units"),
    ]
    assert session.scalars(sa.select(Booking).where(Booking.basket.is_not(None))).all() == []
    assert service.count_in_cart(session, taker) == 3
    shown = service.cart(session, taker, taker.organization_id, now=NOW)
    assert [bool(line.reasons) for line in shown] == [False, True, True]


def test_two_lines_of_one_listing_count_together(
    world: World, session: Session, taker: Actor
) -> None:
    crates = world.listing(units=5, approver=Approver.NOBODY)
    put(session, taker, crates, crates, units=3)
    with pytest.raises(Conflict) as refused:
        check_out(session, taker)
    assert [each.field for each in refused.value.reasons] == ["lines.1.units"]


def test_a_cart_is_ones_own_and_ends(world: World, session: Session, taker: Actor) -> None:
    put(session, taker, world.listing())
    line = session.scalars(sa.select(CartLine)).one()
    other = world.member(world.organization()[0])
    with pytest.raises(NotFound):
        service.take_from_cart(session, other, line.id)
    with pytest.raises(Refused):
        check_out(session, other)
    service.forget_carts(session, now=NOW + timedelta(days=1))
    assert service.count_in_cart(session, taker) == 1
    service.forget_carts(session, now=NOW + timedelta(days=3))
    assert service.count_in_cart(session, taker) == 0


def test_a_cart_holds_so_many_things(world: World, session: Session, taker: Actor) -> None:
    put(session, taker, *([world.listing()] * MOST_IN_CART))
    with pytest.raises(Refused) as refused:
        put(session, taker, world.listing())
    assert [each.code for each in refused.value.reasons] == ["cart.full"]


def test_a_basket_is_read_by_its_borrower_alone(
    world: World, session: Session, taker: Actor
) -> None:
    put(session, taker, world.listing())
    check_out(session, taker)
    with pytest.raises(NotFound):
        service.basket(session, world.member(world.organization()[0]), "b" * 22, now=NOW)


def soon(hours: int = 0) -> datetime:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return start + timedelta(days=3, hours=hours)


def line(listing: str, **more: Any) -> dict[str, Any]:
    return {
        "listing": listing,
        "starts_at": soon().isoformat(),
        "ends_at": soon(2).isoformat(),
        "purpose": "event",
        **more,
    }


def test_a_program_asks_for_a_basket_and_hears_which_line_is_missing(
    world: World, session: Session, taker: Actor, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    truck, kitchen = (world.listing(approver=Approver.NOBODY) for _ in range(2))
    token = world.api_token(taker, "booking.request", "booking.read")
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    first = client.post(
        "/api/v1/baskets", json={"lines": [line(truck), line(kitchen)]}, headers=headers
    )
    assert first.status_code == 201, first.json
    assert first.json is not None
    assert len(first.json["bookings"]) == 2
    basket = f"/api/v1/baskets/{first.json['id']}"
    assert client.get(basket, headers=headers).json == first.json
    stranger = {"Authorization": f"Bearer {world.api_token(world.member(world.organization()[0]))}"}
    assert client.get(basket, headers=stranger).status_code == 404
    free = world.listing(approver=Approver.NOBODY)
    session.commit()
    again = client.post(
        "/api/v1/baskets", json={"lines": [line(free), line(truck)]}, headers=headers
    )
    assert again.status_code == 409
    assert again.json is not None
    assert [each["field"] for each in again.json["reasons"]] == ["lines.1.units"]
    count = session.scalar(sa.select(sa.func.count(Booking.id)))
    assert count == 2


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([], "lines"),
        ([line("x" * 22)] * (MOST_IN_CART + 1), "lines"),
        ([line("x" * 22, units=0)], "lines.0.units"),
        ([line("x" * 22, ends_at=soon().isoformat())], "lines.0.ends_at"),
        ("beaucoup", "lines"),
    ],
)
def test_a_basket_that_makes_no_sense_names_its_field(
    world: World, session: Session, taker: Actor, client: FlaskClient, lines: Any, field: str
) -> None:
    token = world.api_token(taker, "booking.request")
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.post("/api/v1/baskets", json={"lines": lines}, headers=headers)
    assert answer.status_code == 422
    assert answer.json is not None
    assert field in [each.get("field") for each in answer.json["reasons"]]


def test_a_browser_without_javascript_fills_a_cart_and_asks(
    world: World, session: Session, taker: Actor, client: FlaskClient
) -> None:
    world.now = datetime.now(UTC)
    truck = world.listing(approver=Approver.NOBODY, title_fr="Camion")
    world.sign_in(client, taker)
    start = soon()
    form = {"day": f"{start:%Y-%m-%d}", "starts": "12:00", "ends": "14:00", "units": "1"}
    added = client.post(f"/annonces/{truck}/panier", data=form, follow_redirects=True)
    assert "Libre en ce moment" in added.text
    assert "Camion" in added.text
    refused = client.post("/panier/demander", data={})
    assert refused.status_code == 422
    asked = client.post("/panier/demander", data={"purpose": "event"}, follow_redirects=True)
    assert "Demandé ensemble" in asked.text
    assert "Confirmée" in asked.text


def test_a_lender_names_units_prints_labels_and_takes_one_out_of_service(
    world: World, session: Session, client: FlaskClient
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    listing = world.listing(lender, units=2)
    world.sign_in(client, giver)
    here = f"/annonces/{listing}"
    assert client.get(f"{here}/etiquettes.pdf").status_code == 404
    page = client.post(f"{here}/unites", data={"code": "D-1"}, follow_redirects=True)
    assert "D-1" in page.text
    twice = client.post(f"{here}/unites", data={"code": "D-1"})
    assert twice.status_code == 409
    assert "porte ce code" in twice.text
    sheet = client.get(f"{here}/etiquettes.pdf")
    assert sheet.data[:5] == b"%PDF-"
    id_ = equipment.listing_id_of(session, listing)
    unit = equipment.units_of(session, [id_])[id_][0]
    session.rollback()
    out = client.post(f"{here}/pannes", data={"unit": unit.public_id}, follow_redirects=True)
    assert "jusqu’à nouvel ordre" in out.text
    outage = equipment.outages_of(session, [id_], now=datetime.now(UTC))[id_][0]
    session.rollback()
    back = client.post(f"/pannes/{outage.public_id}/terminer", follow_redirects=True)
    assert "Tout fonctionne." in back.text
    assert "D-1" in client.get(f"/unites/{unit.public_id}").text


def test_a_lender_composes_a_kit_and_its_page_says_what_goes_out_together(
    world: World, session: Session, client: FlaskClient
) -> None:
    lender = world.organization()
    giver = world.member(lender[0])
    kit = world.listing(lender, title_fr="Marché complet")
    tent = world.listing(lender, title_fr="Chapiteau")
    crates = world.listing(lender, title_fr="Caisses", units=40)
    world.sign_in(client, giver)
    form = {f"units_{tent}": "1", f"units_{crates}": "20"}
    saved = client.post(f"/annonces/{kit}/ensemble", data=form, follow_redirects=True)
    assert 'value="20"' in saved.text
    assert "20 × Caisses" in client.get(f"/annonces/{kit}").text
    refused = client.post(f"/annonces/{kit}/ensemble", data={f"units_{crates}": "41"})
    assert refused.status_code == 422
    assert "il en faudrait 41" in refused.text
    assert (
        "n’est plus un ensemble"
        in client.post(f"/annonces/{kit}/ensemble", data={}, follow_redirects=True).text
    )
