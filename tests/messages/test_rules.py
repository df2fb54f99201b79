"""What a text gives away, what a file is called, and when somebody is written to."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.messages.rules import (
    LONGEST_NAME,
    TELL_EVERY,
    Contact,
    FileKind,
    Told,
    contacts,
    file_name,
    tell_at,
)
from tests.factories import NOW

PHONE, EMAIL, ADDRESS = Contact.PHONE, Contact.EMAIL, Contact.ADDRESS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Appelez-moi au 514 555-0199.", {PHONE}),
        ("Mon cell: (438)555-0199", {PHONE}),
        ("+1-514-555-0199 après 17 h", {PHONE}),
        ("5145550199", {PHONE}),
        ("zoe.partie@exemple.org ou rien", {EMAIL}),
        ("On est au 123, rue des Érables", {ADDRESS}),
        ("Passez au 1450 boul. Saint-Joseph", {ADDRESS}),
        ("4121-A avenue Laval, porte arrière", {ADDRESS}),
        ("We are at 45 Maple Grove street.", {ADDRESS}),
        ("code H2X 1Y4", {ADDRESS}),
        ("h2x1y4", {ADDRESS}),
        ("Au 12 rue Roy, 514-555-0199, zoe@exemple.org", {PHONE, EMAIL, ADDRESS}),
    ],
)
def test_ways_to_reach_somebody_are_seen(text: str, found: set[Contact]) -> None:
    assert contacts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "L’équipement a-t-il un hayon?",
        "Le 3 mars 2026 de 8 h à 12 h 30, pour 450 repas",
        "Il y a 12 places, 2 portes et 3 rangées",
        "Charge utile de 1 800 kg, volume de 12,5 m³, prix de 1 250,00 $",
        "Réservation du 2026-03-03 au 2026-03-05, 14:30",
        "Notre numéro d’entreprise est le 1143920115 depuis 2019 01 02",
        "Est-ce que la rue est dégagée? On arrive par la place du marché.",
        "Le modèle est un F-150 XL 2022, 4x4",
        "Comptez 45 minutes de route et 10 de plus par le pont",
        "Le bac C2 et le bac B4 sont cassés",
    ],
)
def test_what_people_write_about_a_loan_is_not_mistaken_for_a_way_to_reach_them(text: str) -> None:
    # Ten digits in a row may be anything: better one press too many than none.
    assert contacts(text) - ({PHONE} if "1143920115" in text else set()) == set()


digits = st.text("0123456789", min_size=3, max_size=3)


@given(digits, digits, st.text("0123456789", min_size=4, max_size=4), st.sampled_from(" .-"))
def test_a_telephone_number_is_seen_however_it_is_grouped(
    area: str, middle: str, last: str, between: str
) -> None:
    number = between.join((area, middle, last))
    assert PHONE in contacts(f"Au {number}, merci")


def test_a_number_within_a_longer_one_is_none() -> None:
    assert contacts("colis 12345514555019912345") == frozenset()


@given(st.text(max_size=300), st.sampled_from(FileKind))
def test_a_file_has_a_name_that_is_safe_and_says_what_it_is(sent: str, kind: FileKind) -> None:
    name = file_name(sent, kind)
    assert name.endswith(".pdf" if kind is FileKind.PDF else ".webp")
    assert len(name) <= LONGEST_NAME
    assert not set(name) & set("/\\\n\r\x00\u202e\u200f")
    assert name.split(".")[0]


def test_a_name_that_turns_itself_around_is_turned_back() -> None:
    assert file_name("facture\u202efdp.exe", FileKind.PDF) == "facturefdp.pdf"
    assert file_name("C:\\Zoé\\photo du quai.JPG", FileKind.PHOTO) == "photo du quai.webp"
    assert file_name("../../.pdf", FileKind.PDF) == "fichier.pdf"


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["write", "read"])), max_size=40))
def test_at_most_one_letter_an_hour_and_none_about_what_was_read(
    happenings: list[tuple[int, str]],
) -> None:
    """Plays a thread: whenever something is written, or an hour has passed, it is looked at."""
    now, last, known = 0, 0, Told()
    letters: list[tuple[int, int]] = []
    again: list[int] = []

    def look(minute: int) -> None:
        nonlocal known
        due = tell_at(last, known, at(minute))
        if due is None:
            return
        if due > at(minute):
            again.append(int((due - NOW).total_seconds() // 60))
            return
        assert known.read < last
        letters.append((minute, last))
        known = Told(known.read, last, at(minute))

    for wait, what in happenings:
        now += wait
        for minute in sorted(each for each in again if each <= now):
            again.remove(minute)
            look(minute)
        if what == "write":
            last += 1
            look(now)
        else:
            known = Told(last, known.told, known.told_at)
    while again:
        look(again.pop(again.index(min(again))))
    gaps = [after - before for (before, _), (after, _) in pairwise(letters)]
    assert all(gap >= TELL_EVERY.total_seconds() / 60 for gap in gaps)
    # About the same message nobody is written to twice, and nobody is forgotten.
    assert len({number for _, number in letters}) == len(letters)
    assert max(known.read, known.told) == last
