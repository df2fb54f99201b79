"""How much a page weighs, counted compressed: the first time, and when its files are kept."""

import gzip
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from mutuali.core.period import Period
from tests.factories import World

COLD, WARM = 90_000, 25_000

#: What a page names and a browser fetches at once; photos come later, and are not counted.
NAMED = re.compile(r'(?:href|src)="(/static/[^"#]+)')
#: Fonts and pictures that a stylesheet names.
IN_SHEET = re.compile(r"url\((/static/[^)]+)\)")


def weigh(client: FlaskClient, path: str) -> tuple[int, int]:
    """(all that a first visit fetches, what a later one does), in bytes of gzip."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    warm = len(gzip.compress(answer.data, 6))
    files: dict[str, int] = {}
    waiting = NAMED.findall(answer.text)
    while waiting:
        name = waiting.pop()
        if name in files:
            continue
        file = client.get(name, headers={"Accept-Encoding": "gzip"})
        assert "immutable" in file.headers["Cache-Control"], name
        files[name] = len(file.data)
        if name.endswith(".css"):
            waiting += IN_SHEET.findall(client.get(name).text)
    assert any(name.endswith(".woff2") for name in files)
    return warm + sum(files.values()), warm


@pytest.fixture
def full(world: World, client: FlaskClient) -> dict[str, str]:
    """Somebody signed in whose pages are as full as pages get."""
    world.now = datetime.now(UTC)
    lender = world.organization("Le Grand Panier")
    truck = world.listing(lender, longest_minutes=3000)
    for number in range(30):
        world.listing(title_fr=f"Camion numéro {number} avec hayon et deux diables")
    start = world.now + timedelta(days=2)
    period = Period(start, start + timedelta(hours=2))
    asked = [world.booking(truck, period) for _ in range(20)]
    world.sign_in(client, world.member(lender[0]))
    day = (world.now + timedelta(days=5)).date()
    return {"day": str(day), "truck": truck, "asked": asked[0].public_id}


PAGES = (
    "/",
    "/?day={day}&starts=08:00&ends=12:00",
    "/annonces/{truck}",
    "/reservations",
    "/reservations/{asked}",
    "/a-faire",
    "/agenda",
    "/agenda?vue=mois",
    "/organisme",
    "/organisme/nos-donnees",
    "/organisme/bilan-du-mois",
    "/donnees-ouvertes",
    "/vehicules-en-direct",
    "/organisme/annonces/nouvelle",
    "/transparence",
    "/apprendre",
    "/apprendre/no-name",
    "/dites-nous",
    "/questions-et-reponses",
)


def test_a_page_is_light_at_first_and_very_light_afterwards(
    client: FlaskClient, full: dict[str, str]
) -> None:
    weights = {path: weigh(client, path.format(**full)) for path in PAGES}
    print(weights)
    assert max(cold for cold, _warm in weights.values()) <= COLD, weights
    assert max(warm for _cold, warm in weights.values()) <= WARM, weights
