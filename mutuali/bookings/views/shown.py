"""What the pages of bookings say of a listing, a booking, a request: plain values into words."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.bookings.rules import Trait
from mutuali.bookings.schemas import Asked
from mutuali.bookings.service import BookingFacts, StepFacts
from mutuali.bookings.views.demanding import allergen_words, allergens_met
from mutuali.core.errors import Reason
from mutuali.core.period import ClockSpan, Period, local
from mutuali.equipment.rules import Approver, OpenHours, OtherHours, Quota
from mutuali.equipment.service import ListingDraft, ListingFacts
from mutuali.organizations.service import OrganizationFacts
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.sentences import sentence
from mutuali.web.words import choices, label

Row = tuple[str, object]


def chips_of(kind: str, icons: dict[str, str]) -> list[tuple[str, str, str]]:
    """(value, label, icon) of an enum, for chips."""
    return [(value, words, icons[value]) for value, words in choices(kind)]


def weekday_chips() -> list[tuple[str, str, str]]:
    """(value, label, icon) of the days of a week, for chips; no icons."""
    return [(value, words, "") for value, words in choices("weekday")]


def search_chips(asked: Asked, url_with: object) -> list[tuple[str, str]]:
    """The filters in force, each with the search without it."""
    wish, chips = asked.wish, []
    without = url_with if callable(url_with) else None
    if without is None:
        return []
    for kind in wish.kinds:
        rest = [each.value for each in wish.kinds if each is not kind]
        chips.append((label("equipment.kind", kind.value), without(kind=rest or None)))
    for name, words in (
        ("refrigerated", _("Réfrigéré")),
        ("driver_included", _("Avec conductrice ou conducteur")),
        ("free_of_charge", _("Gratuit seulement")),
    ):
        if getattr(wish, name):
            chips.append((words, without(**{name: None})))
    if wish.payload_kg:
        at_least = _("au moins %(load)s", load=wording.kilograms(wish.payload_kg))
        chips.append((at_least, without(payload_kg=None)))
    if wish.words:
        chips.append((_("«\u00a0%(words)s\u00a0»", words=wish.words), without(words=None)))
    for permit in wish.permits:
        chips.append((label("equipment.permit", permit.value), without(permit=None)))
    return chips


def listing_url(listing: ListingFacts, typed: dict[str, object], span: Period | None = None) -> str:
    """The listing's page with the request form filled in from the search, or from ``span``."""
    names = ("day", "starts", "ends", "end_day", "units", "place")
    args = {name: str(typed[name]) for name in names if typed.get(name)}
    if span is not None:
        start, end = local(span.start), local(span.end)
        args |= {
            "day": start.date().isoformat(),
            "starts": f"{start:%H:%M}",
            "ends": f"{end:%H:%M}",
        }
        args.pop("end_day", None)
        if end.date() != start.date():
            args["end_day"] = end.date().isoformat()
    query = f"?{urlencode(args)}" if args else ""
    return f"/annonces/{listing.public_id}{query}"


def quick_spans(now: datetime, url_with: Callable[..., str]) -> list[tuple[str, str]]:
    """(words, address) of the moments that people ask for most, the rest of the search kept."""
    today = local(now).date()
    tomorrow, saturday = (
        today + timedelta(days=1),
        today + timedelta(days=(5 - today.weekday()) % 7),
    )
    moments = [
        (_("Demain matin"), tomorrow, "08:00", "12:00"),
        (_("Demain après-midi"), tomorrow, "13:00", "17:00"),
    ]
    if saturday > tomorrow:
        moments.append((_("Samedi"), saturday, "08:00", "17:00"))
    next_week = today + timedelta(days=7)
    moments.append((_("Dans une semaine"), next_week, "08:00", "17:00"))
    return [
        (words, url_with(day=day.isoformat(), starts=starts, ends=ends, end_day=None))
        for words, day, starts, ends in moments
    ]


def first_day(text: str, now: datetime) -> date:
    """The day the week table begins with: the asked one, never before today."""
    today = local(now).date()
    try:
        return max(date.fromisoformat(text), today)
    except ValueError:
        return today


def week_before(first: date, now: datetime) -> date | None:
    """The week before the one that begins on ``first``; none before today."""
    today = local(now).date()
    return max(first - timedelta(days=7), today) if first > today else None


def requirements(draft: ListingDraft) -> list[str]:
    """What a result card adds: attributes worth knowing before opening the page."""
    found = []
    if draft.refrigerated:
        found.append(_("Réfrigéré"))
    if draft.driver_included:
        found.append(_("Avec conductrice ou conducteur"))
    found += [label("equipment.permit", permit.value) for permit in draft.permits]
    return found


def listing_facts(
    listing: ListingFacts, others: Sequence[OtherHours], quotas: Sequence[Quota]
) -> list[Row]:
    """The facts that matter, as pairs; rows without a value are left out by the macro.

    ``others`` are the days to come that differ from the weekly hours, ``quotas`` what each
    borrower may have.
    """
    d, raster = listing.draft, listing.draft.granularity_minutes
    low, high = d.temperature_low, d.temperature_high
    temperature = None
    if low is not None and high is not None:
        temperature = _("de %(low)s à %(high)s\u00a0°C", low=low, high=high)
    return [
        (_("Genre"), label("equipment.kind", d.kind.value)),
        (_("Unités"), d.units if d.units > 1 else None),
        (_("Prix"), price_words(d)),
        (_("Dépôt"), wording.money(d.deposit_cents) if d.deposit_cents else None),
        (_("Réfrigéré"), _("Oui") if d.refrigerated else None),
        (_("Conductrice ou conducteur"), _("Compris") if d.driver_included else None),
        (_("Charge utile"), wording.kilograms(d.payload_kg) if d.payload_kg else None),
        (_("Température"), temperature),
        (_("Permis"), ", ".join(label("equipment.permit", p.value) for p in d.permits) or None),
        (_("Allergènes"), allergen_words(listing.allergens) or None),
        (_("Durée"), _span_of_durations(d)),
        (_("Début et fin"), raster and label("equipment.granularity", raster)),
        (
            _("Si personne ne vient"),
            d.no_show_hours and _("libérée après %(hours)s", hours=_minutes(d.no_show_hours * 60)),
        ),
        (_("Préavis"), _minutes(d.lead_minutes) if d.lead_minutes else None),
        (_("Heures"), hours_words(d.hours)),
        (_("Jours d’exception"), "; ".join(other_hours_words(each) for each in others) or None),
        (_("Limites"), "; ".join(quota_words(each) for each in quotas) or None),
        (_("Qui répond"), _who_answers(d)),
    ]


def price_words(draft: ListingDraft) -> str:
    """``Gratuit``, or the price and what it is for."""
    if not draft.price_cents:
        return _("Gratuit")
    per = label("equipment.price_per", draft.price_per.value)
    return f"{wording.money(draft.price_cents)} {per}"


def hours_words(hours: Sequence[OpenHours]) -> str:
    """``lundi au vendredi, 8 h à 17 h; samedi, ...``; any time when there are none."""
    if not hours:
        return _("À toute heure")
    by_day: dict[int, list[str]] = {}
    for each in hours:
        words = wording.clock_span(ClockSpan(each.opens, each.closes))
        by_day.setdefault(each.weekday, []).append(words)
    runs: list[tuple[int, int, list[str]]] = []
    for day in sorted(by_day):
        first, last, words_there = runs[-1] if runs else (day, day, [])
        if runs and last == day - 1 and words_there == by_day[day]:
            runs[-1] = (first, day, words_there)
        else:
            runs.append((day, day, by_day[day]))
    return "; ".join(f"{_days(first, last)}, {', '.join(words)}" for first, last, words in runs)


def other_hours_words(other: OtherHours) -> str:
    """``samedi 12 décembre 2026 : 9 h à 12 h``, or that it is closed."""
    hours = wording.clock_spans(other.spans) if other.spans else _("fermé toute la journée")
    return _("%(day)s\u00a0: %(hours)s", day=wording.day(other.day), hours=hours)


def quota_words(quota: Quota) -> str:
    """``au plus 2 réservations par semaine, toutes ses annonces ensemble``."""
    words = wording.quota(quota.per.value, quota.counts.value, quota.most)
    return _("%(quota)s, toutes ses annonces ensemble", quota=words) if quota.of_all else words


def both(fr: str, en: str) -> str:
    """The text in the reader's language; else the other one, said to be so; else that none is."""
    here, there = (fr, en) if wording.in_french() else (en, fr)
    if here:
        return here
    if there:
        return _("(Pas encore traduit) %(text)s", text=there)
    return _("Rien de précisé.")


def week_header(days: Sequence[tuple[date, list[str]]]) -> list[dict[str, object]]:
    """The days of the week table."""
    today = local(utc_now()).date()
    return [
        {"short": wording.short_day(day), "long": wording.day(day), "today": day == today}
        for day, _words in days
    ]


def week_rows(days: Sequence[tuple[date, list[str]]]) -> list[dict[str, object]]:
    """Morning, afternoon, evening of each day."""
    parts = ((_("Matin"), 6, 12), (_("Après-midi"), 12, 17), (_("Soir"), 17, 22))
    return [
        {
            "label": words,
            "hours": wording.clock_span(ClockSpan(low * 60, high * 60)),
            "cells": [
                {
                    "state": states[n],
                    "href": f"?day={day}&starts={max(low, 8):02d}:00&ends={high:02d}:00#demander",
                }
                for day, states in days
            ],
        }
        for n, (words, low, high) in enumerate(parts)
    ]


def options_of(organizations: Sequence[OrganizationFacts]) -> list[tuple[str, str]]:
    """Organizations as choices."""
    return [(each.public_id, each.name) for each in organizations]


def what_next(listing: ListingFacts, *, trusted: bool) -> str:
    """What happens after asking, said before."""
    draft = listing.draft
    if trusted:
        return _(
            "Ce prêteur vous fait confiance\u00a0: la réservation est confirmée tout de suite, sans"
            " que personne réponde."
        )
    if draft.approver is Approver.NOBODY:
        return _("La réservation est confirmée tout de suite. Un courriel vous le confirme.")
    if draft.hold_minutes:
        return _(
            "Les unités sont bloquées pour vous pendant %(hold)s, le temps d’une réponse.",
            hold=_minutes(draft.hold_minutes),
        )
    return _("Le prêteur répond d’ici trois jours. D’ici là, d’autres peuvent aussi demander.")


def units_words(booking: BookingFacts) -> str | None:
    """How many units, and how many of them are back; None where there is only one."""
    if booking.listing.draft.units == 1:
        return None
    if not booking.units_returned:
        return str(booking.units)
    return ngettext(
        "%(out)s, et %(num)d déjà revenue",
        "%(out)s, et %(num)d déjà revenues",
        booking.units_returned,
        out=booking.units,
    )


def booking_facts(booking: BookingFacts) -> list[Row]:
    """A booking as pairs."""
    return [
        (_("Prêteur"), booking.lender.name),
        (_("Emprunteur"), booking.borrower.name),
        (_("Quand"), wording.span(booking.period)),
        (_("Unités"), units_words(booking)),
        (_("Pour"), label("bookings.purpose", booking.purpose.value)),
        (_("Repas"), booking.meals),
        (_("Prix"), wording.money(booking.price_cents) if booking.price_cents else _("Gratuit")),
        (_("Dépôt"), wording.money(booking.deposit_cents) if booking.deposit_cents else None),
        (_("Mot de l’emprunteur"), booking.note or None),
        (_("Allergènes à éviter"), allergens_met(booking.listing, booking.borrower) or None),
    ]


def missing_words(missing: Sequence[Trait]) -> str:
    """What a substitute lacks: ``sans : réfrigéré, charge utile``."""
    what = ", ".join(str(label("bookings.trait", each.value)) for each in missing)
    return _("sans\u00a0: %(what)s", what=what)


def timeline_items(steps: Sequence[StepFacts]) -> list[dict[str, object]]:
    """The timeline, newest last, each with who and when."""
    return [
        {
            "title": label("bookings.step", each.step.value),
            "when": ", ".join([wording.moment(each.at), *_who_did(each)]),
            "text": reason_of(each) or None,
            "state": "done",
        }
        for each in steps
    ]


def reason_of(step: StepFacts) -> str:
    """Why it happened: what somebody wrote, or the sentence of a rule."""
    return sentence(Reason(step.reason)) if step.reason else step.note


def _who_did(step: StepFacts) -> list[str]:
    """The person; for a delegate, on whose behalf too."""
    if step.on_behalf_of:
        name, organization = step.person_name, step.on_behalf_of
        return [_("%(name)s, au nom de %(organization)s", name=name, organization=organization)]
    return [step.person_name] if step.person_name else []


def _who_answers(draft: ListingDraft) -> str:
    who = {
        Approver.NOBODY: _("Personne\u00a0: c’est confirmé tout de suite"),
        Approver.LENDER: _("Le prêteur"),
        Approver.COORDINATOR: _("La coordination du réseau"),
    }[draft.approver]
    if draft.two_decide:
        return _("%(who)s\u00a0: deux personnes doivent dire oui", who=who)
    return who


def _span_of_durations(draft: ListingDraft) -> str:
    return _(
        "de %(shortest)s à %(longest)s",
        shortest=_minutes(draft.shortest_minutes),
        longest=_minutes(draft.longest_minutes),
    )


def _minutes(minutes: int) -> str:
    return wording.duration(timedelta(minutes=minutes))


def _days(first: int, last: int) -> str:
    """One day, or from one to another."""
    if first == last:
        return str(label("weekday", first))
    return _("%(first)s au %(last)s", first=label("weekday", first), last=label("weekday", last))


#: Handed to every page of bookings.
FUNCTIONS = {
    function.__name__: function
    for function in (
        chips_of,
        weekday_chips,
        search_chips,
        listing_url,
        requirements,
        listing_facts,
        price_words,
        both,
        week_header,
        week_rows,
        options_of,
        what_next,
        booking_facts,
        timeline_items,
        missing_words,
    )
}
