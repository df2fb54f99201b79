"""Plans written in TOML: what they become, and everything that is wrong with one at once."""

import datetime

import pytest

from mutuali.privacy.plan import (
    MODELS,
    AverageRisk,
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
    Mean,
    Model,
    Plan,
    RecodingModel,
    RecursiveDiversity,
    Role,
)
from mutuali.privacy.plans.problems import PlanProblems, Problem
from mutuali.privacy.plans.reading import (
    CountRules,
    PlanFile,
    read_aliases,
    read_plan,
)
from mutuali.privacy.plans.sections import line_numbers
from mutuali.privacy.reporting.refusals import problem_sentence
from mutuali.privacy.wording import SENTENCES, Language

FILES = {
    "kinds.csv": b"fridge;cold;*\nfreezer;cold;*\ntruck;wheels;*\n;none;*\n",
    "aliases.csv": b"alias,canonical\nMoisson Inc.,Moisson\n",
    "fsa.csv": b"fsa,borough\nH2S,Villeray\nH2S,Rosemont\n",
    "codes.csv": b"H2X 1Y4\nH2R\n",
}

WHOLE = """
version = "loans-1"
suppression_limit = 0.1
mean = "geometric"
recoding = "local"
sides = ["lender"]
coalition = 0
aliases = "aliases.csv"

[columns.phone]
role = "identifier"

[columns.lender]
role = "contributor"

[columns.kind]
role = "quasi-identifier"
weight = 2
hierarchy = "kinds.csv"

[columns."age (years)"]
role = "quasi-identifier"
intervals = { widths = [5, 20], bottom = 20 }
domain = { from = 17, to = 40 }

[columns.state]
role = "sensitive"

[[models]]
model = "k-anonymity"
k = 3

[[models]]
model = "diversity"
column = "state"
most = 1

[questions]
counts = ["kind"]
cross_counts = [["kind", "state"]]
shares = [{ of = "state", value = "good", by = "kind" }]
trends = ["age (years)"]

[table]
k = 3
base = 5
"""


def problems(text: str, **files: bytes) -> list[Problem]:
    with pytest.raises(PlanProblems) as refusal:
        read_plan(text, {**FILES, **files})
    return list(refusal.value.problems)


def generalized(lines: str, *values: str) -> Hierarchy:
    """The hierarchy of a column with these lines in its table; ``values`` are in the table."""
    text = f"""
version = "1"
[columns.x]
role = "quasi-identifier"
{lines}
[[models]]
model = "k-anonymity"
k = 2
"""
    return read_plan(text, FILES, lambda _: values).plan.columns[0].generalization


def test_a_plan_file_becomes_the_plan_that_python_would_make() -> None:
    found = read_plan(WHOLE, FILES)

    kinds = [("fridge", "cold", "*"), ("freezer", "cold", "*"), ("truck", "wheels", "*")]
    ages = found.plan.columns[3].generalization
    assert found.plan == Plan(
        version="loans-1",
        columns=(
            Column("phone", Role.IDENTIFIER),
            Column("lender", Role.CONTRIBUTOR),
            Column(
                "kind",
                Role.QUASI_IDENTIFIER,
                Hierarchy.table([*kinds, (None, "none", "*")]),
                2.0,
            ),
            Column("age (years)", Role.QUASI_IDENTIFIER, ages),
            Column("state", Role.SENSITIVE),
        ),
        models=(KAnonymity(3), Diversity("state", most=1.0)),
        suppression_limit=0.1,
        sides=("lender",),
        coalition=0,
        mean=Mean.GEOMETRIC,
        recoding=RecodingModel.LOCAL,
    )
    assert ages.chains[0] == ("17", "<20", "<20", "*")
    assert found.aliases == {"Moisson Inc.": "Moisson"}
    assert [q.kind.value for q in found.questions] == ["counts", "cross counts", "share", "trend"]
    assert found.counts == CountRules(k=3, base=5)


def test_layout_of_the_file_does_not_change_the_hash() -> None:
    other = WHOLE.replace("suppression_limit = 0.1\n", "").replace(
        'version = "loans-1"', "suppression_limit = 0.10 # as agreed\nversion = 'loans-1'"
    )

    assert read_plan(other, FILES).plan.hash == read_plan(WHOLE, FILES).plan.hash


def test_every_problem_is_told_at_once_with_its_line() -> None:
    found = problems(
        """\
version = 3
sidez = ["lender"]
[columns.kind]
role = "quasi"
[columns.age]
role = "quasi-identifier"
weight = "much"
intervals = { widths = [5, 12] }
domain = { from = 0, to = 99 }
[columns.place]
role = "quasi-identifier"
hierarchy = "nowhere.csv"
[[models]]
model = "k-anonymity"
[[models]]
model = "magic"
"""
    )

    assert [(p.code, ".".join(p.place), p.line) for p in found] == [
        ("wrong_type", "version", 1),
        ("unknown_choice", "columns.kind.role", 4),
        ("widths_not_nested", "columns.age.intervals", 8),
        ("wrong_type", "columns.age.weight", 7),
        ("no_such_file", "columns.place.hierarchy", 12),
        ("missing_key", "models.1.k", 13),
        ("unknown_model", "models.2.model", 16),
        ("unknown_key", "sidez", 2),
    ]


@pytest.mark.parametrize("language", Language)
def test_every_problem_has_its_sentence(language: Language) -> None:
    found = problems('version = 1\nx = 2\n[columns.a]\nrole = "b"\nhierarchy = "n"\n[[models]]\n')

    for problem in found:
        sentence = problem_sentence(problem, language)
        assert "{" not in sentence
        assert problem.place[-1] in sentence
    assert all(len(set(both)) == 2 or code in ("other",) for code, both in SENTENCES.items())


def test_what_is_no_toml_says_where() -> None:
    (problem,) = problems('version = "1\n')

    assert problem.code == "not_toml"
    assert "line 1" in str(problem.details["reason"])


def test_a_plan_that_contradicts_itself_is_told_as_such() -> None:
    (problem,) = problems(WHOLE.replace('sides = ["lender"]', 'sides = ["kind"]'))

    assert problem.code == "bad_plan"
    assert "'kind' is not a contributor" in str(problem.details["reason"])


def test_a_broken_hierarchy_is_told_by_file_and_line() -> None:
    (problem,) = problems(WHOLE, **{"kinds.csv": b"a;x;*\nb;y;*\na;x;*\n"})

    assert problem.code == "bad_chain"
    assert (problem.details["file"], problem.details["line"]) == ("kinds.csv", 3)
    (problem,) = problems(WHOLE, **{"kinds.csv": b"a;x;1;*\n\nb;x;2;*\n"})
    assert problem.details["line"] == 3
    assert "not nested" in str(problem.details["reason"])
    (problem,) = problems(WHOLE, **{"kinds.csv": b'a;"x;*\n'})
    assert problem.code == "open_quote"


@pytest.mark.parametrize(
    "data",
    [b"a,x,*\nb,y,*\n", b'\xef\xbb\xbf"a";"x";"*"\r\n"b";"y";"*"\r\n', b"a\tx\t*\nb\ty\t*"],
)
def test_a_hierarchy_is_read_in_any_usual_layout(data: bytes) -> None:
    found = read_plan(WHOLE, {**FILES, "kinds.csv": data})

    assert found.plan.columns[2].generalization.chains == (("a", "x", "*"), ("b", "y", "*"))


@pytest.mark.parametrize(
    ("data", "chains"),
    [
        (b"a;x;9\nb;x;9\n", (("a", "x", "*"), ("b", "x", "*"))),
        (b"a;x\nb;y\n", (("a", "x", "*"), ("b", "y", "*"))),
        (b"a\nb\n", (("a", "*"), ("b", "*"))),
    ],
)
def test_a_last_label_of_all_stands_for_the_star_and_a_missing_star_is_added(
    data: bytes, chains: tuple[tuple[str, ...], ...]
) -> None:
    found = read_plan(WHOLE, {**FILES, "kinds.csv": data})

    assert found.plan.columns[2].generalization.chains == chains


def test_a_star_that_only_some_lines_have_is_a_mistake() -> None:
    (problem,) = problems(WHOLE, **{"kinds.csv": b"a;x;*\nb;x;*\nc;y;z\n"})

    assert (problem.code, problem.details["line"]) == ("bad_chain", 3)


def test_levels_and_delimiter_can_be_declared() -> None:
    text = WHOLE.replace(
        'hierarchy = "kinds.csv"',
        'hierarchy = { file = "odd.csv", delimiter = "|", names = ["kind", "use", "all"] }',
    )

    found = read_plan(text, {**FILES, "odd.csv": b"a;b|x,y|*\n"})

    assert found.plan.columns[2].generalization.names == ("kind", "use", "all")
    assert found.plan.columns[2].generalization.chains == (("a;b", "x,y", "*"),)


def test_each_kind_of_rule_is_asked_for_by_its_key() -> None:
    days = 'dates = ["month", "year"]\ndomain = { from = 2026-01-30, to = 2026-02-02 }'
    assert generalized(days).chains[0] == ("2026-01-30", "2026-01", "2026", "*")
    times = 'times = ["half-day"]\ndomain = { from = 11:59:00, to = 12:00:00 }'
    assert [c[1] for c in generalized(times).chains] == ["00:00-11:59", "12:00-23:59"]
    assert generalized('prefixes = [3, 1]\ndomain = "table"', "H2X").chains[0][1] == "H2X"
    codes = 'mask = { keep = [3], with = "#" }\ndomain = { file = "codes.csv" }'
    assert generalized(codes).chains[-1] == ("H2X 1Y4", "H2X####", "*")
    bands = 'bands = { order = ["S", "M", "L"], starts = [["L"]] }'
    assert generalized(bands).chains[0] == ("S", "S-M", "*")
    cover = 'cover_sets = [{ name = "boroughs", file = "fsa.csv", of = "fsa", in = "borough" }]'
    assert generalized(cover).chains == (("H2S", "Rosemont|Villeray", "*"),)


def test_a_declared_domain_does_not_depend_on_the_table() -> None:
    rule = "intervals = { widths = [10] }\n"

    declared = [
        generalized(rule + "domain = { from = 0, to = 99 }", *values)
        for values in (("1",), ("1", "95"))
    ]
    taken = [generalized(rule + 'domain = "table"', *values) for values in (("1",), ("1", "95"))]

    assert declared[0] == declared[1]
    assert taken[0] != taken[1]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("intervals = { widths = [5] }", "domain_needed"),
        ('intervals = { widths = [5] }\ndomain = "all"', "domain_needed"),
        ("intervals = { widths = [5] }\ndomain = { values = [] }", "empty_domain"),
        ("intervals = { widths = [5] }\ndomain = { values = [1, 1] }", "value_twice"),
        ("intervals = { widths = [5] }\ndomain = { from = 9, to = 1 }", "bad_range"),
        ('intervals = { widths = [5] }\ndomain = { from = 1, to = "9" }', "bad_range"),
        ("intervals = { widths = [5] }\ndomain = { from = 0, to = 9999999 }", "domain_too_long"),
        ('dates = ["week", "month"]\ndomain = { values = ["2026-01-01"] }', "week_crosses"),
        ('prefixes = [3]\nhierarchy = "kinds.csv"', "one_of"),
        ('hierarchy = "kinds.csv"\ndomain = "table"', "unknown_key"),
        ('bands = { order = ["a"], starts = [["b"]] }', "bad_hierarchy"),
        ("mask = { keep = [1], sign = 2 }\ndomain = { values = [1] }", "unknown_key"),
        ('cover_sets = [{ name = "b", file = "fsa.csv", of = "fsa" }]', "missing_key"),
        ('weight = 1\nhierarchy = ["kinds.csv"]', "wrong_type"),
        ("", "bad_column"),
    ],
)
def test_a_rule_that_cannot_be_built_is_told_in_its_column(lines: str, code: str) -> None:
    with pytest.raises(PlanProblems) as refusal:
        generalized(lines)

    told = refusal.value.problems
    assert code in {problem.code for problem in told}
    assert all(problem.place[:2] == ("columns", "x") for problem in told)
    assert all(problem_sentence(problem, Language.FR) for problem in told)


def test_columns_that_the_table_lacks_are_told_with_all_else() -> None:
    with pytest.raises(PlanProblems) as refusal:
        read_plan(WHOLE.replace("weight = 2", "wait = 2"), FILES, known=["phone", "kind", "state"])

    assert [(p.code, p.place[-1], p.line) for p in refusal.value.problems] == [
        ("missing_column", "lender", 13),
        ("unknown_key", "wait", 18),
        ("missing_column", "age (years)", 21),
    ]


def test_a_domain_from_the_table_needs_a_table() -> None:
    text = '[columns.x]\nrole = "quasi-identifier"\nprefixes = [1]\ndomain = "table"\n'

    assert "no_table_here" in {p.code for p in problems(f'version = "1"\n{text}')}


def test_aliases_lead_to_one_name_each() -> None:
    assert read_aliases(b"alias;name\na;x\nb;x\na;x\n") == {"a": "x", "b": "x"}
    for data, code in (
        (b"alias,name\na,x\na,y\n", "alias_of_two"),
        (b"alias,name\na,x\nx,y\n", "alias_of_alias"),
        (b"alias,name\na,x,y\n", "line_length"),
    ):
        (problem,) = problems(WHOLE, **{"aliases.csv": data})
        assert (problem.code, problem.place) == (code, ("aliases",))


def test_lines_are_known_for_tables_keys_and_elements() -> None:
    text = 'a = 1\n[b."c d"]\n  e.f = 2 # x\n[[g]]\nh = 3\n[[g]]\nh = 4\n'

    assert line_numbers(text) == {
        ("a",): 1,
        ("b", "c d"): 2,
        ("b", "c d", "e", "f"): 3,
        ("g", "1"): 4,
        ("g", "1", "h"): 5,
        ("g", "2"): 6,
        ("g", "2", "h"): 7,
    }


@pytest.mark.parametrize(
    ("lines", "model"),
    [
        ('model = "k-map"\nk = 4', KMap(4)),
        ('model = "delta-presence"\nlow = 0\nhigh = 0.5', DeltaPresence(0.0, 0.5)),
        ('model = "average-risk"\nmost = 0.1', AverageRisk(0.1)),
        ('model = "entropy-diversity"\ncolumn = "s"\nl = 2', EntropyDiversity("s", 2.0)),
        (
            'model = "recursive-diversity"\ncolumn = "s"\nc = 2\nl = 3',
            RecursiveDiversity("s", 2.0, 3),
        ),
        ('model = "delta-disclosure"\ncolumn = "s"\ndelta = 1.5', DeltaDisclosure("s", 1.5)),
        (
            'model = "beta-likeness"\ncolumn = "s"\nbeta = 1\nenhanced = true',
            BetaLikeness("s", 1.0, enhanced=True),
        ),
        ('model = "t-closeness"\ncolumn = "s"\nt = 0.3', Closeness("s", 0.3)),
        (
            'model = "t-closeness"\ncolumn = "s"\nt = 0\ndistance = "ordered"\norder = ["a", ""]',
            Closeness("s", 0.0, Distance.ORDERED, ("a", None)),
        ),
        (
            'model = "t-closeness"\ncolumn = "s"\nt = 0.3\ndistance = "hierarchical"\n'
            'hierarchy = "kinds.csv"',
            Closeness(
                "s",
                0.3,
                Distance.HIERARCHICAL,
                hierarchy=Hierarchy.table(
                    [
                        ("fridge", "cold", "*"),
                        ("freezer", "cold", "*"),
                        ("truck", "wheels", "*"),
                        ("", "none", "*"),
                    ]
                ),
            ),
        ),
    ],
)
def test_every_model_is_read_by_its_name_and_fields(lines: str, model: Model) -> None:
    watched = 'role = "sensitive"' if hasattr(model, "column") else 'role = "plain"'
    text = f"""
version = "1"
[columns.kind]
role = "quasi-identifier"
hierarchy = "kinds.csv"
[columns.s]
{watched}
[[models]]
model = "k-anonymity"
k = 2
[[models]]
{lines}
"""

    assert read_plan(text, FILES).plan.models == (KAnonymity(2), model)


def test_all_models_of_the_registry_are_tried_above() -> None:
    (marks,) = test_every_model_is_read_by_its_name_and_fields.pytestmark  # type: ignore[attr-defined]
    tried = {model.name for _, model in marks.args[1]}

    assert tried | {"k-anonymity", "diversity"} == set(MODELS)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ('model = "t-closeness"\ncolumn = "s"\nt = 2', "bad_model"),
        ('model = "t-closeness"\ncolumn = "s"\nt = "far"', "wrong_type"),
        ('model = "t-closeness"\ncolumn = "s"\nt = 0.1\ndistance = "near"', "unknown_choice"),
        ('model = "t-closeness"\ncolumn = "s"\nt = 0.1\norder = [1]', "wrong_elements"),
        ('model = "beta-likeness"\ncolumn = "s"\nbeta = 1\nenhanced = 1', "wrong_type"),
        ('model = "k-map"\nk = 4\ncolumn = "s"', "unknown_key"),
    ],
)
def test_a_model_that_does_not_fit_is_told(lines: str, code: str) -> None:
    found = problems(f'version = "1"\n[columns.s]\nrole = "plain"\n[[models]]\n{lines}\n')

    assert [(p.code, p.place[:2]) for p in found] == [(code, ("models", "1"))]


def test_dates_in_a_domain_are_days_not_instants() -> None:
    noon = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC).isoformat()
    lines = f'dates = ["month"]\ndomain = {{ from = {noon}, to = 2026-02-01 }}'

    with pytest.raises(PlanProblems, match="bad_range"):
        generalized(lines)


def test_an_empty_plan_file_lacks_everything() -> None:
    assert {p.code for p in problems("")} == {"missing_key"}
    assert isinstance(read_plan(WHOLE, FILES), PlanFile)
