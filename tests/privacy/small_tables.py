"""Small random tables with their plans, for hypothesis."""

from hypothesis import strategies as st

from mutuali.privacy.plan import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    Column,
    DeltaDisclosure,
    Distance,
    Diversity,
    EntropyDiversity,
    Hierarchy,
    KAnonymity,
    Mean,
    Model,
    Plan,
    RecursiveDiversity,
    Role,
)
from tests.privacy.oracle import Row


@st.composite
def hierarchies(draw: st.DrawFn) -> Hierarchy:
    """Two to four levels over one to five leaves, nested, with or without a chain for NA."""
    leaves: list[str | None] = [f"leaf{n}" for n in range(draw(st.integers(1, 5)))]
    if draw(st.booleans()):
        leaves.append(None)
    chains: list[list[str | None]] = [[leaf] for leaf in leaves]
    for level in range(draw(st.integers(0, 2))):
        below = list(dict.fromkeys(chain[-1] for chain in chains))
        groups = {label: draw(st.integers(0, 2)) for label in below}
        for chain in chains:
            chain.append(f"{level}.{groups[chain[-1]]}")
    return Hierarchy.table([(*chain, "*") for chain in chains])


#: What the sensitive column holds; the names of a spreadsheet's formulas too.
STATES = (None, "good", "worn", "=broken")

#: Which states are alike.
KINDS = Hierarchy.of(
    {
        None: ["?", "*"],
        "good": ["whole", "*"],
        "worn": ["whole", "*"],
        "=broken": ["?", "*"],
    }
)


@st.composite
def attribute_models(draw: st.DrawFn) -> list[Model]:
    """One or two models of the sensitive column."""
    share = draw(st.sampled_from([0.3, 0.5, 0.75, 0.95]))
    choices: list[Model] = [
        Diversity("state", draw(st.integers(1, 3)), max(share, 0.5)),
        EntropyDiversity("state", draw(st.sampled_from([1.2, 2, 2.5]))),
        RecursiveDiversity("state", draw(st.sampled_from([0.5, 1, 3])), draw(st.integers(2, 3))),
        DeltaDisclosure("state", draw(st.sampled_from([0.5, 1, 2]))),
        BetaLikeness("state", share, draw(st.booleans())),
        draw(
            st.sampled_from(
                [
                    Closeness("state", share),
                    Closeness("state", share, Distance.ORDERED, order=STATES),
                    Closeness("state", share, Distance.HIERARCHICAL, hierarchy=KINDS),
                ]
            )
        ),
    ]
    return draw(st.lists(st.sampled_from(choices), min_size=1, max_size=2, unique_by=type))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Row], Plan]:
    """One to 24 rows of one to three quasi-identifiers, and any plan for them."""
    quasi = [
        Column(f"q{n}", Role.QUASI_IDENTIFIER, draw(hierarchies()), draw(st.sampled_from([1, 2.5])))
        for n in range(draw(st.integers(1, 3)))
    ]
    contributors = draw(st.sampled_from([(), ("lender",), ("lender", "borrower")]))
    sides = tuple(side for side in contributors if draw(st.booleans()))
    models: list[Model] = [KAnonymity(draw(st.integers(2, 3)))]
    columns = [*quasi, *(Column(name, Role.CONTRIBUTOR) for name in contributors)]
    if draw(st.booleans()):
        columns.append(Column("state", Role.SENSITIVE))
        models += draw(attribute_models())
    if draw(st.booleans()) and draw(st.booleans()):
        models.append(AverageRisk(draw(st.sampled_from([0.2, 0.4]))))
    columns.append(Column("note", Role.PLAIN))
    plan = Plan(
        version="1",
        columns=tuple(columns),
        models=tuple(models),
        suppression_limit=draw(st.sampled_from([0, 0.1, 0.35, 1])),
        sides=sides,
        coalition=draw(st.sampled_from([0, 1])),
        mean=draw(st.sampled_from(Mean)),
    )
    values: dict[str, st.SearchStrategy[str | None]] = {
        column.name: st.sampled_from([None, *(c[0] for c in column.generalization.chains)])
        for column in quasi
    }
    values |= {name: st.sampled_from([f"org{n}" for n in range(5)]) for name in contributors}
    values["state"] = st.sampled_from(STATES)
    values["note"] = st.sampled_from(["", "a", 'b,"'])
    count = draw(st.integers(1, 24))
    return draw(st.lists(st.fixed_dictionaries(values), min_size=count, max_size=count)), plan


def failing_only_after_a_merge() -> tuple[list[Row], Plan]:
    """Ten rows of which the middle level fails altogether, while the finest keeps the plan."""
    hierarchy = Hierarchy.of({"a": ["ab", "*"], "b": ["ab", "*"]})
    plan = Plan(
        version="1",
        columns=(
            Column("q", Role.QUASI_IDENTIFIER, hierarchy),
            Column("state", Role.SENSITIVE),
        ),
        models=(KAnonymity(2), Diversity("state", distinct=1, most=0.75)),
        suppression_limit=0.8,
    )
    rows: list[Row] = [
        *({"q": "a", "state": state} for state in ("good", "worn")),
        *({"q": "b", "state": "good"} for _ in range(8)),
    ]
    return rows, plan
