"""What the clauses of both languages are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum

from mutuali.agreements.rules.promises import Measure, Party, Promises
from mutuali.agreements.rules.said import NBSP, Said
from mutuali.agreements.rules.settings import ReleaseSettings
from mutuali.agreements.rules.terms import Dataset, Instrument, Liability, Restriction, Warranty
from mutuali.agreements.rules.wording import said
from mutuali.consent.rules import Purpose

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
class NamedInText:
    """A person who gets access, as the text names them."""

    name: str
    why: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """All that was agreed, in the values that the text says."""

    number: str
    is_internal: bool
    operator: Party
    partner: Party
    purposes: tuple[Purpose, ...]
    datasets: tuple[Dataset, ...]
    analysts: tuple[NamedInText, ...]
    intended_use: str
    restrictions: tuple[Restriction, ...]
    liability: Liability
    warranties: tuple[Warranty, ...]
    starts_on: date
    ends_on: date
    settings: ReleaseSettings
    instrument: Instrument = Instrument.ORGANIZATION_DATA
    assessment_ref: str = ""
    ethics_ref: str = ""
    outside_quebec: bool = False
    kept_at: str = ""
    measures: tuple[Measure, ...] = ()
    benefit: str = ""
    outputs: str = ""
    attribution: str = ""
    promises: Promises = field(default_factory=Promises)
    #: The number of the agreement that this one amends.
    amends: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause: its heading, its plain line, what binds; the question it answers."""

    heading: str
    plain: str
    text: str
    question: int = field(default=0, compare=False)


def one_line(words: str) -> str:
    """Names on one line, so that nobody's name can pass for a clause."""
    return " ".join(words.split())


def quoted(words: str) -> str:
    """What was typed, each line marked as a quotation: it cannot pass for a clause either."""
    lines = words.strip().splitlines() or [""]
    return "\n".join(f"> {line.strip()}".rstrip() for line in lines)


def listed(lines: Iterable[str]) -> str:
    """Lines as items; what a draft has no answer to yet is left open, never an empty line."""
    return "\n".join(f"- {line}" for line in lines) or "- …"


def dollars(amount: int, language: str) -> str:
    """A sum as people write it."""
    grouped = f"{amount:,}"
    return f"${grouped}" if language == "en" else f"{grouped.replace(',', NBSP)}{NBSP}$"


def day_of(day: date, language: str) -> str:
    """A day as people write it."""
    month = _MONTHS[language][day.month - 1]
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return f"{'1er' if day.day == 1 else day.day} {month} {day.year}"


def review_days_of(terms: Terms) -> tuple[date, ...]:
    """The days on which the parties look at the agreement, within its term."""
    found = []
    months = terms.promises.review_months
    due = _months_after(terms.starts_on, months)
    while due < terms.ends_on:
        found.append(due)
        months += terms.promises.review_months
        due = _months_after(terms.starts_on, months)
    return tuple(found)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    # The last day of a short month stands for one that it lacks.
    return min(
        first + timedelta(days=day.day - 1),
        (first + timedelta(days=31)).replace(day=1) - timedelta(days=1),
    )


def clause_of(term: StrEnum, terms: Terms, language: str) -> Said:
    """The words of a coded term with the agreed numbers in them."""
    if term is Restriction.FOLLOW_WITHDRAWALS:
        chosen = said(terms.settings.on_withdrawal, language)
        words = Said(said(term, language).name, chosen.plain, chosen.text)
    else:
        words = said(term, language)
    numbers = {
        each.name: getattr(group, each.name)
        for group in (terms.settings, terms.promises)
        for each in fields(group)
    }
    return words._replace(text=words.text.format_map(numbers))


def coded(terms: Terms, language: str) -> Iterator[Clause]:
    """The restrictions, in the order of their list, each with the question that it answers."""
    for restriction in Restriction:
        if restriction in terms.restrictions:
            yield Clause(*clause_of(restriction, terms, language), _ASKED_AT.get(restriction, 10))


_ASKED_AT = {
    Restriction.KEEP_SAFE: 7,
    Restriction.KEPT_IN_QUEBEC: 7,
    Restriction.PUBLISH_ABOVE_THRESHOLD: 8,
    Restriction.FOLLOW_WITHDRAWALS: 9,
    Restriction.TELL_INCIDENTS: 11,
    Restriction.DESTROY_AT_END: 12,
}


def vouched(terms: Terms, language: str) -> Iterator[Clause]:
    """The warranties, in the order of their list."""
    for warranty in Warranty:
        if warranty in terms.warranties:
            yield Clause(*clause_of(warranty, terms, language), 11)


def uses(terms: Terms, language: str) -> tuple[str, str]:
    """Datasets and purposes, each as a list."""
    datasets = listed(said(each, language).text for each in Dataset if each in terms.datasets)
    purposes = listed(said(each, language).text for each in Purpose if each in terms.purposes)
    return datasets, purposes
