"""Eight checks on a notice: the texts we propose pass, and each fails on a text of its own."""

from dataclasses import replace

import pytest

from mutuali.consent.rules import (
    PURPOSES_OF,
    Check,
    NoticeText,
    Purpose,
    Subject,
    checked,
    default_texts,
    ease,
    syllables,
)

NAME = "Ville-Essai"
ALL = [(subject, purpose) for subject in Subject for purpose in sorted(PURPOSES_OF[subject])]


def proposed(
    subject: Subject = Subject.ORGANIZATION, purpose: Purpose = Purpose.SHARING_STUDY
) -> NoticeText:
    return NoticeText(purpose, NAME, 12, *default_texts(purpose, NAME, 12, subject))


def failing(text: NoticeText) -> dict[Check, list[str | None]]:
    return {
        each.check: [reason.field for reason in each.reasons]
        for each in checked(text)
        if each.reasons
    }


def changed(before: str, after: str, field: str = "text_fr") -> NoticeText:
    """The proposed text with other words, which must have been there."""
    text = proposed()
    words = getattr(text, field)
    assert before in words
    return replace(text, **{field: words.replace(before, after)})


@pytest.mark.parametrize(("subject", "purpose"), ALL)
def test_the_proposed_texts_pass_all_eight(subject: Subject, purpose: Purpose) -> None:
    found = checked(proposed(subject, purpose))
    assert [each.check for each in found] == list(Check)
    assert failing(proposed(subject, purpose)) == {}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("\n\nEn acceptant, vous acceptez aussi les conditions d’utilisation.", "text_fr"),
        ("\n\nIl sert aussi à des statistiques.", "text_fr"),
        ("\nBy using the service you agree to it.", "text_en"),
        ("\nIt is also used for network statistics.", "text_en"),
    ],
)
def test_separate_one_purpose_and_no_terms_of_service(more: str, field: str) -> None:
    text = proposed()
    assert failing(replace(text, **{field: getattr(text, field) + more})) == {
        Check.SEPARATE: [field]
    }


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("Une ligne trop rare", "Elle sert notamment à d’autres fins. Une ligne rare", "text_fr"),
        ("A row that is too rare", "It may serve other purposes. A row", "text_en"),
    ],
)
def test_specific_the_data_and_the_use_are_said(before: str, after: str, field: str) -> None:
    assert failing(changed(before, after, field)) == {Check.SPECIFIC: [field]}


def test_specific_a_text_that_does_not_say_its_use_fails() -> None:
    text = replace(proposed(), purpose=Purpose.MOBILITY_PLANNING)
    assert failing(text)[Check.SPECIFIC] == ["text_fr", "text_en"]


def test_plain_long_words_and_long_sentences_fail() -> None:
    french = (
        "\n\nNonobstant toute disposition contractuelle antérieurement intervenue, la "
        "communication de renseignements organisationnels dépersonnalisés demeure subordonnée à "
        "l’autorisation préalable, expresse et documentée de l’organisation participante, "
        "conformément aux modalités réglementaires applicables et aux engagements institutionnels "
        "de confidentialité, sans égard à l’interprétation subséquente."
    ) * 6
    assert failing(replace(proposed(), text_fr=proposed().text_fr + french)) == {
        Check.PLAIN: ["text_fr"]
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [("12 mois", "longtemps"), ("12 mois", "112 mois"), ("12 mois", "24 mois")],
)
def test_expiry_each_language_says_for_how_long(before: str, after: str) -> None:
    assert failing(changed(before, after)) == {Check.EXPIRY: ["text_fr"]}
    assert failing(replace(proposed(), months=24))[Check.EXPIRY] == ["text_fr", "text_en"]


def test_help_says_that_somebody_explains_and_how() -> None:
    french = proposed().text_fr
    head, _, _help = french.partition("Pour de l’aide")
    more = "Pour en savoir plus\nLisez cet avis deux fois. Il dit tout ce que vous devez savoir."
    assert failing(replace(proposed(), text_fr=head + more)) == {Check.HELP: ["text_fr"]}


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("aussi vite que vous l’avez donné", "sur demande", "text_fr"),
        ("aussi vite que vous l’avez donné", "aussi vite, par écrit", "text_fr"),
        ("as fast as you gave it", "on request", "text_en"),
    ],
)
def test_withdrawal_is_said_and_as_easy_as_the_yes(before: str, after: str, field: str) -> None:
    assert failing(changed(before, after, field)) == {Check.WITHDRAWAL: [field]}


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        (NAME, "Un partenaire", "text_fr"),
        (f"{NAME} demande", f"{NAME} et ses partenaires demandent", "text_fr"),
        (f"{NAME} asks", f"{NAME} and third parties ask", "text_en"),
    ],
)
def test_recipients_are_named_and_nobody_else_is_let_in(
    before: str, after: str, field: str
) -> None:
    assert failing(changed(before, after, field)) == {Check.RECIPIENTS: [field]}


def test_a_recipient_may_be_called_partners() -> None:
    name = "Les partenaires de Ville-Essai"
    texts = default_texts(Purpose.SHARING_STUDY, name, 12)
    assert failing(NoticeText(Purpose.SHARING_STUDY, name, 12, *texts)) == {}


def test_french_first_the_french_is_there_complete_and_french() -> None:
    text = proposed()
    assert Check.FRENCH_FIRST in failing(replace(text, text_fr=text.text_en))
    half = "\n\n".join(text.text_fr.split("\n\n")[:4])
    assert failing(replace(text, text_fr=half))[Check.FRENCH_FIRST] == ["text_fr"]
    assert failing(replace(text, text_en=text.text_fr))[Check.FRENCH_FIRST] == ["text_en"]


def test_a_text_without_a_word_fails_where_words_are_needed() -> None:
    assert set(failing(replace(proposed(), text_fr="", text_en=""))) == set(Check) - {
        Check.SEPARATE
    }


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        *(("mois", "fr", 1), ("prêtent", "fr", 1), ("table", "fr", 1), ("organisme", "fr", 3)),
        *(("équipement", "fr", 3), ("oui", "fr", 1), ("Œuvre", "fr", 1), ("l’aide", "fr", 1)),
        *(("loans", "en", 1), ("asked", "en", 1), ("table", "en", 2), ("organization", "en", 5)),
        *(("the", "en", 1), ("started", "en", 2), ("boxes", "en", 2)),
    ],
)
def test_syllables_are_counted_as_they_are_heard(word: str, language: str, count: int) -> None:
    assert syllables(word, language) == count


def test_the_formulas_are_those_of_their_authors() -> None:
    found = ease("Le chat dort. Le chien mange.", "fr")
    assert (found.words, found.words_per_sentence) == (6, 3)
    assert found.score == pytest.approx(207 - 1.015 * 3 - 73.6 * 1)
    found = ease("The cat sleeps. The dog eats.", "en")
    assert found.score == pytest.approx(206.835 - 1.015 * 3 - 84.6 * 1)
    assert ease("", "fr").score == 0
