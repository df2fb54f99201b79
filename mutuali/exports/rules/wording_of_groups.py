"""Words that stigmatize a place or a people, in the texts that go with a release. Pure.

Figures name a place; the words beside them say what to think of its people. What is looked for is
declared here, each with why and what to write instead; it is found as whole words, whatever its
accents and capitals. Only expressions that speak of people or places are listed, never a word that
also speaks of food, of a price or of a parking space: a list that cries wolf is not read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from mutuali.core.folding import folded


@dataclass(frozen=True, slots=True)
class Expression:
    """What is looked for, in all its ``forms``; why it does harm and what to write instead, in
    both languages. ``name`` is what is stored; where one of ``unless`` follows, nothing is said."""

    name: str
    forms: tuple[str, ...]
    why_fr: str
    why_en: str
    better_fr: str
    better_en: str
    unless: tuple[str, ...] = ()

    def why(self, language: str) -> str:
        """Why it does harm, in ``fr`` or ``en``."""
        return self.why_en if language == "en" else self.why_fr

    def better(self, language: str) -> str:
        """What to write instead, in ``fr`` or ``en``."""
        return self.better_en if language == "en" else self.better_fr


@dataclass(frozen=True, slots=True)
class Remark:
    """An expression met in the text called ``where``, as it is written there."""

    where: str
    expression: str
    found: str


_PLACE = (
    "Le mot colle au lieu, et à tous ceux qui y vivent.",
    "The word sticks to the place and to everybody who lives there.",
)
_REDUCES = (
    "Le mot réduit des gens à une seule chose.",
    "The word reduces people to one thing.",
)
_BLAMES = (
    "Le mot met la faute sur les gens, pas sur ce qui leur manque.",
    "The word blames people, not what they lack.",
)

EXPRESSIONS: Mapping[str, Expression] = {
    each.name: each
    for each in (
        Expression(
            "ghetto",
            ("ghetto", "ghettos"),
            *_PLACE,
            "le nom du secteur, et ce qui y manque",
            "the name of the area, and what it lacks",
        ),
        Expression(
            "poor_area",
            (
                *("quartier défavorisé", "quartiers défavorisés", "secteur défavorisé"),
                *("secteurs défavorisés", "milieu défavorisé", "milieux défavorisés"),
                *("zone défavorisée", "zones défavorisées", "quartier pauvre", "quartiers pauvres"),
                *("secteur pauvre", "secteurs pauvres", "poor area", "poor areas"),
                *("poor neighbourhood", "poor neighbourhoods", "poor neighborhood"),
                *("poor neighborhoods", "deprived area", "deprived areas"),
                *("disadvantaged neighbourhood", "disadvantaged neighbourhoods"),
            ),
            *_PLACE,
            "« secteur où le revenu médian est bas », avec l’indice et sa source",
            "“area where the median income is low”, with the index and its source",
        ),
        Expression(
            "bad_area",
            (
                *("quartier chaud", "quartiers chauds", "quartier à problèmes"),
                "quartiers à problèmes",
                *("zone de non-droit", "zones de non-droit", "no-go zone", "no-go zones"),
                *("bad neighbourhood", "bad neighbourhoods", "bad neighborhood", "rough area"),
                *("rough areas", "slum", "slums"),
            ),
            *_PLACE,
            "le nom du secteur, et le fait précis dont il s’agit",
            "the name of the area, and the very fact in question",
        ),
        Expression(
            "problem_people",
            (
                *("clientèle à problèmes", "clientèle à problème", "clientèles à problèmes"),
                *("clientèle lourde", "clientèles lourdes", "cas social", "cas sociaux"),
                *("problem clients", "problem families", "difficult clientele"),
            ),
            *_BLAMES,
            "« personnes qui ont besoin de plus de soutien », en disant lequel",
            "“people who need more support”, saying which",
        ),
        Expression(
            "at_risk",
            (
                *("population à risque", "populations à risque", "clientèle à risque"),
                *("clientèles à risque", "jeunes à risque", "familles à risque"),
                *("at-risk population", "at-risk populations", "at-risk youth"),
                *("at-risk families", "high-risk population", "high-risk populations"),
            ),
            "À risque de quoi? Le lecteur comblera le vide par ses préjugés.",
            "At risk of what? Readers will fill the gap with what they assume.",
            "nommez le risque : « ménages qui risquent de sauter des repas »",
            "name the risk: “households likely to skip meals”",
            unless=("de", "d'", "of"),
        ),
        Expression(
            "on_welfare",
            (
                *("assistés sociaux", "assisté social", "assistée sociale", "assistées sociales"),
                *("les assistés", "des assistés", "les BS", "des BS", "sur le BS"),
                *("welfare bums", "welfare cases", "welfare families"),
            ),
            *_REDUCES,
            "« personnes qui reçoivent une aide financière de dernier recours »",
            "“people who receive last-resort financial assistance”",
        ),
        Expression(
            "the_poor",
            (
                *("les démunis", "des démunis", "les plus démunis", "les nécessiteux"),
                *("des nécessiteux", "les indigents", "des indigents", "les miséreux"),
                *("les pauvres", "aux pauvres", "the needy", "the less fortunate"),
            ),
            *_REDUCES,
            "« personnes à faible revenu » ou « ménages en insécurité alimentaire »",
            "“people with a low income” or “food-insecure households”",
        ),
        Expression(
            "homeless",
            (
                *("les itinérants", "des itinérants", "aux itinérants", "clientèle itinérante"),
                *("les sans-abri", "des sans-abri", "les clochards", "des clochards"),
                *("les vagabonds", "the homeless", "homeless people", "bums", "vagrants"),
            ),
            *_REDUCES,
            "« personnes en situation d’itinérance »",
            "“people experiencing homelessness”",
        ),
        Expression(
            "illegals",
            (
                *("les illégaux", "des illégaux", "immigrants illégaux", "immigrant illégal"),
                *("migrants illégaux", "les clandestins", "des clandestins"),
                *("les sans-papiers", "des sans-papiers"),
                *("illegals", "illegal immigrants", "illegal immigrant", "illegal aliens"),
                *("illegal migrants", "undocumented aliens"),
            ),
            "Un acte peut être illégal, une personne non.",
            "An act can be illegal; a person cannot.",
            "« personnes sans statut d’immigration » ou « à statut précaire »",
            "“people without immigration status” or “with precarious status”",
        ),
        Expression(
            "ethnic",
            (
                *("les ethnies", "des ethnies", "les ethniques", "clientèle ethnique"),
                *("clientèles ethniques", "quartier ethnique", "quartiers ethniques"),
                *("ethnic neighbourhood", "ethnic neighbourhoods", "ethnic clientele", "ethnics"),
            ),
            "Tout le monde a une origine; le mot ne désigne que celle des autres.",
            "Everybody comes from somewhere; the word only points at others.",
            "nommez la communauté ou la langue, seulement si le chiffre en parle",
            "name the community or language, and only if the figure is about it",
        ),
        Expression(
            "addicts",
            (
                *("les toxicomanes", "des toxicomanes", "junkies"),
                *(
                    "les junkies",
                    "les alcooliques",
                    "des alcooliques",
                    "drug addicts",
                    "drug abusers",
                ),
            ),
            *_REDUCES,
            "« personnes qui consomment des drogues » ou « de l’alcool »",
            "“people who use drugs” or “alcohol”",
        ),
        Expression(
            "disabled",
            (
                *("les handicapés", "des handicapés", "les malades mentaux"),
                *("des malades mentaux", "the handicapped", "the mentally ill"),
                *("handicapped people", "wheelchair-bound"),
            ),
            *_REDUCES,
            "« personnes en situation de handicap »",
            "“people with disabilities”",
        ),
        Expression(
            "abuse",
            (
                *("profiteurs du système", "profiteurs de l’aide", "abuseurs du système"),
                *("parasites sociaux", "fraudeurs de l’aide", "freeloaders", "welfare cheats"),
            ),
            *_BLAMES,
            "le fait mesuré, sans juger l’intention",
            "the fact that was measured, without judging intent",
        ),
    )
}


def remarks(texts: Mapping[str, str]) -> tuple[Remark, ...]:
    """Each expression met in ``texts`` (the text by what it is called), once in each text, in the
    order of the texts and then of the words."""
    found: list[Remark] = []
    for where, text in texts.items():
        plain, places = _plain(text)
        met: dict[str, Remark] = {}
        for match in _pattern().finditer(plain):
            name = _by_form()[_spaced(match[0])]
            if plain[match.end() :].lstrip().startswith(_followed_by(EXPRESSIONS[name])):
                continue
            written = text[places[match.start()] : places[match.end() - 1] + 1]
            met.setdefault(name, Remark(where, name, " ".join(written.split())))
        found += met.values()
    return tuple(found)


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """``text`` folded letter by letter, and where in it each folded letter stands."""
    letters, places = [], []
    for place, letter in enumerate(text):
        for each in folded(letter):
            letters.append(each)
            places.append(place)
    return "".join(letters), places


def _followed_by(expression: Expression) -> tuple[str, ...]:
    return tuple(word if word.endswith("'") else f"{word} " for word in expression.unless)


@cache
def _by_form() -> Mapping[str, str]:
    return {
        _spaced(folded(form)): each.name for each in EXPRESSIONS.values() for form in each.forms
    }


@cache
def _pattern() -> re.Pattern[str]:
    """Whole words; between them any run of space or dash. The longest form first."""
    forms = sorted(_by_form(), key=lambda form: (-len(form), form))
    either = "|".join(r"[\s-]+".join(map(re.escape, form.split(" "))) for form in forms)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def _spaced(form: str) -> str:
    return re.sub(r"[\s-]+", " ", form)
