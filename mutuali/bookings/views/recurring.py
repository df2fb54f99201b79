"""Says a rule back: plain sentences, in both languages, out of a rule of RFC 5545."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.bookings.rules.recurrence import Frequency, Recurrence, Weekday
from mutuali.bookings.service import InboxCard
from mutuali.bookings.service.series import WaitingSeries
from mutuali.core.period import Period, local
from mutuali.web import wording
from mutuali.web.words import label

Item = TypeVar("Item")

_WEEK = range(7)
_WORKDAYS = frozenset(range(5))


def rule_words(rule: Recurrence, starts: datetime) -> str:
    """``chaque semaine, le mardi et le jeudi, jusqu’au mardi 30 juin 2026``."""
    parts = [how_often(rule, starts), _end(rule)]
    if rule.extra:
        parts.append(ngettext("et %(num)d autre date", "et %(num)d autres dates", len(rule.extra)))
    if rule.left_out:
        parts.append(ngettext("sauf %(num)d date", "sauf %(num)d dates", len(rule.left_out)))
    return ", ".join(parts)


def rule_sentence(rule: Recurrence, starts: datetime) -> str:
    """:func:`rule_words` as a sentence begins."""
    words = rule_words(rule, starts)
    return words[:1].upper() + words[1:]


def by_month(dates: Iterable[tuple[datetime, Item]]) -> list[tuple[str, list[Item]]]:
    """What stands at each local date, month by month in words, in the order given."""
    found: dict[date, list[Item]] = {}
    for wall, item in dates:
        found.setdefault(wall.date().replace(day=1), []).append(item)
    return [(wording.month(first), items) for first, items in found.items()]


def date_words(wall: datetime, period: Period | None, usual: time) -> str:
    """``mardi 10 mars 2026``; with its hours where it does not begin at the ``usual`` time."""
    if period is not None and local(period.start).time() != usual:
        return wording.span(period)
    if wall.time() != usual:
        return wall_words(wall)
    return wording.day(wall.date())


def wall_words(wall: datetime) -> str:
    """``dimanche 8 mars 2026 à 2 h 30``: what a clock would show."""
    return _("%(day)s à %(clock)s", day=wording.day(wall.date()), clock=wording.clock(wall))


def series_when(waiting: WaitingSeries) -> str:
    """``Chaque semaine, le mardi, 12 fois, de 8 h à 12 h``: when all dates of a card are."""
    says = rule_sentence(waiting.rule, waiting.starts)
    hours = hours_words(waiting.starts, waiting.ends)
    return _("%(says)s, %(hours)s", says=says, hours=hours)


def series_question(card: InboxCard, lang: str) -> str:
    """What one card asks of all dates of a series that wait."""
    booking = card.booking
    return ngettext(
        "%(borrower)s demande %(title)s\u00a0: %(num)d date",
        "%(borrower)s demande %(title)s\u00a0: %(num)d dates",
        card.series.count if card.series else 1,
        borrower=booking.borrower.name,
        title=booking.listing.title(lang),
    )


def accept_words(waiting: WaitingSeries) -> str:
    """The button that says yes to the dates that fit."""
    fit = waiting.count - len(waiting.unfit)
    return ngettext("Accepter %(num)d date", "Accepter %(num)d dates", fit)


def unfit_dates(waiting: WaitingSeries) -> str:
    """The dates that others have by now."""
    return wording.several([each.date() for each in waiting.unfit])


def unfit_words(waiting: WaitingSeries) -> str:
    """The same as a sentence."""
    return _("Ne passent plus\u00a0: %(dates)s.", dates=unfit_dates(waiting))


def how_often(rule: Recurrence, starts: datetime) -> str:
    """``chaque semaine, le mardi``: the rule without its end."""
    if rule.frequency is Frequency.DAILY:
        return _daily(rule)
    if rule.frequency is Frequency.WEEKLY:
        return _weekly(rule, starts)
    return _monthly(rule, starts)


def hours_words(starts: datetime, ends: datetime) -> str:
    """``de 8 h à 12 h``, on the clock of the wall; the days later when it ends on another day."""
    start, end = wording.clock(starts), wording.clock(ends)
    days = (ends.date() - starts.date()).days
    if not days:
        return _("de %(start)s à %(end)s", start=start, end=end)
    return ngettext(
        "de %(start)s à %(end)s, %(num)d jour plus tard",
        "de %(start)s à %(end)s, %(num)d jours plus tard",
        days,
        start=start,
        end=end,
    )


def _daily(rule: Recurrence) -> str:
    often = _("chaque jour")
    if rule.interval > 1:
        often = _("tous les %(number)s jours", number=_number(rule.interval))
    only = []
    if rule.weekdays:
        only.append(_weekdays([day for _n, day in rule.weekdays]))
    if rule.month_days:
        only.append(_month_days(rule.month_days))
    if not only:
        return often
    return _("%(often)s, seulement %(days)s", often=often, days=", ".join(only))


def _weekly(rule: Recurrence, starts: datetime) -> str:
    days = [day for _n, day in rule.weekdays] or [starts.weekday()]
    often = _("chaque semaine")
    if rule.interval > 1:
        often = _("toutes les %(number)s semaines", number=_number(rule.interval))
    words = _("%(often)s, %(days)s", often=often, days=_weekdays(days))
    if rule.interval > 1 and rule.week_start and len(days) > 1:
        # Which days are of one week then depends on where a week begins.
        first = label("weekday", rule.week_start)
        words = _("%(words)s (la semaine commence le %(day)s)", words=words, day=first)
    return words


def _monthly(rule: Recurrence, starts: datetime) -> str:
    days = _days_of_month(rule, starts)
    if rule.interval == 1:
        return days
    number = _number(rule.interval)
    return _("tous les %(number)s mois, %(days)s", number=number, days=days)


def _days_of_month(rule: Recurrence, starts: datetime) -> str:
    weekdays = sorted(rule.weekdays, key=lambda each: (each[0] < 0, each))
    if not weekdays:
        return _month_days(rule.month_days or (starts.day,))
    if not rule.month_days:
        return wording.several([_nth(each) for each in weekdays], 35)
    only = [_nth(each) if each[0] else _("un %(day)s", day=_weekday(each)) for each in weekdays]
    return _(
        "%(days)s, si c’est %(only)s",
        days=_month_days(rule.month_days),
        only=wording.several(only, 35),
    )


def _end(rule: Recurrence) -> str:
    if rule.last_day is not None:
        return _("jusqu’au %(day)s", day=wording.day(rule.last_day))
    return ngettext("%(num)d fois", "%(num)d fois", rule.count or 0)


def _weekdays(days: Sequence[int]) -> str:
    """``du lundi au vendredi``, ``le mardi et le jeudi``."""
    if set(days) == _WORKDAYS:
        return _("du %(first)s au %(last)s", first=label("weekday", 0), last=label("weekday", 4))
    names = [label("weekday", day) for day in _WEEK if day in days]
    return wording.several([_("le %(day)s", day=name) for name in names], 7)


def _month_days(days: Sequence[int]) -> str:
    """``le 1er et le 15 du mois``, ``le dernier jour du mois``."""
    from_start = [_("le %(number)s", number=_day_number(n)) for n in sorted(days) if n > 0]
    from_end = [_from_end(n) for n in sorted(days) if n < 0]
    said = wording.several([*from_start, *from_end], 62)
    return _("%(days)s du mois", days=said)


def _nth(named: Weekday) -> str:
    """``le premier lundi du mois``; ``chaque lundi`` when it is each of them."""
    n, day = named[0], _weekday(named)
    if n == 0:
        return _("chaque %(day)s", day=day)
    return {
        1: _("le premier %(day)s du mois", day=day),
        2: _("le deuxième %(day)s du mois", day=day),
        3: _("le troisième %(day)s du mois", day=day),
        4: _("le quatrième %(day)s du mois", day=day),
        5: _("le cinquième %(day)s du mois", day=day),
        -1: _("le dernier %(day)s du mois", day=day),
        -2: _("l’avant-dernier %(day)s du mois", day=day),
        -3: _("le troisième %(day)s du mois en partant de la fin", day=day),
        -4: _("le quatrième %(day)s du mois en partant de la fin", day=day),
        -5: _("le cinquième %(day)s du mois en partant de la fin", day=day),
    }[n]


def _from_end(n: int) -> str:
    if n == -1:
        return _("le dernier jour")
    if n == -2:
        return _("l’avant-dernier jour")
    return _("le %(number)se jour en partant de la fin", number=-n)


def _weekday(named: Weekday) -> str:
    return str(label("weekday", named[1]))


def _day_number(n: int) -> str:
    """``1er``, ``15``; in English ``1st``, ``15th``."""
    if wording.in_french():
        return "1er" if n == 1 else str(n)
    ending = "th" if 10 < n < 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _number(n: int) -> str:
    """Small numbers in letters."""
    letters = {2: _("deux"), 3: _("trois"), 4: _("quatre"), 5: _("cinq"), 6: _("six")}
    return letters.get(n, str(n))


#: Handed to the pages of whoever decides.
FUNCTIONS = {
    function.__name__: function
    for function in (series_when, series_question, accept_words, unfit_dates, unfit_words)
}
