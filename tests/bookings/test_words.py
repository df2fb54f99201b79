"""Words find what says them, however they are written, on both engines and by every way in."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.core.permissions import SYSTEM
from mutuali.equipment import service as equipment
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Kind
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World, span

AS_TYPED = [
    ("Camion réfrigéré", "camion refrigere"),
    ("Camion réfrigéré", "REFRIGÉRÉ"),
    ("Machine à café", "CAFÉ"),
    ("Plateaux à oeufs", "œufs"),
    ("Œufs en vrac", "oeuf"),
    ("Tente d’été", "d'ete"),
    ("Tente d'été", "D’ÉTÉ"),
    ("Re\N{COMBINING ACUTE ACCENT}chaud", "réchaud"),
]
#: What French is written with, ligatures and typographic signs too.
LETTERS = st.characters(codec="cp1252", categories=("L", "N", "P", "S"))
TITLES = st.lists(st.text(LETTERS, min_size=1, max_size=12), min_size=1, max_size=4).map(" ".join)


def found(session: Session, words: str) -> list[str]:
    wish = service.Wish(span(2), words=words)
    ids = service.found_ids(session, wish, limit=50, now=NOW)
    listings = equipment.listings(session, ids)
    return [listings[id_].public_id for id_ in ids]


@pytest.mark.parametrize(("title", "words"), AS_TYPED)
def test_pages_and_api_find_what_somebody_without_accents_looks_for(
    client: FlaskClient, session: Session, title: str, words: str
) -> None:
    world = World(session, utc_now())
    listing = world.listing(title_fr=title)
    other = world.listing(title_fr="Génératrice", description_fr="silencieuse")
    session.commit()
    day = world.now + timedelta(days=3)
    asked = {"day": f"{day:%Y-%m-%d}", "starts": "10:00", "ends": "12:00", "words": words}
    page = client.get(f"/?{urlencode(asked)}").text
    assert listing in page
    assert other not in page
    hours = {"starts_at": day.isoformat(), "ends_at": (day + timedelta(hours=2)).isoformat()}
    answer = client.get(f"/api/v1/listings?{urlencode(hours | {'words': words})}").json
    assert answer is not None
    assert [each["id"] for each in answer["found"]] == [listing]


def test_descriptions_are_found_in_both_languages_and_conditions_are_not(world: World) -> None:
    listing = world.listing(
        title_en="Crêpe pan",
        description_fr="Garde la chaleur à l’œil",
        description_en="Non-stick façade",
        conditions_fr="Nettoyer au vinaigre",
    )
    for words in ("crepe", "oeil garde", "facade PAN"):
        assert found(world.session, words) == [listing], words
    assert found(world.session, "vinaigre") == []
    assert found(world.session, "chaleur vinaigre") == []


def test_a_sign_that_means_something_to_the_database_means_nothing_here(world: World) -> None:
    listing = world.listing(title_fr="Coupe-légumes 100% acier_inox c:\\")
    world.listing(title_fr="Coupe-légumes 1000 acier-inox c:/")
    for words in ("100%", "acier_", "c:\\"):
        assert found(world.session, words) == [listing], words
    # Nothing but an accent is no word, as nothing is.
    assert len(found(world.session, "\N{COMBINING ACUTE ACCENT}")) == 2


def test_the_texts_are_read_once_for_a_search(world: World) -> None:
    world.listing()
    asked: list[str] = []
    connection = world.session.connection()
    sa.event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))
    wish = service.Wish(span(2), words="camion")
    assert service.search(world.session, wish, now=NOW).total == 1
    assert service.search(world.session, replace(wish, words="bache"), now=NOW).total == 0
    assert sum("searched" in each for each in asked) == 2


def test_what_is_written_anew_is_found_by_its_new_words_alone(world: World) -> None:
    lender = world.organization()
    listing = world.listing(lender, title_fr="Fouet à crème")
    id_ = equipment.listing_id_of(world.session, listing)
    draft = equipment.ListingDraft(lender[1], Kind.KITCHEN, 1, title_fr="Bâche")
    equipment.edit_listing(world.session, SYSTEM, id_, draft, version=None, now=NOW)
    assert found(world.session, "creme") == []
    assert found(world.session, "bache") == [listing]


def test_what_comes_from_a_file_is_found_like_the_rest(world: World) -> None:
    lender = world.organization()
    draft = equipment.ListingDraft(lender[1], Kind.KITCHEN, 1, title_fr="Étuve à naan")
    row = equipment.ImportedListing("1", new_public_id(), lender[0], NOW, draft)
    equipment.add_imported(world.session, SYSTEM, "fichier", [row], now=NOW)
    assert found(world.session, "etuve") == [row.public_id]


def test_what_is_forgotten_is_forgotten_there_too(world: World) -> None:
    lender = world.organization()
    world.listing(lender, title_fr="Poêle de Zoé")
    assert equipment.forget_words(world.session, [lender[0]], dry=False) == 1
    assert world.session.scalars(sa.select(Listing.searched)).all() == [""]


def test_what_was_stored_before_is_found_after_the_migration(app: Flask, session: Session) -> None:
    world = World(session)
    listing = world.listing(title_fr="Camion réfrigéré", description_en="Œuf")
    session.commit()
    session.close()
    with app.app_context():
        downgrade(revision="0060_searched_words")
        upgrade()
    assert found(session, "oeuf refrigere") == [listing]


def bare(text: str) -> str:
    """Without accents, as a keyboard that has none types it: by another way than the product."""
    plain = text
    for letter, typed in {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'", "‘": "'"}.items():
        plain = plain.replace(letter, typed)
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if letter.isalpha() else letter for letter in plain
    )


WRITINGS: Mapping[str, Callable[[str], str]] = {
    "as it stands": lambda text: text,
    "lower": str.lower,
    "upper": str.upper,
    "bare": bare,
    "bare upper": lambda text: bare(text).upper(),
    "composed anew": lambda text: unicodedata.normalize("NFD", text),
}


@contextmanager
def _undone(session: Session) -> Iterator[None]:
    """Each example begins where the others did."""
    outer = session.begin_nested()
    try:
        yield
    finally:
        outer.rollback()
        session.expire_all()


@pytest.fixture
def lender(world: World) -> tuple[int, int]:
    return world.organization()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(TITLES, st.lists(st.sampled_from(sorted(WRITINGS)), min_size=4, max_size=4))
def test_a_listing_is_found_by_any_writing_of_the_words_of_its_title(
    world: World, lender: tuple[int, int], title: str, ways: Sequence[str]
) -> None:
    with _undone(world.session):
        listing = world.listing(lender, title_fr=title)
        words = [WRITINGS[way](word) for way, word in zip(ways, title.split(), strict=False)]
        for asked in (" ".join(words), *words):
            assert listing in found(world.session, asked), asked
