"""A list of actions: what an organization can do about data, read from a spreadsheet. Pure."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO

from mutuali.charter.rules.facts import Fact
from mutuali.core.charter import Principle
from mutuali.core.errors import Reason, Refused

#: A list is read by people: nobody works through more.
MOST_ACTIONS = 200
LONGEST_TEXT = 400
LONGEST_CODE = 60


class Family(StrEnum):
    """The kinds of mechanism that keep shared data in good hands."""

    INFORMED_CONSENT = "informed_consent"
    ANONYMIZATION = "anonymization"
    RISK = "risk"
    QUALITY = "quality"
    INTEROPERABILITY = "interoperability"
    ACCESS = "access"
    COMPLIANCE = "compliance"
    AUDIT = "audit"


class Depth(StrEnum):
    """How far an action goes; the larger an organization, the farther."""

    FIRST = "first"
    MORE = "more"
    FULL = "full"


class Who(StrEnum):
    """Who can do it."""

    MANAGER = "manager"
    MEMBER = "member"
    OFFICER = "officer"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do, sized in minutes; ``fact`` answers for it where the system knows."""

    code: str
    principle: Principle
    theme_fr: str
    theme_en: str
    family: Family
    depth: Depth
    minutes: int
    who: Who
    action_fr: str
    action_en: str
    why_fr: str
    why_en: str
    proof_fr: str
    proof_en: str
    fact: Fact | None

    def said(self, what: str, language: str) -> str:
        """``theme``, ``action``, ``why`` or ``proof``; in the other language where it is empty."""
        french, english = getattr(self, f"{what}_fr"), getattr(self, f"{what}_en")
        return str((english or french) if language == "en" else (french or english))


COLUMNS = tuple(Action.__dataclass_fields__)
_CHOICES = {"principle": Principle, "family": Family, "depth": Depth, "who": Who}
_TEXTS = ("theme", "action", "why", "proof")


def read_actions(content: str) -> tuple[Action, ...]:
    """The actions of a CSV file with the columns :data:`COLUMNS`, in its order.

    Raises:
        Refused: every line that cannot be read, with its number and its column.
    """
    reader = csv.DictReader(StringIO(content.removeprefix("\ufeff")), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise Refused(Reason("actions.columns", {"columns": ", ".join(missing)}, "file"))
        rows = list(reader)
    except csv.Error as error:
        raise Refused(Reason("actions.unreadable", {"line": reader.line_num}, "file")) from error
    if not 0 < len(rows) <= MOST_ACTIONS:
        raise Refused(Reason("actions.how_many", {"most": MOST_ACTIONS}, "file"))
    found: list[Action] = []
    reasons: list[Reason] = []
    codes: set[str] = set()
    facts: set[str] = set()
    for number, row in enumerate(rows, start=2):
        wrong = [name for name in COLUMNS if not _reads(name, row)]
        code, fact = _cell(row, "code"), _cell(row, "fact")
        if code in codes:
            wrong.append("code")
        if fact and fact in facts:
            wrong.append("fact")
        codes.add(code)
        facts.add(fact)
        reasons += [
            Reason("actions.cell", {"line": number, "column": name}, "file") for name in wrong
        ]
        if not wrong:
            found.append(_action(row))
    if reasons:
        raise Refused.because(reasons)
    return tuple(found)


def _cell(row: dict[str, str | None], name: str) -> str:
    return (row.get(name) or "").strip()


def _reads(name: str, row: dict[str, str | None]) -> bool:
    cell = _cell(row, name)
    if name in _CHOICES:
        return cell in {each.value for each in _CHOICES[name]}
    if name == "minutes":
        return cell.isascii() and cell.isdigit() and 1 <= int(cell) <= 999
    if name == "fact":
        return not cell or cell in {each.value for each in Fact}
    if name == "code":
        return 0 < len(cell) <= LONGEST_CODE and cell.isascii() and cell.isidentifier()
    # One language is enough: a list may be written in one only.
    spoken = any(_cell(row, f"{name[:-2]}{language}") for language in ("fr", "en"))
    return len(cell) <= LONGEST_TEXT and (spoken or not name.startswith("action"))


def _action(row: dict[str, str | None]) -> Action:
    fact = _cell(row, "fact")
    return Action(
        code=_cell(row, "code"),
        principle=Principle(_cell(row, "principle")),
        family=Family(_cell(row, "family")),
        depth=Depth(_cell(row, "depth")),
        minutes=int(_cell(row, "minutes")),
        who=Who(_cell(row, "who")),
        fact=Fact(fact) if fact else None,
        **{
            f"{text}_{language}": _cell(row, f"{text}_{language}")
            for text in _TEXTS
            for language in ("fr", "en")
        },
    )


def as_csv(actions: Sequence[Action]) -> list[list[str]]:
    """The rows of a file that :func:`read_actions` reads back, without its head."""
    return [
        ["" if (value := getattr(each, name)) is None else str(value) for name in COLUMNS]
        for each in actions
    ]
