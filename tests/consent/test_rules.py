"""When a yes counts, and what a notice must say."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.consent.rules import (
    PURPOSES_OF,
    Event,
    NoticeText,
    Purpose,
    Said,
    Standing,
    Subject,
    band,
    default_texts,
    hash_of,
    is_asked,
    may_receive,
    notice_objections,
    standing,
    until_of,
)
from mutuali.organizations.rules import OrganizationKind, OrganizationState
from tests.factories import NOW, at


def yes(notice_id: int = 1) -> Said:
    return Said(notice_id, Event.GIVEN, NOW, at(10))


def test_silence_is_no_yes() -> None:
    assert standing(1, None, NOW) is Standing.UNANSWERED


@pytest.mark.parametrize("event", [Event.ASKED, Event.RE_ASKED])
def test_being_asked_is_no_answer(event: Event) -> None:
    assert standing(1, Said(1, event, NOW, None), NOW) is Standing.UNANSWERED


def test_a_yes_counts_until_the_instant_of_its_end() -> None:
    assert standing(1, yes(), at(10) - timedelta(microseconds=1)) is Standing.GIVEN
    assert standing(1, yes(), at(10)) is Standing.EXPIRED


def test_a_yes_under_an_older_notice_counts_for_nothing() -> None:
    assert standing(2, yes(1), NOW) is Standing.UNANSWERED


def test_a_yes_without_an_end_counts_for_nothing() -> None:
    assert standing(1, Said(1, Event.GIVEN, NOW, None), NOW) is Standing.EXPIRED


@pytest.mark.parametrize("event", [Event.REFUSED, Event.WITHDRAWN, Event.EXPIRED])
def test_a_no_and_a_withdrawal_stand_whatever_the_time(event: Event) -> None:
    said = Said(1, event, NOW, None)
    assert standing(1, said, at(9999)).value == event.value


def test_a_yes_ends_on_the_same_day_and_hour_on_montreals_clock() -> None:
    winter = datetime(2026, 1, 31, 14, 0, tzinfo=UTC)  # 9:00 in Montréal
    assert until_of(winter, 24) == datetime(2028, 1, 31, 14, 0, tzinfo=UTC)
    assert until_of(winter, 6) == datetime(2026, 7, 31, 13, 0, tzinfo=UTC)  # 9:00, in summer
    assert until_of(winter, 1) == datetime(2026, 2, 28, 14, 0, tzinfo=UTC)


def test_who_is_asked_never_receives_and_the_other_way_round() -> None:
    for kind in OrganizationKind:
        asked = is_asked(kind, OrganizationState.ACCEPTED)
        assert asked is not may_receive(kind, OrganizationState.ACCEPTED)
        assert asked is (kind not in {OrganizationKind.PARTNER, OrganizationKind.OPERATOR})
        for state in set(OrganizationState) - {OrganizationState.ACCEPTED}:
            assert not is_asked(kind, state)
            assert not may_receive(kind, state)


@given(st.integers(0, 10_000))
def test_a_band_holds_its_number_and_tells_no_small_one(count: int) -> None:
    low, high = band(count)
    assert low <= count
    assert high is None or count <= high
    assert high is None or high - low >= 4


def text(months: int = 12) -> NoticeText:
    purpose = Purpose.SHARING_STUDY
    return NoticeText(
        purpose, "Ville-Essai", months, *default_texts(purpose, "Ville-Essai", months)
    )


@pytest.mark.parametrize(
    ("subject", "purpose"),
    [(subject, purpose) for subject in Subject for purpose in sorted(PURPOSES_OF[subject])],
)
def test_the_default_notice_may_be_published_as_it_stands(
    subject: Subject, purpose: Purpose
) -> None:
    french, english = default_texts(purpose, "Ville-Essai", 12, subject)
    assert notice_objections(NoticeText(purpose, "Ville-Essai", 12, french, english)) == ()
    assert "{" not in french + english
    assert " :" not in french


def test_whatever_a_check_finds_stops_the_notice() -> None:
    other = text().text_en.replace("Ville-Essai", "Somebody").replace("12", "112")
    found = notice_objections(replace(text(), text_en=other))
    assert [(reason.code, reason.field) for reason in found] == [
        ("notice.duration_not_said", "text_en"),
        ("notice.recipient_not_said", "text_en"),
    ]


@pytest.mark.parametrize("months", [0, 37])
def test_a_yes_lasts_from_one_month_to_three_years(months: int) -> None:
    [reason] = notice_objections(text(months))
    assert (reason.code, reason.field) == ("field.out_of_range", "lasts_months")


def test_the_hash_covers_both_languages_with_a_rule_between() -> None:
    text = "oui\n" + "-" * 40 + "\n\nyes"
    assert hash_of("oui", "yes") == hashlib.sha256(text.encode()).hexdigest()
