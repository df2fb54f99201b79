"""The questions of an analyst in the report: each answered on the raw and the released rows."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from mutuali.privacy.reporting.charts import Bar, Group, bars
from mutuali.privacy.reporting.parts import Sheet
from mutuali.privacy.wording import Language

if TYPE_CHECKING:
    from mutuali.privacy.measures.usefulness import Answer

#: More groups of an answer are not shown.
_MOST_GROUPS = 12


def questions(answers: "Sequence[Answer]", language: Language) -> str:
    """A section with every answer; empty where nothing was asked."""
    if not answers:
        return ""
    sheet = _Answers(language)
    title = escape(sheet.say("questions_title"))
    return f"<section><h2>{title}</h2>{''.join(map(sheet.answer, answers))}</section>"


class _Answers(Sheet):
    def answer(self, answer: "Answer") -> str:
        """One question with both of its answers."""
        asked = answer.question
        codes = {"cross counts": "question_cross"}
        title = self.say(
            codes.get(asked.kind.value, f"question_{asked.kind.value}"),
            by=asked.by[0],
            and_by=asked.by[-1],
            of=asked.of,
            value=asked.value if asked.value is not None else self.say("missing"),
        )
        # A trend keeps the order of its periods; elsewhere the largest groups are told first.
        ordered = list(answer.groups)
        if asked.kind.value != "trend":
            ordered.sort(key=lambda group: -group.raw_rows)
        shown = ordered[:_MOST_GROUPS]
        finding = self.say(
            "question_apart",
            difference=self.percent(answer.difference),
            worst=self.percent(answer.worst),
            raw_groups=self.number(answer.raw_groups),
            groups=self.number(len(ordered)),
        )
        if len(shown) < len(ordered):
            finding += " " + self.say("more_groups", shown=len(shown), groups=len(ordered))
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
        table = self.table(
            [self.say("group"), self.say("before"), self.say("after")],
            [
                (label, self._figure(a, share=is_share), self._figure(b, share=is_share))
                for label, a, b in rows
            ],
        )
        return (
            f"<h3>{escape(title)}</h3><p>{escape(finding)}</p>"
            f'{self.key()}<div class="side">{bars(title, finding, groups)}<div>{table}</div></div>'
        )

    def _text(self, label: str | None) -> str:
        return self.say("missing") if label is None else label

    def _figure(self, value: float | None, *, share: bool) -> str:
        if value is None:
            return "–"
        if share:
            return self.percent(value)
        return self.number(value, 0 if value == round(value) else 2)
