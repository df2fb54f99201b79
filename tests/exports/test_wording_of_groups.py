"""Which words stigmatize a place or a people, and which only look as if they did."""

import pytest

from mutuali.core.folding import folded
from mutuali.exports.rules.wording_of_groups import EXPRESSIONS, remarks


def names(text: str) -> list[str]:
    return [each.expression for each in remarks({"question": text})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Où sont les quartiers défavorisés?", ["poor_area"]),
        ("Notre clientele a problemes emprunte-t-elle plus?", ["problem_people"]),
        ("Ce coin est un GHETTO.", ["ghetto"]),
        ("Combien coûtent les assistés au réseau?", ["on_welfare"]),
        ("Les BS empruntent-ils?", ["on_welfare"]),
        ("Servir les illégaux du secteur", ["illegals"]),
        ("Des repas pour les itinérants", ["homeless"]),
        ("Which poor areas borrow most?", ["poor_area"]),
        ("We serve at-risk populations", ["at_risk"]),
        ("We serve at risk populations", ["at_risk"]),
        ("quartier\n défavorisé", ["poor_area"]),
        ("illegal immigrants and the homeless", ["illegals", "homeless"]),
    ],
)
def test_what_stigmatizes_is_found_whatever_its_accents_capitals_and_spaces(
    text: str, expected: list[str]
) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Des plats pauvres en sel et en sucre",
        "Illegal parking near the loading dock",
        "La cuisine itinérante et les marchés itinérants",
        "Un stationnement assisté et une conduite assistée",
        "Aliments à risque : garder sous 4 °C",
        "Familles à risque d’insécurité alimentaire",
        "Youth at risk of skipping meals; at-risk youth of that kind excepted",
        "The poor quality of last year’s file",
        "Une clientèle difficile à rejoindre par la poste",
        "Un quartier chaudement disputé",
        "Boîtes de BS-12 et sacs de riz",
        "La ghettoïsation des données en silos",
        "Personnes en situation d’itinérance",
        "Accès interdit sans papiers du véhicule",
    ],
)
def test_innocent_sentences_are_let_alone(text: str) -> None:
    assert names(text) == []


def test_a_remark_says_where_it_stands_and_keeps_the_words_as_written() -> None:
    found = remarks(
        {"question": "Rien à dire.", "outputs": "Une carte des Quartiers  Défavorisés de l’île"}
    )
    assert [(each.where, each.found) for each in found] == [("outputs", "Quartiers Défavorisés")]


def test_an_expression_is_remarked_once_in_each_text() -> None:
    twice = "les itinérants et les itinérants"
    assert [each.where for each in remarks({"a": twice, "b": twice})] == ["a", "b"]


def test_each_expression_says_why_and_better_in_both_languages_and_finds_itself() -> None:
    forms = [folded(form) for each in EXPRESSIONS.values() for form in each.forms]
    assert len(forms) == len(set(forms))
    for each in EXPRESSIONS.values():
        for form in each.forms:
            assert names(f"({form}).") == [each.name], form
        for language in ("fr", "en"):
            assert each.why(language)
            better = each.better(language)
            assert names(better) == [], better
