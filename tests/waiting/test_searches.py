"""Saved searches: only what is new is told, at the pace somebody chose, and one tap stops it."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from mutuali.bookings import service as bookings
from mutuali.core.errors import NotFound, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.core.places import Point
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind, ListingState
from mutuali.jobs.models import Job
from mutuali.waiting import jobs, service
from mutuali.waiting.models import SavedSearch
from mutuali.waiting.rules import (
    KEPT_FOR,
    LOOK_EVERY,
    MOST_SEARCHES,
    Pace,
    SearchDraft,
    news,
    next_look,
)
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.accounts.test_views import mails
from tests.factories import NOW, World, span
from tests.how_many import how_many

TRUCKS = SearchDraft("Camion mardi", span(2), kinds=(Kind.VEHICLE,), pace=Pace.AT_ONCE)
LATER = NOW + LOOK_EVERY
FAR = Point(45.62, -73.5)


def save(world: World, actor: Actor, draft: SearchDraft = TRUCKS) -> str:
    public_id = new_public_id()
    service.save_search(world.session, actor, draft, public_id=public_id, now=world.now)
    return public_id


def fresh(world: World, actor: Actor) -> list[str]:
    (found,) = service.searches(world.session, actor, now=NOW)
    return [each.public_id for each in found.fresh]


@pytest.fixture
def actor(world: World) -> Actor:
    return world.member(world.organization()[0])


def test_what_was_there_is_no_news_and_what_comes_is_told_once(world: World, actor: Actor) -> None:
    world.listing()
    save(world, actor)
    assert service.look_for_news(world.session, now=LATER) == 0
    new = world.listing()
    world.listing(kind=Kind.KITCHEN)
    assert service.look_for_news(world.session, now=LATER + LOOK_EVERY) == 1
    assert fresh(world, actor) == [new]
    assert service.look_for_news(world.session, now=LATER + 2 * LOOK_EVERY) == 0
    letters = world.session.scalars(sa.select(Job).where(Job.kind == "waiting.tell_news")).all()
    assert len(letters) == 1


def test_what_comes_free_again_is_news(world: World, actor: Actor) -> None:
    truck = world.listing(approver=Approver.NOBODY)
    booking = world.booking(truck, span(2))
    save(world, actor)
    assert service.look_for_news(world.session, now=LATER) == 0
    giver = world.member(booking.lender_id)
    bookings.cancel(world.session, giver, booking.public_id, now=LATER)
    assert service.look_for_news(world.session, now=LATER + LOOK_EVERY) == 1
    assert fresh(world, actor) == [truck]


def test_it_finds_what_the_search_page_finds(world: World) -> None:
    for n in range(4):
        world.listing(units=1 + n, price_cents=n * 100)
    wish = bookings.Wish(span(2), units=2, near=Point(45.53, -73.6))
    shown = bookings.search(world.session, wish, now=NOW).found
    found = bookings.found_ids(world.session, wish, limit=50, now=NOW)
    assert found == tuple(each.listing.id for each in shown)
    assert len(found) == 3


def test_every_word_has_to_be_in_the_title_or_the_description(world: World, actor: Actor) -> None:
    words = replace(TRUCKS, words="hayon FROID")
    save(world, actor, words)
    world.listing(title_fr="Camion à hayon")
    both = world.listing(title_fr="Camion froid", description_en="With hayon")
    world.listing(title_fr="Camion 100% froid", description_fr="sans haillon")
    service.look_for_news(world.session, now=LATER)
    assert fresh(world, actor) == [both]
    # What means something to the database means nothing here.
    wish = bookings.Wish(span(2), words="100%")
    assert len(bookings.found_ids(world.session, wish, limit=9, now=NOW)) == 1
    assert bookings.found_ids(world.session, replace(wish, words="1_0%"), limit=9, now=NOW) == ()


def test_accents_make_no_difference_to_a_search_that_is_kept(world: World, actor: Actor) -> None:
    save(world, actor, replace(TRUCKS, words="REFRIGERE oeufs"))
    listing = world.listing(description_fr="Pour les œufs")
    world.listing(title_fr="Camion à œufs")
    service.look_for_news(world.session, now=LATER)
    assert fresh(world, actor) == [listing]
    (kept,) = service.searches(world.session, actor, now=NOW)
    assert kept.draft.words == "REFRIGERE oeufs"


def test_nothing_farther_than_the_radius_is_found(world: World, actor: Actor) -> None:
    near = SearchDraft("Près", span(2), place="H2X 1Y4", radius_km=5, pace=Pace.AT_ONCE)
    save(world, actor, near)
    close = world.listing()
    away = world.organization(point=FAR)
    world.listing(away)
    service.look_for_news(world.session, now=LATER)
    assert fresh(world, actor) == [close]


def test_a_search_for_whenever_finds_new_listings_whatever_is_booked(
    world: World, actor: Actor
) -> None:
    whenever = replace(TRUCKS, period=None)
    save(world, actor, whenever)
    truck = world.listing(approver=Approver.NOBODY)
    world.booking(truck, span(0.1, 24))
    service.look_for_news(world.session, now=LATER)
    assert fresh(world, actor) == [truck]


def test_in_the_application_news_is_a_thing_to_do_until_it_is_seen(
    world: World, actor: Actor
) -> None:
    saved = save(world, actor, replace(TRUCKS, by_mail=False))
    world.listing()
    service.look_for_news(world.session, now=LATER)
    assert how_many(service.count_news, world.session, actor, NOW) == 1
    assert not world.session.scalars(sa.select(Job.id).where(Job.kind == "waiting.tell_news")).all()
    service.see_news(world.session, actor, saved)
    assert how_many(service.count_news, world.session, actor, NOW) == 0


def test_a_digest_waits_for_its_morning(world: World, actor: Actor) -> None:
    save(world, actor, replace(TRUCKS, pace=Pace.DAILY, period=span(9)))
    world.listing()
    morning = next_look(Pace.DAILY, NOW)
    assert local(morning).hour == 7
    assert service.look_for_news(world.session, now=morning - timedelta(minutes=1)) == 0
    assert service.look_for_news(world.session, now=morning) == 1


@given(
    hours=st.integers(0, 24 * 400),
    minutes=st.integers(0, 59),
    pace=st.sampled_from([Pace.DAILY, Pace.WEEKLY]),
)
# At seven on the Tuesday after NOW, and on the Monday: a digest was just made.
@example(hours=23, minutes=0, pace=Pace.DAILY)
@example(hours=24 * 5 + 22, minutes=0, pace=Pace.WEEKLY)
def test_the_next_morning_is_found_by_walking_through_the_hours(
    hours: int, minutes: int, pace: Pace
) -> None:
    now = NOW + timedelta(hours=hours, minutes=minutes)
    walked = now.replace(minute=0) + timedelta(hours=1)
    while local(walked).hour != 7 or (pace is Pace.WEEKLY and local(walked).weekday() != 0):
        walked += timedelta(hours=1)
    assert next_look(pace, now) == walked


def test_news_keeps_the_order_and_leaves_out_what_was_there() -> None:
    assert news([5, 3, 9, 1], [9, 7]) == (5, 3, 1)


def test_a_search_ends_with_its_dates_or_after_a_year(world: World, actor: Actor) -> None:
    save(world, actor)
    save(world, actor, replace(TRUCKS, name="Toujours", period=None))
    service.look_for_news(world.session, now=span(2).start)
    left = service.searches(world.session, actor, now=NOW)
    assert [each.draft.name for each in left] == ["Toujours"]
    service.look_for_news(world.session, now=NOW + KEPT_FOR)
    assert world.session.scalar(sa.select(sa.func.count(SavedSearch.id))) == 0


def test_only_its_person_sees_and_destroys_a_search(world: World, actor: Actor) -> None:
    saved, other = save(world, actor), world.member(actor.organization_id or 0)
    assert service.searches(world.session, other, now=NOW) == []
    with pytest.raises(NotFound):
        service.forget_search(world.session, other, saved, now=NOW)
    with pytest.raises(NotFound):
        service.see_news(world.session, other, saved)
    service.forget_search(world.session, actor, saved, now=NOW)
    assert service.searches(world.session, actor, now=NOW) == []


def test_a_search_without_sense_is_refused_with_every_reason(world: World, actor: Actor) -> None:
    draft = SearchDraft("", span(-2), radius_km=5)
    with pytest.raises(Refused) as error:
        save(world, actor, draft)
    assert [reason.code for reason in error.value.reasons] == [
        "field.missing",
        "search.radius_without_place",
        "booking.in_the_past",
    ]
    with pytest.raises(Refused, match="place_unknown"):
        save(world, actor, replace(TRUCKS, place="Tombouctou"))
    for _ in range(MOST_SEARCHES):
        save(world, actor)
    with pytest.raises(Refused, match=r"search\.too_many"):
        save(world, actor)


def test_a_run_is_bounded_and_the_longest_due_come_first(world: World, actor: Actor) -> None:
    first = save(world, actor, replace(TRUCKS, by_mail=False))
    save(world, actor, replace(TRUCKS, by_mail=False, pace=Pace.DAILY))
    world.listing()
    later = next_look(Pace.DAILY, NOW)
    service.look_for_news(world.session, limit=1, now=later)
    found = {e.public_id: len(e.fresh) for e in service.searches(world.session, actor, now=NOW)}
    assert found[first] == 1
    assert sum(found.values()) == 1


def test_who_has_seen_what_is_new_gets_no_letter(world: World, actor: Actor) -> None:
    saved = save(world, actor)
    world.listing()
    service.look_for_news(world.session, now=LATER)
    (job,) = world.session.scalars(sa.select(Job).where(Job.kind == "waiting.tell_news")).all()
    assert [each.id for each in jobs.searcher(world.session, job.arguments, LATER)]
    service.see_news(world.session, actor, saved)
    assert not list(jobs.searcher(world.session, job.arguments, LATER))


def query(world: World) -> dict[str, str]:
    day = (local(world.now) + timedelta(days=2)).date().isoformat()
    return {"day": day, "starts": "09:00", "ends": "11:00", "kind": "vehicle", "words": "camion"}


def letter_of(folder: Path, subject: str) -> email.message.EmailMessage:
    found = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted((folder / "mail").glob("*.eml"))
    ]
    (letter,) = [each for each in found if subject in str(each["Subject"])]
    return letter


def test_kept_from_the_search_page_told_by_letter_and_stopped_without_signing_in(
    app: Flask, world: World, client: FlaskClient, tmp_path: Path
) -> None:
    world.now = datetime.now(UTC)
    actor = world.member(world.organization()[0])
    world.sign_in(client, actor)
    searched = client.get("/", query_string=query(world)).text
    assert 'action="/recherches"' in searched
    assert '<input type="hidden" name="kind" value="vehicle">' in searched
    assert '<input type="hidden" name="words" value="camion">' in searched
    form = {**query(world), "name": "Camion", "pace": "at_once", "by_mail": "1"}
    assert client.post("/recherches", data=form).headers["Location"] == "/recherches"
    truck = world.listing(title_fr="Camion tout neuf")
    world.session.execute(sa.update(SavedSearch).values(look_at=world.now))
    service.look_for_news(world.session, now=utc_now())
    world.session.commit()
    assert "Camion tout neuf" in client.get("/recherches").text
    assert len(mails(app, tmp_path)) == 1
    letter = letter_of(tmp_path, "Nouveau")
    text = letter.get_content()
    assert f"/annonces/{truck}" in text
    link = re.search(r"http://127\.0\.0\.1(/recherches/arreter/\S+)", text)
    assert link is not None
    assert letter["List-Unsubscribe"] == f"<http://127.0.0.1{link[1]}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stranger = app.test_client()
    # A scanner that follows the link stops nothing.
    assert "Arrêter" in stranger.get(link[1]).text
    assert stranger.get(link[1].replace("arreter/", "arreter/x")).status_code == 404
    assert "Camion tout neuf" in client.get("/recherches").text
    app.config["WTF_CSRF_ENABLED"] = True
    one_click = stranger.post(link[1], data={"List-Unsubscribe": "One-Click"})
    app.config["WTF_CSRF_ENABLED"] = False
    assert one_click.status_code == 200
    assert "Aucune recherche gardée" in client.get("/recherches").text
    assert stranger.post(link[1]).status_code == 200


def test_the_api_keeps_reads_and_destroys_searches(world: World, client: FlaskClient) -> None:
    world.now = datetime.now(UTC)
    actor = world.member(world.organization()[0])
    headers = {"Authorization": f"Bearer {world.api_token(actor)}"}
    said = {"name": "Cuisines", "kinds": ["kitchen"], "place": "H2X 1Y4", "radius_km": 10}
    made = client.post("/api/v1/saved-searches", json=said, headers=headers)
    assert made.status_code == 201, made.text
    (mine,) = client.get("/api/v1/saved-searches", headers=headers).get_json() or [{}]
    assert (mine["kinds"], mine["radius_km"], mine["pace"]) == (["kitchen"], 10, "daily")
    assert (mine["starts_at"], mine["fresh"]) == (None, [])
    address = f"/api/v1/saved-searches/{mine['id']}"
    assert client.post(f"{address}/seen", headers=headers).status_code == 204
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get("/api/v1/saved-searches", headers=headers).get_json() == []
    half = {**said, "starts_at": (world.now + timedelta(days=1)).isoformat()}
    assert client.post("/api/v1/saved-searches", json=half, headers=headers).status_code == 422


def test_a_listing_that_was_taken_away_is_shown_to_nobody(world: World, actor: Actor) -> None:
    save(world, actor)
    lender = world.organization()
    truck = world.listing(lender)
    service.look_for_news(world.session, now=LATER)
    giver = world.member(lender[0])
    facts = equipment.listing(world.session, giver, truck)
    withdrawn = ListingState.WITHDRAWN
    equipment.set_state(world.session, giver, facts.id, withdrawn, now=NOW)
    assert fresh(world, actor) == []
