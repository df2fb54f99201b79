"""Each attack bites where nothing was done against it, and finds nothing in what we let out."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from mutuali.privacy.attacks import (
    background,
    calendars,
    cells,
    composition,
    difference,
    directory,
    downcoding,
    homogeneity,
    member,
    minimality,
)
from mutuali.privacy.attacks.composition import Published
from mutuali.privacy.attacks.result import Attack, Claim, Text, scored
from mutuali.privacy.attacks.scene import Scene
from mutuali.privacy.attacks.suite import (
    HiddenCells,
    Knowledge,
    Spans,
    Withdrawal,
    attack,
)
from mutuali.privacy.engine import deidentify
from mutuali.privacy.margins.hiding import hide
from mutuali.privacy.margins.table import Dimension, with_margins
from mutuali.privacy.margins.unsafe import Rules, unsafe
from mutuali.privacy.plan import Column, Diversity, KAnonymity, Plan, RecodingModel, Role
from tests.privacy import adult
from tests.privacy.lookalike import loan_plan, loans
from tests.privacy.successive import PLACES, Row, mended, plan, raw, recorded, released
from tests.privacy.test_releases import rows


def scene(members: list[Row], how: Plan) -> Scene:
    """Rows released by hand under their labels."""
    made = released(members, how)
    return Scene(made.table, how, raw(members), made.witness)


def engine_scene(table: pa.Table, how: Plan) -> Scene:
    """What the engine makes of a table."""
    made = deidentify(table, how)
    return Scene(made.table, how, table, made.witness)


def all_rows(played: Scene) -> np.ndarray:
    return np.arange(played.raw.num_rows)


NETWORK = loans(1500, 60, 60)


def careful(*sides: str, distinct: int = 3, most: float = 0.8) -> Plan:
    how = loan_plan(*sides, limit=0.6)
    models = (KAnonymity(5), Diversity("state", distinct, most))
    return replace(how, models=models)


@pytest.fixture(scope="module")
def ours() -> Scene:
    return engine_scene(NETWORK, careful("lender", "borrower"))


def test_a_class_of_one_value_tells_it_and_ours_have_more(ours: Scene) -> None:
    naive = scene([*rows("a", "sssss"), *rows("b", "ssttt")], plan(k=5, distinct=1, most=1.0))

    found = homogeneity.play(naive, all_rows(naive))

    assert (found.tried, found.disclosed, found.confidence) == (10, 5, 1.0)
    assert found.examples == (0, 1, 2, 3, 4)
    assert homogeneity.play(ours, all_rows(ours)).claimed == 0


def test_two_values_fall_to_who_rules_one_out_and_three_do_not(ours: Scene) -> None:
    two = scene([*rows("a", "ssttt"), *rows("b", "stuuu")], plan(k=5))

    found = background.play(two, all_rows(two), 1)

    assert (found.disclosed, found.examples) == (5, (0, 1, 2, 3, 4))
    assert background.play(two, all_rows(two), 2).disclosed == 10
    assert background.play(ours, all_rows(ours), 1).claimed == 0


def test_what_the_method_would_have_kept_tells_why_it_did_not() -> None:
    # Two of place a and four of place b; finer labels failed because a had one value only.
    members = [*rows("a", "ss"), *rows("b", "sstt")]
    how = plan(k=2, most=0.8)
    minimal = engine_scene(raw(members), how)
    assert set(minimal.released.column("place").to_pylist()) == {"north"}

    found = minimality.play(minimal, all_rows(minimal))

    assert homogeneity.play(minimal, all_rows(minimal)).claimed == 0
    assert (found.disclosed, found.examples, found.confidence) == (2, (0, 1), 1.0)


def test_where_each_class_has_its_levels_both_parts_must_have_failed() -> None:
    members = [*rows("a", "sss"), *rows("b", "tttt")]
    minimal = engine_scene(raw(members), plan(k=3, local=True))
    assert set(minimal.released.column("place").to_pylist()) == {"north"}

    found = minimality.play(minimal, all_rows(minimal))

    assert (found.disclosed, found.confidence) == (7, 1.0)


def test_a_scheme_fixed_beforehand_tells_nothing_of_why() -> None:
    members = [*rows("a", "sss"), *rows("b", "tttt"), *rows("c", "st")]
    how = plan(k=3)
    fixed = replace(
        how,
        recoding=RecodingModel.FIXED,
        columns=tuple(
            replace(column, level="1") if column.hierarchy else column for column in how.columns
        ),
    )
    played = engine_scene(raw(members), fixed)
    assert set(played.released.column("place").to_pylist()) == {"north"}

    assert minimality.play(played, all_rows(played)).claimed == 0
    assert downcoding.play(played).claimed == 0


def test_a_scheme_with_room_to_spare_tells_nothing_of_why(ours: Scene) -> None:
    assert minimality.play(ours, all_rows(ours)).claimed == 0


@adult.needed
def test_mixed_levels_give_some_labels_away_and_one_level_per_column_none() -> None:
    table = adult.adult()
    columns = adult.quasi_identifiers(("sex", "age", "race", "marital-status"))
    how = Plan("adult", columns, (KAnonymity(5),), recoding=RecodingModel.LOCAL)

    mixed = downcoding.play(engine_scene(table, how))
    one_level = downcoding.play(
        engine_scene(table, replace(how, recoding=RecodingModel.FULL_DOMAIN))
    )

    assert 0 < mixed.disclosed < 100
    assert mixed.confidence > 0.7
    assert one_level.claimed == 0


ENDS = tuple(Column(name, Role.QUASI_IDENTIFIER, PLACES) for name in ("from", "to"))


def two_recodings(states: str, *numbered: Column) -> tuple[Scene, Published]:
    """Four trips, each end known in one of two releases only; each class has two trips."""
    how = Plan(
        "two",
        (*ENDS, Column("state", Role.SENSITIVE), *numbered),
        (KAnonymity(2), Diversity("state")),
    )
    table = pa.table(
        {"from": list("aabb"), "to": list("abab"), "state": list(states)}
        | {column.name: ["#1", "#2", "#3", "#4"] for column in numbered}
    )
    north = pa.array(["north"] * 4)
    first = Published(table.set_column(1, "to", north), how)
    return Scene(table.set_column(0, "from", north), how, table, np.arange(4)), first


def test_two_recodings_have_one_value_in_common() -> None:
    second, first = two_recodings("stuv")

    found = composition.play(second, [0, 1, 2, 3], [first])

    assert homogeneity.play(second, [0, 1, 2, 3]).claimed == 0
    assert (found.disclosed, found.confidence) == (4, 1.0)


def test_a_row_key_joins_two_releases() -> None:
    unjoined, joined = two_recodings("stts"), two_recodings("stts", Column("number", Role.PLAIN))

    assert composition.play(unjoined[0], [0, 1, 2, 3], [unjoined[1]]).claimed == 0
    found = composition.play(joined[0], [0, 1, 2, 3], [joined[1]])
    assert (found.disclosed, found.confidence) == (4, 1.0)


def test_our_second_release_has_no_class_in_common_that_tells() -> None:
    how = plan(k=2)
    now = [*rows("a", "sstt"), *rows("b", "ssuu"), *rows("c", "sttu")]
    first = released(now, how)
    later = [*now, *rows("b", "su", 50), *rows("c", "tu", 50)]
    found = mended([recorded(now, how)], later, how)
    assert found is not None
    second = Scene(found.table, how, raw(later), found.witness)

    assert composition.play(second, all_rows(second), [Published(first.table, how)]).claimed == 0


def test_what_is_missing_is_who_withdrew_unless_others_are_missing_too() -> None:
    how = plan(k=3)
    before = [*rows("a", "ssssstttttu"), *rows("b", "sssttt")]
    first = released(before, how)
    for gone in range(len(before)):
        after = [row for number, row in enumerate(before) if number != gone]
        naive, mend = released(after, how), mended([recorded(before, how)], after, how)
        assert mend is not None
        published = Published(first.table, how)

        seen = difference.play(
            published, Published(naive.table, how), raw(before), [gone], first.witness
        )
        hidden = difference.play(
            published, Published(mend.table, how), raw(before), [gone], first.witness
        )

        assert (seen.disclosed, seen.examples) == (1, (gone,))
        assert hidden.claimed == 0


def test_the_one_missing_row_is_the_withdrawn_one_even_without_a_secret_in_it() -> None:
    how = Plan("plain", (Column("place", Role.QUASI_IDENTIFIER, PLACES),), (KAnonymity(2),))
    before, after = pa.table({"place": list("aaabbb")}), pa.table({"place": list("aaabb")})

    found = difference.play(
        Published(before, how), Published(after, how), before, [5, 0], np.arange(6)
    )

    assert (found.tried, found.disclosed, found.examples) == (2, 1, (5,))


def test_a_class_that_one_organization_fills_is_found_in_the_directory(ours: Scene) -> None:
    members = [
        *(Row(f"a{n}", "a", "st"[n % 2], lender="alone") for n in range(5)),
        *(Row(f"b{n}", "b", "st"[n % 2], lender=f"l{n}") for n in range(5)),
    ]
    table = pa.table(
        {
            "place": ["a", *"bbbbb"],
            "lender": ["alone", *(f"l{n}" for n in range(5))],
        }
    )
    naive = scene(members, plan("lender", k=5))

    found = directory.play(naive, table, "lender")

    assert (found.tried, found.disclosed, found.examples) == (10, 5, (0, 1, 2, 3, 4))
    everybody = NETWORK.select([*(f"q{n}" for n in range(7)), "lender"])
    assert directory.play(ours, everybody, "lender").claimed == 0


def test_a_scraped_span_finds_its_row_where_the_exact_length_leaves(ours: Scene) -> None:
    how = plan(k=4, notes=True)
    members = [
        Row(f"a{n}", "a", state, note=f"{hours} h")
        for n, (state, hours) in enumerate(zip("stst", (3, 5, 7, 7), strict=True))
    ]
    naive = scene(members, how)
    spans = pa.table({"place": ["a"] * 4, "note": ["3 h", "5 h", "7 h", "9 h"]})

    found = calendars.play(naive, spans, [0, 1, 2, -1])

    assert (found.tried, found.disclosed, found.examples, found.confidence) == (4, 2, (0, 1), 1.0)
    spans = NETWORK.select([f"q{n}" for n in range(7)])
    assert calendars.play(ours, spans, all_rows(ours)).claimed == 0


def test_a_member_takes_its_rows_away_and_reads_the_last_one(ours: Scene) -> None:
    members = [
        *(Row(f"a{n}", "a", "st"[n % 2], lender="me") for n in range(4)),
        Row("a4", "a", "u", lender="you"),
        *(Row(f"b{n}", "b", "st"[n % 2], lender=f"l{n}") for n in range(5)),
    ]
    naive = scene(members, plan(k=5))
    mine = [0, 1, 2, 3]

    found = member.play(naive, all_rows(naive), mine)

    assert homogeneity.play(naive, all_rows(naive)).claimed == 0
    assert (found.tried, found.disclosed, found.examples) == (6, 1, (4,))
    lenders = NETWORK.column("lender").to_pylist()
    for name in sorted(set(lenders))[:10]:
        own = [row for row, who in enumerate(lenders) if who == name]
        assert member.play(ours, all_rows(ours), own).claimed == 0


def test_a_hidden_cell_alone_in_its_row_is_computed_and_ours_never_are() -> None:
    dimensions = [
        Dimension.flat("equipment", ["truck", "van", "crate"]),
        Dimension.flat("borough", ["north", "south", "centre"]),
    ]
    generator = np.random.default_rng(3)
    shares: dict[tuple[str, ...], dict[str, int]] = {
        (kind, where): {
            f"o{n}": int(generator.integers(1, 9)) for n in generator.permutation(9)[:many]
        }
        for kind in dimensions[0].labels[1:]
        for where, many in zip(dimensions[1].labels[1:], (2, 7, 8), strict=True)
    }
    shares[("truck", "north")] = {"o1": 3}
    table = with_margins(dimensions, [shares])
    alone = np.zeros(len(table.value), dtype=np.bool_)
    alone[table.cell(("truck", "north"))] = True

    found = cells.play(table, alone)

    assert (found.tried, found.disclosed, found.confidence) == (1, 1, 1.0)
    hiding = hide(table, unsafe(table, Rules()))
    safe = cells.play(table, hiding.hidden)
    assert safe.tried > 1
    assert safe.claimed == 0
    assert cells.play(table, hiding.hidden, member="o1").claimed == 0


def test_the_suite_plays_what_the_knowledge_allows_and_says_what_it_lacks(ours: Scene) -> None:
    alone = attack(ours.released, ours.plan, ours.raw, ours.witness)

    assert [result.attack.name for result in alone.results] == ["homogeneity"]
    assert {each.attack for each in alone.not_played} == {
        *("background", "minimality", "composition", "downcoding", "difference"),
        *("directory", "calendars", "member", "cells"),
    }
    table = with_margins(
        [Dimension.flat("kind", ["a", "b", "c"])],
        [{(kind,): {f"o{n}": 2 for n in range(6)} for kind in "abc"}],
    )
    everything = attack(
        ours.released,
        ours.plan,
        ours.raw,
        ours.witness,
        Knowledge(
            targets=range(200),
            rules_out=1,
            register=True,
            earlier=(Published(ours.released, ours.plan),),
            withdrawal=Withdrawal(
                Published(ours.released, ours.plan), ours.raw, ours.witness, (0,)
            ),
            directory=(NETWORK, "lender"),
            spans=Spans(NETWORK.select(["q0", "q1"]), range(NETWORK.num_rows)),
            member=("lender", "org0"),
            cells=HiddenCells(table, np.array([False, True, True, False])),
        ),
    )
    assert everything.not_played == ()
    assert {result.disclosed for result in everything.results} == {0}
    told = json.dumps(everything.to_dict(), ensure_ascii=False)
    assert "org" not in told.replace("organi", "")
    assert len({result.attack.name for result in everything.results}) == 10


def test_without_a_sensitive_column_only_rows_are_looked_for() -> None:
    how = Plan("plain", (Column("place", Role.QUASI_IDENTIFIER, PLACES),), (KAnonymity(2),))
    table = pa.table({"place": ["a", "a", "b", "b"]})

    found = attack(table, how, table, np.arange(4), Knowledge(register=True))

    assert [result.attack.name for result in found.results] == ["downcoding"]
    lacking = {each.attack: each.why.en for each in found.not_played}
    assert lacking["homogeneity"] == "The plan has no sensitive column."


def test_the_sentence_says_who_tried_what_and_how_it_went_in_both_languages() -> None:
    how = Attack("some", Text("Quelqu’un", "Somebody"), Text("a essayé", "tried"))
    claims = [Claim(3, "s"), Claim(4, "t"), Claim(5, "t")]

    found = scored(how, 1200, claims, [True, False, True])
    assert found.sentence == Text(
        "Quelqu’un a essayé. Sur 1\u202f200 essais, 2 ont réussi; ce qui a été affirmé était juste"
        " à 67 %.",
        "Somebody tried. Of 1,200 tries, 2 succeeded; what was claimed was right 67% of the time.",
    )
    none = scored(how, 1, [], [])
    assert none.sentence == Text(
        "Quelqu’un a essayé. Sur 1 essai, aucun n’a réussi.",
        "Somebody tried. Of 1 try, none succeeded.",
    )
    assert scored(how, 0, [], []).sentence.en == "Somebody tried. There was nothing to try."
    nearly = scored(how, 1000, [Claim(n, "") for n in range(1000)], [False] + [True] * 999)
    assert "right 99% of the time" in nearly.sentence.en
