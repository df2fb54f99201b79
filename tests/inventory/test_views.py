"""Everybody reads what is kept, in plain words, as a page and as a file."""

import csv
import io

from flask.testing import FlaskClient

from mutuali.inventory.rules import HOLDINGS, entries
from mutuali.web.words import WORDS


def test_the_page_names_every_table_and_says_what_for_and_how_long(client: FlaskClient) -> None:
    shown = client.get("/transparence/ce-que-nous-gardons").text
    for table in HOLDINGS:
        assert str(WORDS["inventory.table"][table]) in shown
    assert "Sept ans après la fin" in shown
    assert "mot de passe, illisible" in shown
    assert "Personne\u00a0: le logiciel seul" in shown
    assert "Les deux parties du prêt, qui conduit pour elles, et la coordination" in shown
    assert '<details class="fold" open>' not in shown
    unfolded = client.get("/transparence/ce-que-nous-gardons?tout").text
    assert unfolded.count('<details class="fold" open>') == len(HOLDINGS)
    assert "What we keep" in client.get("/transparence/ce-que-nous-gardons?lang=en").text


def test_every_table_and_every_column_has_its_words() -> None:
    assert set(HOLDINGS) <= set(WORDS["inventory.table"])
    assert {each.column for each in entries()} <= set(WORDS["inventory.column"])


def test_the_file_and_the_api_have_a_line_per_stored_column(client: FlaskClient) -> None:
    answer = client.get("/transparence/ce-que-nous-gardons.csv")
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert {(line[0], line[1]) for line in lines[1:]} == {
        (each.table, each.column) for each in entries()
    }
    assert all(all(cell for cell in line) for line in lines)
    told = client.get("/api/v1/holdings").get_json()
    assert len(told) == len(lines) - 1
    assert {"why", "keep", "seen", "origin", "reach", "about"} < set(told[0])
