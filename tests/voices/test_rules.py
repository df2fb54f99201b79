"""What is taken from a stranger, by when it is answered, and in which ways."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mutuali.messages.rules import Contact, masked
from mutuali.voices.rules import (
    LONGEST_OPEN,
    LONGEST_PATH,
    QUICKEST,
    Draft,
    Leave,
    State,
    details,
    draft_objections,
    due_on,
    fingerprint,
    local_path,
    median_days,
    objections,
    reminders_owed,
    shown_objections,
    ways,
)
from tests.factories import NOW

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("words", "trap", "open_for", "codes"),
    [
        ("Une question", "", timedelta(minutes=1), []),
        ("Une question", "", QUICKEST, []),
        ("Une question", "", QUICKEST - SECOND, ["voice.too_fast"]),
        ("Une question", "", -SECOND, ["voice.too_fast"]),
        ("Une question", "", LONGEST_OPEN, []),
        ("Une question", "", LONGEST_OPEN + SECOND, ["voice.page_too_old"]),
        ("Une question", "", None, ["voice.page_too_old"]),
        ("Une question", "x", timedelta(minutes=1), ["voice.trap_filled"]),
        ("http://a.ca et https://b.ca", "", timedelta(minutes=1), []),
        ("http://a.ca HTTPS://b.ca www.c.ca", "", timedelta(minutes=1), ["voice.too_many_links"]),
        ("<a href=x> [url=y] <A class=z>", "", timedelta(minutes=1), ["voice.too_many_links"]),
        (
            "http:a http:b http:c",
            "x",
            timedelta(0),
            ["voice.trap_filled", "voice.too_fast", "voice.too_many_links"],
        ),
    ],
)
def test_what_looks_like_a_programs_work_is_refused_with_every_reason(
    words: str, trap: str, open_for: timedelta | None, codes: list[str]
) -> None:
    opened_at = None if open_for is None else NOW - open_for
    assert [each.code for each in objections(words, trap, opened_at, NOW)] == codes


@pytest.mark.parametrize(
    "path", ["/", "/transparence", "/annonces/AbC-1_2", "/jeux-de-donnees/a.b", "/a%20b"]
)
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        *("", "transparence", "//evil.example", "https://evil.example", "/a?b=c", "/a#b", "/a b"),
        *("javascript:alert(1)", "/\\evil.example", "/a\n", "/<script>", "/" + "a" * LONGEST_PATH),
    ],
)
def test_anything_else_is_no_page(path: str) -> None:
    assert local_path(path) == ""


def test_the_same_words_are_told_however_they_are_spaced_accented_and_capitalized() -> None:
    assert fingerprint("Où est  le\ncamion?") == fingerprint(" ou EST le camion? ")
    assert fingerprint("Où est le camion?") != fingerprint("Où est le camion!")


def test_thirty_days_are_counted_on_the_calendar_of_montreal() -> None:
    late_evening = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)  # the 3rd, 22:30 in Montréal
    assert due_on(late_evening) == date(2026, 4, 2)


def test_those_who_answer_are_reminded_on_the_twentieth_and_the_twenty_eighth_day() -> None:
    said = date(2026, 3, 3)
    due = said + timedelta(days=30)
    owed = [reminders_owed(due, said + timedelta(days=n)) for n in range(40)]
    assert [owed.count(n) for n in range(4)] == [20, 8, 3, 9]
    assert (owed.index(1), owed.index(2), owed.index(3)) == (20, 28, 31)


@pytest.mark.parametrize(
    ("leave", "has_email", "open_ways"),
    [
        (Leave.NO, False, {State.READ, State.SET_ASIDE}),
        (Leave.NO, True, {State.ANSWERED, State.SET_ASIDE}),
        (Leave.YES, False, {State.PUBLISHED, State.READ, State.SET_ASIDE}),
        (Leave.YES, True, {State.PUBLISHED, State.ANSWERED, State.SET_ASIDE}),
    ],
)
def test_nothing_is_published_without_a_yes_and_nobody_answered_without_an_address(
    leave: Leave, has_email: bool, open_ways: set[State]
) -> None:
    assert ways(leave, has_email=has_email) == open_ways


def test_what_leads_to_somebody_is_found_and_hidden_in_what_is_suggested() -> None:
    words = "Écrivez à zoe@exemple.org ou au 514 555-0199, au 12, rue des Érables, H2X 1Y4."
    assert details(words) == {Contact.EMAIL, Contact.PHONE, Contact.ADDRESS}
    assert masked(words) == "Écrivez à […] ou au […], au 12, rue des Érables, […]."
    assert masked("Rien à cacher.") == "Rien à cacher."
    assert [each.code for each in shown_objections(words)] == ["voice.details_left"]
    assert shown_objections(masked(words)) == ()
    assert [each.code for each in shown_objections("")] == ["field.missing"]


def test_an_answer_has_a_heading_and_words_in_the_language_of_its_question() -> None:
    def lacks(draft: Draft, *languages: str) -> list[str | None]:
        return [each.field for each in draft_objections(draft, set(languages))]

    assert lacks(Draft(), "fr") == ["heading_fr", "words_fr"]
    assert lacks(Draft("Titre", "Mots"), "fr") == []
    assert lacks(Draft("Titre", "Mots"), "fr", "en") == ["heading_en", "words_en"]
    assert lacks(Draft("Titre", "Mots", "Heading"), "fr") == ["words_en"]
    assert lacks(Draft("Titre", "Mots", changed_link="/aide"), "fr") == ["changed_fr"]
    assert lacks(Draft("T", "M", changed_fr="Ceci", changed_link="//x.ca"), "fr") == [
        "changed_link"
    ]


def test_half_of_the_answers_took_as_long_at_most() -> None:
    days = [timedelta(days=n) for n in (1, 2, 30)]
    assert median_days(days) == 2
    assert median_days([]) is None
    assert median_days([timedelta(hours=3)]) == 0
