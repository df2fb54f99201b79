"""What the parts of the report are made of; every text is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from mutuali.privacy.reporting.charts import Bar, Group, bars
from mutuali.privacy.wording import Language, number, percent, say


class Sheet:
    """Pieces of a page in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def pairs(self, title: str, finding: str, groups: Sequence[tuple[str, float, float]]) -> str:
        """Bars before and after, with their key."""
        return self.key() + bars(
            self.say(title),
            finding,
            [
                Group(
                    label,
                    (
                        Bar(before, self.percent(before), "before"),
                        Bar(after, self.percent(after), "after"),
                    ),
                )
                for label, before, after in groups
            ],
        )

    def key(self) -> str:
        """What the two colours are."""
        names = ((code, escape(self.say(code))) for code in ("before", "after"))
        spans = "".join(f'<span><i class="{code}"></i>{name}</span>' for code, name in names)
        return f'<p class="key">{spans}</p>'

    def section(self, title: str, finding: str, picture: str, table: str) -> str:
        """A heading, the finding as a sentence, the picture, and the table beside it."""
        return (
            f"<section><h2>{escape(self.say(title))}</h2><p>{escape(finding)}</p>"
            f'<div class="side"><div>{picture}</div><div>{table}</div></div></section>'
        )

    def table(
        self,
        head: Sequence[str],
        rows: Iterable[Sequence[str]],
        caption: str = "",
        words: tuple[int, ...] = (),
    ) -> str:
        """Rows whose first cell names them; ``words`` are columns of words, set to the left."""
        body = []
        for first, *cells in rows:
            row = "".join(
                f"<td{' class=words' if place in words else ''}>{escape(cell)}</td>"
                for place, cell in enumerate(cells, start=1)
            )
            body.append(f'<tr><th scope="row">{escape(first)}</th>{row}</tr>')
        said = f"<caption>{escape(caption)}</caption>" if caption else ""
        return f"<table>{said}{head_row(head, words)}<tbody>{''.join(body)}</tbody></table>"

    def say(self, code: str, **values: object) -> str:
        """The sentence of a code."""
        return say(code, self.language, **values)

    def number(self, value: float, digits: int = 0) -> str:
        """A number in the way of the language."""
        return number(value, self.language, digits)

    def percent(self, share: float, digits: int = 1) -> str:
        """A share, 0 to 1, as a percentage."""
        return percent(share, self.language, digits)


def head_row(names: Sequence[str], words: tuple[int, ...] = ()) -> str:
    """The names of the columns."""
    cells = "".join(
        f'<th scope="col"{" class=words" if place in words else ""}>{escape(name)}</th>'
        for place, name in enumerate(names)
    )
    return f"<thead><tr>{cells}</tr></thead>"
