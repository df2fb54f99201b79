"""Accents, capitals, ligatures and apostrophes make no difference to what people look for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.core.folding import folded


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Camion réfrigéré", "camion refrigere"),
        ("CAFÉ", "café"),
        ("Œufs", "oeufs"),
        ("Ægir", "aegir"),
        ("L’été", "l'ete"),
        ("Straße", "STRASSE"),
        ("Cafe\N{COMBINING ACUTE ACCENT}", "cafe"),
        ("ﬁltre nº 2", "filtre no 2"),
        ("12\N{NO-BREAK SPACE}kg", "12 kg"),
    ],
)
def test_both_are_the_same_to_who_looks(typed: str, meant: str) -> None:
    assert folded(typed) == folded(meant)


def test_other_letters_and_signs_stay_what_they_are() -> None:
    assert folded("Tente 3 × 3 m, à 100 %") == "tente 3 × 3 m, a 100 %"
    assert folded("hayon") != folded("haillon")


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_folding_again_changes_no_letter_of_any_script() -> None:
    letters = [chr(n) for n in range(0x20000) if not 0xD800 <= n <= 0xDFFF]
    assert [each for each in letters if folded(folded(each)) != folded(each)] == []


@given(st.text(), st.text(), st.text())
def test_a_part_of_a_text_stays_a_part_of_it(before: str, part: str, after: str) -> None:
    assert folded(part) in folded(before + part + after)
