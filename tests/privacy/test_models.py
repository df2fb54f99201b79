"""Each privacy model says what its paper says, and what it lets the search skip is true."""

import itertools
import math
import operator
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from mutuali.privacy.check.remeasure import remeasure
from mutuali.privacy.engine import deidentify
from mutuali.privacy.errors import (
    BadPopulation,
    BadTable,
    NothingToRelease,
    PlanError,
    UnsafeOutput,
)
from mutuali.privacy.plan import (
    AttributeModel,
    BetaLikeness,
    Closeness,
    Column,
    DeltaDisclosure,
    DeltaPresence,
    Distance,
    Diversity,
    EntropyDiversity,
    Hierarchy,
    KAnonymity,
    KMap,
    Model,
    Plan,
    RecodingModel,
    RecursiveDiversity,
    Role,
)
from mutuali.privacy.recode.attribute_models import Judge
from mutuali.privacy.recode.census import Census
from mutuali.privacy.text import to_csv
from tests.privacy import oracle
from tests.privacy.oracle import Row
from tests.privacy.small_tables import KINDS, STATES, attribute_models, hierarchies, tables
from tests.privacy.test_search import arrow, census

SALARIES = tuple(f"{thousand}k" for thousand in range(3, 12))

counts_of_states = st.lists(st.integers(0, 6), min_size=4, max_size=4).filter(any)


def figure(model: AttributeModel, counts: Sequence[int], whole: Sequence[float]) -> float:
    texts = SALARIES if len(counts) == len(SALARIES) else STATES[: len(counts)]
    judge = Judge(model, np.array(whole), texts)
    return float(judge.figures(np.array([counts]))[-1].of_class[0])


@pytest.mark.parametrize(
    ("values", "distance"), [(("3k", "4k", "5k"), 0.375), (("6k", "8k", "11k"), 1 / 6)]
)
def test_salaries_are_as_far_from_the_table_as_in_the_paper_on_t_closeness(
    values: tuple[str, ...], distance: float
) -> None:
    model = Closeness("salary", 0.5, Distance.ORDERED, order=SALARIES)
    counts = [int(salary in values) for salary in SALARIES]

    assert figure(model, counts, [1 / 9] * 9) == pytest.approx(distance)


@given(counts_of_states, st.lists(st.integers(1, 6), min_size=4, max_size=4))
@settings(max_examples=60, deadline=None)
def test_closeness_is_the_cheapest_way_to_move_one_distribution_onto_the_other(
    counts: list[int], table: list[int]
) -> None:
    whole = [count / sum(table) for count in table]
    have = [count / sum(counts) for count in counts]
    chains = {chain[0]: chain for chain in KINDS.chains}
    pairs = [(a, b) for a in STATES for b in STATES]
    for model, price in (
        (Closeness("state", 0.5), [float(a != b) for a, b in pairs]),
        (
            Closeness("state", 0.5, Distance.ORDERED, order=STATES),
            [abs(STATES.index(a) - STATES.index(b)) / 3 for a, b in pairs],
        ),
        (
            Closeness("state", 0.5, Distance.HIERARCHICAL, hierarchy=KINDS),
            [sum(map(operator.ne, chains[a], chains[b])) / 2 for a, b in pairs],
        ),
    ):
        from_each = np.kron(np.eye(4), np.ones(4))
        to_each = np.kron(np.ones(4), np.eye(4))
        moved = linprog(price, A_eq=np.vstack((from_each, to_each)), b_eq=have + whole)
        assert figure(model, counts, whole) == pytest.approx(moved.fun, abs=1e-9)


@pytest.mark.parametrize(
    ("model", "counts", "expected"),
    [
        (EntropyDiversity("state", 2), [3, 3, 0, 0], 2),
        (EntropyDiversity("state", 2), [5, 0, 0, 0], 1),
        (RecursiveDiversity("state", 3, 2), [6, 2, 1, 0], 2),
        (RecursiveDiversity("state", 3, 3), [6, 2, 1, 0], 6),
        (RecursiveDiversity("state", 3, 3), [6, 2, 0, 0], math.inf),
        (DeltaDisclosure("state", 1), [1, 1, 0, 0], 1),
        (DeltaDisclosure("state", 1), [7, 1, 0, 0], math.log2(3.5)),
        (BetaLikeness("state", 1), [3, 1, 0, 0], 2),
        (BetaLikeness("state", 1, enhanced=True), [2, 1, 1, 0], 1),
        (BetaLikeness("state", 1, enhanced=True), [3, 1, 0, 0], math.inf),
        (Diversity("state", 1, 0.5), [3, 1, 0, 0], 0.75),
    ],
)
def test_a_class_just_keeps_the_figure_that_its_counts_give(
    model: AttributeModel, counts: list[int], expected: float
) -> None:
    assert figure(model, counts, [0.25] * 4) == pytest.approx(expected)


@given(attribute_models(), counts_of_states)
@settings(max_examples=200, deadline=None)
def test_no_part_of_a_class_that_keeps_a_model_is_larger_than_the_bound(
    models: list[AttributeModel], counts: list[int]
) -> None:
    whole = np.array([0.4, 0.3, 0.2, 0.1])
    parts = itertools.product(*(range(count + 1) for count in counts))
    subsets = np.array([part for part in parts if any(part)])
    for model in models:
        judge = Judge(model, whole, STATES)
        if judge.ceilings is None:
            continue
        kept = judge.keeps(subsets)
        largest = int(subsets[kept].sum(axis=1).max(initial=0))
        bound = int(judge.ceilings.most_kept(np.array([counts]))[0])
        assert largest <= bound
        if isinstance(model, BetaLikeness | Closeness):
            assert (bound == sum(counts)) is bool(judge.keeps(np.array([counts]))[0])


@given(tables(), st.data())
@settings(max_examples=100, deadline=None)
def test_rows_that_are_surely_lost_are_lost_in_every_finer_scheme(
    case: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = case
    plan = replace(plan, sides=())
    tops = [column.generalization.top for column in plan.named(Role.QUASI_IDENTIFIER)]
    coarse = [data.draw(st.integers(0, top)) for top in tops]
    fine = [data.draw(st.integers(0, level)) for level in coarse]
    counted = census(rows, plan)
    above, below = counted.classes(coarse), counted.classes(fine)

    failing = counted.failing_for_good(above)
    lost = counted.surely_lost(above, failing)

    out = below.rows[counted.failing(below)].sum()
    assert out >= above.rows[failing].sum() + lost.sum()


@given(tables(), st.data())
@settings(max_examples=100, deadline=None)
def test_against_a_population_the_scheme_is_still_the_best_of_all(
    case: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = case
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    more = st.fixed_dictionaries(
        {
            c.name: st.sampled_from([None, *(chain[0] for chain in c.generalization.chains)])
            for c in quasi
        }
    )
    population = [*rows, *data.draw(st.lists(more, max_size=12))]
    asked: list[Model] = [KMap(data.draw(st.integers(2, 5)))]
    if data.draw(st.booleans()):
        low = data.draw(st.sampled_from([0, 0.2]))
        asked.append(DeltaPresence(low, data.draw(st.sampled_from([0.5, 0.8, 1]))))
    plan = replace(plan, models=(*plan.models, *asked))
    answer = oracle.best(rows, plan, population)
    everybody = arrow([{c.name: person[c.name] for c in quasi} for person in population])
    if answer is None or answer.suppressed == len(rows):
        with pytest.raises(NothingToRelease):
            deidentify(arrow(rows), plan, population=everybody)
        return

    release = deidentify(arrow(rows), plan, population=everybody)

    assert tuple(column.level for column in release.report.columns) == answer.levels
    assert release.report.rows_suppressed == answer.suppressed
    remeasure(
        to_csv(release.table),
        release.witness,
        rows,
        plan,
        population=population,
        claimed=release.report.measures(),
    )


def test_a_population_that_lacks_somebody_of_the_table_is_refused() -> None:
    plan = plan_of(KAnonymity(2), DeltaPresence(0, 0.5))
    rows = arrow([{"q": "a"}, {"q": "a"}])

    with pytest.raises(BadPopulation, match="none was given"):
        deidentify(rows, plan)
    with pytest.raises(BadPopulation, match="does not contain"):
        deidentify(rows, plan, population=arrow([{"q": "a"}]))


def test_without_everybody_under_a_label_a_least_presence_is_not_kept() -> None:
    rows: list[Row] = [{"q": "a"}, {"q": "a"}]
    population: list[Row] = [*rows, *rows, {"q": "b"}]
    above_nothing, above_some = (
        plan_of(KAnonymity(2), DeltaPresence(low, 0.5)) for low in (0, 0.1)
    )

    finest = deidentify(arrow(rows), above_nothing, population=arrow(population)).report
    coarser = deidentify(arrow(rows), above_some, population=arrow(population)).report

    assert (finest.columns[0].level, coarser.columns[0].level) == (0, 1)


def plan_of(*models: Model, **more: object) -> Plan:
    q = Column("q", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"], "b": ["*"]}))
    return Plan("1", (q,), models, **more)  # type: ignore[arg-type]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(3, 8)), min_size=4, max_size=20),
    st.integers(1, 3),
)
@settings(max_examples=150, deadline=None)
def test_no_coalition_takes_more_than_is_said_and_one_member_exactly_that(
    meetings: list[tuple[int, int]], coalition: int
) -> None:
    rows: list[Row] = [{"q": "a", "one": f"p{one}", "two": f"p{two}"} for one, two in meetings]
    plan = met("one", "two", k=4, coalition=coalition)
    counted = census(rows, replace(plan, sides=("one", "two")))
    classes = counted.classes((1,))
    people = {row[side] for row in rows for side in ("one", "two")}
    for unit in ("one", "two", None):
        left = counted.without(classes, unit, among=classes.rows > 0, coalition=coalition)[0]
        rest = min(
            len({row[unit] for row in kept}) if unit else len(kept)
            for gone in itertools.combinations(people, min(coalition, len(people)))
            for kept in [[row for row in rows if not {row["one"], row["two"]} & {*gone}]]
        )
        assert left <= rest
        if coalition == 1:
            assert left == rest


def met(*people: str, k: int, coalition: int = 1) -> Plan:
    """Who met in each row; the second, or only, side is counted."""
    q = Column("q", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"]}))
    columns = (q, *(Column(name, Role.CONTRIBUTOR) for name in people))
    return Plan("1", columns, (KAnonymity(k),), sides=people[-1:], coalition=coalition)


def test_two_members_together_take_what_neither_takes_alone() -> None:
    pairs = [("l1", "b2"), ("l2", "b3"), ("l1", "b4"), ("l2", "b4"), ("l3", "b1"), ("l4", "b1")]
    rows: list[Row] = [{"q": "a", "lender": one, "borrower": two} for one, two in pairs]

    release = deidentify(arrow(rows), met("lender", "borrower", k=4))

    two = met("lender", "borrower", k=4, coalition=2)
    assert [size.minimum_without for size in release.report.sizes] == [4, 3]
    with pytest.raises(NothingToRelease):
        deidentify(arrow(rows), two)
    with pytest.raises(UnsafeOutput, match="4 on 'borrower', 1 without the worst"):
        remeasure(to_csv(release.table), release.witness, rows, two)


def test_two_names_of_one_contributor_count_once() -> None:
    rows: list[Row] = [{"q": "a", "lender": name} for name in ("Kitchen", "kitchen", "Bank")]
    plan, aliases = met("lender", k=3), {"kitchen": "Kitchen"}

    release = deidentify(arrow(rows), plan)

    assert release.report.sizes[1].minimum == 3
    with pytest.raises(NothingToRelease):
        deidentify(arrow(rows), plan, aliases=aliases)
    with pytest.raises(UnsafeOutput, match="2 on 'lender'"):
        remeasure(to_csv(release.table), release.witness, rows, plan, aliases=aliases)


@given(tables(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_fixed_scheme_leaves_as_it_stands_in_the_plan_whatever_the_rows(
    case: tuple[list[Row], Plan], data: st.DataObject
) -> None:
    rows, plan = case
    levels = []
    columns = []
    for column in plan.columns:
        if column.role is Role.QUASI_IDENTIFIER:
            levels.append(data.draw(st.integers(0, column.generalization.top)))
            column = replace(column, level=column.generalization.names[levels[-1]])
        columns.append(column)
    plan = replace(plan, columns=tuple(columns), recoding=RecodingModel.FIXED)
    answer = oracle.judge(rows, plan, tuple(levels))
    if answer.suppressed > plan.suppression_limit * len(rows) or answer.suppressed == len(rows):
        with pytest.raises(NothingToRelease):
            deidentify(arrow(rows), plan)
        return

    release = deidentify(arrow(rows), plan)

    assert [column.level for column in release.report.columns] == levels
    assert release.report.loss == pytest.approx(answer.loss, abs=1e-9)
    remeasure(to_csv(release.table), release.witness, rows, plan, claimed=release.report.measures())


@given(hierarchies())
def test_a_fixed_scheme_names_every_level_and_no_other_plan_does(hierarchy: Hierarchy) -> None:
    q = Column("q", Role.QUASI_IDENTIFIER, hierarchy)
    named = replace(q, level=hierarchy.names[-1])

    Plan("1", (named,), (KAnonymity(2),), recoding=RecodingModel.FIXED)
    for column, recoding in ((q, RecodingModel.FIXED), (named, RecodingModel.LOCAL)):
        with pytest.raises(PlanError, match="names the level of each"):
            Plan("1", (column,), (KAnonymity(2),), recoding=recoding)
    with pytest.raises(PlanError, match="no level 'nowhere'"):
        replace(q, level="nowhere")


def test_a_value_that_a_distance_does_not_know_is_named() -> None:
    plan = Plan(
        "1",
        (
            Column("q", Role.QUASI_IDENTIFIER, Hierarchy.of({"a": ["*"]})),
            Column("state", Role.SENSITIVE),
        ),
        (KAnonymity(2), Closeness("state", 0.5, Distance.ORDERED, order=("good", "worn"))),
    )

    with pytest.raises(BadTable, match="knows no value 'odd'") as refusal:
        deidentify(arrow([{"q": "a", "state": "good"}, {"q": "a", "state": "odd"}]), plan)

    assert refusal.value.column == "state"


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (lambda: KMap(1), "nobody is hidden"),
        (lambda: DeltaPresence(0.5, 0.2), "low <= high"),
        (lambda: EntropyDiversity("state", 0.5), "below 1"),
        (lambda: RecursiveDiversity("state", 1, 1), "l >= 2"),
        (lambda: Closeness("state", 1), "0 <= t < 1"),
        (lambda: Closeness("state", 0.1, Distance.ORDERED), "an order of values"),
        (lambda: Closeness("state", 0.1, Distance.HIERARCHICAL), "a hierarchy for"),
        (lambda: Closeness("s", 0.1, Distance.ORDERED, order=("a", "a")), "names a value twice"),
        (lambda: DeltaDisclosure("state", 0), "not above 0"),
        (lambda: BetaLikeness("state", -1), "not above 0"),
    ],
)
def test_a_model_that_means_nothing_is_refused(broken: object, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        broken()  # type: ignore[operator]


def test_the_census_of_a_plan_without_sensitive_columns_loses_nothing() -> None:
    counted: Census = census([{"q": "a"}, {"q": "b"}], plan_of(KAnonymity(2)))
    classes = counted.classes((0,))

    assert not counted.counts_rows_of_values
    assert counted.surely_lost(classes, classes.rows < 0).sum() == 0


def test_what_most_rows_say_is_not_hidden_by_one_other_row_of_each_contributor() -> None:
    rows: list[Row] = [
        {"q": "a", "lender": f"org{number % 5}", "state": "late" if number >= 5 else "on time"}
        for number in range(50)
    ]
    plan = met("lender", k=3)
    columns = (*plan.columns, Column("state", Role.SENSITIVE))
    # Half of the pairs of lender and state are punctual, and nine loans in ten are late.
    in_pairs = replace(plan, columns=columns, models=(*plan.models, Diversity("state", 2, 0.6)))
    in_rows = replace(in_pairs, models=(*plan.models, Diversity("state", 2, 0.9)))

    found = {model.unit: model.figure for model in deidentify(arrow(rows), in_rows).report.models}

    assert found == {"rows": 0.9, "lender": 0.5}
    with pytest.raises(NothingToRelease):
        deidentify(arrow(rows), in_pairs)
