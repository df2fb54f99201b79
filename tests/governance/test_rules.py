"""Clocks, levels and what a file may hold."""

from dataclasses import replace
from datetime import date

import pytest

from mutuali.governance.rules import (
    RULES,
    Answer,
    IncidentDraft,
    Level,
    Notices,
    RequestKind,
    Rule,
    Tier,
    answer_objections,
    due_on,
    incident_objections,
    is_serious,
    is_told,
    keep_until,
    next_analysis,
    notice_objections,
    tier_of,
)
from mutuali.inventory.rules import entries, entry

LOW, MEDIUM, HIGH = Level.LOW, Level.MEDIUM, Level.HIGH
TODAY = date(2026, 3, 3)
INCIDENT = IncidentDraft(
    information="Courriels de membres",
    unknown_because="",
    circumstances="Un message envoyé à la mauvaise liste.",
    started_on=date(2026, 3, 1),
    ended_on=None,
    aware_on=date(2026, 3, 2),
    persons=12,
    in_quebec=12,
    sensitivity=LOW,
    consequences=LOW,
    likelihood=LOW,
    serious=False,
    elements="",
    consulted_on=None,
    measures="",
)


def changed(**values: object) -> list[str]:
    return [each.code for each in incident_objections(replace(INCIDENT, **values), TODAY)]  # type: ignore[arg-type]


def test_thirty_days_run_from_the_day_it_was_received() -> None:
    assert due_on(date(2026, 1, 31)) == date(2026, 3, 2)


def test_a_refusal_gives_reasons_and_an_erasure_that_is_done_needs_no_words() -> None:
    def codes(kind: RequestKind, answer: Answer, *said: str, applies: bool = False) -> list[str]:
        words, provision = said
        found = answer_objections(kind, answer, words, provision, applies=applies)
        return [reason.code.removeprefix("request.") for reason in found]

    assert codes(RequestKind.ERASURE, Answer.GRANTED, "", "") == []
    assert codes(RequestKind.RECTIFICATION, Answer.GRANTED, "", "", applies=True) == []
    assert codes(RequestKind.RECTIFICATION, Answer.GRANTED, "", "") == ["answer_unsaid"]
    assert codes(RequestKind.ACCESS, Answer.GRANTED, "", "") == ["answer_unsaid"]
    for kind in RequestKind:
        for answer in (Answer.REFUSED, Answer.PARTLY):
            assert codes(kind, answer, "", "", applies=True) == [
                "answer_unsaid",
                "provision_unsaid",
            ]
            assert codes(kind, answer, "C’est exact.", "") == ["provision_unsaid"]
            assert codes(kind, answer, "C’est exact.", "art. 28") == []


@pytest.mark.parametrize(
    ("levels", "serious"),
    [
        ((LOW, LOW, HIGH), False),
        ((MEDIUM, LOW, HIGH), False),
        ((MEDIUM, MEDIUM, MEDIUM), True),
        ((HIGH, LOW, MEDIUM), True),
        ((HIGH, MEDIUM, LOW), False),
        ((HIGH, HIGH, LOW), True),
    ],
)
def test_three_levels_propose_a_conclusion(levels: tuple[Level, ...], serious: bool) -> None:
    assert is_serious(*levels) is serious


def test_the_register_takes_an_incident_whole_or_says_what_is_missing() -> None:
    assert changed() == []
    assert changed(information="") == ["incident.information_unsaid"]
    assert changed(information="", unknown_because="Le disque est chiffré.") == []
    assert changed(ended_on=date(2026, 2, 28)) == ["incident.ends_before_start"]
    assert changed(aware_on=date(2026, 2, 28)) == ["incident.aware_before_start"]
    assert changed(aware_on=date(2026, 3, 4)) == ["incident.to_come"]


def test_concluding_otherwise_than_proposed_needs_its_elements() -> None:
    assert changed(serious=True) == ["incident.elements_unsaid"]
    assert changed(serious=True, elements="Des personnes menacées y figurent.") == []


def test_notices_go_out_between_awareness_and_today() -> None:
    aware = date(2026, 3, 1)

    def codes(*notices: object) -> list[str]:
        return [r.code for r in notice_objections(Notices(*notices), aware, TODAY)]  # type: ignore[arg-type]

    assert codes(date(2026, 3, 1), TODAY, False, "") == []
    assert codes(date(2026, 2, 28), None, False, "") == ["incident.notice_out_of_time"]
    assert codes(None, date(2026, 3, 4), False, "") == ["incident.notice_out_of_time"]
    assert codes(None, None, True, "") == ["incident.public_because_unsaid"]


def test_an_incident_known_on_a_leap_day_is_kept_five_years() -> None:
    assert keep_until(date(2028, 2, 29)) == date(2033, 2, 28)
    assert keep_until(date(2026, 3, 2)) == date(2031, 3, 2)


def test_few_contributors_are_analysed_again_twice_a_year() -> None:
    assert tier_of(9) is Tier.MEDIUM
    assert tier_of(10) is Tier.LOW
    assert next_analysis(TODAY, Tier.LOW) == date(2027, 3, 3)
    assert next_analysis(TODAY, Tier.MEDIUM) == date(2026, 9, 1)


def test_a_file_to_take_along_holds_no_secret_no_number_and_nothing_made_here() -> None:
    told = {(e.table, e.column) for e in entries() if is_told(e, everything=False)}
    everything = {(e.table, e.column) for e in entries() if is_told(e, everything=True)}
    assert ("person", "email") in told
    assert ("booking", "note") in told
    for column in ("password_hash", "created_at", "id", "public_id", "confirmed_at"):
        assert ("person", column) not in told
    assert not any(column.endswith(("_id", "_by", "_hash")) for _table, column in everything)
    assert told < everything
    assert ("person", "created_at") in everything
    assert is_told(entry("site", "borough"), everything=True)
    assert not is_told(entry("site", "borough"), everything=False)


def test_every_rule_says_what_happens_and_after_how_long() -> None:
    assert set(RULES) == set(Rule)
    assert RULES[Rule.LOAN_PEOPLE].after.days == 1095
