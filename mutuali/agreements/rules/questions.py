"""The twelve questions that make an agreement, in their order, and the answer each starts from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from mutuali.agreements.rules.terms import (
    ALLOWED,
    DEFAULT_RESTRICTIONS,
    DEFAULT_WARRANTIES,
    AgreementDraft,
    Dataset,
    Instrument,
    Liability,
    Restriction,
    Warranty,
)
from mutuali.consent.rules import PUBLISHED, Purpose

#: Number of a question -> the fields that it asks.
QUESTIONS: Mapping[int, frozenset[str]] = {
    number: frozenset(fields)
    for number, fields in enumerate(
        (
            ("partner", "regime"),
            ("purposes",),
            ("datasets", "years"),
            ("intended_use", "benefit", "outputs"),
            ("instrument", "assessment_ref", "ethics_ref"),
            ("analysts",),
            ("outside_quebec", "assessment_ref", "kept_at", "measures"),
            ("k", "share_percent", "base"),
            ("on_withdrawal", "days_to_act"),
            ("restrictions", "review_days", "attribution"),
            ("liability", "warranties", "breach_hours", "liability_cap", "insurance"),
            (
                *("starts_on", "ends_on", "keep_days", "destroy_days", "download_days"),
                *("downloads_each", "review_months", "cure_days"),
            ),
        ),
        1,
    )
}
LAST_QUESTION = len(QUESTIONS)


def first_draft(today: date) -> AgreementDraft:
    """What a new agreement starts from: the good defaults for a small non-profit, for a year."""
    return AgreementDraft(
        purposes=(),
        datasets=(),
        analysts=(),
        intended_use="",
        restrictions=tuple(each for each in Restriction if each in DEFAULT_RESTRICTIONS),
        liability=Liability.EACH_ITS_OWN,
        warranties=tuple(each for each in Warranty if each in DEFAULT_WARRANTIES),
        starts_on=today,
        ends_on=today + timedelta(days=364),
    )


def suggested(draft: AgreementDraft, number: int, *, is_internal: bool) -> AgreementDraft:
    """``draft`` with the answer that question ``number`` offers before somebody has answered."""
    if number == 2:
        return replace(draft, purposes=draft.purposes or (Purpose.NETWORK_STATISTICS,))
    if number == 3 and not draft.datasets:
        fitting = [each for each in offered(draft) if each is not Dataset.LOANS]
        return replace(draft, datasets=tuple(fitting[:1] or offered(draft)[:1]))
    if number == 5:
        return replace(draft, instrument=_ground(draft, is_internal))
    return draft


def offered(draft: AgreementDraft) -> tuple[Dataset, ...]:
    """The datasets that serve one of the purposes."""
    return tuple(each for each in Dataset if ALLOWED[each] & set(draft.purposes))


def _ground(draft: AgreementDraft, is_internal: bool) -> Instrument:
    if Dataset.LOANS in draft.datasets:
        return Instrument.OWN_STUDY if is_internal else Instrument.PERSONAL_DEIDENTIFIED
    if draft.purposes and set(draft.purposes) <= PUBLISHED:
        return Instrument.OPEN
    return Instrument.ORGANIZATION_DATA
