"""The report as a page: what it says is true, and nothing in it can run or reach out."""

import dataclasses
import re
import unicodedata
from html.parser import HTMLParser

import pyarrow as pa
import pytest

from mutuali.privacy.engine import deidentify
from mutuali.privacy.measures import usefulness
from mutuali.privacy.measures.tables import BeforeAndAfter, measure_before_and_after
from mutuali.privacy.plan import Column, Hierarchy, KAnonymity, Plan, RecodingModel, Role
from mutuali.privacy.report import Release
from mutuali.privacy.reporting.page import page
from mutuali.privacy.wording import Count, Language, number, percent, typeset
from tests.privacy.lookalike import loan_plan, loans

TABLE = loans(700, 40, 60)
PLAN = loan_plan("lender", "borrower", limit=0.3)
QUESTIONS = (
    usefulness.counts("q0"),
    usefulness.cross_counts("q3", "q5"),
    usefulness.mean("units", by="q5"),
    usefulness.share("state", "s1", by="q3"),
    usefulness.trend("q6"),
)

#: What stands alone in HTML.
_VOID = {"meta", "rect", "br"}


class Outline(HTMLParser):
    """What opens and closes, and the text in between."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def release() -> Release:
    return deidentify(TABLE, PLAN)


@pytest.fixture(scope="module")
def measures(release: Release) -> BeforeAndAfter:
    return measure_before_and_after(
        TABLE, release.table, release.witness, PLAN, questions=QUESTIONS
    )


@pytest.mark.parametrize("language", Language)
def test_the_page_is_whole_and_stands_alone(
    release: Release, measures: BeforeAndAfter, language: Language
) -> None:
    text = page(release.report, measures, PLAN, language)
    outline = Outline(text)

    assert outline.open == []
    assert ("lang", language.value) in outline.attributes
    assert not {"script", "link", "img", "iframe", "object"} & set(outline.tags)
    assert not {name for name, _ in outline.attributes if name.startswith("on")}
    assert not re.search(r"https?:|url\(|@import|{[a-z_]+}", text)
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("svg") == outline.tags.count("desc") == 4 + len(QUESTIONS)
    assert outline.tags.count("table") == outline.tags.count("svg") + 1


def test_the_page_says_what_the_report_says(release: Release, measures: BeforeAndAfter) -> None:
    report = release.report
    words = " ".join(Outline(page(report, measures, PLAN, Language.EN)).words)

    assert f"{report.rows_out} of 700 rows can leave: each hides among at least" in words
    assert report.plan_hash in words
    assert percent(report.highest_risk, Language.EN) in words
    assert f"{report.rows_suppressed} of 700 rows" in words
    for column in report.columns:
        assert column.name in words
        assert percent(column.loss, Language.EN) in words
    assert words.count("✓ kept") == 11
    answer = measures.answers[2]
    assert f"{answer.groups[0].raw:.2f}" in words


def test_hostile_names_and_labels_are_only_text() -> None:
    evil = '<script>alert("x")</script>&amp;\'"'
    values = [f'{evil}{n}"><img src=x onerror=1>' for n in range(3)]
    chains = [(value, f"{value}!", "<i>all", "*") for value in values]
    hierarchy = Hierarchy.table(chains, ("<i>1", "<i>2", "<i>3", "<i>4"))
    column = Column(evil, Role.QUASI_IDENTIFIER, hierarchy)
    plan = Plan(f"v{evil}", (column, Column("</table>", Role.PLAIN)), (KAnonymity(2),))
    table = pa.table({evil: [*values[:1] * 7, *values[1:]], "</table>": ["<b>"] * 9})
    release = deidentify(table, plan)
    measures = measure_before_and_after(
        table,
        release.table,
        release.witness,
        plan,
        questions=[usefulness.counts(evil), usefulness.counts("</table>")],
    )

    for language in Language:
        text = page(release.report, measures, plan, language)
        outline = Outline(text)
        assert outline.open == []
        assert not {"script", "img"} & set(outline.tags)
        assert "<i>3, " in "".join(outline.words)  # the name of the level
        assert outline.tags.count("i") == 2 * text.count('<p class="key">')
        assert outline.tags.count("b") == 4  # the figures at the top, and none of the table's
        assert any(evil in word for word in outline.words)


def test_local_recoding_says_from_which_level_to_which() -> None:
    plan = dataclasses.replace(PLAN, recoding=RecodingModel.LOCAL)
    release = deidentify(TABLE, plan)
    measures = measure_before_and_after(TABLE, release.table, release.witness, plan)

    assert "by group" in page(release.report, measures, plan, Language.EN)
    assert "question" not in page(release.report, measures, plan, Language.EN).split("</style>")[1]


def test_numbers_are_said_as_each_language_says_them() -> None:
    assert number(12345.678, Language.FR, 1) == "12\u00a0345,7"
    assert number(12345.678, Language.EN, 1) == "12,345.7"
    assert percent(0.25, Language.FR) == "25\u00a0%"
    assert [percent(share, Language.EN) for share in (0, 0.0001, 0.9999, 1)] == [
        "0%",
        "<0.1%",
        ">99.9%",
        "100%",
    ]
    assert f"{Count.of(0, Language.FR):ligne|lignes}" == "0 ligne"
    assert f"{Count.of(0, Language.EN):row|rows}" == "0 rows"
    assert f"{Count.of(1200, Language.FR):ligne|lignes}" == "1\u00a0200 lignes"


def test_french_does_not_break_before_its_colons_or_inside_its_quotes() -> None:
    said = typeset("« x » : 5 %", Language.FR)

    assert [unicodedata.name(c) for c in said if not c.isalnum() and c.isspace()] == [
        "NO-BREAK SPACE"
    ] * 3 + ["SPACE", "NO-BREAK SPACE"]
