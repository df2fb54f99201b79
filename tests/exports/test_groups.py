"""What a release could make people think of a place or a people: found before it leaves, said in
words, and read before anybody signs."""

import csv
import io
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.audit.models import AuditEvent
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Refused
from mutuali.core.places import BOROUGHS, ZONES
from mutuali.equipment.rules import Kind
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.service import Built, build
from mutuali.exports.service.built import LineWitness
from mutuali.exports.service.groups import count_remarks, groups
from mutuali.exports.service.measure import measure
from mutuali.exports.service.output import Output
from mutuali.exports.service.snapshot import Snapshot, take, zone_of
from mutuali.exports.views.of_groups import group_remarks
from mutuali.web.clock import utc_now
from tests.exports.networks import FIRST, network
from tests.exports.stored import KEY, built, shared_year
from tests.factories import World

SETTINGS = ReleaseSettings()


@cache
def made(dataset: Dataset) -> tuple[Snapshot, Built]:
    snapshot = network(dataset, 120, loans=9000)
    release = build(snapshot, FIRST)
    assert isinstance(release, Built)
    return snapshot, release


@cache
def loans_with_zones() -> tuple[Snapshot, Built]:
    """Loans as if the zones of borrowers had been kept in the file."""
    snapshot, release = made(Dataset.LOANS)
    table = release.tables[0]
    assert isinstance(table.witness, LineWitness)
    header, *lines = csv.reader(io.StringIO(table.data.decode()))
    place = header.index("borrower_area")
    for line, borrower in zip(lines, table.witness.sides["borrower"], strict=True):
        line[place] = zone_of(snapshot.boroughs[borrower])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *lines])
    told = replace(table, data=text.getvalue().encode())
    return snapshot, Built((told,), release.report)


def found(
    made_of: tuple[Snapshot, Built], texts: dict[str, str] | None = None, **change: object
) -> dict[str, list[dict[str, object]]]:
    snapshot, release = made_of
    seen = replace(snapshot, **change)  # type: ignore[arg-type]
    outputs = [Output(table, SETTINGS, seen) for table in release.tables]
    return groups(outputs, seen, texts or {})


def test_a_small_area_is_one_with_few_behind_its_lines_or_few_that_said_yes() -> None:
    """Held against a count made line by line."""
    snapshot, release = loans_with_zones()
    witness = release.tables[0].witness
    assert isinstance(witness, LineWitness)
    rows = list(csv.DictReader(io.StringIO(release.tables[0].data.decode())))
    behind: dict[str, list[set[int]]] = defaultdict(lambda: [set(), set()])
    for number, row in enumerate(rows):
        for people, side in zip(behind[row["borrower_area"]], witness.sides.values(), strict=True):
            people.add(side[number])
    yes = Counter(zone_of(snapshot.boroughs[id_]) for id_ in snapshot.consenting)
    few = sorted(yes.values())[1] // 2 + 1
    settings = replace(snapshot.settings, k=few)
    expected = {
        area
        for area, sides in behind.items()
        if min(map(len, sides)) < 2 * few or yes[area] < 2 * few
    }

    areas = {each["area"]: each for each in found((snapshot, release), settings=settings)["areas"]}

    assert areas.keys() == expected
    assert 0 < len(areas) < len(behind)
    for area, each in areas.items():
        fewest = min(map(len, behind[str(area)]))
        assert each["said"] == sum(row["borrower_area"] == area for row in rows)
        assert each["fewest"] == (fewest if fewest < 2 * few else None)
        assert each["few_yes"] == (2 * few if yes[str(area)] < 2 * few else None)


def test_a_family_that_one_lender_offers_in_an_area_is_told_where_something_speaks_of_it() -> None:
    here, gone = ("est", "transport"), ("nowhere", "transport")
    lenders = {(zone, "transport"): frozenset({1, 2}) for zone in ZONES} | {gone: frozenset({3})}

    assert found(loans_with_zones(), lenders=lenders)["providers"] == []
    (alone,) = found(loans_with_zones(), lenders={**lenders, here: frozenset({1})})["providers"]

    assert (alone["area"], alone["family"]) == here
    rows = csv.DictReader(io.StringIO(loans_with_zones()[1].tables[0].data.decode()))
    assert alone["said"] == sum((row["borrower_area"], row["family"]) == here for row in rows)


def test_the_one_lender_is_counted_off_the_public_listings_whatever_it_said(
    session: Session,
) -> None:
    world = World(session)
    world.listing(kind=Kind.VEHICLE)
    snapshot = take(
        session,
        Dataset.EQUIPMENT_USE,
        purpose=Purpose.NETWORK_STATISTICS,
        recipient_id=world.organization()[0],
        settings=SETTINGS,
        now=utc_now(),
    )
    assert snapshot.consenting == frozenset()
    ((zone, family),) = snapshot.lenders
    assert zone in ZONES
    assert (family, len(snapshot.lenders[zone, family])) == ("transport", 1)


def test_an_area_that_only_borrows_is_told_and_one_that_lends_is_not() -> None:
    snapshot, _ = loans_with_zones()
    assert found(loans_with_zones())["one_sided"] == []
    west = next(slug for slug, each in BOROUGHS.items() if each.zone == "ouest")
    moved = dict.fromkeys(snapshot.boroughs, west)

    one_sided = {each["area"] for each in found(loans_with_zones(), boroughs=moved)["one_sided"]}

    assert one_sided == set(ZONES) - {"ouest"}


@pytest.mark.parametrize(
    "dataset", [Dataset.EQUIPMENT_USE, Dataset.LENDING_FLOWS, Dataset.UNMET_DEMAND]
)
def test_figures_of_an_area_are_counted_on_both_sides(dataset: Dataset) -> None:
    _, release = made(dataset)
    groups_of = found(made(dataset))
    places = [
        line[name]
        for table in release.tables
        for line in csv.DictReader(io.StringIO(table.data.decode()))
        for figure in table.table.figures
        if line[f"{figure}_status"] == "published"
        for name in ("lender_zone", "borrower_zone")
        if name in line
    ]
    assert not groups_of["of_lines"]
    assert groups_of["areas"]
    for area in groups_of["areas"]:
        assert area["said"] == places.count(str(area["area"]))


def test_what_is_measured_for_the_review_has_them_with_the_texts_of_the_release() -> None:
    snapshot, release = made(Dataset.EQUIPMENT_USE)
    review = measure(release, SETTINGS, snapshot, {"question": "Et le ghetto?"})
    assert review["layout"] == 2
    assert [each["found"] for each in review["groups"]["wording"]] == ["ghetto"]
    assert review["groups"]["areas"] == found(made(Dataset.EQUIPMENT_USE))["areas"]


def test_names_are_remarked_too_and_nobody_is_told_to_take_without_giving() -> None:
    kept = found(made(Dataset.ORGANIZATIONS_CAPACITY))
    assert kept["areas"]
    assert kept["one_sided"] == []


def test_the_remarks_say_places_and_words_in_both_languages_and_no_name(app: Flask) -> None:
    snapshot, _ = loans_with_zones()
    kept = found(
        loans_with_zones(),
        {"question": "Où sont les quartiers défavorisés?", "agreement_use": "rien"},
        lenders={(zone, "transport"): frozenset({1}) for zone in ZONES},
    )
    review = {"groups": {"small": 0, "single": 0, **kept}}
    with app.test_request_context():
        french = group_remarks(review)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        english = group_remarks(review)

    assert len(french) == len(english) == count_remarks(review) > 2
    assert french[0].about == "Question posée"
    assert "« quartiers défavorisés »" in french[0].sentence.replace("\u00a0", " ")
    assert "median income" in english[0].sentence
    said = " ".join(each.sentence + each.about for each in (*french, *english))
    assert not any(f"Organisme {id_}" in said for id_ in snapshot.consenting)


def test_a_review_made_before_there_were_remarks_is_shown_and_signed_as_it_was(app: Flask) -> None:
    older = {"layout": 1, "groups": {"small": 2, "single": 0}}
    with app.test_request_context():
        assert group_remarks(older) == ()
    assert count_remarks(older) == count_remarks(None) == 0


def remarked(session: Session, row: Export) -> Export:
    """A built export with a remark on its words."""
    assert row.review is not None
    wording = [{"where": "question", "expression": "ghetto", "found": "ghetto"}]
    row.review = {**row.review, "groups": {**row.review["groups"], "wording": wording}}
    session.commit()
    return row


def test_who_signs_says_that_they_read_the_remarks_and_the_log_keeps_how_many(
    app: Flask, session: Session
) -> None:
    net = shared_year(session, World(session, utc_now()), Dataset.EQUIPMENT_USE, now=utc_now())
    row = remarked(session, built(app, session, net))
    steward = net.table.steward
    remarks = count_remarks(row.review)
    assert remarks > 0

    def sign(*, read: bool) -> None:
        service.sign(
            session,
            steward,
            row.public_id,
            key=KEY,
            hosted_outside=False,
            remarks_read=read,
            now=utc_now(),
        )

    with pytest.raises(Refused) as refused:
        sign(read=False)
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("export.remarks_unread", "remarks_read")
    ]
    assert row.state == "in_review"
    sign(read=True)
    session.flush()
    (event,) = session.query(AuditEvent).filter(AuditEvent.name == "export.opinion")
    assert event.facts["remarks"] == remarks


def test_the_page_asks_for_it_beside_the_signature_and_keeps_what_was_typed(
    app: Flask, session: Session
) -> None:
    net = shared_year(session, World(session, utc_now()), Dataset.EQUIPMENT_USE, now=utc_now())
    row = remarked(session, built(app, session, net))
    client = app.test_client()
    World(session).sign_in(client, net.table.steward)
    page = client.get(f"/exportations/{row.public_id}/examen").text
    assert "J’ai lu les remarques sur les groupes" in page
    assert 'id="groupes"' in page
    again = client.post(f"/exportations/{row.public_id}/signer")
    assert again.status_code == 422
    assert "Lisez d’abord les remarques" in again.text
    signed = client.post(f"/exportations/{row.public_id}/signer", data={"remarks_read": "1"})
    assert signed.status_code == 303
