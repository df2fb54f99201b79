"""A rule is said back in plain sentences, in both languages."""

from datetime import datetime

import pytest
from flask import Flask

from mutuali.bookings.rules.recurrence import parse_rule
from mutuali.bookings.views.recurring import hours_words, rule_words

#: The first Tuesday of March 2026.
STARTS = datetime(2026, 3, 3, 8, 0)  # noqa: DTZ001 - a wall clock has no zone


@pytest.mark.parametrize(
    ("rule", "fr", "en"),
    [
        (
            "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20260630",
            "chaque semaine, le mardi et le jeudi, jusqu’au mardi 30 juin 2026",
            "every week, on Tuesday and on Thursday, until Tuesday, June 30, 2026",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=10",
            "toutes les deux semaines, le mardi, 10 fois",
            "every two weeks, on Tuesday, 10 times",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=1",
            "chaque semaine, du lundi au vendredi, 1 fois",
            "every week, Monday to Friday, 1 time",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU;COUNT=4",
            "toutes les deux semaines, le mardi et le dimanche (la semaine commence le dimanche),"
            " 4 fois",
            "every two weeks, on Tuesday and on Sunday (weeks begin on Sunday), 4 times",
        ),
        ("FREQ=DAILY;COUNT=5", "chaque jour, 5 fois", "every day, 5 times"),
        (
            "FREQ=DAILY;INTERVAL=10;COUNT=5",
            "tous les 10 jours, 5 fois",
            "every 10 days, 5 times",
        ),
        (
            "FREQ=DAILY;BYMONTHDAY=1,3;COUNT=5",
            "chaque jour, seulement le 1er et le 3 du mois, 5 fois",
            "every day, only on the 1st and on the 3rd of the month, 5 times",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1TU;COUNT=3",
            "le premier mardi du mois, 3 fois",
            "on the first Tuesday of the month, 3 times",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR,1TU;COUNT=3",
            "tous les deux mois, le premier mardi du mois et le dernier vendredi du mois, 3 fois",
            "every two months, on the first Tuesday of the month and on the last Friday of the"
            " month, 3 times",
        ),
        ("FREQ=MONTHLY;COUNT=3", "le 3 du mois, 3 fois", "on the 3rd of the month, 3 times"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1,-2,22;COUNT=3",
            "le 22, l’avant-dernier jour et le dernier jour du mois, 3 fois",
            "on the 22nd, on the last day but one and on the last day of the month, 3 times",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR;COUNT=3",
            "le 13 du mois, si c’est un vendredi, 3 fois",
            "on the 13th of the month, if it is a Friday, 3 times",
        ),
        (
            "FREQ=WEEKLY;COUNT=9\nEXDATE:20260310T080000\nRDATE:20260311T080000,20260312T080000",
            "chaque semaine, le mardi, 9 fois, et 2 autres dates, sauf 1 date",
            "every week, on Tuesday, 9 times, and 2 more dates, except 1 date",
        ),
    ],
)
def test_a_rule_is_said_as_people_say_it(app: Flask, rule: str, fr: str, en: str) -> None:
    parsed = parse_rule(rule, STARTS)
    for language, words in (("fr", fr), ("en", en)):
        with app.test_request_context(f"/?lang={language}"):
            assert rule_words(parsed, STARTS) == words


def test_a_date_that_ends_on_another_day_says_so(app: Flask) -> None:
    with app.test_request_context("/?lang=fr"):
        same = hours_words(STARTS, STARTS.replace(hour=12)).replace("\u00a0", " ")
        later = hours_words(STARTS, STARTS.replace(day=5, hour=12)).replace("\u00a0", " ")
    assert same == "de 8 h à 12 h"
    assert later == "de 8 h à 12 h, 2 jours plus tard"
