"""Tables and plans made ready for searches that may be ended at any time."""

from hypothesis import strategies as st

from mutuali.privacy.plan import Column, Diversity, Hierarchy, KAnonymity, Plan, Role
from mutuali.privacy.recode import histogram
from mutuali.privacy.recode.anytime import Anytime
from mutuali.privacy.recode.census import Census
from mutuali.privacy.recode.loss import Loss, ladder
from mutuali.privacy.recode.search import Scheme
from mutuali.privacy.text import to_csv
from tests.privacy import oracle
from tests.privacy.oracle import Row
from tests.privacy.test_search import arrow

Levels = tuple[int, ...]


class Case:
    """A table and its plan, ready to be searched as often as a test likes."""

    def __init__(
        self,
        table: list[Row] | histogram.Histogram,
        plan: Plan,
        population: list[Row] | None = None,
    ) -> None:
        self.plan = plan
        quasi = plan.named(Role.QUASI_IDENTIFIER)
        self.ladders = [ladder(column.generalization) for column in quasi]
        grouped = histogram.build(arrow(table), plan) if isinstance(table, list) else table
        outside = population and histogram.build_population(arrow(population), plan)
        self.census = Census(grouped, self.ladders, plan, outside or None)
        self.loss = Loss(quasi, self.ladders, self.census.leaves, self.census.rows, plan.mean)

    def search(self, looks: int = 300, start: Levels | None = None) -> Anytime:
        """A search that did not begin yet."""
        return Anytime(self.census, self.loss, self.plan, self.ladders, looks=looks, start=start)


def levels_of(plan: Plan) -> st.SearchStrategy[Levels]:
    """Any scheme."""
    tops = [column.generalization.top for column in plan.named(Role.QUASI_IDENTIFIER)]
    return st.tuples(*(st.integers(0, top) for top in tops))


def wide(rows: int, columns: int) -> tuple[list[Row], Plan]:
    """A made table with far too many schemes to try, and everything a plan can ask for."""
    chains = Hierarchy.bands(range(8), [range(0, 8, 2), (0, 4)])
    names = [f"q{n}" for n in range(columns)]
    # Rows near each other agree in most columns, so that classes form below the top.
    table: list[Row] = [
        {name: str((row * 7 // 8 // (n % 5 + 2) + n) % 8) for n, name in enumerate(names)}
        | {"lender": f"org{row % 9}", "borrower": f"org{row * row % 11}"}
        | {"state": ("good", "worn", "broken")[row % 3]}
        for row in range(rows)
    ]
    plan = Plan(
        version="1",
        columns=(
            *(Column(name, Role.QUASI_IDENTIFIER, chains) for name in names),
            Column("lender", Role.CONTRIBUTOR),
            Column("borrower", Role.CONTRIBUTOR),
            Column("state", Role.SENSITIVE),
        ),
        models=(KAnonymity(3), Diversity("state", 2, 0.75)),
        sides=("lender", "borrower"),
        suppression_limit=0.1,
    )
    return table, plan


def released(
    rows: list[Row], plan: Plan, found: Scheme, kept: list[int]
) -> tuple[bytes, list[int]]:
    """The bytes of a release under a scheme, made from the rows and chains alone."""
    quasi = plan.named(Role.QUASI_IDENTIFIER)
    lines = []
    for row in kept:
        labels = {
            column.name: oracle.chain(plan, column.name, rows[row][column.name])[level]
            for column, level in zip(quasi, found.levels, strict=True)
        }
        lines.append(({**rows[row], **labels}, row))
    lines.sort(key=lambda line: [line[0][name] or "" for name in plan.released])
    content: list[Row] = [{name: line[name] for name in plan.released} for line, _ in lines]
    return to_csv(arrow(content)), [row for _, row in lines]
