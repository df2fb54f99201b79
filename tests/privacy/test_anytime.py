"""Where not every scheme can be tried: never worse than the start, never below its own bound."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mutuali.privacy.check.remeasure import remeasure
from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import NothingToRelease
from mutuali.privacy.plan import (
    DeltaPresence,
    Diversity,
    KAnonymity,
    KMap,
    Mean,
    Model,
    Plan,
    Role,
)
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.anytime import Anytime, Progress
from mutuali.privacy.recode.apply import decide
from mutuali.privacy.recode.facets import Facet
from mutuali.privacy.recode.keyed import Keyed, Scores
from mutuali.privacy.recode.search import MOST_SCHEMES, Scheme
from mutuali.privacy.text import to_csv
from tests.privacy import adult, many_columns, oracle
from tests.privacy.oracle import Row
from tests.privacy.searched import Case, levels_of, released, wide
from tests.privacy.small_tables import failing_only_after_a_merge, tables
from tests.privacy.test_search import arrow

thorough = settings(max_examples=40, deadline=None, database=None)


@thorough
@given(tables(), st.integers(1, 300))
def test_what_is_found_keeps_the_plan_and_lies_between_the_bound_and_the_truth(
    table: tuple[list[Row], Plan], looks: int
) -> None:
    rows, plan = table
    case = Case(rows, plan)
    optimum = oracle.best(rows, plan)
    search = case.search(looks)

    try:
        found = search.run()
    except NothingToRelease:
        # Only models that a class may break by growing may fail at the top and hold elsewhere.
        assert optimum is None or len(plan.models) > 1
        assert optimum is None or search.bound <= optimum.loss + 1e-9
        return

    assert optimum is not None
    judged = oracle.judge(rows, plan, found.levels)
    assert judged.suppressed == found.suppressed <= plan.suppression_limit * len(rows) + 1e-9
    assert judged.loss == pytest.approx(case.loss.total(found.score), abs=1e-9)
    assert search.bound <= optimum.loss + 1e-9
    assert optimum.loss <= judged.loss


@thorough
@given(tables(), st.data())
def test_no_search_is_worse_than_its_start(
    table: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = table
    start = data.draw(levels_of(plan))
    judged = oracle.judge(rows, plan, start)
    assume(judged.suppressed <= plan.suppression_limit * len(rows) + 1e-9)
    case = Case(rows, plan)

    found = case.search(data.draw(st.integers(0, 20)), start).run()

    assert case.loss.total(found.score) <= judged.loss + 1e-9


@thorough
@given(tables())
def test_a_lattice_of_one_facet_is_solved_and_proved(table: tuple[list[Row], Plan]) -> None:
    rows, plan = table
    # Nothing is proved about models that a class may break by growing.
    sensitive = [column.name for column in plan.named(Role.SENSITIVE)]
    inherited = (Diversity(name, 2, most=1.0) for name in sensitive)
    plan = replace(plan, models=(KAnonymity(plan.k), *inherited))
    optimum = oracle.best(rows, plan)
    search = Case(rows, plan).search(looks=3_000)

    if optimum is None:
        with pytest.raises(NothingToRelease):
            search.run()
        assert search.bound == math.inf
        return
    found = search.run()

    assert search.looks < 3_000
    assert search.bound == pytest.approx(optimum.loss, abs=1e-9)
    assert oracle.judge(rows, plan, found.levels).loss == optimum.loss


@thorough
@given(tables(), st.data())
def test_models_of_a_population_and_of_the_whole_release_hold_as_well(
    table: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = table
    asked: list[Model] = [KMap(data.draw(st.integers(2, 5)))]
    if data.draw(st.booleans()):
        asked.append(DeltaPresence(data.draw(st.sampled_from([0, 0.2])), 0.8))
    plan = replace(plan, models=(*plan.models, *asked))
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    others = st.fixed_dictionaries(
        {
            c.name: st.sampled_from([None, *(row[0] for row in c.generalization.chains)])
            for c in quasi
        }
    )
    population = [*rows, *data.draw(st.lists(others, max_size=12))]
    everybody: list[Row] = [{c.name: person[c.name] for c in quasi} for person in population]
    optimum = oracle.best(rows, plan, population)
    case = Case(rows, plan, everybody)
    search = case.search()

    try:
        found = search.run()
    except NothingToRelease:
        assert optimum is None or search.bound <= optimum.loss + 1e-9
        return

    assert optimum is not None
    judged = oracle.judge(rows, plan, found.levels, population)
    assert judged.suppressed == found.suppressed
    assert judged.loss == pytest.approx(case.loss.total(found.score), abs=1e-9)
    assert search.bound <= optimum.loss + 1e-9


@thorough
@given(tables(), st.data())
def test_bounds_of_a_few_columns_at_a_time_add_up_to_no_more_than_the_optimum(
    table: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = table
    optimum = oracle.best(rows, plan)
    assume(optimum is not None)
    assert optimum is not None
    case = Case(rows, plan)
    keyed, scores = Keyed(case.census, plan, case.ladders), Scores(case.census, plan, case.ladders)
    shape = tuple(len(step.texts) for step in case.ladders)
    columns = data.draw(st.permutations(range(len(shape))))
    cut = data.draw(st.integers(0, len(shape) - 1))
    limit = math.floor(plan.suppression_limit * len(rows) + 1e-9)
    parts = [part for part in (columns[:cut], columns[cut:]) if part]
    facets = [Facet(keyed, scores, shape, part, limit) for part in parts]

    for facet in facets:
        for _ in range(math.prod(shape)):
            facet.step(lambda: False)

    bound = case.loss.total(sum(facet.bound for facet in facets))
    assert bound <= optimum.loss + 1e-9


def test_a_share_that_fails_only_after_a_merge_raises_no_bound() -> None:
    rows, plan = failing_only_after_a_merge()
    search = Case(rows, plan).search()

    found = search.run()

    assert found.levels == (0,)
    assert search.bound <= 0.8


@thorough
@given(tables(), st.data())
def test_quick_counts_never_say_too_much(
    table: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = table
    case = Case(rows, plan)
    keyed, scores = Keyed(case.census, plan, case.ladders), Scores(case.census, plan, case.ladders)
    start, levels = data.draw(levels_of(plan)), data.draw(levels_of(plan))
    key = keyed.key(start)
    for column, (old, new) in enumerate(zip(start, levels, strict=True)):
        key = keyed.moved(key, column, old, new)
    classes = case.census.classes(levels)
    failing = np.flatnonzero(case.census.failing(classes)[classes.of])

    known = keyed.failing_at_least(key)

    assert set(known) <= set(keyed.failing_for_good(key)) <= set(failing)
    assert set(keyed.failing(key, known)) == set(failing)
    score = scores.of(levels, failing)
    recoded = Scheme(levels, score, 0, classes, case.census.failing(classes))
    tuples = recoded.recoded(len(case.census.rows))
    assert score == pytest.approx(sum(case.loss.found(tuples.levels, tuples.kept)), abs=1e-12)
    assert scores.at_least(levels, scores.rows(failing)) <= score + 1e-12


def test_every_model_holds_in_a_release_made_with_it() -> None:
    rows, plan = wide(400, 16)
    case = Case(rows, plan)

    found = case.search(looks=4_000).run()

    # Rows are told apart by where they stand in the table.
    numbered: list[Row] = [{**row, "row": str(number)} for number, row in enumerate(rows)]
    kept = [
        int(str(row["row"]))
        for members in oracle.grouped(numbered, plan, found.levels).values()
        if oracle.safe(members, rows, plan)
        for row in members
    ]
    assert len(kept) == len(rows) - found.suppressed
    assert min(found.levels) < 3, "something is kept of at least one column"
    remeasure(*released(rows, plan, found, kept), rows, plan)


def test_a_lattice_too_large_for_the_search_is_released_by_looking_around() -> None:
    rows, plan = wide(100, 12)
    assert math.prod([4] * 12) > MOST_SCHEMES

    release = deidentify(arrow(rows), plan)

    assert release.report.loss < 1
    remeasure(to_csv(release.table), release.witness, rows, plan, claimed=release.report.measures())


def test_the_same_table_in_any_order_gives_the_same_scheme() -> None:
    rows, plan = wide(300, 16)

    first = Case(rows, plan).search(looks=2_000).run()
    again = Case(rows[::-1], plan).search(looks=2_000).run()

    assert first.rank == again.rank


def test_an_expired_search_stops_at_once_with_the_best_so_far() -> None:
    rows, plan = wide(300, 16)
    case = Case(rows, plan)
    top = case.search(looks=0).run()
    asked = 0

    def expired() -> bool:
        nonlocal asked
        asked += 1
        return asked > 200

    search = Anytime(case.census, case.loss, plan, case.ladders, expired=expired)
    found = search.run()

    assert top.levels == (3,) * 16
    assert 200 < asked < 220
    assert search.looks < 3_000
    assert found.rank < top.rank
    assert 0 < search.bound <= case.loss.total(found.score)


def test_progress_shows_a_loss_that_falls_and_a_bound_that_rises() -> None:
    rows, plan = wide(300, 16)
    case = Case(rows, plan)
    told: list[Progress] = []

    search = Anytime(case.census, case.loss, plan, case.ladders, looks=3_000, progress=told.append)
    found = search.run()

    losses, bounds = [p.loss for p in told], [p.bound for p in told]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > losses[-1] == case.loss.total(found.score)
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[-1] == search.bound <= losses[-1]
    assert told[-1].looks == search.looks
    assert told[-1].allowed == 3_000


def test_the_engine_tells_of_a_long_search_and_what_is_raised_ends_it() -> None:
    rows, plan = wide(100, 12)
    told: list[tuple[str, float]] = []

    def progress(stage: str, done: float) -> None:
        told.append((stage, done))
        if done > 0.05:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        decide(histogram.build(arrow(rows), plan), plan, told=progress)

    assert {stage for stage, _ in told} == {"search"}
    assert len(told) > 1
    assert [done for _, done in told] == sorted(done for _, done in told)


@adult.needed
@pytest.mark.parametrize(
    ("k", "limit", "optimum"), [(5, 0, 0.5732), (5, 0.05, 0.2419), (10, 0.02, 0.3423)]
)
def test_on_the_benchmark_table_it_finds_the_optimum_and_proves_it(
    k: int, limit: float, optimum: float
) -> None:
    columns = adult.quasi_identifiers()
    plan = Plan("adult", columns, (KAnonymity(k),), limit, mean=Mean.GEOMETRIC)
    case = Case(histogram.build(adult.adult(), plan), plan)
    search = case.search(looks=20_000)

    found = search.run()

    assert case.loss.total(found.score) == pytest.approx(optimum, abs=5e-5)
    assert search.bound == pytest.approx(case.loss.total(found.score), abs=1e-9)


@pytest.fixture(scope="module")
def accounts() -> Case:
    """The published table, grouped once for all tests."""
    table = many_columns.accounts()
    columns = many_columns.quasi_identifiers(table.column_names)
    plan = Plan("accounts", columns, (KAnonymity(5),), mean=Mean.GEOMETRIC)
    return Case(histogram.build(table, plan), plan)


@many_columns.needed
@pytest.mark.parametrize(("limit", "most"), [(0.05, 0.61), (1.0, 0.59)])
def test_of_fifty_million_million_schemes_it_finds_one_that_beats_the_published_ones(
    accounts: Case, limit: float, most: float
) -> None:
    plan = replace(accounts.plan, suppression_limit=limit)
    loss, tuples = accounts.loss, len(accounts.census.rows)
    search = Anytime(accounts.census, loss, plan, accounts.ladders, looks=1_500)

    found = search.run()

    # ARX's best heuristic reaches 0.6707 and 0.6152. A search that is drawn back to the best scheme
    # it knows stays at 0.6118.
    assert math.prod(len(step.texts) for step in accounts.ladders) == 49_478_023_249_920
    assert search.bound < loss.total(found.score) <= most
    recoded = found.recoded(tuples)
    again = loss.total(math.fsum(loss.found(recoded.levels, recoded.kept)))
    assert again == pytest.approx(loss.total(found.score), abs=1e-12)
    assert int(accounts.census.rows[recoded.kept].sum()) == 30_000 - found.suppressed
