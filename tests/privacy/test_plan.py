"""A plan is data: it refuses to contradict itself, and its hash is its name."""

import json

import pytest

from mutuali.privacy.errors import PlanError
from mutuali.privacy.plan import (
    Column,
    Diversity,
    Hierarchy,
    KAnonymity,
    Model,
    Plan,
    Role,
)

SIZE = Hierarchy.of({"s": ["small", "*"], "m": ["small", "*"], "l": ["large", "*"]})


def plan(
    *extra: Column,
    models: tuple[Model, ...] = (KAnonymity(5),),
    version: str = "2026",
    limit: float = 0,
    sides: tuple[str, ...] = (),
    coalition: int = 1,
) -> Plan:
    size = Column("size", Role.QUASI_IDENTIFIER, SIZE)
    return Plan(version, (size, *extra), models, limit, sides, coalition)


def test_bands_name_their_first_and_last_value() -> None:
    hierarchy = Hierarchy.bands(
        [1, 2, 3, 4, 5], [(1, 3, 5), (5,)], names=["value", "pair", "half", "any"]
    )

    assert hierarchy.chains == (
        ("1", "1-2", "1-4", "*"),
        ("2", "1-2", "1-4", "*"),
        ("3", "3-4", "1-4", "*"),
        ("4", "3-4", "1-4", "*"),
        ("5", "5", "5", "*"),
    )


def test_bands_order_texts_as_given_and_not_by_alphabet() -> None:
    hierarchy = Hierarchy.bands(["winter", "spring", "autumn"], [["spring"]])

    assert [chain[1] for chain in hierarchy.chains] == ["winter", "spring-autumn", "spring-autumn"]


def test_the_field_layout_is_read_as_it_is() -> None:
    rows: list[list[str | None]] = [["a", "ab", "*"], [None, "unknown", "*"]]

    assert Hierarchy.table(rows).chains == tuple(map(tuple, rows))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("a", "x", "1", "*"), ("b", "x", "2", "*")], "not nested: 'x' at level '1'"),
        ([("a", "x", "*"), ("b", "*")], "2 labels for 3 levels"),
        ([("a", "x")], "does not end in"),
        ([("a", "*"), ("a", "*")], "same value twice"),
        ([(3, "*"), ("3", "*")], "same value twice"),
        ([("a", "", "*")], "empty label"),
        ([("*",)], "two or more levels"),
        ([], "two or more levels"),
    ],
)
def test_a_broken_hierarchy_says_what_is_wrong(rows: list[tuple[str]], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Hierarchy.table(rows)


def test_a_band_that_opens_at_an_unknown_value_is_refused() -> None:
    with pytest.raises(PlanError, match="not listed: \\['9'\\]"):
        Hierarchy.bands([1, 2], [(9,)])


@pytest.mark.parametrize("k", [0, 1])
def test_a_k_that_hides_nobody_is_refused(k: int) -> None:
    with pytest.raises(PlanError, match="nobody is hidden"):
        KAnonymity(k)


@pytest.mark.parametrize(("distinct", "most"), [(0, 0.5), (2, 0), (2, 1.1)])
def test_an_impossible_diversity_is_refused(distinct: int, most: float) -> None:
    with pytest.raises(PlanError, match="state"):
        Diversity("state", distinct, most)


@pytest.mark.parametrize("name", ["", "=cmd", "a\nb", "@x"])
def test_a_column_name_that_a_spreadsheet_would_run_is_refused(name: str) -> None:
    with pytest.raises(PlanError, match="not a column name"):
        Column(name, Role.PLAIN)


def test_only_quasi_identifiers_generalize() -> None:
    with pytest.raises(PlanError, match="only they, generalize"):
        Column("size", Role.PLAIN, SIZE)
    with pytest.raises(PlanError, match="only they, generalize"):
        Column("size", Role.QUASI_IDENTIFIER)


@pytest.mark.parametrize("weight", [0, -1, float("inf"), float("nan")])
def test_a_weight_is_positive(weight: float) -> None:
    with pytest.raises(PlanError, match="not positive"):
        Column("size", Role.QUASI_IDENTIFIER, SIZE, weight)


def test_a_contradictory_plan_says_everything_that_is_wrong() -> None:
    with pytest.raises(PlanError) as refusal:
        plan(
            Column("size", Role.PLAIN),
            Column("state", Role.SENSITIVE),
            models=(),
            limit=1.5,
            sides=("lender",),
            coalition=2,
        )

    for part in (
        "named twice",
        "a k-anonymity is needed, or a k-map",
        "suppression limit",
        "a coalition is of 0 to k - 1",
        "each sensitive column needs a model of its own",
        "side 'lender' is not a contributor",
    ):
        assert part in str(refusal.value)


def test_a_plan_without_quasi_identifiers_is_refused() -> None:
    with pytest.raises(PlanError, match="no quasi-identifier"):
        Plan("1", (Column("a", Role.PLAIN),), (KAnonymity(2),))


def test_what_leaves_is_named_in_the_order_of_the_plan() -> None:
    shown = plan(
        Column("phone", Role.IDENTIFIER),
        Column("units", Role.PLAIN),
        Column("lender", Role.CONTRIBUTOR),
        Column("state", Role.SENSITIVE),
        models=(KAnonymity(5), Diversity("state")),
    )

    assert shown.released == ("size", "units", "state")


def test_the_hash_follows_the_content_and_nothing_else() -> None:
    assert plan().hash == plan().hash
    assert len({plan().hash, plan(version="2027").hash, plan(limit=0.1).hash}) == 3
    assert plan(limit=0).hash == plan(limit=0.0).hash


def test_the_canonical_json_is_sorted_and_tells_the_whole_plan() -> None:
    text = plan(Column("état", Role.PLAIN)).to_json()

    content = json.loads(text)
    assert list(content) == sorted(content)
    assert " " not in text
    assert "état" in text
    assert content["columns"][0]["chains"][0] == ["s", "small", "*"]
    assert content["models"] == [{"model": "k-anonymity", "k": 5}]
