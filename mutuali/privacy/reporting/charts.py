"""Bars as SVG: drawn for a narrow screen, read as a picture with a title and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

#: In units of the drawing; a phone shows about as many pixels.
WIDTH = 340

_ROOM_FOR_VALUE = 72
_BAR, _GAP, _LABEL, _BETWEEN = 15, 4, 22, 14

#: About as many characters of a label fit.
_LONGEST = 44


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from 0 to ``share`` (0 to 1) of the width, its value as a text, and its style."""

    share: float
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under one label."""

    label: str
    bars: tuple[Bar, ...]


def bars(title: str, finding: str, groups: Sequence[Group]) -> str:
    """The groups below each other; ``title`` names the picture and ``finding`` describes it."""
    parts = []
    top = 0
    for group in groups:
        parts.append(
            f'<text class="label" x="0" y="{top + 15}">{escape(_short(group.label))}</text>'
        )
        top += _LABEL
        for bar in group.bars:
            length = min(bar.share, 1.0) * (WIDTH - _ROOM_FOR_VALUE)
            length = max(length, 1.5) if length > 0 else 0.0
            parts.append(
                f'<rect class="ground" x="0" y="{top}" width="{WIDTH - _ROOM_FOR_VALUE}" '
                f'height="{_BAR}" rx="3"/>'
                f'<rect class="{bar.style}" x="0" y="{top}" width="{length:.1f}" '
                f'height="{_BAR}" rx="3"/>'
                f'<text class="value" x="{WIDTH}" y="{top + 12.5}" text-anchor="end">'
                f"{escape(bar.text)}</text>"
            )
            top += _BAR + _GAP
        top += _BETWEEN
    height = max(top - _BETWEEN, 1)
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height}" class="bars">'
        f"<title>{escape(title)}</title><desc>{escape(finding)}</desc>{''.join(parts)}</svg>"
    )


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…"
