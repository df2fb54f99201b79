"""Parts of a day, ids of the moment, and files of the feed, without a database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.core.period import local
from mutuali.core.places import Point
from mutuali.equipment.rules import PricePer
from mutuali.mobility.rules import Description, Propulsion, Shape, ends_at, objections, part_of
from mutuali.mobility.rules.gbfs import (
    Vehicle,
    pricing_plans,
    system_information,
    vehicle_id,
    vehicle_status,
    vehicle_types,
)
from tests.factories import NOW
from tests.mobility.made import BIKE, KEY, TRUCK


def vehicle(**other: object) -> Vehicle:
    values: dict[str, object] = {
        "id": "one",
        "listing": "annonce",
        "title_fr": "Camion",
        "title_en": "",
        "borough": "verdun",
        "place": Point(45.5, -73.6),
        "said": TRUCK,
        "refrigerated": True,
        "payload_kg": 900,
        "price_cents": 0,
        "price_per": PricePer.LOAN,
        "is_free": True,
    }
    return Vehicle(**(values | other))  # type: ignore[arg-type]


@given(st.integers(0, 2 * 365 * 24 * 60))
def test_every_instant_is_in_a_part_of_a_day_or_before_the_morning(minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    part = part_of(now)
    assert now < part.end
    assert (local(part.start).hour, local(part.end).hour) in {(6, 12), (12, 17), (17, 22)}
    if now < part.start:
        assert local(part.start).hour == 6
        assert part.start - now <= timedelta(hours=9)


def test_a_yes_lasts_twenty_four_months() -> None:
    assert ends_at(NOW) == NOW.replace(year=2028)


def test_a_motor_has_a_range_and_pedals_need_none() -> None:
    assert [each.code for each in objections(Description(Shape.VAN, Propulsion.ELECTRIC))] == [
        "mobility.range_missing"
    ]
    assert list(objections(BIKE)) == list(objections(TRUCK)) == []


def test_an_id_says_nothing_and_changes_with_every_loan() -> None:
    ids = {vehicle_id(KEY, listing, loans) for listing in range(20) for loans in range(20)}
    assert len(ids) == 400
    assert {len(each) for each in ids} == {22}
    assert vehicle_id(KEY, 1, 2) == vehicle_id(KEY, 1, 2) != vehicle_id(b"another", 1, 2)


def test_what_cannot_be_had_has_no_entry_but_keeps_its_type() -> None:
    out = vehicle(is_free=False)
    assert vehicle_status([out], str)["vehicles"] == []
    assert len(vehicle_types([out, vehicle()])["vehicle_types"]) == 1


def test_an_entry_says_nothing_but_what_it_must() -> None:
    (entry,) = vehicle_status([vehicle()], lambda id_: f"https://a.example/{id_}")["vehicles"]
    assert entry == {
        "vehicle_id": "one",
        "lat": 45.5,
        "lon": -73.6,
        "is_reserved": False,
        "is_disabled": False,
        "vehicle_type_id": "truck-combustion_diesel-cold-900kg-350km",
        "pricing_plan_id": "free",
        "rental_uris": {"web": "https://a.example/one"},
        "current_range_meters": 350_000,
    }


@pytest.mark.parametrize(
    ("per", "price", "by_minute"),
    [
        (PricePer.LOAN, 12.5, None),
        (PricePer.HOUR, 0, [{"start": 0, "rate": 12.5, "interval": 60}]),
        (PricePer.DAY, 0, [{"start": 0, "rate": 12.5, "interval": 1440}]),
    ],
)
def test_what_is_priced_has_its_plan_and_what_is_free_the_free_one(
    per: PricePer, price: float, by_minute: object
) -> None:
    free, plan = pricing_plans([vehicle(), vehicle(price_cents=1250, price_per=per)])["plans"]
    assert (free["plan_id"], free["price"]) == ("free", 0)
    assert plan["price"] == price
    assert plan.get("per_min_pricing") == by_minute


def test_the_system_is_known_by_the_host_it_is_on() -> None:
    found = system_information("https://mutuali.example:8443", "Réseau", "a@b.example", "x")
    assert found["system_id"] == "mutuali_mutuali_example_8443"
