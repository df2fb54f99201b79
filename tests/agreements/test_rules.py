"""What may be agreed, in which steps, and what the text says."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.agreements.rules import (
    ALLOWED,
    BOUNDS,
    DEFAULT_RESTRICTIONS,
    PROMISE_BOUNDS,
    QUESTIONS,
    REQUIRED_RESTRICTIONS,
    AgreementState,
    Dataset,
    Instrument,
    Liability,
    Measure,
    NamedInText,
    OnWithdrawal,
    Party,
    Promises,
    Regime,
    ReleaseSettings,
    Restriction,
    Step,
    Terms,
    Warranty,
    clause_of,
    clauses,
    clauses_of,
    effective_at,
    exact_text,
    hash_of,
    is_in_force,
    latest_end,
    next_state,
    objections,
    render,
    review_days_of,
    said,
    term_of,
)
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict
from tests.agreements.made import DRAFT, drafting

TODAY = date(2026, 3, 3)
TERMS = Terms(
    number="E-2026-03",
    operator=Party("Le Réseau"),
    partner=Party("La Cantine"),
    is_internal=False,
    purposes=DRAFT.purposes,
    datasets=DRAFT.datasets,
    analysts=(NamedInText("Ana Lyse (analyste@exemple.org)"),),
    intended_use=DRAFT.intended_use,
    restrictions=DRAFT.restrictions,
    liability=DRAFT.liability,
    warranties=DRAFT.warranties,
    settings=ReleaseSettings(k=12),
    starts_on=DRAFT.starts_on,
    ends_on=DRAFT.ends_on,
)
CODED: tuple[type[StrEnum], ...] = (
    *(Purpose, Dataset, Restriction, Liability, Warranty),
    *(Instrument, Regime, Measure, OnWithdrawal),
)


def codes(**overrides: object) -> set[tuple[str, str | None]]:
    found = objections(drafting(**overrides), TODAY)
    return {(reason.code, reason.field) for reason in found}


def test_a_good_draft_meets_no_objection() -> None:
    assert codes() == set()


def test_every_objection_comes_at_once() -> None:
    assert codes(
        purposes=(),
        datasets=(),
        analysts=(),
        intended_use="  voir  ",
        restrictions=(),
        warranties=(),
        k=4,
        ends_on=date(2026, 3, 2),
    ) == {
        ("agreement.no_purpose", "purposes"),
        ("agreement.no_dataset", "datasets"),
        ("agreement.no_analyst", "analysts"),
        ("field.too_short", "intended_use"),
        ("agreement.required_clause_missing", "restrictions"),
        ("agreement.required_clause_missing", "warranties"),
        ("field.out_of_range", "k"),
        ("time.end_before_start", "ends_on"),
    }


def test_a_dataset_goes_out_only_for_its_own_purposes() -> None:
    assert ALLOWED[Dataset.LOANS] == {Purpose.SHARING_STUDY}
    assert codes(datasets=(Dataset.LOANS,)) == {
        ("agreement.purpose_without_dataset", "purposes"),
        ("agreement.dataset_without_purpose", "datasets"),
    }
    both = (Purpose.NETWORK_STATISTICS, Purpose.SHARING_STUDY)
    assert codes(purposes=both) == {("agreement.purpose_without_dataset", "purposes")}
    assert codes(purposes=both, datasets=(Dataset.EQUIPMENT_USE, Dataset.LOANS)) == set()
    assert codes(datasets=tuple(Dataset)) == {("agreement.dataset_without_purpose", "datasets")}


@pytest.mark.parametrize("left_out", sorted(REQUIRED_RESTRICTIONS))
def test_a_clause_of_the_law_or_of_the_house_cannot_be_left_out(left_out: Restriction) -> None:
    kept = tuple(each for each in Restriction if each is not left_out)
    assert codes(restrictions=kept) == {("agreement.required_clause_missing", "restrictions")}


@pytest.mark.parametrize("left_out", sorted(set(Restriction) - REQUIRED_RESTRICTIONS))
def test_any_other_clause_can(left_out: Restriction) -> None:
    assert codes(restrictions=tuple(each for each in Restriction if each is not left_out)) == set()


def test_not_for_decisions_is_there_unless_somebody_takes_it_out() -> None:
    assert Restriction.NOT_FOR_DECISIONS in DEFAULT_RESTRICTIONS - REQUIRED_RESTRICTIONS


def test_a_term_lasts_three_years_at_most() -> None:
    assert latest_end(date(2026, 3, 3)) == date(2029, 3, 2)
    assert latest_end(date(2024, 2, 29)) == date(2027, 2, 28)
    assert codes(ends_on=date(2029, 3, 2)) == set()
    assert codes(ends_on=date(2029, 3, 3)) == {("agreement.term_too_long", "ends_on")}
    assert codes(ends_on=date.max) == {("agreement.term_too_long", "ends_on")}


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_the_latest_end_is_the_eve_of_the_third_anniversary(start: date) -> None:
    after = latest_end(start) + timedelta(days=1)
    leap = (start.month, start.day) == (2, 29)
    assert (after.year, after.month, after.day) == (
        start.year + 3,
        *((3, 1) if leap else (start.month, start.day)),
    )


def test_a_term_starts_near_today_and_is_not_over() -> None:
    assert codes(starts_on=date(1, 1, 1)) == {("agreement.start_too_far", "starts_on")}
    assert codes(starts_on=date.max) == {("agreement.start_too_far", "starts_on")}
    assert codes(starts_on=date(2025, 6, 1), ends_on=date(2026, 3, 2)) == {
        ("agreement.term_over", "ends_on")
    }


def test_the_last_day_of_the_term_belongs_to_it_whole() -> None:
    start, end = term_of(date(2026, 3, 3), date(2026, 7, 1))
    assert start == datetime(2026, 3, 3, 5, tzinfo=UTC)  # midnight in winter
    assert end == datetime(2026, 7, 2, 4, tzinfo=UTC)  # midnight in summer


@dataclass(frozen=True)
class _Facts:
    state: AgreementState
    starts_at: datetime = datetime(2026, 3, 3, tzinfo=UTC)
    ends_at: datetime = datetime(2026, 4, 3, tzinfo=UTC)
    instrument: Instrument = Instrument.ORGANIZATION_DATA
    cai_sent_on: date | None = None


def test_in_force_means_accepted_and_within_the_half_open_term() -> None:
    facts = _Facts(AgreementState.IN_FORCE)
    assert is_in_force(facts, facts.starts_at)
    assert is_in_force(facts, facts.ends_at - timedelta(microseconds=1))
    assert not is_in_force(facts, facts.ends_at)
    assert not is_in_force(facts, facts.starts_at - timedelta(microseconds=1))
    for state in set(AgreementState) - {AgreementState.IN_FORCE}:
        assert not is_in_force(_Facts(state), facts.starts_at)


def test_one_for_research_waits_thirty_days_from_the_day_the_cai_got_it() -> None:
    def facts(sent_on: date | None) -> _Facts:
        return _Facts(
            AgreementState.IN_FORCE,
            ends_at=datetime(2027, 3, 3, tzinfo=UTC),
            instrument=Instrument.RESEARCH,
            cai_sent_on=sent_on,
        )

    assert not is_in_force(facts(None), datetime(2026, 12, 1, tzinfo=UTC))
    begins = datetime(2026, 4, 9, 4, tzinfo=UTC)  # midnight of 9 April in Montréal
    assert effective_at(facts(date(2026, 3, 10))) == begins
    assert not is_in_force(facts(date(2026, 3, 10)), begins - timedelta(seconds=1))
    assert is_in_force(facts(date(2026, 3, 10)), begins)
    # Sent long before its term: the term decides.
    assert effective_at(facts(date(2025, 6, 1))) == facts(None).starts_at


@pytest.mark.parametrize("name", BOUNDS)
def test_every_number_of_a_release_has_its_bounds(name: str) -> None:
    low, high = BOUNDS[name]
    assert codes(**{name: low}) == codes(**{name: high}) == set()
    for value in (low - 1, high + 1):
        assert codes(**{name: value}) == {("field.out_of_range", name)}


def test_the_steps_lead_where_the_table_says_and_nowhere_else() -> None:
    leads = {}
    for state in AgreementState:
        for step in Step:
            with suppress(Conflict):
                leads[f"{state} {step}"] = next_state(state, step).value
    assert leads == {
        "draft propose": "proposed",
        "proposed send_back": "draft",
        "proposed take_effect": "in_force",
        "proposed end": "ended",
        "in_force suspend": "suspended",
        "in_force end": "ended",
        "suspended resume": "in_force",
        "suspended end": "ended",
    }


@pytest.mark.parametrize("term", [each for kind in CODED for each in kind])
def test_every_coded_term_has_its_own_words_in_both_languages(term: StrEnum) -> None:
    spoken = [said(term, language) for language in ("fr", "en")]
    assert all(part and part == part.strip() for words in spoken for part in words)
    assert spoken[0].text != spoken[1].text
    assert len({value for kind in CODED for value in kind}) == sum(map(len, CODED))


def test_the_text_says_each_agreed_value_in_each_language() -> None:
    for language, k, day in (
        ("fr", "Le seuil de 12 organismes", "3 mars 2026 au 2 mars 2027"),
        ("en", "The threshold of 12 organizations", "March 3, 2026 to March 2, 2027"),
    ):
        text = render(TERMS, language)
        for expected in (
            *("E-2026-03", "Le Réseau", "La Cantine", "Ana Lyse (analyste@exemple.org)"),
            *(k, day, f"> {DRAFT.intended_use}", said(Liability.EACH_ITS_OWN, language).text),
            *(clause_of(each, TERMS, language).text for each in DRAFT.restrictions),
            *(said(each, language).text for each in DRAFT.warranties),
        ):
            assert expected in text
        assert said(Restriction.SHARE_RESULTS, language).text not in text


def test_an_internal_use_says_that_two_persons_accept() -> None:
    internal = replace(TERMS, is_internal=True, partner=Party("Le Réseau"))
    assert "deux personnes différentes l’acceptent" in render(internal, "fr")
    assert "two different persons accept it" in render(internal, "en")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_text_can_be_read_back_in_its_clauses(language: str) -> None:
    read = clauses_of(render(TERMS, language), language)
    assert read == clauses(TERMS, language)
    assert all(clause.heading and clause.plain and clause.text for clause in read)
    headings = [clause.heading for clause in read]
    assert len(set(headings)) == len(headings)  # by which two editions are compared
    assert set(QUESTIONS) - {2} == {clause.question for clause in clauses(TERMS, language)}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_draft_with_hardly_an_answer_reads_back_as_well(language: str) -> None:
    bare = replace(TERMS, purposes=(), datasets=(), analysts=(), intended_use="")
    assert clauses_of(render(bare, language), language) == clauses(bare, language)


SETTINGS = st.builds(
    ReleaseSettings,
    on_withdrawal=st.sampled_from(OnWithdrawal),
    **{name: st.integers(low, high) for name, (low, high) in BOUNDS.items()},
)
PROMISES = st.builds(
    Promises, **{name: st.integers(low, high) for name, (low, high) in PROMISE_BOUNDS.items()}
)
#: Where each number is said, in each language: in words around it that occur once.
SAID = {
    "fr": {
        "k": r"repose sur moins de (\d+) organismes, comptés",
        "share_percent": r"à (\d+)\xa0% près",
        "base": r"arrondis à (\d+) près",
        "download_days": r"se télécharge pendant (\d+) jours",
        "downloads_each": r"au plus (\d+) fois par personne",
        "keep_days": r"au plus tard (\d+) jours après sa communication",
        "destroy_days": r"au plus tard (\d+) jours après la fin",
        "breach_hours": r"au plus tard (\d+) heures",
        "review_days": r"à l’exploitant, (\d+) jours avant",
        "cure_days": r"dure plus de (\d+) jours",
        "days_to_act": r"dans les (\d+) jours",
    },
    "en": {
        "k": r"rests on fewer than (\d+) organizations, counted",
        "share_percent": r"to within (\d+)%",
        "base": r"to the nearest (\d+)\.",
        "download_days": r"downloaded for (\d+) days",
        "downloads_each": r"at most (\d+) times by each",
        "keep_days": r"at most (\d+) days after its release",
        "destroy_days": r"at most (\d+) days after the end",
        "breach_hours": r"at most (\d+) hours",
        "review_days": r"the operator, (\d+) days before",
        "cure_days": r"longer than (\d+) days ends",
        "days_to_act": r"within (\d+) days",
    },
}


@given(SETTINGS, PROMISES)
def test_no_text_says_another_number_than_the_pipeline_reads(
    settings: ReleaseSettings, promises: Promises
) -> None:
    restrictions = tuple(Restriction)
    terms = replace(TERMS, settings=settings, promises=promises, restrictions=restrictions)
    for language, places in SAID.items():
        text = render(terms, language)
        for name, place in places.items():
            group = settings if hasattr(settings, name) else promises
            assert re.findall(place, text) == [str(getattr(group, name))], name
        said_of = {each.heading: each.text for each in clauses_of(text, language)}
        follows = said_of[said(Restriction.FOLLOW_WITHDRAWALS, language).name]
        assert follows == clause_of(Restriction.FOLLOW_WITHDRAWALS, terms, language).text
        assert "{" not in text


def test_sums_and_reviews_are_said_where_they_were_chosen() -> None:
    chosen = Promises(liability_cap=50_000, insurance=1_000_000, review_months=6)
    text = render(replace(TERMS, promises=chosen), "fr")
    assert "50\xa0000\xa0$ pour toute l’entente" in text
    assert "1\xa0000\xa0000\xa0$ par incident" in text
    assert "- 3 septembre 2026" in text
    english = render(replace(TERMS, promises=chosen), "en")
    assert "$50,000 for the whole agreement" in english
    assert "se limite à" not in render(TERMS, "fr")


def test_the_days_of_review_lie_within_the_term() -> None:
    terms = replace(
        TERMS,
        starts_on=date(2026, 1, 31),
        ends_on=date(2026, 12, 31),
        promises=Promises(review_months=3),
    )
    assert review_days_of(terms) == (date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31))


@given(st.text(min_size=1), st.text(min_size=1))
def test_nothing_typed_can_pass_for_a_clause(use: str, name: str) -> None:
    sly = replace(TERMS, intended_use=use, partner=Party(name), analysts=(NamedInText(name),))
    for language in ("fr", "en"):
        plain = clauses_of(render(TERMS, language), language)
        read = clauses_of(render(sly, language), language)
        assert [clause.heading for clause in read] == [clause.heading for clause in plain]
        assert all(line.startswith(">") for line in read[2].text.split("\n"))


def test_the_hash_is_of_both_texts_and_anybody_can_make_it_again() -> None:
    fr, en = render(TERMS, "fr"), render(TERMS, "en")
    assert hash_of(fr, en) == hashlib.sha256(exact_text(fr, en).encode("utf-8")).hexdigest()
    other = replace(TERMS, settings=ReleaseSettings(k=13))
    assert len({hash_of(fr, en), hash_of(render(other, "fr"), en), hash_of(fr, en + " ")}) == 3
    assert (render(TERMS, "fr"), render(TERMS, "en")) == (fr, en)
