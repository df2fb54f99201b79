"""Instants, spans, durations, money and distances as people in Québec say them, FR and EN."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from flask_babel import get_locale, gettext, ngettext

from mutuali.core.errors import Word
from mutuali.core.period import ClockSpan, Period, local
from mutuali.web.words import label

NBSP = "\u00a0"


def in_french() -> bool:
    """Whether the request's language is French, the first language of the pages."""
    return getattr(get_locale(), "language", "fr") == "fr"


def clock(moment: time | datetime) -> str:
    """``8 h``, ``8 h 30``; ``8:00 am`` in English."""
    if in_french():
        minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
        return f"{moment.hour}{NBSP}h{minutes}"
    return f"{moment.hour % 12 or 12}:{moment.minute:02d}{NBSP}{'am' if moment.hour < 12 else 'pm'}"


@lru_cache(maxsize=4096)
def _in_words(value: date, pattern: str, locale: Locale) -> str:
    return format_date(value, pattern, locale)


def _dated(value: date, pattern: str) -> str:
    # A page of a month says sixty dates, the same ones to everybody.
    return _in_words(value, pattern, get_locale() or Locale("fr"))


def minute(since_midnight: int) -> str:
    """``8 h 30`` for 510; ``minuit`` for 1440, which ends a day."""
    if since_midnight == 1440:
        return gettext("minuit")
    return clock(time(*divmod(since_midnight, 60)))


def clock_span(value: ClockSpan) -> str:
    """``8 h à 12 h``; ``8:00 am to 12:00 pm`` in English."""
    return gettext("%(opens)s à %(closes)s", opens=minute(value.opens), closes=minute(value.closes))


def clock_spans(values: Sequence[ClockSpan]) -> str:
    """``9 h à 12 h, 13 h à 17 h``."""
    return ", ".join(clock_span(each) for each in values)


def day(value: date | datetime) -> str:
    """``mardi 3 mars 2026``; of an instant, its day on Montréal's calendar."""
    if isinstance(value, datetime):
        value = local(value).date()
    if in_french():
        words = _dated(value, "EEEE d MMMM y")
        return words.replace(" 1 ", " 1er ", 1)
    return _dated(value, "EEEE, MMMM d, y")


def short_day(value: date) -> str:
    """``mar. 3``, for the head of a table; ``Tue 3`` in English."""
    return _dated(value, "EEE d")


def weekday(value: date) -> str:
    """``ma``, for the head of a narrow column; ``Tu`` in English."""
    return _dated(value, "EEEEEE").rstrip(".")


def month(first: date) -> str:
    """``mars 2026``; ``March 2026`` in English."""
    return _dated(first, "MMMM y")


def months(window: str) -> str:
    """``octobre 2025 à septembre 2026`` for ``2025-10/2026-09``."""
    first, last = (month(date.fromisoformat(f"{each}-01")) for each in window.split("/"))
    return gettext("%(first)s à %(last)s", first=first, last=last)


def moment(instant: datetime) -> str:
    """``mardi 3 mars 2026 à 8 h``, on Montréal's clock."""
    there = local(instant)
    return gettext("%(day)s à %(clock)s", day=day(there.date()), clock=clock(there))


def span(period: Period) -> str:
    """``mardi 3 mars 2026, de 8 h à 12 h``; both days when they differ."""
    start, end = local(period.start), local(period.end)
    if start.date() == end.date():
        return gettext(
            "%(day)s, de %(start)s à %(end)s",
            day=day(start.date()),
            start=clock(start),
            end=clock(end),
        )
    return gettext("du %(start)s au %(end)s", start=moment(period.start), end=moment(period.end))


def duration(length: timedelta) -> str:
    """``2 jours``, ``4 heures``, ``30 minutes``: the largest unit that says it without a rest."""
    minutes = int(length.total_seconds() // 60)
    if minutes and minutes % 1440 == 0:
        return ngettext("%(num)d jour", "%(num)d jours", minutes // 1440)
    if minutes and minutes % 60 == 0:
        return ngettext("%(num)d heure", "%(num)d heures", minutes // 60)
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)


def quota(per: str, counts: str, most: int) -> str:
    """``au plus 2 réservations par semaine``; hours are counted for each unit."""
    if counts == "bookings" and per == "week":
        words = ngettext(
            "%(num)d réservation par semaine", "%(num)d réservations par semaine", most
        )
    elif counts == "bookings":
        words = ngettext("%(num)d réservation par mois", "%(num)d réservations par mois", most)
    elif per == "week":
        words = ngettext(
            "%(num)d heure par semaine, fois les unités",
            "%(num)d heures par semaine, fois les unités",
            most,
        )
    else:
        words = ngettext(
            "%(num)d heure par mois, fois les unités",
            "%(num)d heures par mois, fois les unités",
            most,
        )
    return gettext("au plus %(quota)s", quota=words)


def band(bounds: tuple[int, int | None]) -> str:
    """``moins de 5``, ``de 5 à 9``, ``50 et plus``: a count that is not said; bounds included."""
    low, high = bounds
    if high is None:
        return gettext("%(low)s et plus", low=low)
    if low == 0:
        return gettext("moins de %(over)s", over=high + 1)
    return gettext("de %(low)s à %(high)s", low=low, high=high)


def money(cents: int) -> str:
    """``12,50 $`` in French, ``$12.50`` in English; Canadian dollars."""
    whole, rest = divmod(cents, 100)
    if in_french():
        return f"{whole}{f',{rest:02d}' if rest else ''}{NBSP}$"
    return f"${whole}{f'.{rest:02d}' if rest else ''}"


def percent(whole: int) -> str:
    """``34 %`` in French, ``34%`` in English."""
    return f"{whole}{NBSP if in_french() else ''}%"


def kilograms(count: int) -> str:
    """``1 800 kg`` in French, ``1,800 kg`` in English."""
    return f"{count:,}".replace(",", NBSP if in_french() else ",") + f"{NBSP}kg"


def distance(km: float) -> str:
    """``2,1 km`` in French, ``2.1 km`` in English."""
    text = f"{km:.1f}"
    return f"{text.replace('.', ',') if in_french() else text}{NBSP}km"


def several(values: Sequence[object], most: int = 4) -> str:
    """``a, b et c``; what is beyond ``most`` is only counted."""
    words = [str(said(each)) for each in values[:most]]
    if len(values) > most:
        rest = len(values) - most
        words.append(ngettext("%(num)d autre", "%(num)d autres", rest))
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s et %(last)s", first=", ".join(words[:-1]), last=words[-1])


def said(value: object) -> object:
    """Any parameter of a sentence, in words."""
    if isinstance(value, tuple):
        if value and isinstance(value[0], date):
            return several(value)
        return ", ".join(str(said(each)) for each in value)
    if isinstance(value, Word):
        return label(value.kind, value.value)
    if isinstance(value, Period):
        return span(value)
    if isinstance(value, ClockSpan):
        return clock_span(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, timedelta):
        return duration(value)
    return value
