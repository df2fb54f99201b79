"""An organization's own policy in plain words (P-39.1, s. 3.2 and 8), filled from its inventory,
and its retention table. Pure.

A policy is kept as it was published: a text whose lines begin with ``# `` (title), ``## `` and
``### `` (headings) or ``- `` (items).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from mutuali.core.errors import Reason
from mutuali.owndata.rules.holdings import CameBy, HoldingDraft, KeptIn, words_of
from mutuali.owndata.rules.phrases import phrase, phrases, until
from mutuali.owndata.rules.said import begun, french, one_line
from mutuali.owndata.rules.templates import TEMPLATES

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class OfficerDraft:
    """Who is in charge: by law the highest authority, unless it delegated in writing that day."""

    name: str
    title: str
    how_to_reach: str
    delegated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a policy: ``level`` 1 to 3 is a heading, 0 a paragraph, -1 an item."""

    level: int
    words: str


class Kept(NamedTuple):
    """A line of the retention table."""

    name: str
    until: str
    why: str
    then: str


def officer_objections(draft: OfficerDraft, today: date) -> tuple[Reason, ...]:
    """Why this person may not be named like that: a delegation is in writing, so it has a day."""
    if draft.delegated_on is not None and draft.delegated_on > today:
        return (Reason("office.delegation_to_come", {}, "delegated_on"),)
    return ()


def policy_objections(
    officer: OfficerDraft | None, holdings: Sequence[HoldingDraft]
) -> tuple[Reason, ...]:
    """What a policy still lacks."""
    found = []
    if not holdings:
        found.append(Reason("policy.nothing_held"))
    if officer is None:
        found.append(Reason("policy.officer_missing"))
    return tuple(found)


def retention_table(holdings: Sequence[HoldingDraft], language: str) -> list[Kept]:
    """What is kept how long, why so long, and what happens then."""
    return [
        Kept(
            name_of(each, language),
            begun(until(each.term, each.counted_from, language)),
            _because(each, language) or begun(_said(each, "why", language)),
            begun(phrase(each.ending, language)),
        )
        for each in holdings
    ]


def name_of(holding: HoldingDraft, language: str) -> str:
    """What a holding is called."""
    return begun(_said(holding, "name", language))


def policy_text(
    organization: str,
    officer: OfficerDraft,
    holdings: Sequence[HoldingDraft],
    language: str,
) -> str:
    """The whole policy."""
    lines = _french(organization, officer, holdings)
    if language == "en":
        lines = _english(organization, officer, holdings)
    return "\n".join(french(line) if language == "fr" else line for line in lines) + "\n"


def lines_of(text: str) -> list[Line]:
    """The lines of a policy, as pages and papers show them."""
    found = []
    for line in text.splitlines():
        marks, _, words = line.partition(" ")
        if marks and set(marks) == {"#"}:
            found.append(Line(len(marks), words))
        elif line.startswith("- "):
            found.append(Line(-1, line[2:]))
        elif line:
            found.append(Line(0, line))
    return found


def plain_text(text: str) -> str:
    """The policy to copy anywhere: no marks, a line free before each heading."""
    parts = []
    for line in lines_of(text):
        if line.level > 0:
            parts.append(f"\n{line.words}")
        else:
            parts.append(f"- {line.words}" if line.level < 0 else line.words)
    return "\n".join(parts).strip() + "\n"


def _said(holding: HoldingDraft, word: str, language: str) -> str:
    template = TEMPLATES[holding.template] if holding.template else None
    return words_of(holding, template, word).said(language).rstrip(" .")


def _because(holding: HoldingDraft, language: str) -> str:
    """Why the term is usual; nothing where the organization chose another."""
    template = TEMPLATES[holding.template] if holding.template else None
    if template is None or (holding.term, holding.counted_from) != (
        template.term,
        template.counted_from,
    ):
        return ""
    return template.because.said(language)


def _names(holdings: Sequence[HoldingDraft], language: str) -> str:
    return ", ".join(name_of(each, language) for each in holdings)


def _held(holding: HoldingDraft, language: str) -> list[str]:
    """What is said of one holding."""
    asked = _ASKED[language]
    ends = until(holding.term, holding.counted_from, language)
    because = _because(holding, language)
    return [
        f"### {name_of(holding, language)}",
        f"- {asked['what']} {_said(holding, 'what', language)}.",
        f"- {asked['about_whom']} {phrases(holding.about_whom, language)}.",
        f"- {asked['why']} {_said(holding, 'why', language)}.",
        f"- {asked['came_by']} {phrases(holding.came_by, language)}.",
        f"- {asked['kept_in']} {phrases(holding.kept_in, language)}.",
        f"- {asked['seen_by']} {phrases(holding.seen_by, language)}.",
        f"- {asked['until']} {ends}. {because}".rstrip(),
        f"- {asked['then']} {phrase(holding.ending, language)}.",
    ]


_ASKED = {
    "fr": {
        "what": "Quoi :",
        "about_whom": "Sur qui :",
        "why": "Pourquoi :",
        "came_by": "Comment ça nous vient :",
        "kept_in": "Où c’est :",
        "seen_by": "Qui le voit :",
        "until": "Jusqu’à quand :",
        "then": "Et après :",
    },
    "en": {
        "what": "What:",
        "about_whom": "About whom:",
        "why": "Why:",
        "came_by": "How it comes to us:",
        "kept_in": "Where it is:",
        "seen_by": "Who sees it:",
        "until": "Until when:",
        "then": "And then:",
    },
}


def _french(
    organization: str, officer: OfficerDraft, holdings: Sequence[HoldingDraft]
) -> list[str]:
    online = [each for each in holdings if CameBy.ONLINE_FORM in each.came_by]
    abroad = [each for each in holdings if KeptIn.CLOUD_OUTSIDE in each.kept_in]
    who = ", ".join(filter(None, (one_line(officer.title), one_line(officer.name))))
    lines = [
        f"# Politique de confidentialité : {one_line(organization)}",
        "Cette page dit ce que nous gardons sur les gens, pourquoi, qui le voit et jusqu’à quand.",
        "## La personne responsable",
        f"- {who}",
        f"- Pour la joindre : {one_line(officer.how_to_reach)}",
        "La loi désigne la plus haute autorité de notre organisme. Elle a confié ce rôle par écrit."
        if officer.delegated_on
        else "C’est la plus haute autorité de notre organisme, comme le veut la loi.",
        "## Ce que nous gardons",
    ]
    for each in holdings:
        lines += _held(each, "fr")
    if online:
        lines += [
            "## Nos formulaires en ligne",
            f"Ceci nous vient d’un formulaire en ligne : {_names(online, 'fr')}.",
            "Ce que vous y écrivez nous arrive quand vous touchez le bouton d’envoi.",
        ]
    if abroad:
        lines += [
            "## Hors du Québec",
            f"Un service en ligne garde ceci hors du Québec : {_names(abroad, 'fr')}.",
            "Là-bas, d’autres lois comptent aussi.",
        ]
    return [
        *lines,
        "## Nos règles",
        "- Nous demandons seulement ce qui sert.",
        "- Qui voit une liste s’en sert pour son travail, et pour rien d’autre.",
        "- Nous ne donnons rien à qui n’est pas nommé plus haut, sauf si la loi le demande ou si "
        "vous dites oui.",
        "- Quand le temps est passé, nous faisons ce qui est dit sous « Et après ».",
        "- La personne responsable voit à ces règles, du premier au dernier jour.",
        "- Si des données se perdent ou fuient, nous le notons. Si le risque est grave, nous "
        "prévenons les gens et la Commission d’accès à l’information.",
        "## Ce que vous pouvez demander",
        "- Voir ce que nous gardons sur vous.",
        "- Savoir qui le voit, et jusqu’à quand.",
        "- Faire corriger une erreur.",
        "- Recevoir vos données dans un fichier.",
        "- Reprendre un oui que vous avez donné.",
        "Écrivez à la personne responsable. Dites qui vous êtes et ce que vous voulez. Elle répond "
        "en 30 jours. Voir ses données ne coûte rien.",
        "## Pour porter plainte",
        "Dites à la personne responsable ce qui ne va pas, de vive voix ou par écrit. Elle le "
        "note, cherche ce qui s’est passé, et vous répond en 30 jours.",
        "Si sa réponse ne vous va pas, écrivez à la Commission d’accès à l’information du "
        "Québec : www.cai.gouv.qc.ca.",
    ]


def _english(
    organization: str, officer: OfficerDraft, holdings: Sequence[HoldingDraft]
) -> list[str]:
    online = [each for each in holdings if CameBy.ONLINE_FORM in each.came_by]
    abroad = [each for each in holdings if KeptIn.CLOUD_OUTSIDE in each.kept_in]
    who = ", ".join(filter(None, (one_line(officer.title), one_line(officer.name))))
    lines = [
        f"# Privacy policy: {one_line(organization)}",
        "This page says what we keep about people, why, who sees it and until when.",
        "## The person in charge",
        f"- {who}",
        f"- How to reach them: {one_line(officer.how_to_reach)}",
        "The law names the head of our organization. The head gave this role to them in writing."
        if officer.delegated_on
        else "They are the head of our organization, as the law says.",
        "## What we keep",
    ]
    for each in holdings:
        lines += _held(each, "en")
    if online:
        lines += [
            "## Our online forms",
            f"This comes to us through an online form: {_names(online, 'en')}.",
            "What you write there comes to us when you press the button to send it.",
        ]
    if abroad:
        lines += [
            "## Outside Québec",
            f"An online service keeps this outside Québec: {_names(abroad, 'en')}.",
            "Other laws count there too.",
        ]
    return [
        *lines,
        "## Our rules",
        "- We ask only for what we use.",
        "- Those who see a list use it for their work, and for nothing else.",
        "- We give nothing to anyone who is not named above, unless the law asks for it or you "
        "say yes.",
        "- When the time is over, we do what is said under “And then”.",
        "- The person in charge sees to these rules, from the first day to the last.",
        "- If data is lost or leaks, we write it down. If the risk is serious, we tell the people "
        "and the Commission d’accès à l’information.",
        "## What you can ask for",
        "- To see what we keep about you.",
        "- To know who sees it, and until when.",
        "- To have a mistake fixed.",
        "- To get your data in a file.",
        "- To take back a yes that you gave.",
        "Write to the person in charge. Say who you are and what you want. They reply within "
        "30 days. To see your own data is free.",
        "## If you have a complaint",
        "Tell the person in charge what is wrong, in person or in writing. They write it down, "
        "look into it, and reply within 30 days.",
        "If you do not like the reply, write to the Commission d’accès à l’information of "
        "Québec: www.cai.gouv.qc.ca.",
    ]
