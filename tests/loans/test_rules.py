"""What is looked at, what is missing, what two reports do not say alike."""

from datetime import timedelta

import pytest

from mutuali.equipment.rules import Kind
from mutuali.loans.rules import (
    CONFIRM_WITHIN,
    Bounds,
    Checked,
    Condition,
    Item,
    Seen,
    Standing,
    bounds,
    checklist,
    differences,
    objections,
    standing,
)
from tests.factories import NOW

SEEN = Seen((Item.FUEL, Item.INTACT), Bounds(0, 40), moves=True)
WELL = Condition(
    (Checked(Item.FUEL, True), Checked(Item.INTACT, True)),
    "Zoé Partie",
    temperature=30,
    odometer_km=100,
)


def codes(condition: Condition, *, driven_from: int | None = None) -> set[tuple[str, str | None]]:
    return {(r.code, r.field) for r in objections(condition, SEEN, driven_from=driven_from)}


def test_a_report_in_which_all_is_said_is_complete() -> None:
    assert codes(WELL, driven_from=100) == set()


def test_everything_that_is_missing_is_said_at_once() -> None:
    empty = Condition((Checked(Item.INTACT, False),), "")
    assert codes(empty) == {
        ("condition.item_missing", "fuel"),
        ("condition.word_missing", "intact_word"),
        ("condition.temperature_missing", "temperature"),
        ("condition.signature_missing", "signed_by"),
    }


@pytest.mark.parametrize(
    "items", [(Item.FUEL, Item.INTACT, Item.HOOD), (Item.FUEL, Item.INTACT, Item.FUEL)]
)
def test_each_thing_is_looked_at_once_and_no_other(items: tuple[Item, ...]) -> None:
    said = Condition(tuple(Checked(each, True) for each in items), "Zoé", temperature=20)
    assert codes(said) == {("condition.other_items", "items")}


def test_an_odometer_does_not_run_backwards() -> None:
    assert codes(WELL, driven_from=101) == {("condition.odometer_below", "odometer_km")}


@pytest.mark.parametrize(
    ("refrigerated", "low", "high", "found"),
    [
        (False, None, None, None),
        (True, None, None, Bounds(None, 40)),
        (False, -22, -18, Bounds(-220, -180)),
        (True, None, 2, Bounds(None, 20)),
        (False, 0, None, Bounds(0, None)),
    ],
)
def test_cold_food_stays_below_four_degrees_unless_the_listing_says_more(
    refrigerated: bool, low: int | None, high: int | None, found: Bounds | None
) -> None:
    assert bounds(refrigerated=refrigerated, low=low, high=high) == found


@pytest.mark.parametrize(
    ("temperature", "holds"), [(-1, False), (0, True), (40, True), (41, False)]
)
def test_the_bounds_themselves_are_within(temperature: int, holds: bool) -> None:
    assert Bounds(0, 40).holds(temperature) is holds


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_thing_has_a_list_and_what_is_cold_a_door_seal(kind: Kind) -> None:
    plain, cold = checklist(kind, cold=False), checklist(kind, cold=True)
    assert plain
    assert len(set(cold)) == len(cold)
    assert Item.DOOR_SEAL in cold


def test_reports_differ_where_both_speak_and_do_not_say_the_same() -> None:
    def other(**said: object) -> Condition:
        values = {"items": WELL.items, "temperature": 30, "odometer_km": 100, "cleaned": False}
        return Condition(signed_by="Gil", **(values | said))  # type: ignore[arg-type]

    assert differences(WELL, other(note="Beau camion")) == frozenset()
    assert differences(WELL, other(temperature=50, odometer_km=None)) == frozenset()
    assert differences(WELL, other(temperature=51)) == {"temperature"}
    assert differences(WELL, other(odometer_km=101, cleaned=True)) == {"odometer_km", "cleaned"}
    broken = (Checked(Item.FUEL, True), Checked(Item.INTACT, False, "aile"))
    assert differences(WELL, other(items=broken)) == {"intact"}


@pytest.mark.parametrize(
    ("reports", "confirmed", "disputed", "settled", "later", "found"),
    [
        (0, False, False, False, timedelta(), Standing.MISSING),
        (1, False, False, False, CONFIRM_WITHIN - timedelta(seconds=1), Standing.WAITING),
        (1, False, False, False, CONFIRM_WITHIN, Standing.ALONE),
        (1, True, False, False, CONFIRM_WITHIN, Standing.AGREED),
        (2, False, False, False, CONFIRM_WITHIN, Standing.AGREED),
        (2, False, True, False, CONFIRM_WITHIN, Standing.DISPUTED),
        (2, False, False, True, CONFIRM_WITHIN, Standing.SETTLED),
    ],
)
def test_silence_is_no_yes(
    reports: int,
    confirmed: bool,
    disputed: bool,
    settled: bool,
    later: timedelta,
    found: Standing,
) -> None:
    said = standing(
        [NOW] * reports,
        confirmed=confirmed,
        disputed=disputed,
        settled=settled,
        now=NOW + later,
    )
    assert said is found
