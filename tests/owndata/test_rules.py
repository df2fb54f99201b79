"""Templates are whole, policies read easily in both languages, moments follow the clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

import pytest

from mutuali.consent.rules import ease
from mutuali.owndata.rules import (
    CHOSEN,
    LANGUAGES,
    LASTS,
    TEMPLATES,
    WORDS,
    Advice,
    CameBy,
    CountedFrom,
    Ending,
    Everyday,
    HoldingDraft,
    KeptIn,
    MeetingDraft,
    OfferDraft,
    OfficerDraft,
    SeenBy,
    Sensitivity,
    Term,
    WhoCalls,
    Whom,
    advice,
    from_template,
    holding_objections,
    lines_of,
    meeting_objections,
    offer_objections,
    officer_objections,
    options,
    phrases,
    plain_text,
    policy_objections,
    policy_text,
    retention_table,
    starts,
    until,
    words_of,
)
from tests.factories import NOW

ALL = [from_template(code, template) for code, template in TEMPLATES.items()]
OFFICER = OfficerDraft("Rose-Aimée Laliberté", "Directrice générale", "vie-privee@exemple.org")
LEAST_EASE = 60


def taken(code: Everyday, **changed: object) -> HoldingDraft:
    return replace(from_template(code, TEMPLATES[code]), **changed)  # type: ignore[arg-type]


def own(**changed: object) -> HoldingDraft:
    draft = HoldingDraft(
        name_fr="Cartes de fidélité",
        what_fr="nom, points",
        why_fr="offrir un café",
        about_whom=(Whom.MEMBERS,),
        came_by=(CameBy.IN_PERSON,),
        kept_in=(KeptIn.DEVICE,),
        seen_by=(SeenBy.STAFF,),
    )
    return replace(draft, **changed)  # type: ignore[arg-type]


def test_fourteen_templates_say_everything_in_both_languages() -> None:
    assert set(TEMPLATES) == set(Everyday)
    assert len(TEMPLATES) == 14
    for code, template in TEMPLATES.items():
        assert holding_objections(from_template(code, template)) == ()
        for words in (template.name, template.what, template.why, template.because):
            assert words.fr, code
            assert words.en, code
            assert words.fr != words.en, code
            assert "'" not in words.fr + words.en, code


def test_every_answer_has_its_words_in_both_languages() -> None:
    lists: list[type[StrEnum]] = [*CHOSEN.values(), Term, CountedFrom, Sensitivity, Ending]
    for choices in lists:
        for language in LANGUAGES:
            said = options(choices, language)
            assert [value for value, _ in said] == [each.value for each in choices]
            assert len({words for _, words in said}) == len(said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("delegated_on", [None, date(2026, 1, 5)])
def test_the_policy_of_every_template_reads_easily(
    language: str, delegated_on: date | None
) -> None:
    officer = replace(OFFICER, delegated_on=delegated_on)
    whole = plain_text(policy_text("La Corbeille", officer, ALL, language))
    found = ease(whole, language)
    print(f"{language}: {found.score:.0f} over {found.words} words")
    assert found.score >= LEAST_EASE
    for each in ALL:
        alone = plain_text(policy_text("La Corbeille", officer, [each], language))
        assert ease(alone, language).score >= LEAST_EASE, each.template


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_policy_says_all_that_the_law_asks_for(language: str) -> None:
    text = policy_text("La Corbeille", OFFICER, ALL, language)
    template = TEMPLATES[Everyday.DONORS]
    for words in (
        "La Corbeille",
        OFFICER.title,
        OFFICER.how_to_reach,
        template.what.said(language),
        template.why.said(language),
        phrases(template.came_by, language),
        phrases(template.seen_by, language),
        until(template.term, template.counted_from, language),
        "Commission d’accès à l’information",
        "Québec",
        "30",
    ):
        assert words in text
    abroad = {"fr": "Hors du Québec", "en": "Outside Québec"}[language]
    assert abroad in text
    at_home = [each for each in ALL if KeptIn.CLOUD_OUTSIDE not in each.kept_in]
    assert abroad not in policy_text("La Corbeille", OFFICER, at_home, language)


def test_french_policies_keep_the_typography_of_quebec() -> None:
    text = policy_text("La Corbeille", OFFICER, ALL, "fr")
    assert " :" not in text
    assert "\u00a0:" in text
    assert "'" not in text
    assert not any(f" {sign}" in text for sign in ";?!")


def test_words_of_others_stay_in_their_line_and_break_no_heading() -> None:
    nasty = own(name_fr="Carte\n# Titre\u2028- rien", what_fr="- nom.", why_fr="# pour\r\nvoir.")
    officer = OfficerDraft("# Moi", "- Titre", "## ici\n### là")
    for language in LANGUAGES:
        text = policy_text("# Org\nVilaine", officer, [nasty], language)
        first, *rest = lines_of(text)
        assert first.words.endswith("# Org Vilaine")
        plain = lines_of(policy_text("Org", OFFICER, [own()], language))[1:]
        assert [each.level for each in rest] == [each.level for each in plain]


def test_plain_text_has_no_marks_and_loses_no_words() -> None:
    text = policy_text("La Corbeille", OFFICER, ALL, "fr")
    plain = plain_text(text)
    assert "#" not in plain
    said = [line.words for line in lines_of(text)]
    assert all(words in plain for words in said)
    assert len(plain.split("\n\n")) == sum(each.level > 0 for each in lines_of(text))


def test_the_reason_of_the_usual_term_goes_when_the_term_changes() -> None:
    because = TEMPLATES[Everyday.KEYS].because.said("fr")
    usual, longer = taken(Everyday.KEYS), taken(Everyday.KEYS, term=Term.YEARS_7)
    assert retention_table([usual], "fr")[0].why == because
    assert because not in policy_text("Org", OFFICER, [longer], "fr")
    (line,) = retention_table([longer], "en")
    assert (line.until, line.why) == ("7 years after it is brought back", "To know who can get in")


def test_terms_are_said_as_people_say_them() -> None:
    assert until(Term.YEAR_1, CountedFrom.LEAVING, "fr") == "un an après le départ de la personne"
    assert until(Term.AT_ONCE, CountedFrom.ASKED_OFF, "fr") == "dès la demande de retrait"
    assert until(Term.AT_ONCE, CountedFrom.ASKED_OFF, "en") == (
        "right after they ask to be taken off"
    )
    assert phrases((KeptIn.PAPER_LOCKED, KeptIn.DEVICE, KeptIn.PHONE), "en") == (
        "paper (locked away), our own computer or device and phone"
    )


def test_own_words_come_before_those_of_the_template() -> None:
    template = TEMPLATES[Everyday.VOLUNTEERS]
    mine = taken(Everyday.VOLUNTEERS, name_fr="Nos anges")
    assert words_of(mine, template, "name").said("en") == "Nos anges"
    assert words_of(mine, template, "what") == template.what


@pytest.mark.parametrize("missing", [*(f"{word}_fr" for word in WORDS), *CHOSEN])
def test_what_is_missing_is_named_field_by_field(missing: str) -> None:
    draft = own(**{missing: () if missing in CHOSEN else ""})
    assert [each.field for each in holding_objections(draft)] == [missing]


def test_one_language_is_enough() -> None:
    assert holding_objections(own(name_fr="", name_en="Loyalty cards")) == ()


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (taken(Everyday.VOLUNTEERS), ()),
        (taken(Everyday.SIGN_IN), (Advice.LOCK,)),
        (taken(Everyday.SIGN_IN, sensitivity=Sensitivity.ORDINARY), ()),
        (taken(Everyday.SHARED_PHONE), (Advice.PASSCODE,)),
        (taken(Everyday.MAILING), (Advice.ABROAD,)),
        (taken(Everyday.ALLERGIES, seen_by=(SeenBy.EVERYONE,)), (Advice.FEWER,)),
        (taken(Everyday.KEYS, term=Term.YEARS_2), (Advice.SHORTER,)),
        (taken(Everyday.STAFF, term=Term.YEARS_2), ()),
        (own(term=Term.YEARS_7), ()),
    ],
)
def test_advice_is_given_where_a_second_thought_helps(
    draft: HoldingDraft, words: tuple[Advice, ...]
) -> None:
    template = TEMPLATES[draft.template] if draft.template else None
    assert advice(draft, template) == words


def test_a_policy_needs_somebody_in_charge_and_something_held() -> None:
    assert [each.code for each in policy_objections(None, [])] == [
        "policy.nothing_held",
        "policy.officer_missing",
    ]
    assert policy_objections(OFFICER, ALL) == ()


def test_a_writing_that_delegates_is_not_of_a_day_to_come() -> None:
    today = date(2026, 3, 3)
    assert officer_objections(replace(OFFICER, delegated_on=today), today) == ()
    late = replace(OFFICER, delegated_on=today + timedelta(days=1))
    assert [each.field for each in officer_objections(late, today)] == ["delegated_on"]


def test_a_moment_begins_each_half_hour_and_ends_in_time() -> None:
    # In March Montréal is four or five hours behind UTC; on the third, five.
    offer = OfferDraft(date(2026, 3, 4), time(9), time(10, 45))
    nine = datetime(2026, 3, 4, 14, tzinfo=UTC)
    assert starts(offer) == [nine + n * timedelta(minutes=30) for n in range(3)]
    assert len(starts(replace(offer, closes=time(10, 50)))) == 4
    assert len(starts(replace(offer, closes=time(9, 20)))) == 1
    assert starts(replace(offer, closes=time(9, 19))) == []
    assert starts(replace(offer, closes=time(8))) == []
    assert timedelta(minutes=20) == LASTS


def test_moments_that_the_clock_skips_are_not_offered_and_those_it_shows_twice_once() -> None:
    skipped = starts(OfferDraft(date(2026, 3, 8), time(1, 30), time(3, 50)))
    assert [f"{each:%H:%M}" for each in skipped] == ["06:30", "07:00", "07:30"]
    twice = starts(OfferDraft(date(2026, 11, 1), time(1), time(2, 20)))
    assert [f"{each:%H:%M}" for each in twice] == ["05:00", "05:30", "07:00"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"day": date(2026, 3, 2)}, "day"),
        ({"day": date(1, 1, 1)}, "day"),
        ({"day": date(9999, 12, 31)}, "day"),
        ({"day": date(2026, 3, 3), "opens": time(8), "closes": time(9)}, "opens"),
        ({"closes": time(9, 10)}, "closes"),
    ],
)
def test_hours_that_cannot_be_offered_are_named(
    changed: dict[str, object], field: str | None
) -> None:
    offer = OfferDraft(date(2026, 3, 4), time(9), time(10))
    found = offer_objections(replace(offer, **changed), NOW)  # type: ignore[arg-type]
    assert [each.field for each in found] == ([field] if field else [])


def test_the_two_have_to_find_each_other_on_the_telephone() -> None:
    called = MeetingDraft("La paie", WhoCalls.HELPER, "514 555-0123")
    assert meeting_objections(called, "") == ()
    assert [each.field for each in meeting_objections(replace(called, phone=""), "1")] == ["phone"]
    calls = MeetingDraft("La paie", WhoCalls.US)
    assert meeting_objections(calls, "514 555-0199") == ()
    assert [each.field for each in meeting_objections(calls, "")] == ["who_calls"]
    assert [each.field for each in meeting_objections(replace(calls, topic=""), "1")] == ["topic"]
