"""The report of a release as one page that needs nothing else: no script, no font, no picture."""

from html import escape
from typing import TYPE_CHECKING

from mutuali.privacy.plan import Plan
from mutuali.privacy.report import Report
from mutuali.privacy.reporting.charts import Bar, Group, bars
from mutuali.privacy.reporting.parts import Sheet, head_row
from mutuali.privacy.reporting.questions import questions
from mutuali.privacy.reporting.style import STYLE
from mutuali.privacy.reporting.summary import counted, figures_of, level_words, model_words
from mutuali.privacy.wording import Count, Language

if TYPE_CHECKING:
    from mutuali.privacy.measures.risk import SizeDistribution
    from mutuali.privacy.measures.tables import BeforeAndAfter

#: Where a band of class sizes begins; the last has no end.
_BANDS = (1, 2, 5, 10, 20, 50, 100)


def page(report: Report, measures: "BeforeAndAfter", plan: Plan, language: Language) -> str:
    """The page, in one language; every text that comes from the plan or the table is escaped."""
    return _Page(report, measures, plan, language).html()


class _Page(Sheet):
    def __init__(
        self, report: Report, measures: "BeforeAndAfter", plan: Plan, language: Language
    ) -> None:
        super().__init__(language)
        self._report = report
        self._measures = measures
        self._plan = plan

    def html(self) -> str:
        title = self.say("report_title")
        parts = [
            self._figures(),
            self._sizes(),
            self._risk(),
            self._columns(),
            self._promises(),
            self._suppressed(),
            questions(self._measures.answers, self.language),
        ]
        smallest = min(self._report.sizes[1:] or self._report.sizes, key=lambda size: size.minimum)
        headline = self.say(
            "headline",
            out=self.number(self._report.rows_out),
            rows=self.number(self._report.rows_in),
            unit=counted(smallest.minimum, smallest.unit, self.language),
        )
        proof = self.say("proof", version=self._report.plan_version)
        return (
            f'<!doctype html>\n<html lang="{self.language.value}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(title)} · {escape(self._report.plan_version)}</title>"
            f"<style>{STYLE}</style></head><body><header>"
            f'<p class="kicker">{escape(title)}</p><h1>{escape(headline)}</h1></header>'
            f"<main>{''.join(parts)}</main><footer><h2>{escape(self.say('proof_title'))}</h2>"
            f"<p>{escape(proof)} <code>{escape(self._report.plan_hash)}</code></p></footer>"
            "</body></html>\n"
        )

    def _figures(self) -> str:
        report, before = self._report, self._measures.before
        was = max(risk.prosecutor.highest for risk in before.linkage)
        share = report.rows_suppressed / report.rows_in
        figures = [
            (self.number(report.rows_out), "figure_rows", ""),
            (
                self.percent(share),
                "figure_suppressed",
                counted(report.rows_suppressed, "rows", self.language),
            ),
            (
                self.percent(report.highest_risk),
                "figure_risk",
                self.say("was", value=self.percent(was)),
            ),
            (self.percent(report.loss), "figure_loss", ""),
        ]
        items = (
            f"<li><b>{escape(value)}</b> <span>{escape(self.say(code))}</span>"
            f"<small>{escape(more)}</small></li>"
            for value, code, more in figures
        )
        return f'<ul class="figures">{"".join(items)}</ul>'

    def _sizes(self) -> str:
        before, after = self._measures.before.sizes[0], self._measures.after.sizes[0]
        finding = self.say(
            "sizes_finding",
            before=self.percent(_alone(before)),
            after=self.percent(_alone(after)),
        )
        rows = [
            (_band(start, end), first, second)
            for (start, end), first, second in zip(
                _bands(), _by_band(before), _by_band(after), strict=True
            )
        ]
        groups = [
            (self.say("sizes_label", band=band), first, second) for band, first, second in rows
        ]
        table = self.table(
            [self.say("size_column"), self.say("before"), self.say("after")],
            [(band, self.percent(first), self.percent(second)) for band, first, second in rows],
            self.say("share_of_rows"),
        )
        return self.section(
            "sizes_title", finding, self.pairs("sizes_title", finding, groups), table
        )

    def _risk(self) -> str:
        before, after = self._measures.before, self._measures.after
        worst = max(risk.prosecutor.highest for risk in before.linkage)
        finding = self.say(
            "risk_finding",
            before=self.percent(worst),
            odds=self.number(round(1 / self._report.highest_risk)),
        )
        groups = []
        pairs = list(zip(before.linkage, after.linkage, strict=True))
        # Where k counts contributors, they are who could be recognized.
        for old, new in [pair for pair in pairs if pair[0].unit in self._plan.sides] or pairs[:1]:
            unit = "" if old.unit == "rows" else f" ({old.unit})"
            above = self.say("risk_above", threshold=self.percent(old.threshold))
            groups += [
                (self.say("risk_highest") + unit, old.prosecutor.highest, new.prosecutor.highest),
                (self.say("risk_average") + unit, old.prosecutor.average, new.prosecutor.average),
                (above + unit, old.prosecutor.above, new.prosecutor.above),
            ]
        for was, now in zip(before.inference, after.inference, strict=True):
            groups.append((self.say("risk_guess", column=was.column), was.highest, now.highest))
        table = self.table(
            [self.say("risk_column"), self.say("before"), self.say("after")],
            [(label, self.percent(a), self.percent(b)) for label, a, b in groups],
        )
        return self.section("risk_title", finding, self.pairs("risk_title", finding, groups), table)

    def _columns(self) -> str:
        columns = sorted(self._report.columns, key=lambda column: -column.loss)
        finding = self.say(
            "columns_finding",
            most=columns[0].name,
            loss=self.percent(columns[0].loss),
            least=columns[-1].name,
            least_loss=self.percent(columns[-1].loss),
        )
        picture = bars(
            self.say("columns_title"),
            finding,
            [
                Group(column.name, (Bar(column.loss, self.percent(column.loss), "one"),))
                for column in columns
            ],
        )
        table = self.table(
            [self.say("column"), self.say("level"), self.say("loss")],
            [(c.name, level_words(c, self.language), self.percent(c.loss)) for c in columns],
            words=(1,),
        )
        return self.section("columns_title", finding, picture, table)

    def _promises(self) -> str:
        report, plan = self._report, self._plan
        rows = []
        for size in report.sizes[1:] or report.sizes:
            what = self.say("promise_k", side=size.unit)
            if size.unit == "rows":
                what = self.say("promise_rows")
            rows.append((what, str(plan.k), str(size.minimum)))
            if plan.coalition and size.unit != "rows":
                least, found = str(plan.k - plan.coalition), str(size.minimum_without)
                without = self.say(
                    "promise_without", coalition=Count.of(plan.coalition, self.language)
                )
                rows.append((without, least, found))
        for model in report.models:
            rows.append((model_words(model, self.language), *figures_of(model, self.language)))
        gone = report.rows_suppressed / report.rows_in
        limit = self.percent(plan.suppression_limit)
        rows.append((self.say("promise_suppressed"), limit, self.percent(gone)))
        head = [self.say(code) for code in ("promise", "promised", "found")]
        body = "".join(
            f'<tr><th scope="row">{escape(what)}</th><td>{escape(asked)}</td><td>{escape(found)} '
            f'<span class="ok">✓ {escape(self.say("kept_word"))}</span></td></tr>'
            for what, asked, found in rows
        )
        return (
            f"<section><h2>{escape(self.say('promises_title'))}</h2>"
            f"<table>{head_row(head)}<tbody>{body}</tbody></table></section>"
        )

    def _suppressed(self) -> str:
        report = self._report
        limit = self.percent(self._plan.suppression_limit)
        share = report.rows_suppressed / report.rows_in
        sentence = (
            self.say(
                "suppressed_finding",
                suppressed=self.number(report.rows_suppressed),
                rows=self.number(report.rows_in),
                share=self.percent(share),
                limit=limit,
            )
            if report.rows_suppressed
            else self.say("suppressed_none", limit=limit)
        )
        title = self.say("suppressed_title")
        found = self.percent(share)
        picture = bars(
            title,
            sentence,
            [
                Group(self.say("figure_suppressed"), (Bar(share, found, "one"),)),
                Group(self.say("allowed"), (Bar(self._plan.suppression_limit, limit, "before"),)),
            ],
        )
        table = self.table(
            [self.say("rows_word"), self.say("share_of_rows")],
            [(self.say("figure_suppressed"), found), (self.say("allowed"), limit)],
        )
        return self.section("suppressed_title", sentence, picture, table)


def _bands() -> list[tuple[int, int | None]]:
    return list(zip(_BANDS, (*_BANDS[1:], None), strict=True))


def _band(start: int, end: int | None) -> str:
    if end is None:
        return f"{start}+"
    return str(start) if end == start + 1 else f"{start}–{end - 1}"


def _by_band(sizes: "SizeDistribution") -> list[float]:
    """The share of the rows in classes of each band."""
    total = max(sizes.total, 1)
    return [
        sum(
            size * classes
            for size, classes in sizes.by_size
            if start <= size and (end is None or size < end)
        )
        / total
        for start, end in _bands()
    ]


def _alone(sizes: "SizeDistribution") -> float:
    return sizes.uniques / max(sizes.total, 1)
