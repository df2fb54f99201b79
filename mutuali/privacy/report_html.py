"""The report of a release as one page that needs nothing else: no script, no font, no picture."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from mutuali.privacy.plan import KAnonymity, Plan
from mutuali.privacy.report import Report
from mutuali.privacy.report_charts import Bar, Group, bars
from mutuali.privacy.report_style import STYLE
from mutuali.privacy.summary import counted, level_words
from mutuali.privacy.wording import Language, number, percent, say

if TYPE_CHECKING:
    from mutuali.privacy.measures.risk import SizeDistribution
    from mutuali.privacy.measures.tables import BeforeAndAfter
    from mutuali.privacy.measures.usefulness import Answer

#: Where a band of class sizes begins; the last has no end.
_BANDS = (1, 2, 5, 10, 20, 50, 100)

#: More groups of an answer are not shown.
_MOST_GROUPS = 12


def page(report: Report, measures: "BeforeAndAfter", plan: Plan, language: Language) -> str:
    """The page, in one language; every text that comes from the plan or the table is escaped."""
    return _Page(report, measures, plan, language).html()


class _Page:
    def __init__(
        self, report: Report, measures: "BeforeAndAfter", plan: Plan, language: Language
    ) -> None:
        self._report = report
        self._measures = measures
        self._plan = plan
        self._language = language

    def html(self) -> str:
        title = self._say("report_title")
        parts = [
            self._figures(),
            self._sizes(),
            self._risk(),
            self._columns(),
            self._promises(),
            self._suppressed(),
            self._questions(),
        ]
        smallest = min(self._report.sizes[1:] or self._report.sizes, key=lambda size: size.minimum)
        headline = self._say(
            "headline",
            out=self._number(self._report.rows_out),
            rows=self._number(self._report.rows_in),
            unit=counted(smallest.minimum, smallest.unit, self._language),
        )
        proof = self._say("proof", version=self._report.plan_version)
        return (
            f'<!doctype html>\n<html lang="{self._language.value}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{escape(title)} · {escape(self._report.plan_version)}</title>"
            f"<style>{STYLE}</style></head><body><header>"
            f'<p class="kicker">{escape(title)}</p><h1>{escape(headline)}</h1></header>'
            f"<main>{''.join(parts)}</main><footer><h2>{escape(self._say('proof_title'))}</h2>"
            f"<p>{escape(proof)} <code>{escape(self._report.plan_hash)}</code></p></footer>"
            "</body></html>\n"
        )

    def _figures(self) -> str:
        report, before = self._report, self._measures.before
        was = max(risk.prosecutor.highest for risk in before.linkage)
        share = report.rows_suppressed / report.rows_in
        figures = [
            (self._number(report.rows_out), "figure_rows", ""),
            (self._percent(share), "figure_suppressed", self._number(report.rows_suppressed)),
            (
                self._percent(report.highest_risk),
                "figure_risk",
                self._say("was", value=self._percent(was)),
            ),
            (self._percent(report.loss), "figure_loss", ""),
        ]
        items = (
            f"<li><b>{escape(value)}</b> <span>{escape(self._say(code))}</span>"
            f"<small>{escape(more)}</small></li>"
            for value, code, more in figures
        )
        return f'<ul class="figures">{"".join(items)}</ul>'

    def _sizes(self) -> str:
        before, after = self._measures.before.sizes[0], self._measures.after.sizes[0]
        finding = self._say(
            "sizes_finding",
            before=self._percent(_alone(before)),
            after=self._percent(_alone(after)),
        )
        rows = [
            (_band(start, end), first, second)
            for (start, end), first, second in zip(
                _bands(), _by_band(before), _by_band(after), strict=True
            )
        ]
        groups = [
            (self._say("sizes_label", band=band), first, second) for band, first, second in rows
        ]
        table = self._table(
            [self._say("size_column"), self._say("before"), self._say("after")],
            [(band, self._percent(first), self._percent(second)) for band, first, second in rows],
            self._say("share_of_rows"),
        )
        return self._section(
            "sizes_title", finding, self._pairs("sizes_title", finding, groups), table
        )

    def _risk(self) -> str:
        before, after = self._measures.before, self._measures.after
        worst = max(risk.prosecutor.highest for risk in before.linkage)
        finding = self._say(
            "risk_finding",
            before=self._percent(worst),
            odds=self._number(round(1 / self._report.highest_risk)),
        )
        groups = []
        for old, new in zip(before.linkage, after.linkage, strict=True):
            unit = "" if old.unit == "rows" else f" ({old.unit})"
            above = self._say("risk_above", threshold=self._percent(old.threshold))
            groups += [
                (self._say("risk_highest") + unit, old.prosecutor.highest, new.prosecutor.highest),
                (self._say("risk_average") + unit, old.prosecutor.average, new.prosecutor.average),
                (above + unit, old.prosecutor.above, new.prosecutor.above),
            ]
        for was, now in zip(before.inference, after.inference, strict=True):
            groups.append((self._say("risk_guess", column=was.column), was.highest, now.highest))
        table = self._table(
            [self._say("risk_column"), self._say("before"), self._say("after")],
            [(label, self._percent(a), self._percent(b)) for label, a, b in groups],
        )
        return self._section(
            "risk_title", finding, self._pairs("risk_title", finding, groups), table
        )

    def _columns(self) -> str:
        columns = sorted(self._report.columns, key=lambda column: -column.loss)
        finding = self._say(
            "columns_finding",
            most=columns[0].name,
            loss=self._percent(columns[0].loss),
            least=columns[-1].name,
            least_loss=self._percent(columns[-1].loss),
        )
        picture = bars(
            self._say("columns_title"),
            finding,
            [
                Group(column.name, (Bar(column.loss, self._percent(column.loss), "one"),))
                for column in columns
            ],
        )
        table = self._table(
            [self._say("column"), self._say("level"), self._say("loss")],
            [(c.name, level_words(c, self._language), self._percent(c.loss)) for c in columns],
            words=(1,),
        )
        return self._section("columns_title", finding, picture, table)

    def _promises(self) -> str:
        report, plan = self._report, self._plan
        rows = []
        for size in report.sizes[1:] or report.sizes:
            what = self._say("promise_k", side=size.unit)
            if size.unit == "rows":
                what = self._say("promise_rows")
            rows.append((what, str(plan.k), str(size.minimum)))
            if plan.coalition:
                least, found = str(plan.k - plan.coalition), str(size.minimum_without)
                rows.append((self._say("promise_without"), least, found))
        for model, variety in zip(plan.diversities, report.diversity, strict=True):
            name = model.column
            distinct, share = str(model.distinct), self._percent(model.most)
            rows += [
                (
                    self._say("promise_distinct", column=name),
                    distinct,
                    str(variety.minimum_distinct),
                ),
                (
                    self._say("promise_most", column=name),
                    share,
                    self._percent(variety.highest_share),
                ),
            ]
        gone = report.rows_suppressed / report.rows_in
        limit = self._percent(plan.suppression_limit)
        rows.append((self._say("promise_suppressed"), limit, self._percent(gone, 2)))
        head = [self._say(code) for code in ("promise", "promised", "found")]
        body = "".join(
            f'<tr><th scope="row">{escape(what)}</th><td>{escape(asked)}</td><td>{escape(found)} '
            f'<span class="ok">✓ {escape(self._say("kept_word"))}</span></td></tr>'
            for what, asked, found in rows
        )
        others = "".join(
            f"<p>{escape(self._say('other_model', model=str(model)))}</p>"
            for model in plan.models
            if not isinstance(model, KAnonymity) and model not in plan.diversities
        )
        return (
            f"<section><h2>{escape(self._say('promises_title'))}</h2>"
            f"<table>{_head(head)}<tbody>{body}</tbody></table>{others}</section>"
        )

    def _suppressed(self) -> str:
        report = self._report
        limit = self._percent(self._plan.suppression_limit)
        share = report.rows_suppressed / report.rows_in
        sentence = (
            self._say(
                "suppressed_finding",
                suppressed=self._number(report.rows_suppressed),
                rows=self._number(report.rows_in),
                share=self._percent(share),
                limit=limit,
            )
            if report.rows_suppressed
            else self._say("suppressed_none", limit=limit)
        )
        title = escape(self._say("suppressed_title"))
        return f"<section><h2>{title}</h2><p>{escape(sentence)}</p></section>"

    def _questions(self) -> str:
        if not self._measures.answers:
            return ""
        title = escape(self._say("questions_title"))
        parts = "".join(self._answer(answer) for answer in self._measures.answers)
        return f"<section><h2>{title}</h2>{parts}</section>"

    def _answer(self, answer: "Answer") -> str:
        asked = answer.question
        codes = {"cross counts": "question_cross"}
        title = self._say(
            codes.get(asked.kind.value, f"question_{asked.kind.value}"),
            by=asked.by[0],
            and_by=asked.by[-1],
            of=asked.of,
            value=asked.value if asked.value is not None else self._say("missing"),
        )
        # A trend keeps the order of its periods; elsewhere the largest groups are told first.
        ordered = list(answer.groups)
        if asked.kind.value != "trend":
            ordered.sort(key=lambda group: -group.raw_rows)
        shown = ordered[:_MOST_GROUPS]
        finding = self._say(
            "question_apart",
            difference=self._percent(answer.difference),
            worst=self._percent(answer.worst),
            raw_groups=self._number(answer.raw_groups),
            groups=self._number(len(ordered)),
        )
        if len(shown) < len(ordered):
            finding += " " + self._say("more_groups", shown=len(shown), groups=len(ordered))
        scale = (
            max((v for g in shown for v in (g.raw, g.released) if v is not None), default=0) or 1
        )
        rows = [
            (" × ".join(self._text(label) for label in group.labels), group.raw, group.released)
            for group in shown
        ]
        is_share = asked.kind.value == "share"
        groups = [
            Group(
                label,
                (
                    Bar((raw or 0) / scale, self._figure(raw, share=is_share), "before"),
                    Bar((released or 0) / scale, self._figure(released, share=is_share), "after"),
                ),
            )
            for label, raw, released in rows
        ]
        table = self._table(
            [self._say("group"), self._say("before"), self._say("after")],
            [
                (label, self._figure(a, share=is_share), self._figure(b, share=is_share))
                for label, a, b in rows
            ],
        )
        return (
            f"<h3>{escape(title)}</h3><p>{escape(finding)}</p>"
            f'{self._key()}<div class="side">{bars(title, finding, groups)}<div>{table}</div></div>'
        )

    def _text(self, label: str | None) -> str:
        return self._say("missing") if label is None else label

    def _figure(self, value: float | None, *, share: bool) -> str:
        if value is None:
            return "–"
        if share:
            return self._percent(value)
        return self._number(value, 0 if value == round(value) else 2)

    def _pairs(self, title: str, finding: str, groups: Sequence[tuple[str, float, float]]) -> str:
        return self._key() + bars(
            self._say(title),
            finding,
            [
                Group(
                    label,
                    (
                        Bar(before, self._percent(before), "before"),
                        Bar(after, self._percent(after), "after"),
                    ),
                )
                for label, before, after in groups
            ],
        )

    def _key(self) -> str:
        names = ((code, escape(self._say(code))) for code in ("before", "after"))
        spans = "".join(f'<span><i class="{code}"></i>{name}</span>' for code, name in names)
        return f'<p class="key">{spans}</p>'

    def _section(self, title: str, finding: str, picture: str, table: str) -> str:
        return (
            f"<section><h2>{escape(self._say(title))}</h2><p>{escape(finding)}</p>"
            f'<div class="side"><div>{picture}</div><div>{table}</div></div></section>'
        )

    def _table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        caption: str = "",
        words: tuple[int, ...] = (),
    ) -> str:
        body = []
        for first, *cells in rows:
            row = "".join(
                f'<td class="words">{escape(cell)}</td>'
                if place in words
                else f"<td>{escape(cell)}</td>"
                for place, cell in enumerate(cells, start=1)
            )
            body.append(f'<tr><th scope="row">{escape(first)}</th>{row}</tr>')
        said = f"<caption>{escape(caption)}</caption>" if caption else ""
        return f"<table>{said}{_head(head, words)}<tbody>{''.join(body)}</tbody></table>"

    def _say(self, code: str, **values: object) -> str:
        return say(code, self._language, **values)

    def _number(self, value: float, digits: int = 0) -> str:
        return number(value, self._language, digits)

    def _percent(self, share: float, digits: int = 1) -> str:
        return percent(share, self._language, digits)


def _head(names: Sequence[str], words: tuple[int, ...] = ()) -> str:
    cells = "".join(
        f'<th scope="col"{" class=words" if place in words else ""}>{escape(name)}</th>'
        for place, name in enumerate(names)
    )
    return f"<thead><tr>{cells}</tr></thead>"


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
