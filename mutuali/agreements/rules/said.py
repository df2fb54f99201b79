"""What saying a coded term takes, in one language."""

import re
from typing import NamedTuple

NBSP = "\u00a0"
_COLON = re.compile(rf"[ {NBSP}]?:(?=\s|$)")


class Said(NamedTuple):
    """What a term is called, what it means in one plain line, and its clause."""

    name: str
    plain: str
    text: str


def french(text: str) -> str:
    """``text`` with the non-breaking spaces of Québec typography."""
    text = _COLON.sub(f"{NBSP}:", text).replace(" %", f"{NBSP}%")
    return text.replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")
