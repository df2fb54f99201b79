"""A table before and after: the figures of the parts, from the right rows."""

import json
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import BadPopulation
from mutuali.privacy.measures import usefulness
from mutuali.privacy.measures.grouping import values_of
from mutuali.privacy.measures.tables import Assumptions, BeforeAndAfter, measure_before_and_after
from mutuali.privacy.measures.uniqueness import Outcome
from mutuali.privacy.plan import Column, Hierarchy, KAnonymity, Plan, Role
from mutuali.privacy.report import Release
from tests.privacy.lookalike import loan_plan, loans
from tests.privacy.recoded import Recoded, recoded

TABLE = loans(700, 40, 60)
PLAN = loan_plan("lender", "borrower", limit=0.3)


@pytest.fixture(scope="module")
def release() -> Release:
    return deidentify(TABLE, PLAN)


@pytest.fixture(scope="module")
def found(release: Release) -> BeforeAndAfter:
    return measure_before_and_after(
        TABLE,
        release.table,
        release.witness,
        PLAN,
        assumptions=Assumptions(fraction=0.25),
        questions=[usefulness.counts("q0"), usefulness.mean("units", by="q5")],
    )


def test_what_the_engine_reports_is_measured_from_outside(
    release: Release, found: BeforeAndAfter
) -> None:
    report = release.report

    assert found.plan_hash == report.plan_hash
    assert (found.before.rows, found.after.rows) == (report.rows_in, report.rows_out)
    for claimed, measured in zip(report.sizes, found.after.sizes, strict=True):
        assert (measured.unit, measured.minimum) == (claimed.unit, claimed.minimum)
        assert measured.median == claimed.median
    assert found.quality.loss == pytest.approx(report.loss)
    assert max(risk.prosecutor.highest for risk in found.after.linkage) == report.highest_risk


def test_a_release_makes_every_attack_harder(found: BeforeAndAfter) -> None:
    before, after = found.before, found.after

    for raw, released in zip(before.linkage, after.linkage, strict=True):
        assert released.prosecutor.highest <= raw.prosecutor.highest
        assert released.prosecutor.average <= raw.prosecutor.average
    assert before.linkage[0].journalist is not None
    assert after.special_uniques.msus == 0 < before.special_uniques.msus
    assert after.inference[0].certain == 0 < before.inference[0].certain
    assert all(part.highest < 1 for part in after.dominance)
    assert after.uniques[0].uniques == 0
    assert before.uniques[0].outcome is Outcome.ESTIMATED
    # The same population behind both tables, although rows were suppressed.
    assert before.uniques[0].population == after.uniques[0].population == 2800


def test_everything_is_ready_for_json(found: BeforeAndAfter) -> None:
    content = json.loads(json.dumps(found.to_dict()))

    assert set(content) == {"plan_hash", "before", "after", "quality", "answers"}
    assert json.dumps(content["before"]) == json.dumps(found.before.to_dict())
    assert content["answers"][0]["question"]["kind"] == "counts"


@settings(max_examples=40, deadline=None)
@given(recoded(), st.data())
def test_a_journalist_faces_all_whom_the_labels_cover(case: Recoded, data: st.DataObject) -> None:
    plan = Plan("1", case.columns, (KAnonymity(2),), 1)
    more = data.draw(st.integers(0, 12))
    chains = [
        [*column, *(data.draw(st.sampled_from(c.generalization.chains)) for _ in range(more))]
        for column, c in zip(case.chains, case.columns, strict=True)
    ]
    names = [column.name for column in case.columns]
    population = pa.table(
        {
            name: pa.array([chain[0] for chain in column], pa.string())
            for name, column in zip(names, chains, strict=True)
        }
    )

    found = measure_before_and_after(
        case.raw,
        case.released,
        case.witness,
        plan,
        assumptions=Assumptions(population=population, threshold=0.3),
    )

    width = range(len(case.columns))
    for side, measures in ((0, found.before), (1, found.after)):
        rows = [n for n, gone in enumerate(case.suppressed) if not (side and gone)]
        levels = {n: [case.level(n, place) if side else 0 for place in width] for n in rows}
        behind = [
            sum(
                all(chains[p][m][levels[n][p]] == chains[p][n][levels[n][p]] for p in width)
                for m in range(population.num_rows)
            )
            for n in rows
        ]
        lines = Counter(tuple(chains[p][n][levels[n][p]] for p in width) for n in rows)
        risk = measures.linkage[0]
        assert risk.journalist is not None
        assert risk.marketer == pytest.approx(sum(1 / n for n in behind) / max(len(rows), 1))
        assert risk.journalist.highest == max((1 / n for n in behind), default=0)
        assert risk.journalist.above == sum(1 / n > 0.3 for n in behind) / max(len(rows), 1)
        assert risk.prosecutor.average == pytest.approx(len(lines) / max(len(rows), 1))
        assert risk.journalist.average <= risk.prosecutor.average + 1e-12


def test_whom_the_population_misses_is_refused(release: Release) -> None:
    with pytest.raises(BadPopulation, match="fewer members"):
        measure_before_and_after(
            TABLE,
            release.table,
            release.witness,
            PLAN,
            assumptions=Assumptions(population=TABLE.slice(0, 600)),
        )
    with pytest.raises(BadPopulation, match="not both"):
        Assumptions(population=TABLE, fraction=0.5)
    with pytest.raises(BadPopulation, match="at most 1"):
        Assumptions(fraction=2)


def test_a_table_that_nothing_left_is_still_measured() -> None:
    column = Column("q", Role.QUASI_IDENTIFIER, Hierarchy.table([("a", "*"), ("b", "*")]))
    plan = Plan("1", (Column("org", Role.CONTRIBUTOR), column), (KAnonymity(2),), 1)
    raw = pa.table({"org": ["x", "y"], "q": ["a", "b"]})

    found = measure_before_and_after(
        raw,
        raw.select(["q"]).slice(0, 0),
        np.array([], dtype=np.int64),
        plan,
        assumptions=Assumptions(fraction=0.5),
        questions=[usefulness.counts("q")],
    )

    assert (found.after.rows, found.after.linkage[0].prosecutor.highest) == (0, 0)
    assert (found.quality.loss, found.answers[0].difference) == (1, 1)
    assert found.after.uniques == ()


def test_a_column_of_numbered_words_says_what_the_words_spelled_out_say() -> None:
    parts = (
        pa.DictionaryArray.from_arrays(pa.array([2, 0, None, 1]), pa.array(["b", "", "a", "z"])),
        pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, 2]), pa.array(["c", "a", None])),
    )
    numbered = pa.table({"column": pa.chunked_array(parts)})
    spelled = pa.table({"column": numbered.column("column").cast(pa.string())})
    assert spelled.column("column").to_pylist() == ["a", "b", None, "", "c", "a", "c", None]
    found, plain = values_of(numbered, "column"), values_of(spelled, "column")
    assert found.texts == plain.texts == ("a", "b", None, "c")
    assert found.codes.tolist() == plain.codes.tolist() == [0, 1, 2, 2, 3, 0, 3, 2]
