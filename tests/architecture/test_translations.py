"""Every sentence of the pages exists in English, with the same gaps."""

import io
import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "mutuali" / "translations" / "en" / "LC_MESSAGES"
GAP = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def sentences() -> set[str]:
    """The French sentences of the sources; of a plural, its singular."""
    found: set[str] = set()
    for folder, method in (("mutuali", "python"), ("templates", "jinja2")):
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / folder,
            method_map=[("**.py" if method == "python" else "**.*", method)],
            keywords={"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)},
            directory_filter=lambda _: True,
        ):
            found.add(message if isinstance(message, str) else message[0])
    return found


def _first(words: object) -> str:
    """The words; of a plural, its singular."""
    return words if isinstance(words, str) else str(words[0])  # type: ignore[index]


def test_every_sentence_is_translated_with_the_same_gaps() -> None:
    with (CATALOGUE / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    known = {_first(m.id): _first(m.string) for m in catalogue if m.id}
    wanted = sentences()
    assert len(wanted) > 600
    assert sorted(wanted - {fr for fr, en in known.items() if en}) == []
    different = [fr for fr, en in known.items() if set(GAP.findall(fr)) != set(GAP.findall(en))]
    assert different == []


def test_french_sentences_keep_the_typography_of_quebec() -> None:
    """A non-breaking space before a colon, inside « » and before a unit; none before ; ? !"""
    wrong = re.compile(
        r"(?<![\s\u00a0]):(?=\s|$)|[ ][:»%](?=\s|$)|(?<!\u00a0)»|«(?!\u00a0)|\s[;?!]|'"
    )
    assert sorted(fr for fr in sentences() if wrong.search(fr)) == []


def test_the_compiled_catalogue_is_made_from_the_written_one() -> None:
    made = io.BytesIO()
    with (CATALOGUE / "messages.po").open("rb") as file:
        write_mo(made, read_po(file, locale="en"))
    assert made.getvalue() == (CATALOGUE / "messages.mo").read_bytes()
