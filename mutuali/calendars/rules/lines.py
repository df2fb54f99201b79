"""Content lines of RFC 5545 (3.1) with the number of the line that each begins on."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mutuali.core.errors import Reason, Refused

_NAME = re.compile(r"([A-Za-z0-9-]+)(?=[;:])", re.ASCII)
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)', re.ASCII)
#: As much of a file's own words as a refusal repeats.
_SAID = 60


@dataclass(frozen=True, slots=True)
class Line:
    """``name;parameters:value``; names in capitals."""

    number: int
    name: str
    value: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    def wrong(self, code: str) -> Refused:
        """A refusal that names this line and what it says; ``code`` is of ``ical``."""
        said = f"{self.name}:{self.value}"
        return Refused(Reason(code, {"line": self.number, "said": shortened(said)}, "file"))


def shortened(text: str) -> str:
    """The beginning of what a file says, fit to be repeated."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:_SAID])
    return f"{shown}…" if len(text) > _SAID else shown


def content_lines(file: bytes) -> Iterator[Line]:
    """The lines of a file in order, unfolded; empty ones are left out.

    Raises:
        Refused: one is not UTF-8, or no content line; with its number.
    """
    for number, raw in _unfolded(file.removeprefix(b"\xef\xbb\xbf")):
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise Refused(Reason("ical.not_utf8", {"line": number}, "file")) from None
        yield _parsed(number, text)


def _unfolded(file: bytes) -> Iterator[tuple[int, bytes]]:
    """Folds may come in the midst of a letter, so they go before letters are read."""
    parts: list[bytes] = []
    begins_at = 0
    for number, raw in enumerate(re.split(rb"\r\n|\n|\r", file), 1):
        if raw[:1] in (b" ", b"\t") and parts:
            parts.append(raw[1:])
            continue
        if parts:
            yield begins_at, b"".join(parts)
        parts, begins_at = ([raw], number) if raw.strip() else ([], number)
    if parts:
        yield begins_at, b"".join(parts)


def _parsed(number: int, text: str) -> Line:
    head = _NAME.match(text)
    if head is None:
        raise Refused(Reason("ical.not_a_line", {"line": number, "said": shortened(text)}, "file"))
    parameters: dict[str, str] = {}
    position = head.end()
    while text.startswith(";", position):
        found = _PARAMETER.match(text, position)
        if found is None:
            break
        parameters[found[1].upper()] = found[2].strip('"')
        position = found.end()
    if not text.startswith(":", position):
        raise Refused(Reason("ical.not_a_line", {"line": number, "said": shortened(text)}, "file"))
    return Line(number, head[1].upper(), text[position + 1 :], parameters)
