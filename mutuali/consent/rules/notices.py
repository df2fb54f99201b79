"""Notices: their default words, what they must say, their hash."""

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

from mutuali.consent.rules.answers import MOST_MONTHS, Purpose
from mutuali.core.errors import Reason

NBSP = "\u00a0"
LONGEST_TEXT = 8000

#: Between the two languages in the text whose hash is kept.
_BETWEEN = "\n----------------------------------------\n\n"


class _Words(NamedTuple):
    """What differs from one purpose to the next, in one language."""

    asks: str
    leaves: str
    never: str
    use: str
    bound: str


_NEVER_FR = (
    "Le nom de votre organisme, le nom des personnes, vos adresses, vos coordonnées, vos messages, "
    "vos photos et les dates exactes."
)
_BOUND_FR = (
    "ne peut ni s’en servir autrement, ni chercher à vous reconnaître, ni le remettre à d’autres : "
    "une entente signée le lui interdit."
)
_NEVER_EN = (
    "The name of your organization, names of people, your addresses, your contact details, your "
    "messages, your photos and exact dates."
)
_BOUND_EN = (
    "may not use it otherwise, try to recognize you, or pass it on: a signed agreement forbids it."
)

_FRENCH: Mapping[Purpose, _Words] = {
    Purpose.NETWORK_STATISTICS: _Words(
        "des statistiques du réseau : combien d’équipement se prête, de quel genre, dans quelle "
        "zone de l’île et en quelle saison",
        "Des tableaux de totaux : par exemple, le nombre de prêts de véhicules d’un trimestre. "
        "Vos prêts et vos emprunts y sont additionnés à ceux d’autres organismes. Aucune ligne ne "
        "décrit un prêt. Un total qui repose sur trop peu d’organismes ne sort pas.",
        _NEVER_FR,
        "Savoir ce qui manque, justifier du financement, rendre compte de ce que le partage évite "
        "d’acheter.",
        _BOUND_FR,
    ),
    Purpose.SHARING_STUDY: _Words(
        "une liste dépersonnalisée des prêts, pour étudier comment les organismes se prêtent de "
        "l’équipement",
        "Une ligne par prêt, sans nom, sans adresse et sans date exacte : un genre d’équipement, "
        "un trimestre, une durée et un préavis en tranches, une grande zone, et si le prêt a eu "
        "lieu. Une ligne qui ne se confond pas avec celles d’assez d’autres organismes ne sort "
        "pas.",
        _NEVER_FR,
        "Comprendre ce qui aide ou freine le partage : préavis, durées, refus, saisons.",
        _BOUND_FR,
    ),
    Purpose.MOBILITY_PLANNING: _Words(
        "les mouvements d’équipement d’une zone de l’île à l’autre, pour planifier les "
        "déplacements",
        "Des tableaux de totaux par grande zone et par période : combien de prêts y vont, combien "
        "d’heures. Aucun trajet, aucune adresse, aucune ligne par prêt. Un total qui repose sur "
        "trop peu d’organismes ne sort pas.",
        _NEVER_FR,
        "Choisir où mettre des véhicules et de l’entreposage, et réduire les kilomètres.",
        _BOUND_FR,
    ),
    Purpose.NAMED_PUBLICLY: _Words(
        "le droit de vous nommer : une liste publique des organismes et de ce qu’ils offrent en "
        "prêt",
        "Le nom de votre organisme, son secteur, les genres d’équipement que vous offrez et "
        "combien d’unités. N’importe qui pourra lire et copier cette liste.",
        "Le nom des personnes, vos coordonnées, vos messages, vos prêts et vos emprunts.",
        "Montrer ce que le réseau offre ensemble, et à qui s’adresser.",
        "ne peut rien y ajouter sur vous. Ce qui est déjà publié ne peut pas être rappelé.",
    ),
}

_ENGLISH: Mapping[Purpose, _Words] = {
    Purpose.NETWORK_STATISTICS: _Words(
        "network statistics: how much equipment is lent, of what kind, in which zone of the "
        "island and in which season",
        "Tables of totals: for example, the number of vehicle loans in a quarter. Your loans, "
        "given and received, are added to those of other organizations. No row describes a loan. "
        "A total that rests on too few organizations does not go out.",
        _NEVER_EN,
        "Knowing what is missing, supporting requests for funding, showing what sharing saves "
        "from being bought.",
        _BOUND_EN,
    ),
    Purpose.SHARING_STUDY: _Words(
        "a de-identified list of loans, to study how organizations lend each other equipment",
        "One row per loan, without a name, an address or an exact date: a kind of equipment, a "
        "quarter, a duration and a lead time in bands, a large area, and whether the loan took "
        "place. A row that does not blend in with those of enough other organizations does not "
        "go out.",
        _NEVER_EN,
        "Understanding what helps sharing and what holds it back: lead times, durations, "
        "refusals, seasons.",
        _BOUND_EN,
    ),
    Purpose.MOBILITY_PLANNING: _Words(
        "movements of equipment from one zone of the island to another, to plan transport",
        "Tables of totals by large zone and by period: how many loans go there, how many hours. "
        "No trip, no address, no row per loan. A total that rests on too few organizations does "
        "not go out.",
        _NEVER_EN,
        "Choosing where to place vehicles and storage, and driving fewer kilometres.",
        _BOUND_EN,
    ),
    Purpose.NAMED_PUBLICLY: _Words(
        "the right to name you: a public list of organizations and of what they offer to lend",
        "The name of your organization, its area, the kinds of equipment you offer and how many "
        "units. Anybody will be able to read and copy this list.",
        "Names of people, your contact details, your messages, your loans, given and received.",
        "Showing what the network offers together, and whom to ask.",
        "may add nothing about you. What is already published cannot be recalled.",
    ),
}

_FRENCH_FRAME = """Ce qui est demandé
{recipient} demande à recevoir {asks}.

Ce qui sortirait
{leaves}

Ce qui ne sort jamais
{never}

À quoi cela sert, et à rien d’autre
{use} {recipient} {bound} Sans entente en vigueur, rien ne sort, même si vous avez dit oui.

Combien de temps
Votre oui dure {months} mois, puis il s’éteint de lui-même. Si cet avis change, votre oui ne \
compte plus et la question revient.

Vous êtes libres
Sans réponse, c’est non. Un non ne change rien au service : vous empruntez et prêtez comme avant. \
Vous pouvez retirer votre oui en tout temps, en un geste : dès ce moment, rien de nouveau ne sort \
sur votre organisme. Ce qui a déjà été communiqué ne peut pas toujours être rappelé.

Pour de l’aide
La personne responsable de la protection des renseignements personnels du réseau répond à vos \
questions, de vive voix si vous le voulez. Ses coordonnées sont à la page Confidentialité.
"""

_ENGLISH_FRAME = """What is asked
{recipient} asks to receive {asks}.

What would go out
{leaves}

What never goes out
{never}

What it is for, and nothing else
{use} {recipient} {bound} Without an agreement in force nothing goes out, even if you said yes.

For how long
Your yes lasts {months} months, then ends by itself. If this notice changes, your yes no longer \
counts and the question comes back.

You are free
No answer means no. A no changes nothing in the service: you borrow and lend as before. You may \
withdraw your yes at any time, in one step: from that moment nothing new goes out about your \
organization. What was already shared cannot always be recalled.

For help
The network’s person in charge of the protection of personal information answers your questions, \
by phone if you wish. Their contact details are on the Privacy page.
"""


def default_texts(purpose: Purpose, recipient_name: str, months: int) -> tuple[str, str]:
    """The notice for ``purpose`` as it is proposed, in French and in English."""
    french = _FRENCH_FRAME.format(
        recipient=recipient_name, months=months, **_FRENCH[purpose]._asdict()
    )
    english = _ENGLISH_FRAME.format(
        recipient=recipient_name, months=months, **_ENGLISH[purpose]._asdict()
    )
    return french.replace(" :", f"{NBSP}:").strip(), english.strip()


def exact_text(text_fr: str, text_en: str) -> str:
    """Both languages as one text: what the hash covers, in UTF-8."""
    return text_fr + _BETWEEN + text_en


def hash_of(text_fr: str, text_en: str) -> str:
    """SHA-256, hex, of :func:`exact_text`."""
    return hashlib.sha256(exact_text(text_fr, text_en).encode()).hexdigest()


def notice_objections(
    text_fr: str, text_en: str, *, recipient_name: str, months: int
) -> tuple[Reason, ...]:
    """Why a notice may not be published: each language says to whom and for how many months."""
    objections = []
    if not 1 <= months <= MOST_MONTHS:
        bounds = {"min": 1, "max": MOST_MONTHS}
        objections.append(Reason("field.out_of_range", bounds, "lasts_months"))
    for field, text in (("text_fr", text_fr), ("text_en", text_en)):
        if len(text) > LONGEST_TEXT:
            objections.append(Reason("field.too_long", {"max": LONGEST_TEXT}, field))
        if recipient_name not in text:
            said = {"recipient": recipient_name}
            objections.append(Reason("notice.recipient_not_said", said, field))
        if not re.search(rf"(?<!\d){months}(?!\d)", text):
            objections.append(Reason("notice.duration_not_said", {"months": months}, field))
    return tuple(objections)
