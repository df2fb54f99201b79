"""Every card, two to a principle, in the order of the Charter."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mutuali.agreements.rules.said import french
from mutuali.core.charter import Principle
from mutuali.learning.rules.card import Card, CardText, Choice, Picture
from mutuali.learning.rules.commons_en import COMMONS_EN
from mutuali.learning.rules.commons_fr import COMMONS_FR
from mutuali.learning.rules.future_en import FUTURE_EN
from mutuali.learning.rules.future_fr import FUTURE_FR
from mutuali.learning.rules.rights_en import RIGHTS_EN
from mutuali.learning.rules.rights_fr import RIGHTS_FR

_FRENCH: Mapping[str, CardText] = {**RIGHTS_FR, **COMMONS_FR, **FUTURE_FR}
_ENGLISH: Mapping[str, CardText] = {**RIGHTS_EN, **COMMONS_EN, **FUTURE_EN}

#: Code, principle, place of the right choice, picture.
_LAID_OUT: tuple[tuple[str, Principle, int, Picture | None], ...] = (
    ("no-name", Principle.PRIVACY, 2, Picture.DOTS),
    ("two-words", Principle.PRIVACY, 1, Picture.FORM),
    ("who-is-missing", Principle.INCLUSION, 3, Picture.MISSING),
    ("labels", Principle.INCLUSION, 1, Picture.DOTS),
    ("own-account", Principle.CYBERSECURITY, 2, Picture.LOCK),
    ("lost-list", Principle.CYBERSECURITY, 3, Picture.LOCK),
    ("free-yes", Principle.CONSENT, 1, Picture.DOORS),
    ("taken-back", Principle.CONSENT, 2, Picture.LOOP),
    ("ask-less", Principle.SOBRIETY, 3, Picture.FORM),
    ("letting-go", Principle.SOBRIETY, 1, None),
    ("together", Principle.COMMON_GOOD, 2, Picture.SUM),
    ("give-back", Principle.COMMON_GOOD, 3, Picture.LOOP),
    ("four-answers", Principle.SOVEREIGNTY, 2, Picture.LOOP),
    ("far-away", Principle.SOVEREIGNTY, 1, None),
    ("same-words", Principle.INTEROPERABILITY, 3, Picture.PIECES),
    ("take-along", Principle.INTEROPERABILITY, 2, Picture.PIECES),
    ("say-it-first", Principle.TRANSPARENCY, 1, Picture.TALK),
    ("who-answers", Principle.TRANSPARENCY, 3, Picture.TALK),
    ("by-phone", Principle.ACCESS, 2, Picture.DOORS),
    ("plain-words", Principle.ACCESS, 1, Picture.TALK),
    ("ask-first", Principle.PARTICIPATION, 3, Picture.TALK),
    ("you-said", Principle.PARTICIPATION, 2, Picture.LOOP),
    ("small-trial", Principle.INNOVATION, 1, None),
    ("machine", Principle.INNOVATION, 2, None),
    ("weight", Principle.TRANSITION, 3, Picture.SUM),
    ("fewer-trips", Principle.TRANSITION, 1, Picture.ROAD),
)


def _in_french(text: CardText) -> CardText:
    """A text with the non-breaking spaces of Québec typography."""
    return replace(
        text,
        title=french(text.title),
        paragraphs=tuple(french(each) for each in text.paragraphs),
        example=french(text.example),
        question=french(text.question),
        choices=tuple(Choice(french(each.text), french(each.feedback)) for each in text.choices),
    )


def _made() -> Iterator[Card]:
    for code, principle, right, picture in _LAID_OUT:
        texts = {"fr": _in_french(_FRENCH[code]), "en": _ENGLISH[code]}
        yield Card(code, principle, right, picture, texts)


#: By its code.
CARDS: Mapping[str, Card] = {card.code: card for card in _made()}
