"""The feed as programs meet it, held against the official schemas of GBFS 3.0.

They come with the package ``gbfs-validator`` (MIT), which ships them as MobilityData published them
(Apache-2.0, github.com/MobilityData/gbfs-json-schema, commit 916327fe43ea); the sums below say
that these are they.
"""

import hashlib
import json
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft7Validator, FormatChecker
from sqlalchemy.orm import Session

from mutuali.core.places import coarse
from mutuali.equipment.rules import PricePer
from mutuali.web.clock import utc_now
from tests.factories import PLATEAU, World
from tests.mobility.made import BIKE, shown

#: SHA-256 of each schema.
SCHEMAS = {
    "gbfs": "92db86e2523d04ff16667da5968d8d04836e5ac49e7b8f154f0ff4cc91928277",
    "system_information": "a8f8ef5c9f734a6df2cdbdc017c3a1264570b1db2073300b4b88d5da8b31106b",
    "vehicle_types": "8135804aeaa0b4116d3fbd2feefb8bd1a7472104091273baeed91a5887f831b5",
    "vehicle_status": "48d0a7c1785ab4278a969f727ea56d464a839450caa241bfd50a7306a277d8c7",
    "system_pricing_plans": "a088d819fa48ce253f2645b66af6e1bb4d780929977b9aa738ee8b4c02184e13",
}


def schema_of(name: str) -> dict[str, Any]:
    path = files("gbfs_validator") / "data" / "schemas" / "v3.0" / f"{name}.json"
    content = path.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SCHEMAS[name], name
    schema: dict[str, Any] = json.loads(content)
    return schema


@pytest.fixture
def engine_name() -> str:
    """What a program reads does not depend on the engine."""
    return "sqlite"


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    """Two free vehicles and one that is priced by the hour."""
    world = World(session, utc_now())
    shown(world, refrigerated=True, payload_kg=900)
    shown(world, BIKE, title_fr="Vélo-cargo")
    shown(world, price_cents=1250, price_per=PricePer.HOUR)
    session.commit()
    return app.test_client()


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_file_is_what_the_schema_of_gbfs_3_0_says(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/gbfs/3/{name}.json")
    assert answer.status_code == 200
    schema = schema_of(name)
    Draft7Validator.check_schema(schema)
    validator = Draft7Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(answer.get_json())] == []


def test_a_file_without_what_it_must_have_would_be_found_out(client: FlaskClient) -> None:
    content = client.get("/gbfs/3/vehicle_status.json").get_json()
    del content["data"]["vehicles"][0]["lat"]
    assert list(Draft7Validator(schema_of("vehicle_status")).iter_errors(content))


def test_the_first_file_leads_to_all_others(client: FlaskClient) -> None:
    feeds = client.get("/gbfs/3/gbfs.json").get_json()["data"]["feeds"]
    assert {each["name"] for each in feeds} == set(SCHEMAS) - {"gbfs"}
    for each in feeds:
        assert client.get("/gbfs/3/" + each["url"].rpartition("/")[2]).status_code == 200


def test_files_agree_with_one_another_as_the_specification_asks(client: FlaskClient) -> None:
    """What no schema of one file can say: types, plans and ranges that others name."""
    types = {
        each["vehicle_type_id"]: each
        for each in client.get("/gbfs/3/vehicle_types.json").get_json()["data"]["vehicle_types"]
    }
    plans = {
        each["plan_id"]
        for each in client.get("/gbfs/3/system_pricing_plans.json").get_json()["data"]["plans"]
    }
    vehicles = client.get("/gbfs/3/vehicle_status.json").get_json()["data"]["vehicles"]
    assert len({each["vehicle_id"] for each in vehicles}) == 3
    assert plans == {"free", "hour-1250"}
    for kind in types.values():
        assert kind["default_pricing_plan_id"] in plans
        assert ("max_range_meters" in kind) is (kind["propulsion_type"] != "human")
    for each in vehicles:
        kind = types[each["vehicle_type_id"]]
        assert each["pricing_plan_id"] in plans
        assert ("current_range_meters" in each) is ("max_range_meters" in kind)
        assert (each["lat"], each["lon"]) == (coarse(PLATEAU).lat, coarse(PLATEAU).lon)


def test_everybody_may_read_it_and_keep_it_a_minute(client: FlaskClient) -> None:
    answer = client.get("/gbfs/3/vehicle_status.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
    content = answer.get_json()
    assert content["ttl"] == 60
    updated = datetime.fromisoformat(content["last_updated"])
    assert abs(updated - utc_now()) < timedelta(minutes=1)
    other = client.get("/vehicules-en-direct")
    assert "Access-Control-Allow-Origin" not in other.headers


def test_no_name_of_anybody_and_no_lasting_number_is_in_it(
    client: FlaskClient, session: Session
) -> None:
    said = client.get("/gbfs/3/vehicle_status.json").text
    said += client.get("/gbfs/3/vehicle_types.json").text
    assert "Organisme" not in said
    assert "/annonces/" not in said


def test_the_link_of_a_vehicle_leads_to_its_listing_and_an_old_one_nowhere(
    client: FlaskClient,
) -> None:
    vehicles = client.get("/gbfs/3/vehicle_status.json").get_json()["data"]["vehicles"]
    link = vehicles[0]["rental_uris"]["web"]
    path = "/vehicules-en-direct/" + link.rpartition("/")[2]
    there = client.get(path)
    assert there.status_code == 303
    assert there.headers["Location"].startswith("/annonces/")
    assert client.get("/vehicules-en-direct/" + "A" * 22).status_code == 404


def test_there_is_no_other_file(client: FlaskClient) -> None:
    assert client.get("/gbfs/3/station_status.json").status_code == 404
