"""What the command says when it refuses: what is wrong, and where."""

import re
from collections.abc import Mapping

from mutuali.privacy.errors import (
    BadTable,
    Disagreement,
    NothingToRelease,
    PrivacyError,
    TooManyRows,
    UnknownValue,
    UnreadableFile,
    UnsafeOutput,
)
from mutuali.privacy.plans.dialect import LONGEST_CELL
from mutuali.privacy.plans.problems import Misfit, PlanProblems, Problem
from mutuali.privacy.wording import NO_BREAK, REASONS, Language, say, typeset

#: So much of a value that is not known is shown.
_LONGEST_SHOWN = 80


def problem_sentence(problem: Problem, language: Language) -> str:
    """Where it is, and what is wrong."""
    place = ".".join(problem.place)
    where = [say("at_line", language, line=problem.line)] if problem.line else []
    where += [place] if place else []
    colon = f"{NO_BREAK}: " if language is Language.FR else ": "
    return colon.join(
        [", ".join(where), _filled(problem.code, problem.details, language)]
    ).removeprefix(colon)


def _filled(code: str, details: Mapping[str, object], language: Language) -> str:
    """A problem with the file and line it was found in, where it was found in one."""
    values = dict(details)
    if "wanted" in values:
        values["wanted"] = say(str(values["wanted"]), language)
    if code == "cell_too_long":
        values.setdefault("limit", LONGEST_CELL)
    sentence = say(code, language, **values)
    if "row" in values and code != "unknown_value":
        return say("bad_cell", language, reason=sentence, **values)
    if "line" not in values:
        return sentence
    where = "in_file" if "file" in values else "at_line"
    colon = f"{NO_BREAK}: " if language is Language.FR else ": "
    return say(where, language, **values) + colon + sentence


def _brief(value: str | None) -> str:
    text = value or ""
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _reason(text: str, language: Language) -> str:
    """A reason of the engine, in French where it has been translated."""
    if language is Language.FR:
        for pattern, french in REASONS:
            if found := re.fullmatch(pattern, text):
                return typeset(found.expand(french), language)
    return text


def refusal(error: PrivacyError, language: Language) -> list[str]:
    """What the command says when it refuses: a line for each thing; rows count from 1."""
    if isinstance(error, PlanProblems):
        return [problem_sentence(problem, language) for problem in error.problems]
    if isinstance(error, Misfit):
        return [_filled(error.code, error.details, language)]
    if isinstance(error, UnknownValue) and error.row is not None:
        return [
            say(
                "unknown_value",
                language,
                column=error.column,
                row=error.row + 1,
                value=_brief(error.value),
            )
        ]
    if isinstance(error, BadTable):
        if error.row is None:
            return [
                say(
                    "bad_table",
                    language,
                    column=error.column,
                    reason=_reason(error.reason, language),
                )
            ]
        return [
            say(
                "bad_cell",
                language,
                column=error.column,
                row=error.row + 1,
                reason=_reason(error.reason, language),
            )
        ]
    if isinstance(error, NothingToRelease):
        return [say(error.reason.value, language, detail=_reason(str(error), language))]
    codes = {
        TooManyRows: "too_many_rows",
        UnreadableFile: "unreadable",
        UnsafeOutput: "unsafe_output",
        Disagreement: "disagreement",
    }
    code = next((code for kind, code in codes.items() if isinstance(error, kind)), "other")
    return [say(code, language, reason=_reason(str(error), language))]
