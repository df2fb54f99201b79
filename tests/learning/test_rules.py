"""The cards: two to a principle, three choices of which one is right, plain in both languages."""

import re

import pytest

from mutuali.consent.rules import ease
from mutuali.core.charter import COMMITMENTS, Principle
from mutuali.learning.rules import (
    CARDS,
    OFFERED,
    Card,
    CardText,
    Moment,
    Outcome,
    Picture,
    by_principle,
    next_of,
    outcome_of,
)
from mutuali.web.words import WORDS

#: What thirteen-year-olds read, on the scales of both languages.
EASE = 60
FEWEST, MOST = 90, 150
#: As the house writes French: no plain space where a non-breaking one belongs, none before ; ? !
WRONG_IN_FRENCH = re.compile(r"[ ][:»%](?=\s|$)|«(?!\u00a0)|\s[;?!]|'")
EACH = [(card, language) for card in CARDS.values() for language in ("fr", "en")]
NAMES = [f"{card.code}-{language}" for card, language in EACH]


def words_of(*texts: str) -> int:
    return len(" ".join(texts).split())


def everything(text: CardText) -> list[str]:
    said = [part for choice in text.choices for part in (choice.text, choice.feedback)]
    return [text.title, *text.paragraphs, text.example, text.question, *said]


def test_each_principle_has_two_cards_at_least_and_each_stands_under_one_commitment() -> None:
    assert set(by_principle()) == set(Principle)
    assert min(len(cards) for cards in by_principle().values()) >= 2
    assert len(CARDS) >= 26
    assert [each for principles in COMMITMENTS.values() for each in principles] == list(Principle)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) and len(code) <= 40 for code in CARDS)


@pytest.mark.parametrize(("card", "language"), EACH, ids=NAMES)
def test_a_card_is_read_in_two_minutes(card: Card, language: str) -> None:
    text = card.texts[language]
    assert 2 <= len(text.paragraphs) <= 3  # the example is one more
    assert words_of(*text.paragraphs) >= FEWEST
    assert words_of(*text.paragraphs, text.example) <= MOST
    assert words_of(text.question) <= 25
    assert all(words_of(choice.feedback) <= 30 for choice in text.choices)


@pytest.mark.parametrize(("card", "language"), EACH, ids=NAMES)
def test_a_question_has_three_choices_of_which_one_is_right(card: Card, language: str) -> None:
    choices = card.texts[language].choices
    assert len({choice.text for choice in choices}) == 3
    assert len({choice.feedback for choice in choices}) == 3
    outcomes = [outcome_of(card, place) for place in (1, 2, 3)]
    assert outcomes.count(Outcome.RIGHT) == 1
    assert outcomes.count(Outcome.WRONG) == 2


def test_the_right_choice_stands_at_no_place_in_particular() -> None:
    places = [card.right for card in CARDS.values()]
    assert min(places.count(place) for place in (1, 2, 3)) >= len(places) // 4


def test_both_languages_say_the_same_in_the_same_shape() -> None:
    for card in CARDS.values():
        french, english = card.texts["fr"], card.texts["en"]
        assert set(card.texts) == {"fr", "en"}
        assert len(french.paragraphs) == len(english.paragraphs), card.code
        pairs = zip(everything(french), everything(english), strict=True)
        same = [fr for fr, en in pairs if fr == en]
        assert all(re.fullmatch(r"[\d/-]+", each) for each in same), same


def test_the_french_keeps_the_typography_of_quebec() -> None:
    said = [each for card in CARDS.values() for each in everything(card.texts["fr"])]
    assert [each for each in said if WRONG_IN_FRENCH.search(each)] == []
    said = [each for card in CARDS.values() for each in everything(card.texts["en"])]
    assert [each for each in said if "'" in each or "\u00a0" in each or '"' in each] == []


def test_every_card_reads_easily() -> None:
    """The whole card by its language's formula; the ten hardest are printed."""
    found = []
    for card, language in EACH:
        measured = ease("\n".join(everything(card.texts[language])), language)
        found.append((measured.score, measured.words_per_sentence, card.code, language))
    found.sort()
    for score, long, code, language in found[:10]:
        print(f"{score:5.1f}  {long:4.1f} words per sentence  {code} ({language})")
    assert found[0][0] >= EASE
    assert max(long for _score, long, _code, _language in found) <= 20


def test_a_hard_text_would_be_caught() -> None:
    hard = (
        "Nonobstant toute disposition antérieurement communiquée, l’anonymisation irréversible "
        "des renseignements organisationnels nécessite une évaluation institutionnelle préalable."
    )
    assert ease(hard, "fr").score < EASE


def test_every_value_has_its_words() -> None:
    assert set(WORDS["charter.principle"]) == set(Principle)
    assert set(WORDS["charter.commitment"]) == set(COMMITMENTS)
    assert set(WORDS["learning.outcome"]) == set(Outcome)
    assert set(WORDS["learning.moment"]) == set(Moment) == set(OFFERED)
    for kind in ("learning.picture", "learning.picture_says"):
        assert set(WORDS[kind]) == set(Picture)
    assert set(OFFERED.values()) <= set(CARDS)
    assert {card.picture for card in CARDS.values()} - {None} == set(Picture)


def test_cards_follow_each_other_one_principle_after_the_other() -> None:
    read: dict[str, Outcome] = {}
    order: list[Card] = []
    while (card := next_of(read)) is not None:
        order.append(card)
        read[card.code] = Outcome.RIGHT if len(order) % 2 else Outcome.WRONG
    assert [card.principle for card in order[:13]] == list(Principle)
    assert [card.principle for card in order[13:26]] == list(Principle)
    assert {card.code for card in order} == set(CARDS)


def test_what_was_set_aside_comes_last_and_the_open_card_is_never_next() -> None:
    first = next_of({})
    assert first is not None
    second = next_of({first.code: Outcome.LATER})
    assert second is not None
    assert second != first
    assert next_of({}, after=first.code) == second
    all_but_first = dict.fromkeys(set(CARDS) - {first.code}, Outcome.RIGHT)
    assert next_of({**all_but_first, first.code: Outcome.LATER}) == first
    assert next_of(all_but_first, after=first.code) is None
    assert next_of(dict.fromkeys(CARDS, Outcome.WRONG)) is None
