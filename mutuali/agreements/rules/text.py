"""The exact text of an agreement, clause by clause with its plain line, and its hash."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mutuali.agreements.rules.said import french
from mutuali.agreements.rules.settings import ReleaseSettings
from mutuali.agreements.rules.terms import Dataset, Liability, Restriction, Warranty
from mutuali.agreements.rules.wording import said
from mutuali.consent.rules import Purpose

#: Between the two languages in the text whose hash is accepted.
_BETWEEN = "\n----------------------------------------\n\n"
_PLAIN = {"fr": french("En clair : "), "en": "In plain words: "}
_NUMBERED = re.compile(r"([0-9]+)\. (.+)")
_MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """All that was agreed, in the values that the text says; analysts as they are to be named."""

    number: str
    operator_name: str
    partner_name: str
    is_internal: bool
    purposes: tuple[Purpose, ...]
    datasets: tuple[Dataset, ...]
    analysts: tuple[str, ...]
    intended_use: str
    restrictions: tuple[Restriction, ...]
    liability: Liability
    warranties: tuple[Warranty, ...]
    settings: ReleaseSettings
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause: its heading, its plain line, and what binds."""

    heading: str
    plain: str
    text: str


def render(terms: Terms, language: str) -> str:
    """The whole text in ``language``, ``fr`` or ``en``; the same terms give the same bytes."""
    title = {
        "fr": f"Entente de partage de données {terms.number}",
        "en": f"Data sharing agreement {terms.number}",
    }[language]
    clauses = _clauses_fr(terms) if language == "fr" else _clauses_en(terms)
    blocks = [
        f"{n}. {clause.heading}\n{_PLAIN[language]}{clause.plain}\n{clause.text}"
        for n, clause in enumerate(clauses, 1)
    ]
    return "\n\n".join([title, *blocks]) + "\n"


def exact_text(text_fr: str, text_en: str) -> str:
    """Both texts as one file: what is accepted, byte for byte in UTF-8."""
    return text_fr + _BETWEEN + text_en


def hash_of(text_fr: str, text_en: str) -> str:
    """SHA-256, hex, of :func:`exact_text`."""
    return hashlib.sha256(exact_text(text_fr, text_en).encode()).hexdigest()


def clauses_of(text: str, language: str) -> tuple[Clause, ...]:
    """The clauses of a rendered text, to show it in parts."""
    found = []
    for block in text.removesuffix("\n").split("\n\n")[1:]:
        heading, plain, body = block.split("\n", 2)
        numbered = _NUMBERED.fullmatch(heading)
        found.append(
            Clause(numbered[2] if numbered else heading, plain.removeprefix(_PLAIN[language]), body)
        )
    return tuple(found)


def _one_line(words: str) -> str:
    """Names on one line, so that nobody's name can pass for a clause."""
    return " ".join(words.split())


def _quoted(words: str) -> str:
    """What was typed, each line marked as a quotation: it cannot pass for a clause either."""
    lines = words.strip().splitlines() or [""]
    return "\n".join(f"> {line.strip()}".rstrip() for line in lines)


def _listed(lines: Iterator[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _day(day: date, language: str) -> str:
    month = _MONTHS[language][day.month - 1]
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"


def _coded(terms: Terms, language: str) -> Iterator[Clause]:
    """The clauses that a steward chose or that are always there, in the order of their lists."""
    for restriction in Restriction:
        if restriction in terms.restrictions:
            yield Clause(*said(restriction, language))
    yield Clause(*said(terms.liability, language))
    for warranty in Warranty:
        if warranty in terms.warranties:
            yield Clause(*said(warranty, language))


def _uses(terms: Terms, language: str) -> tuple[str, str]:
    datasets = _listed(said(each, language).text for each in Dataset if each in terms.datasets)
    purposes = _listed(said(each, language).text for each in Purpose if each in terms.purposes)
    return datasets, purposes


def _clauses_fr(terms: Terms) -> Iterator[Clause]:
    operator, partner = _one_line(terms.operator_name), _one_line(terms.partner_name)
    datasets, purposes = _uses(terms, "fr")
    if terms.is_internal:
        yield Clause(
            "Les parties",
            french(f"{operator} se donne, pour son propre usage, les règles d’un partenaire."),
            french(
                f"La présente entente encadre l’usage interne que {operator}, exploitant du réseau "
                "MutuAli (« l’exploitant »), fait des données. L’exploitant y tient aussi le rôle "
                "du partenaire (« le partenaire »); deux personnes différentes l’acceptent."
            ),
        )
    else:
        yield Clause(
            "Les parties",
            french(f"{operator} communique des données à {partner}."),
            french(
                f"La présente entente lie {operator}, exploitant du réseau MutuAli (« l’exploitant "
                f"»), et {partner} (« le partenaire »)."
            ),
        )
    yield Clause(
        "Les données et leurs finalités",
        "Ces données-là, pour ces raisons-là, et rien d’autre.",
        french(
            f"L’exploitant peut communiquer au partenaire :\n{datasets}\n"
            f"Le partenaire ne s’en sert que pour :\n{purposes}\n"
            "Une communication ne porte que sur les organismes dont le consentement à cette "
            "finalité et à ce destinataire est en vigueur ce jour-là."
        ),
    )
    yield Clause(
        "L’usage prévu",
        "Ce que le partenaire compte faire, dans les mots des parties.",
        _quoted(terms.intended_use),
    )
    yield Clause(
        "Les personnes qui y ont accès",
        "Personne d’autre n’ouvre les fichiers.",
        french(
            "Seules ont accès aux données, parce que leur travail le demande :\n"
            f"{_listed(_one_line(each) for each in terms.analysts)}\n"
            "Chacune s’engage à les garder confidentielles. Ajouter une personne demande une "
            "nouvelle entente."
        ),
    )
    yield Clause(
        french(f"Le seuil de {terms.settings.k} organismes"),
        f"Un chiffre qui repose sur moins de {terms.settings.k} organismes ne sort pas.",
        f"Rien de ce qui est communiqué ne repose sur moins de {terms.settings.k} organismes, "
        "comptés séparément du côté des prêteurs et de celui des emprunteurs. Les organismes liés "
        "entre eux comptent pour un seul.",
    )
    yield from _coded(terms, "fr")
    yield Clause(
        "La durée",
        f"Du {_day(terms.starts_on, 'fr')} au {_day(terms.ends_on, 'fr')}, sans renouvellement.",
        "L’entente prend effet quand les deux parties en ont accepté ce texte exact, au plus tôt "
        f"le {_day(terms.starts_on, 'fr')}. Elle prend fin à la fin du "
        f"{_day(terms.ends_on, 'fr')}, heure de Montréal, et ne se renouvelle pas d’elle-même.",
    )
    yield Clause(
        "La fin avant terme",
        "Chaque partie peut y mettre fin tout de suite, sans raison.",
        "Chaque partie peut mettre fin à l’entente en tout temps, sur MutuAli ou par écrit. Plus "
        "rien n’est alors communiqué. Les engagements du partenaire sur les données déjà reçues "
        "durent jusqu’à leur destruction.",
    )
    yield Clause(
        "Les changements, la langue, le droit",
        french("On ne retouche pas une entente : on en fait une autre."),
        "Tout changement demande une nouvelle acceptation des deux parties. Aucune somme n’est "
        "due. L’entente existe en français et en anglais; en cas d’écart, le français l’emporte. "
        "Le droit du Québec s’applique.",
    )


def _clauses_en(terms: Terms) -> Iterator[Clause]:
    operator, partner = _one_line(terms.operator_name), _one_line(terms.partner_name)
    datasets, purposes = _uses(terms, "en")
    if terms.is_internal:
        yield Clause(
            "The parties",
            f"{operator} holds its own use to the rules of a partner.",
            f"This agreement governs the internal use that {operator}, operator of the MutuAli "
            "network (“the operator”), makes of the data. The operator also takes the part of the "
            "partner (“the partner”); two different persons accept it.",
        )
    else:
        yield Clause(
            "The parties",
            f"{operator} releases data to {partner}.",
            f"This agreement binds {operator}, operator of the MutuAli network (“the operator”), "
            f"and {partner} (“the partner”).",
        )
    yield Clause(
        "The data and its purposes",
        "This data, for these reasons, and nothing else.",
        f"The operator may release to the partner:\n{datasets}\n"
        f"The partner uses it only for:\n{purposes}\n"
        "A release covers only the organizations whose consent to this purpose and this recipient "
        "is in force on that day.",
    )
    yield Clause(
        "Intended use",
        "What the partner means to do, in the parties’ own words.",
        _quoted(terms.intended_use),
    )
    yield Clause(
        "Who has access",
        "Nobody else opens the files.",
        "Only these persons, because their work requires it, have access to the data:\n"
        f"{_listed(_one_line(each) for each in terms.analysts)}\n"
        "Each undertakes to keep it confidential. Adding a person takes a new agreement.",
    )
    yield Clause(
        f"The threshold of {terms.settings.k} organizations",
        f"A figure that rests on fewer than {terms.settings.k} organizations does not leave.",
        f"Nothing that is released rests on fewer than {terms.settings.k} organizations, counted "
        "separately among lenders and among borrowers. Organizations related to each other count "
        "as one.",
    )
    yield from _coded(terms, "en")
    yield Clause(
        "Term",
        f"From {_day(terms.starts_on, 'en')} to {_day(terms.ends_on, 'en')}, without renewal.",
        "This agreement takes effect when both parties have accepted this exact text, at the "
        f"earliest on {_day(terms.starts_on, 'en')}. It ends at the end of "
        f"{_day(terms.ends_on, 'en')}, Montréal time, and does not renew itself.",
    )
    yield Clause(
        "Ending early",
        "Either party may end it at once, without a reason.",
        "Either party may end this agreement at any time, on MutuAli or in writing. Nothing more "
        "is released from then on. The partner’s commitments about data already received last "
        "until it is destroyed.",
    )
    yield Clause(
        "Changes, language, law",
        "An agreement is not touched up: a new one is made.",
        "Any change takes a new acceptance by both parties. No sum is due. This agreement exists "
        "in French and in English; where they differ, the French prevails. The law of Québec "
        "applies.",
    )
