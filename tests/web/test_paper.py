"""A document on paper says what each of its parts is, in which language, and the same each time."""

import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mutuali.web.paper import Paper

MADE = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
LONG = "Une longue phrase qui se répète pour remplir la page. " * 90


def paper(*, rows: int = 2) -> bytes:
    """A heading, a paragraph, a list, a quotation, a table with a head, and a page that is full."""
    made = Paper("Entente de prêt", language="fr", made_at=MADE, foot="essai")
    made.heading("Entente de prêt")
    made.paragraph("Un paragraphe.\n- un\n- deux\n> cité")
    made.heading("Annexe", 2)
    made.rows([(f"Nom {n}", "valeur") for n in range(rows)], head=("Quoi", "Combien"), named=True)
    made.paragraph(LONG)
    return made.bytes()


def kinds(data: bytes) -> dict[str, int]:
    """How many parts of each kind there are."""
    found: dict[str, int] = {}
    for kind in re.findall(rb"/S /(\w+)", data):
        found[kind.decode()] = found.get(kind.decode(), 0) + 1
    return found


def test_every_part_is_tagged_for_what_it_is() -> None:
    data = paper()
    found = kinds(data)
    assert found["Document"] == found["H1"] == found["H2"] == found["Table"] == found["L"] == 1
    assert found["LI"] == found["LBody"] == 2
    assert (found["TR"], found["TH"], found["TD"]) == (3, 4, 2)
    assert found["BlockQuote"] == 1
    assert b"/Scope /Column" in data
    assert b"/Scope /Row" in data
    # A paragraph over two pages is one part of two stretches.
    assert found["Span"] == 2


def test_bars_beside_a_table_say_nothing_that_its_words_do_not() -> None:
    rows = [("Vie privée", "1 sur 2"), ("Inclusion", "2 sur 2")]
    made = [Paper("Bilan", language="fr", made_at=MADE, blank=True) for _ in range(2)]
    for each, bars in zip(made, ((), (50, 100)), strict=True):
        each.rows(rows, head=("Principe", "Fait"), named=True, bars=bars)
    plain, drawn = (each.bytes() for each in made)
    assert kinds(plain) == kinds(drawn)
    assert len(drawn) > len(plain)


def test_language_title_and_tags_are_said_to_the_reader() -> None:
    data = paper()
    assert b"/Lang (fr-CA)" in data
    assert b"/Marked true" in data
    assert b"/DisplayDocTitle true" in data
    assert b"/Title (" in data
    english = Paper("Loan", language="en", made_at=MADE)
    english.heading("Loan")
    assert b"/Lang (en-CA)" in english.bytes()


def test_the_same_input_gives_the_same_bytes() -> None:
    assert paper() == paper()


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo reads the tags back")
def test_a_reader_hears_the_document_in_order(tmp_path: Path) -> None:
    file = tmp_path / "papier.pdf"
    file.write_bytes(paper(rows=60))
    told = subprocess.run(
        ["pdfinfo", "-struct-text", str(file)],
        capture_output=True,
        check=True,
        text=True,
    )
    assert told.stderr == ""
    heard = re.findall(r'"(.*)"', told.stdout)
    order = ["Entente de prêt", "Un paragraphe.", "– un", "– deux", "cité", "Annexe", "Quoi"]
    assert [each.strip() for each in heard[:7]] == order
    rows = [each.strip() for each in heard if each.startswith("Nom")]
    assert rows == [f"Nom {n}" for n in range(60)]
    assert " ".join("".join(heard[-2:]).split()) == " ".join(LONG.split())
