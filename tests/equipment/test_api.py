"""Listings by the API: write, publish, change with If-Match, close, show photos."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from mutuali.core.period import Period
from mutuali.core.permissions import Actor
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from tests.factories import World

TRUCK = {
    "kind": "vehicle",
    "title_fr": "Camion réfrigéré",
    "refrigerated": True,
    "payload_kg": 900,
    "temperature_low": -18,
    "temperature_high": 4,
    "permits": ["mapaq"],
    "approver": "lender",
    "hours": [{"weekday": 1, "opens": "08:00", "closes": "24:00"}],
}


class Door:
    """A lender's way to the API."""

    def __init__(self, client: FlaskClient, session: Session) -> None:
        self.client, self.world = client, World(session, utc_now())
        lender, _ = self.world.organization("La Corbeille")
        self.actor: Actor = self.world.member(lender)
        self.headers = {"Authorization": f"Bearer {self.world.api_token(self.actor)}"}
        found = organizations.organization(session, lender)
        self.site = organizations.sites_of(session, lender)[0].public_id
        session.rollback()
        self.own = f"/api/v1/organizations/{found.public_id}/listings"

    def write(self, **changes: Any) -> Any:
        return self.client.post(
            self.own, json={**TRUCK, "site": self.site, **changes}, headers=self.headers
        )


@pytest.fixture
def lender(client: FlaskClient, session: Session) -> Door:
    return Door(client, session)


def test_a_listing_comes_back_as_it_was_written(lender: Door) -> None:
    made = lender.write()
    assert made.status_code == 201, made.text
    terms = lender.client.get(made.headers["Location"], headers=lender.headers)

    said = terms.get_json()
    assert said.items() >= {**TRUCK, "site": lender.site, "state": "draft", "units": 1}.items()
    assert terms.headers["ETag"] == made.headers["ETag"]
    assert len(lender.client.get(lender.own, headers=lender.headers).get_json()) == 1


def test_a_draft_is_found_by_nobody_until_it_is_published(lender: Door) -> None:
    id_ = lender.write().get_json()["id"]
    public = f"/api/v1/listings/{id_}"
    assert lender.client.get(public).status_code == 404

    published = lender.client.post(f"{public}/publish", headers=lender.headers)
    assert (published.status_code, published.get_json()["state"]) == (200, "published")
    assert lender.client.get(public).status_code == 200
    lender.client.post(f"{public}/withdraw", headers=lender.headers)
    assert lender.client.get(public).status_code == 404


def test_a_change_names_only_what_changes_and_the_version_it_saw(lender: Door) -> None:
    made = lender.write()
    address, etag = made.headers["Location"], made.headers["ETag"]
    change: dict[str, Any] = {"units": 3, "temperature_low": None, "hours": []}

    assert lender.client.patch(address, json=change, headers=lender.headers).status_code == 428
    headers = {**lender.headers, "If-Match": etag}
    changed = lender.client.patch(address, json=change, headers=headers)
    stale = lender.client.patch(address, json=change, headers=headers)

    assert (changed.status_code, stale.status_code) == (200, 412)
    assert changed.get_json().items() >= {**TRUCK, **change}.items()


def test_every_wrong_field_is_named_at_once(lender: Door) -> None:
    answer = lender.write(
        kind="spaceship",
        units=0,
        site="ailleurs",
        shortest_minutes="abc",
        hours=[{"weekday": 9, "opens": "26:00", "closes": "08:00"}],
        unheard_of=1,
    )

    assert answer.status_code == 422
    assert {reason["field"] for reason in answer.get_json()["reasons"]} == {
        *("kind", "units", "shortest_minutes", "unheard_of"),
        *("hours.0.weekday", "hours.0.opens"),
    }
    elsewhere = lender.write(site="ailleurs")
    assert [each["field"] for each in elsewhere.get_json()["reasons"]] == ["site"]


def test_units_that_are_promised_stay(lender: Door, session: Session) -> None:
    world, client = lender.world, lender.client
    listing = world.listing((lender.actor.organization_id or 0, _site_id(session)), units=3)
    start = utc_now() + timedelta(days=3)
    booking = world.booking(listing, Period(start, start + timedelta(hours=2)), units=3)
    session.commit()
    approved = client.post(f"/api/v1/bookings/{booking.public_id}/approve", headers=lender.headers)
    assert approved.status_code == 200
    address = f"/api/v1/listings/{listing}/terms"
    etag = client.get(address, headers=lender.headers).headers["ETag"]

    fewer = client.patch(address, json={"units": 2}, headers={**lender.headers, "If-Match": etag})

    assert (fewer.status_code, fewer.get_json()["reasons"][0]["code"]) == (
        409,
        "listing.units_booked",
    )


def _site_id(session: Session) -> int:
    import sqlalchemy as sa

    return int(session.execute(sa.text("SELECT min(id) FROM site")).scalar_one())


def test_a_span_is_closed_and_given_back(lender: Door) -> None:
    id_ = lender.write().get_json()["id"]
    address = f"/api/v1/listings/{id_}/closures"
    start = (utc_now() + timedelta(days=2)).replace(microsecond=0)
    span = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(days=1)).isoformat()}

    assert lender.client.post(address, json=span, headers=lender.headers).status_code == 204
    [closure] = lender.client.get(address, headers=lender.headers).get_json()
    gone = lender.client.delete(f"/api/v1/closures/{closure['id']}", headers=lender.headers)
    assert gone.status_code == 204
    assert lender.client.get(address, headers=lender.headers).get_json() == []
    backwards = {"starts_at": span["ends_at"], "ends_at": span["starts_at"]}
    refused = lender.client.post(address, json=backwards, headers=lender.headers)
    assert (refused.status_code, refused.get_json()["reasons"][0]["field"]) == (422, "ends_at")


def test_a_photo_needs_words_and_loses_its_metadata(lender: Door) -> None:
    id_ = lender.write().get_json()["id"]
    address = f"/api/v1/listings/{id_}/photos"

    def sent(**words: str) -> Any:
        file = BytesIO()
        Image.new("RGB", (90, 60), "green").save(file, "JPEG")
        file.seek(0)
        return lender.client.post(
            address, data={"photo": (file, "camion.jpg"), **words}, headers=lender.headers
        )

    assert sent().get_json()["reasons"][0]["field"] == "alt_fr"
    [photo] = sent(alt_fr="Le camion devant l’entrepôt").get_json()["photos"]
    assert (photo["width"], photo["height"]) == (90, 60)
    assert lender.client.get(f"/photos/{photo['id']}-petite.webp").status_code == 200
    gone = lender.client.delete(f"/api/v1/photos/{photo['id']}", headers=lender.headers)
    assert gone.status_code == 204


def test_somebody_elses_listing_is_not_there(lender: Door, session: Session) -> None:
    theirs = lender.world.listing()
    session.commit()

    for path in ("terms", "closures"):
        answer = lender.client.get(f"/api/v1/listings/{theirs}/{path}", headers=lender.headers)
        assert answer.status_code == 404
    taken = lender.client.post(f"/api/v1/listings/{theirs}/withdraw", headers=lender.headers)
    assert taken.status_code == 404


def test_a_week_of_a_listing_tells_free_from_taken(lender: Door, session: Session) -> None:
    listing = lender.world.listing()
    session.commit()
    day = (utc_now() + timedelta(days=3)).date().isoformat()

    week = lender.client.get(
        f"/api/v1/listings/{listing}/week?from_day={day}", headers=lender.headers
    ).get_json()

    assert len(week) == 21
    assert {part["word"] for part in week} == {"free"}


def test_a_raster_is_one_of_those_that_there_are_and_can_be_taken_off(lender: Door) -> None:
    made = lender.write(granularity_minutes=720)
    assert made.get_json()["granularity_minutes"] == 720
    address, headers = made.headers["Location"], {"If-Match": made.headers["ETag"]} | lender.headers
    freed = lender.client.patch(address, json={"granularity_minutes": None}, headers=headers)
    assert freed.get_json()["granularity_minutes"] is None
    for changes, code in (
        ({"granularity_minutes": 45}, "field.not_a_choice"),
        ({"granularity_minutes": 1440, "longest_minutes": 480}, "listing.granularity_over_longest"),
    ):
        refused = lender.write(**changes)
        assert refused.status_code == 422
        assert [reason["code"] for reason in refused.get_json()["reasons"]] == [code]
