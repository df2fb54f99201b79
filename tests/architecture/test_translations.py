"""Every sentence of the pages exists in English, with the same gaps."""

import gettext
import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
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


def test_every_sentence_is_translated_with_the_same_gaps() -> None:
    with (CATALOGUE / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    known = {
        (m.id if isinstance(m.id, str) else m.id[0]): (
            m.string if isinstance(m.string, str) else m.string[0]
        )
        for m in catalogue
        if m.id
    }
    wanted = sentences()
    assert len(wanted) > 600
    assert sorted(wanted - {fr for fr, en in known.items() if en}) == []
    different = [
        fr for fr, en in known.items() if set(GAP.findall(fr)) != set(GAP.findall(str(en)))
    ]
    assert different == []


def test_the_compiled_catalogue_says_what_the_written_one_says() -> None:
    with (CATALOGUE / "messages.po").open("rb") as file:
        written = read_po(file, locale="en")
    with (CATALOGUE / "messages.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in written:
        if message.id and isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string
        elif message.id:
            said = tuple(compiled.ngettext(*message.id, count) for count in (1, 2))
            assert said == message.string
