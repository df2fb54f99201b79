"""The clauses in English."""

from collections.abc import Iterator

from mutuali.agreements.rules.phrases import (
    Clause,
    NamedInText,
    Terms,
    clause_of,
    coded,
    day_of,
    dollars,
    listed,
    one_line,
    quoted,
    review_days_of,
    uses,
    vouched,
)
from mutuali.agreements.rules.promises import Measure, Party
from mutuali.agreements.rules.wording import said


def clauses_in_english(terms: Terms) -> Iterator[Clause]:
    """Every clause, in order."""
    yield _parties(terms)
    yield from _use(terms)
    yield _people(terms)
    yield from _protection(terms)
    yield from coded(terms, "en")
    yield _liability(terms)
    yield from vouched(terms, "en")
    yield from _time(terms)


def _party(role: str, party: Party) -> str:
    parts = [f"{role}, {one_line(party.legal_name)}, is {said(party.regime, 'en').text}"]
    for label, words in (
        ("address", party.place),
        ("contact", party.contact),
        ("person in charge of the protection of personal information", party.in_charge),
    ):
        if words.strip():
            parts.append(f"{label}: {one_line(words)}")
    return "; ".join(parts)


def _parties(terms: Terms) -> Clause:
    operator, partner = one_line(terms.operator.legal_name), one_line(terms.partner.legal_name)
    amends = (
        f"\nIt amends and, as soon as it takes effect, replaces agreement {terms.amends}."
        if terms.amends
        else ""
    )
    if terms.is_internal:
        plain = f"{operator} holds its own use to the rules of a partner."
        text = (
            f"This agreement governs the internal use that {operator}, operator of the MutuAli "
            "network (“the operator”), makes of the data. The operator also takes the part of the "
            "partner (“the partner”); two different persons accept it.\n"
            + listed([_party("the operator", terms.operator)])
        )
    else:
        plain = f"{operator} releases data to {partner}."
        text = (
            f"This agreement binds {operator}, operator of the MutuAli network (“the operator”), "
            f"and {partner} (“the partner”).\n"
            + listed([_party("the operator", terms.operator), _party("the partner", terms.partner)])
        )
    return Clause("The parties", plain, text + amends, 1)


def _use(terms: Terms) -> Iterator[Clause]:
    datasets, purposes = uses(terms, "en")
    years = terms.settings.years
    span = "the last year" if years == 1 else f"the last {years} years"
    yield Clause(
        "The data and its purposes",
        "This data, for these reasons, and nothing else.",
        f"The operator may release to the partner:\n{datasets}\n"
        f"The partner uses it only for:\n{purposes}\n"
        f"A release covers at most {span}, in complete seasons. It covers only those whose consent "
        "to this purpose and this recipient is in force on that day.",
        3,
    )
    text = quoted(terms.intended_use)
    if terms.benefit.strip():
        text += f"\nExpected benefit:\n{quoted(terms.benefit)}"
    if terms.outputs.strip():
        text += f"\nPlanned documents:\n{quoted(terms.outputs)}"
    yield Clause(
        "Intended use", "What the partner means to do, in the parties’ own words.", text, 4
    )
    ground = clause_of(terms.instrument, terms, "en")
    text = ground.text
    for label, words in (
        ("Privacy impact assessment", terms.assessment_ref),
        ("Decision of the ethics board", terms.ethics_ref),
    ):
        if words.strip():
            text += f"\n{label}: {one_line(words)}."
    yield Clause("Legal ground", ground.plain, text, 5)


def _named(person: NamedInText) -> str:
    words = one_line(person.name)
    if person.why.strip():
        words += f": {one_line(person.why)}"
    if person.starts_on:
        words += f", from {day_of(person.starts_on, 'en')}"
    if person.ends_on:
        words += f", until {day_of(person.ends_on, 'en')}"
    return words


def _people(terms: Terms) -> Clause:
    return Clause(
        "Who has access",
        "Nobody else opens the files.",
        "Only these persons, because their work requires it, have access to the data:\n"
        f"{listed(_named(each) for each in terms.analysts)}\n"
        "Each undertakes in writing to keep it confidential; without that signature, there is no "
        "access. Adding a person takes a new acceptance by both parties.",
        6,
    )


def _protection(terms: Terms) -> Iterator[Clause]:
    settings = terms.settings
    where = "partly outside Québec" if terms.outside_quebec else "in Québec"
    place = f" ({one_line(terms.kept_at)})" if terms.kept_at.strip() else ""
    text = f"The partner and its host keep and process the data {where}{place}."
    if terms.outside_quebec:
        text += " An assessment found that it is properly protected there (P-39.1, s. 17)."
    if terms.measures:
        chosen = (said(each, "en").text for each in Measure if each in terms.measures)
        text += f" Measures:\n{listed(chosen)}"
    yield Clause(
        "Place and measures",
        "Outside Québec, after an assessment." if terms.outside_quebec else "In Québec.",
        text,
        7,
    )
    yield Clause(
        f"The threshold of {settings.k} organizations",
        f"A figure that rests on fewer than {settings.k} organizations does not leave.",
        f"Nothing that is released rests on fewer than {settings.k} organizations, counted "
        "separately among lenders and among borrowers. Organizations related to each other count "
        "as one. A total from which its second largest contributor could work out the part of the "
        f"largest to within {settings.share_percent}% does not leave. Totals are rounded to the "
        f"nearest {settings.base}.",
        8,
    )


def _liability(terms: Terms) -> Clause:
    words = clause_of(terms.liability, terms, "en")
    text = words.text
    if terms.promises.liability_cap is not None:
        text += (
            " For the rest, the liability of each party is limited to "
            f"{dollars(terms.promises.liability_cap, 'en')} for the whole agreement."
        )
    if terms.promises.insurance is not None:
        text += (
            " The partner is insured for at least "
            f"{dollars(terms.promises.insurance, 'en')} per incident."
        )
    return Clause(words.name, words.plain, text, 11)


def _time(terms: Terms) -> Iterator[Clause]:
    settings, promises = terms.settings, terms.promises
    if terms.attribution.strip():
        yield Clause(
            "Attribution",
            "It is said where the figures come from.",
            f"What is published carries these words:\n{quoted(terms.attribution)}",
            10,
        )
    yield Clause(
        "Downloads",
        "One link per person, for a time.",
        f"A released file can be downloaded for {settings.download_days} days, at most "
        f"{settings.downloads_each} times by each named person. Each download is recorded.",
        12,
    )
    start, end = day_of(terms.starts_on, "en"), day_of(terms.ends_on, "en")
    yield Clause(
        "Term",
        f"From {start} to {end}, without renewal.",
        "This agreement takes effect when both parties have accepted this exact text, at the "
        f"earliest on {start}. It ends at the end of {end}, Montréal time, and does not renew "
        "itself.",
        12,
    )
    reviews = [day_of(each, "en") for each in review_days_of(terms)]
    yield Clause(
        "Review",
        "The parties look together whether it all still holds.",
        f"The parties read this agreement again on:\n{listed(reviews)}"
        if reviews
        else "This agreement ends before the first review.",
        12,
    )
    yield Clause(
        "Suspension",
        "Either party may stop everything at once, saying why.",
        "Either party may suspend this agreement at any time, on MutuAli, giving a reason; only it "
        "lifts its suspension. A breach, a failing protection measure, a confidentiality incident "
        "or a revoked acceptance suspend it too; the operator lifts those that the law commands. "
        "During a suspension nothing leaves and nothing is downloaded. A suspension that lasts "
        f"longer than {promises.cure_days} days ends this agreement.",
        12,
    )
    yield Clause(
        "Ending early",
        "Either party may end it at once, without a reason.",
        "Either party may end this agreement at any time, on MutuAli or in writing. Nothing more "
        "is released from then on. The partner’s commitments about data already received last "
        "until it is destroyed.",
        12,
    )
    yield Clause(
        "Changes, language, law",
        "An agreement is not touched up: both parties accept the next one.",
        "Any change takes a new acceptance by both parties; until then this agreement holds as it "
        "is. No sum is due. This agreement exists in French and in English; where they differ, the "
        "French prevails. The law of Québec applies.",
        12,
    )
