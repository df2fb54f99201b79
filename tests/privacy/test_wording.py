"""What the command says: in both languages, typeset, nothing missing and nothing left over."""

import re
import string
from collections import Counter
from pathlib import Path

import pytest

from mutuali.privacy import wording
from mutuali.privacy.errors import (
    BadTable,
    NothingToRelease,
    PrivacyError,
    Reason,
    UnreadableFile,
)
from mutuali.privacy.models import MODELS
from mutuali.privacy.plan import Role
from mutuali.privacy.plans.sections import KINDS
from mutuali.privacy.reporting.refusals import refusal
from mutuali.privacy.wording import REASONS, SENTENCES, Language, typeset

ENGINE = Path(wording.__file__).parent

#: How a code is asked for in the source.
_ASKED = re.compile(
    r'(?:Misfit|say|_say|note|Problem|Group|section|pairs)\(\s*(?:\w+(?:\.\w+)?,\s*)?"([a-z0-9_]+)"'
)

#: Codes that the source puts together.
_MADE = {
    *(role.value for role in Role),
    *KINDS.values(),
    *(reason.value for reason in Reason),
    *(f"stage_{stage}" for stage in ("group", "search", "write", "check", "measure")),
    *(f"question_{kind}" for kind in ("counts", "cross", "mean", "share", "trend")),
    *(f"model_{name}" for name in ("distinct", "highest_share", "average_risk")),
    *(f"model_{name}" for name in ("lowest_presence", "highest_presence")),
    *(f"model_{name}" for name in set(MODELS) - {"k-anonymity"} if "-" in name),
}


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_fill_in_the_same(code: str) -> None:
    french, english = SENTENCES[code]

    assert fields(french) == fields(english)


@pytest.mark.parametrize("code", SENTENCES)
def test_french_is_set_as_in_quebec(code: str) -> None:
    french = typeset(SENTENCES[code][0], Language.FR)

    assert not re.search(r"\s[;?!]", french)
    assert not re.search(r" [:%»]|« ", french)
    assert not re.search(r"\w'\w", french)
    assert french.count("«") == french.count("»")


def test_every_code_that_is_asked_for_has_its_sentence_and_no_other_is_kept() -> None:
    sources = [path.read_text(encoding="utf-8") for path in ENGINE.rglob("*.py")]
    asked = {code for text in sources for code in _ASKED.findall(text) if "_" in code}
    named = Counter(
        word for text in sources for word in re.findall(r"[\"']([a-z0-9_]+)[\"']", text)
    )

    assert asked - set(SENTENCES) == set()
    assert {code for code in SENTENCES if named[code] < 2} - _MADE == set()


@pytest.mark.parametrize(
    ("error", "french"),
    [
        (
            NothingToRelease(
                Reason.TOO_FEW_CONTRIBUTORS,
                "side 'lender': 7 contributors cannot hide each among 8",
            ),
            "trop peu de monde pour cacher chacun : "
            "du côté « lender », 7 pour se cacher chacun parmi 8",
        ),
        (
            BadTable("every row needs its contributor", column="lender", row=8),
            "colonne « lender », ligne 9 : chaque ligne doit dire qui y contribue",
        ),
        (UnreadableFile("something new"), "le fichier ne peut pas être lu : something new"),
    ],
)
def test_reasons_of_the_engine_are_told_in_french(error: PrivacyError, french: str) -> None:
    (said,) = refusal(error, Language.FR)

    assert said.replace("\u00a0", " ") == french
    assert refusal(error, Language.EN) != [said]


def test_what_is_translated_is_what_the_engine_says() -> None:
    """A reason that the engine words anew would fall back to English unseen."""
    sources = "".join(p.read_text() for p in ENGINE.rglob("*.py") if p.name != "wording.py")

    for pattern, _ in REASONS:
        for piece in re.split(r"\(\\d\+\)|'?\(\.\*\)'?", pattern):
            words = piece.strip(" ;:'").removeprefix("contributors ").removeprefix("rows cannot")
            assert words.strip() in sources, pattern
