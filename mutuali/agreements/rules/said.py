"""What saying a coded term takes, in one language."""

from typing import NamedTuple

NBSP = "\u00a0"


class Said(NamedTuple):
    """What a term is called, what it means in one plain line, and its clause."""

    name: str
    plain: str
    text: str


def french(text: str) -> str:
    """``text`` with the non-breaking spaces of Québec typography."""
    text = text.replace(" :", f"{NBSP}:").replace(" %", f"{NBSP}%")
    return text.replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")
