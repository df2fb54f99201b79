"""The prose of a page, as its reader meets it: what is said in sentences, and nothing else."""

from collections.abc import Sequence
from html.parser import HTMLParser

#: Elements that hold a sentence of ours.
_SAYS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "dd", "summary", "figcaption"})
#: What is no prose: navigation, data, code, fields and their words, pictures, signs.
_NO_PROSE = frozenset(
    {
        *("nav", "table", "code", "pre", "script", "style", "svg", "template", "address"),
        *("label", "legend", "select", "button", "textarea", "option", "time"),
        # What somebody else said.
        "blockquote",
    }
)
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class _Reader(HTMLParser):
    """Collects the sentences in ``main``; ``leave_out`` are classes that are not ours.

    What stands there in another language than the page's is not ours either.
    """

    def __init__(self, leave_out: Sequence[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._leave_out = frozenset(leave_out)
        self._open: list[tuple[str, bool]] = []
        self._said: list[list[str]] = []
        self.sentences: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            if tag == "br" and self._said:
                self._said[-1].append(" ")
            return
        said_of = dict(attrs)
        classes = set((said_of.get("class") or "").split())
        foreign = "lang" in said_of and tag != "html"
        hides = tag in _NO_PROSE or foreign or bool(classes & self._leave_out)
        self._open.append((tag, hides))
        if tag in _SAYS:
            self._said.append([])

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            last, _ = self._open.pop()
            if last in _SAYS:
                self._tell(last, self._said.pop())
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self._open}
        if self._said and "main" in inside and not any(hides for _, hides in self._open):
            self._said[-1].append(data)

    def _tell(self, tag: str, parts: Sequence[str]) -> None:
        text = " ".join("".join(parts).split()).replace(" .", ".")
        # A definition is data, unless it is a sentence.
        says = tag != "dd" or text.endswith((".", "!", "?"))
        if says and any(each.isalpha() for each in text):
            self.sentences.append(text if text[-1] in ".!?…" else f"{text.rstrip(' :;,')}.")


def prose_of(html: str, leave_out: Sequence[str] = ()) -> list[str]:
    """The paragraphs, list items and headings of a page's ``main``, in their order, each ended."""
    reader = _Reader(leave_out)
    reader.feed(html)
    reader.close()
    return reader.sentences
